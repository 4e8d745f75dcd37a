"""`evaluations.json` of a run: which labelled rows it was tested on, when, and what came out. Test rows count once, so
what is written here stays, also when the run is trained again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypedDict, cast

from dlrun.errors import StoreError
from dlrun.store.files import write_whole
from dlrun.store.lock import locked
from dlrun.store.record import FORMAT, finite
from dlrun.store.run_folder import RunFolder

FILE_NAME = "evaluations.json"


class MetricRow(TypedDict):
    """One metric on the test rows. Intervals are 95 %; what is not known or not defined is None."""

    metric: str
    """loss, accuracy, ...; bias is the mean error of a regression."""
    value: float | None
    low: float | None
    high: float | None
    validation: float | None
    """The same metric on the validation rows."""
    difference: float | None
    """value - validation, and its interval."""
    difference_low: float | None
    difference_high: float | None
    trivial: float | None
    """Of the trivial predictor on the test rows."""


class ClassRow(TypedDict):
    """One class."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int
    """Test rows of the class."""


class Confusion(TypedDict):
    """Rows of one class that the net gives to another."""

    true: str
    given: str
    rows: int
    share: float
    """Of the rows of the true class."""


class Residual(TypedDict):
    """One test row of a regression, in the target's own unit."""

    row: int
    """Counted from 1 in its source."""
    true: float
    given: float
    error: float
    """given - true."""


class Evaluation(TypedDict):
    """One look at labelled rows."""

    opened: str
    """When, in ISO 8601."""
    rows_from: str
    """`data.test_split`, `data.test_source` or `FILE`."""
    source: str
    rows: int
    fingerprint: str
    """Of the rows: the same rows have the same, whatever the run."""
    backend: str
    """tensorflow, jax or torch; sklearn where no net was asked."""
    dlrun: str
    """The version that measured."""
    metrics: list[MetricRow]
    classes: list[ClassRow]
    """Empty for a regression."""
    confusion: list[list[int]] | None
    """Rows are what is true, columns what the net says, in the order of `classes`; None for a regression or more than
    100 classes."""
    confused: list[Confusion]
    """The most frequent confusions first."""
    quantiles: dict[str, float]
    """Of the errors of a regression: smallest, 5 %, ... largest."""
    largest: list[Residual]
    """The largest errors of a regression."""
    notes: list[str]


def evaluations_path(folder: RunFolder) -> Path:
    return folder.path / FILE_NAME


def read_evaluations(folder: RunFolder) -> list[Evaluation]:
    """All looks of a run, the oldest first; none where it was never evaluated.

    Raises:
        StoreError: the file is damaged, or a newer dlrun wrote it.
    """
    path = evaluations_path(folder)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read as a log of evaluations. {_WAY_OUT}") from error
    problem = _problem(document)
    if problem:
        raise StoreError(f"{path}: is no log of evaluations: {problem}. {_WAY_OUT}")
    return cast(list[Evaluation], document["evaluations"])


_WAY_OUT = "Move the file away to begin a new one"
_SHAPES: dict[str, type] = {
    "opened": str,
    "rows_from": str,
    "source": str,
    "rows": int,
    "fingerprint": str,
    "metrics": list,
    "classes": list,
    "confused": list,
    "quantiles": dict,
    "largest": list,
    "notes": list,
}


def _problem(document: Any) -> str | None:
    if not isinstance(document, dict) or not isinstance(document.get("evaluations"), list):
        return "must hold a JSON object with a list `evaluations`"
    if not isinstance(document.get("format"), int) or document["format"] > FORMAT:
        return f"`format` must be at most {FORMAT}. Received: {document.get('format')!r}"
    for entry in document["evaluations"]:
        known = entry if isinstance(entry, dict) else {}
        wrong = [key for key, shape in _SHAPES.items() if not isinstance(known.get(key), shape)]
        if wrong:
            return f"`{wrong[0]}` is missing or has the wrong type"
    return None


def add_evaluation(folder: RunFolder, evaluation: Evaluation) -> None:
    """Writes one more look; numbers that are not finite become null.

    Raises:
        StoreBusy: another process writes this run.
        StoreError: what is there is damaged.
        StoreNotWritable: no space left, or no permission.
    """
    with locked(folder.path.parent, folder.id):
        document = {"format": FORMAT, "evaluations": [*read_evaluations(folder), finite(evaluation)]}
        text = json.dumps(document, ensure_ascii=True, allow_nan=False, indent=1) + "\n"
        write_whole(evaluations_path(folder), partial(_write, text=text))


def keep_evaluations(earlier: Iterable[RunFolder], folder: RunFolder) -> None:
    """Takes the log over from a record that is about to be replaced: the rows have been seen, whatever comes after."""
    for old in earlier:
        if evaluations_path(old).is_file():
            text = evaluations_path(old).read_text(encoding="utf-8")
            write_whole(evaluations_path(folder), partial(_write, text=text))


def opened_by(folders: Iterable[RunFolder], fingerprint: str) -> list[tuple[RunFolder, Evaluation]]:
    """The runs among these that have been tested on the rows with this fingerprint; damaged logs are passed over."""
    found = []
    for folder in folders:
        try:
            looks = read_evaluations(folder)
        except StoreError:
            continue
        found += [(folder, look) for look in looks if look["fingerprint"] == fingerprint]
    return found


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
