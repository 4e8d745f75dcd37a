"""`dlrun baselines`: classical methods on the very rows of a net."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from dlrun.cli.chosen import Lang
from dlrun.cli.options import Target
from dlrun.cli.terminal import AsJson, Results, print_json, print_table, say
from dlrun.errors import UsageError
from dlrun.store.names import visible

if TYPE_CHECKING:
    from dlrun.spec.other_kinds import BaselineName
    from dlrun.store import RunFolder, Store
    from dlrun.training import EpochRow, Job, Outcome


def baselines(
    config: Annotated[
        str | None, typer.Argument(help="A config (.yaml), a data file, or a built-in name such as digits.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this method, such as svm; more than once, or several with commas."),
    ] = None,
    sets: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a key, such as data.folds=5.")
    ] = None,
    target: Target = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds for the methods that draw at random.")] = 3,
    results: Results = None,
    force: Annotated[
        bool, typer.Option("--force", help="Fit again what is finished, and replace it at its end.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Fit classical methods to the rows of a config's net, prepared as for the net, and say whether the nets there are
    beat them: trivial, naive_bayes, linear_model, nearest_neighbors, svm, decision_tree, random_forest,
    gradient_boosting. docs/baselines.md tells how to read the answer.

    Example: dlrun baselines configs/titanic.yaml
    """
    from dlrun.cli.stopping import Stopping

    stopping = Stopping()
    stopping.listen()
    from dlrun.cli.configs import judge, load_config
    from dlrun.runner import Trainer
    from dlrun.runner.baselines import candidates, heeded
    from dlrun.runner.run_data import RunData
    from dlrun.store import Store
    from dlrun.training.baselines import ENGINE, BaselineEngine

    loaded = load_config(config, sets or [], target)
    data = RunData()
    found = candidates(loaded.experiment, methods(only), seeds, data)
    if not found.planned:
        raise UsageError(f"--only: leaves nothing to fit. {' '.join(sentences(found.left_out))}")
    store, listener = Store.default(results), Listener(quiet)
    trainer = Trainer(
        store,
        load_engine=BaselineEngine,
        backend=ENGINE,
        listener=listener,
        judge=lambda findings: judge(loaded, heeded(findings)),
        force=force,
        stopping=stopping,
        _data=data,
    )
    with stopping.heeded(), closing(listener):
        folders = trainer.train(found.planned)
    raise typer.Exit(show(store, folders, found.left_out, lang, as_json, quiet))


def methods(only: Sequence[str] | None) -> list[BaselineName] | None:
    """The methods that `--only` names; None for all.

    Raises:
        UsageError: there is none of that name.
    """
    from dlrun.spec.other_kinds import BaselineName

    if not only:
        return None
    known = get_args(BaselineName)
    wanted = [word.strip().replace("-", "_") for text in only for word in text.split(",") if word.strip()]
    unknown = [word for word in wanted if word not in known]
    if unknown or not wanted:
        from difflib import get_close_matches

        came = unknown[0] if unknown else ",".join(only)
        near = get_close_matches(came, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UsageError(f"--only: must be of {', '.join(known)}. Received: {visible(came)!r}.{hint}")
    return cast("list[BaselineName]", wanted)


def show(
    store: Store,
    folders: Sequence[RunFolder],
    left_out: Mapping[BaselineName, str],
    language: str,
    as_json: bool,
    quiet: bool,
) -> int:
    """Prints the baselines with the nets on the same rows; gives the exit code: 1 when one failed."""
    from dlrun.insight.beside_nets import beside_nets

    entries = store.entries_of(folders)
    found = beside_nets(store, entries, language)
    failed = [entry for entry in entries if entry.record["status"] in ("failed", "diverged")]
    if as_json:
        print_json({**found.document, "left_out": dict(left_out)})
    else:
        if found.table.rows:
            print_table(found.table, quiet)
        for line in found.lines:
            print(line)
    for sentence in sentences(left_out):
        say(sentence, quiet or as_json)
    for entry in failed:
        say(f"{visible(entry.folder.path.name)}: {entry.record['status']}: {visible(str(entry.record.get('reason')))}")
    return int(bool(failed))


def sentences(left_out: Mapping[BaselineName, str]) -> list[str]:
    """Which methods are left out, and why."""
    return [f"{name} is left out: it {reason}." for name, reason in left_out.items()]


class Listener:
    """A line per fit, on stderr."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.skipped_runs = 0
        self._open = False
        """Whether a line is begun."""

    def skipped(self, folder: RunFolder) -> None:
        self.skipped_runs += 1

    def loading(self) -> None:
        self._say_skipped()

    def started(self, job: Job) -> None:
        from dlrun.cli.progress import unit

        self._write(f"{visible(job.experiment.name)}, {unit(job)}: ")
        self._open = True

    def epoch(self, job: Job, row: EpochRow) -> None: ...

    def finished(self, outcome: Outcome, folder: RunFolder) -> None:
        from dlrun.cli.progress import short, shown_columns

        found = [f"{key} {short(row[key])}" for row in outcome.curves for key in shown_columns(row)]
        told = [] if outcome.status == "completed" else [outcome.status]
        self._write("  ".join([*told, *found, f"{sum(outcome.seconds.values()):.2f} s"]) + "\n")
        self._open = False

    def close(self) -> None:
        """Ends a line that is begun."""
        if self._open:
            self._write("\n")
        self._say_skipped()

    def _say_skipped(self) -> None:
        if self.skipped_runs and not self.quiet:
            runs = "1 run is" if self.skipped_runs == 1 else f"{self.skipped_runs} runs are"
            say(f"{runs} done already; --force fits again")
        self.skipped_runs = 0

    def _write(self, text: str) -> None:
        if not self.quiet:
            sys.stdout.flush()
            print(text, end="", file=sys.stderr, flush=True)
