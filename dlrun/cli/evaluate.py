"""`dlrun evaluate`: what a run is worth on its test rows, which are opened once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlrun.cli.options import Backend
from dlrun.cli.terminal import AsJson, Quiet, Results, bold, print_json, say

if TYPE_CHECKING:
    from dlrun.runner.evaluation import Evaluated
    from dlrun.store import RunFolder, Store


def evaluate(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN... [FILE]",
            help="Runs by id, <name>-<id> or name; then a labelled file, if not the runs' own test rows are meant.",
        ),
    ],
    backend: Annotated[Backend | None, typer.Option(help="What Keras runs on; the run's own when not given.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Test a run once: metrics with 95 % intervals, confusion or errors, beside validation and the trivial predictor.

    The test rows are those of data.test_split or data.test_source, or a labelled file. The look is written into the
    run's folder; a second one on the same rows says so, and shows the first again. Of several runs, say the seeds of a
    configuration, the mean is shown too. An ensemble is asked as a whole: all of its members judge the test rows.

    Example: dlrun evaluate wide-3f2a
    """
    from dlrun.runner.evaluation import evaluate as evaluate_runs
    from dlrun.runner.retrain import bring_weights
    from dlrun.store import Store
    from dlrun.store.names import visible

    store = Store.default(results)
    folders, source = runs_and_file(store, names)
    if not quiet and len(folders) > 1:
        say(f"Testing {len(folders)} runs")
    bring_weights(store, folders, lambda text: say(visible(text), quiet))
    found = evaluate_runs(store, folders, source, backend)
    if as_json:
        print_json(to_json(found))
    else:
        show(found)


def runs_and_file(store: Store, names: Sequence[str]) -> tuple[list[RunFolder], str | None]:
    """The runs that are named, each once, and the file where the last name is no run.

    Raises:
        NoSuchRun: a name is neither.
    """
    from dlrun.errors import NoSuchRun

    *first, last = names
    folders = [store.find(name) for name in first]
    try:
        folders.append(store.find(last))
        return list(dict.fromkeys(folders)), None
    except NoSuchRun as error:
        if not folders:
            raise
        if not is_file(last):
            raise NoSuchRun(f"{error}. No file is called so either") from error
    return list(dict.fromkeys(folders)), last


def is_file(name: str) -> bool:
    """Whether a name that no run has is meant as a file or a built-in set."""
    from dlrun.spec.names import SOURCES

    path = Path(name).expanduser()
    return name in SOURCES or path.suffix != "" or len(path.parts) > 1 or path.exists()


def show(found: Sequence[Evaluated]) -> None:
    from dlrun.insight.evaluation import mean_page, page
    from dlrun.runner.evaluation import means

    for place, one in enumerate(found):
        for line, heading in page(one.folder.path.name, one.evaluation, one.again, one.others):
            print(bold(line) if heading else line)
        if place < len(found) - 1:
            print()
    if len(found) > 1:
        for line, heading in mean_page(means(found)):
            print(bold(line) if heading else line)


def to_json(found: Sequence[Evaluated]) -> dict[str, object]:
    from dlrun.insight.evaluation import document
    from dlrun.runner.evaluation import means

    evaluations = [
        document(one.folder, one.folder.record()["name"], one.evaluation, one.again, one.others) for one in found
    ]
    return {"evaluations": evaluations, "means": means(found) if len(found) > 1 else []}
