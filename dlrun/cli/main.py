"""The command line: a table of commands, of which only the one that is asked for is loaded.

`dlrun --help` and the commands that read the store must start at once, so nothing heavy is imported here: not even
typer, before there is a command to parse.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dlrun.errors import DlrunError, UsageError

INTERRUPTED = 130


class Command(NamedTuple):
    """Where a command is, and its line in the list."""

    module: str
    function: str
    help: str


GROUPS: dict[str, dict[str, Command]] = {
    "Train": {
        "train": Command("dlrun.cli.train", "train", "Train an experiment and keep its curves"),
        "sweep": Command("dlrun.cli.sweep", "sweep", "Try many configurations together: grids and searches"),
        "baselines": Command("dlrun.cli.baselines", "baselines", "Fit classical methods to a net's rows: who wins?"),
        "check": Command("dlrun.cli.check", "check", "Check a config without training: layers, rows, steps"),
        "data": Command("dlrun.cli.data", "data", "Show what was understood of a table: columns, target, split"),
        "lr-range": Command("dlrun.cli.lr_range", "lr_range", "Find out which learning rates suit a config"),
        "schema": Command("dlrun.cli.schema", "schema", "Print the JSON Schema of configs, for editors"),
    },
    "Use": {
        "evaluate": Command("dlrun.cli.evaluate", "evaluate", "Test a run once, on rows it has never seen"),
        "predict": Command("dlrun.cli.predict", "predict", "Predict new rows: class and probabilities, or value"),
        "ensemble": Command("dlrun.cli.ensemble", "ensemble", "Join runs into one: vote, mean, weights, a final layer"),
    },
    "Look back": {
        "ls": Command("dlrun.cli.ls", "ls", "List runs, the newest first"),
        "show": Command("dlrun.cli.show", "show", "Show one run: settings, metrics, data, environment, files"),
        "curves": Command("dlrun.cli.curves", "curves", "Draw train and validation curves, here or as a picture"),
        "diff": Command("dlrun.cli.diff", "diff", "Show how two runs differ"),
        "watch": Command("dlrun.cli.watch", "watch", "Follow what is training now, from another shell"),
    },
    "What the curves say": {
        "compare": Command(
            "dlrun.cli.compare", "compare", "Compare configurations: means over seeds, intervals, verdicts"
        ),
        "diagnose": Command(
            "dlrun.cli.diagnose", "diagnose", "Say whether a run under- or overfits, why, and what to try"
        ),
        "health": Command("dlrun.cli.health", "health", "Look into layers: dead units, gradients, steps, fixes"),
        "map": Command("dlrun.cli.map", "map", "Map a width x depth sweep: losses, gap, where it under- and overfits"),
        "effects": Command("dlrun.cli.effects", "effects", "Say what each swept key changes, with intervals"),
        "learning-curve": Command(
            "dlrun.cli.learning_curve", "learning_curve", "Say whether more rows, capacity or regularisation would help"
        ),
        "boundary": Command("dlrun.cli.boundary", "boundary", "Draw what a net of two features answers where"),
        "report": Command("dlrun.cli.report", "report", "Write all of it into one offline HTML page, or Markdown"),
    },
    "Learn": {
        "gallery": Command("dlrun.cli.gallery", "gallery", "Run the lessons of a deep learning course, measured here"),
        "descent": Command("dlrun.cli.descent", "descent", "Draw how optimizers walk down a bowl and a plateau"),
    },
    "Tidy up": {
        "rm": Command("dlrun.cli.rm", "rm", "Remove runs from the store"),
    },
}
COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line and gives back its exit code (section 8 of the design lists them)."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    _set_up_streams()
    try:
        code = run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader of a pipe has seen enough
        _silence_stdout()
        return 0
    except DlrunError as error:
        return _complain(error)
    except OSError as error:
        return _complain(_disk_full(error))
    except KeyboardInterrupt:
        print("dlrun: interrupted", file=sys.stderr)
        return INTERRUPTED


def run(arguments: Sequence[str]) -> int:
    """Carries out a command line; errors come out as exceptions.

    Raises:
        DlrunError: what the user must know.
    """
    name = arguments[0] if arguments else "--help"
    if name in ("--help", "-h", "help"):
        return run([arguments[1], "--help"]) if name == "help" and len(arguments) > 1 else _print(overview())
    if name in ("--version", "-V"):
        from dlrun import __version__

        return _print(f"dlrun {__version__}")
    if name not in COMMANDS:
        raise UsageError(_unknown(name))
    return _invoke(name, arguments[1:])


def overview() -> str:
    """The list of commands."""
    width = max(map(len, COMMANDS))
    lines = ["Usage: dlrun COMMAND [ARGUMENTS]", "", "Train MLPs described in YAML, and see what their curves say."]
    for title, group in GROUPS.items():
        lines += ["", f"{title}:", *(f"  {name:<{width}}  {command.help}" for name, command in group.items())]
    return "\n".join(
        [*lines, "", "`dlrun COMMAND --help` explains one and gives an example; `dlrun --version` names the version."]
    )


def _invoke(name: str, arguments: Sequence[str]) -> int:
    import typer
    from typer.exceptions import TyperException
    from typer.main import get_command

    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})(_load(name))
    try:
        code = get_command(app).main(args=list(arguments), prog_name=f"dlrun {name}", standalone_mode=False)
    except TyperException as error:  # how typer says that an option or argument does not hold
        raise UsageError(f"{name}: {error.format_message()}\nSee `dlrun {name} --help`") from error
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as stop:  # typer's own answer to a pipe whose reader is gone
        if isinstance(stop.__context__, BrokenPipeError):
            raise stop.__context__ from None
        raise
    return code if isinstance(code, int) else 0


def _load(name: str) -> Callable[..., None]:
    from importlib import import_module

    command = COMMANDS[name]
    function: Callable[..., None] = getattr(import_module(command.module), command.function)
    return function


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    from dlrun.store.names import visible

    near = get_close_matches(name, COMMANDS, n=1)
    hint = f"Did you mean `dlrun {near[0]}`?" if near else "`dlrun --help` lists them"
    return f"there is no command `{visible(name)}`. {hint}"


def _complain(error: DlrunError) -> int:
    from dlrun.store.names import visible

    sys.stdout.flush()
    text = visible(str(error), keep="\n")
    print(f"dlrun: {text}", file=sys.stderr)
    return error.exit_code


def _disk_full(error: OSError) -> DlrunError:
    """The disk's error in plain words; what is no matter of space or permission is a bug and goes on."""
    from dlrun.store.files import as_store_error

    known = as_store_error(error)
    if known is None:
        raise error
    return known


def _print(text: str) -> int:
    print(text)
    return 0


def _set_up_streams() -> None:
    """A character that the terminal's encoding lacks is written as an escape, not as a crash."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _silence_stdout() -> None:
    """Python would complain once more when it closes a broken stdout."""
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
