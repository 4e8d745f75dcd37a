"""`ensemble.json` of an ensemble: its members, how they make one answer, what they are worth beside it."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any, TypedDict, cast

from dlrun.errors import StoreError
from dlrun.store.record import FORMAT, finite
from dlrun.store.run_folder import RunFolder

FILE_NAME = "ensemble.json"


class MemberRow(TypedDict):
    """One member."""

    id: str
    name: str
    kind: str
    seed: int | None
    fold: int | None
    column: int
    """Place in `columns`. The folds of one seed are one column, any other run is one by itself."""
    weight: float | None
    """Of its probabilities or predictions; None where votes are counted or a final layer decides."""
    recorded: dict[str, float | None]
    """The losses in the member's record, by which it is known again."""


class ColumnRow(TypedDict):
    """One run by itself; with folds all folds of one seed."""

    metrics: dict[str, float | None]
    """`val_<metric>` on the rows on which the ensemble is measured; none where no rows are held out."""


class DifferenceRow(TypedDict):
    """The ensemble less its best member in one metric, with the 95 % bootstrap interval over validation rows."""

    metric: str
    value: float | None
    low: float | None
    high: float | None
    smaller_is_better: bool


class EnsembleDocument(TypedDict):
    """What an ensemble is."""

    format: int
    method: str
    members: list[MemberRow]
    columns: list[ColumnRow]
    combination: dict[str, Any]
    """How outputs of the members become one: plain numbers."""
    judged: str
    """What `val_` is measured on: `validation` rows, `out_of_fold` rows, or `nothing`."""
    best: int | None
    """Place of the best in `columns`, by the monitored curve; None where there is one alone, or no number."""
    differences: list[DifferenceRow]
    disagreement: float | None
    """Classes: the share of rows for which not all members name the same class. Amounts: the mean standard deviation
    between members, in the target's own unit."""


def ensemble_path(folder: RunFolder) -> Path:
    return folder.path / FILE_NAME


def read_ensemble(folder: RunFolder) -> EnsembleDocument:
    """What the ensemble in a folder is.

    Raises:
        StoreError: the file is absent, damaged, or of a newer dlrun.
    """
    path = ensemble_path(folder)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read as an ensemble. {_WAY_OUT}") from error
    problem = _problem(document)
    if problem:
        raise StoreError(f"{path}: is no ensemble: {problem}. {_WAY_OUT}")
    return cast(EnsembleDocument, document)


_WAY_OUT = "`dlrun ensemble RUN... --force` makes it again"
_SHAPES: dict[str, type | tuple[type, ...]] = {
    "method": str,
    "members": list,
    "columns": list,
    "combination": dict,
    "judged": str,
    "best": (int, type(None)),
    "differences": list,
    "disagreement": (int, float, type(None)),
}
_OF_MEMBERS: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "name": str,
    "kind": str,
    "seed": (int, type(None)),
    "fold": (int, type(None)),
    "column": int,
    "weight": (int, float, type(None)),
    "recorded": dict,
}
_OF_DIFFERENCES: dict[str, type | tuple[type, ...]] = {
    "metric": str,
    **dict.fromkeys(("value", "low", "high"), (int, float, type(None))),
    "smaller_is_better": bool,
}
_ROWS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "members": _OF_MEMBERS,
    "columns": {"metrics": dict},
    "differences": _OF_DIFFERENCES,
}
"""What the rows of each list must hold."""
MEMBER_KINDS = ("mlp", "baseline")


def _problem(document: Any) -> str | None:
    if not isinstance(document, dict):
        return f"must hold a JSON object. Received: {type(document).__name__}"
    if not isinstance(document.get("format"), int) or document["format"] > FORMAT:
        return f"`format` must be at most {FORMAT}. Received: {document.get('format')!r}"
    wrong = _wrong(document, _SHAPES)
    for where, shapes in _ROWS.items() if not wrong else ():
        wrong += [f"{where}.{key}" if key else where for row in document[where] for key in _wrong(row, shapes)]
    if wrong:
        return f"`{wrong[0]}` is missing or has the wrong type"
    return _misfit(document["members"], len(document["columns"]), document["best"]) or _no_number(
        document["members"], document["columns"]
    )


def _wrong(row: Any, shapes: dict[str, type | tuple[type, ...]]) -> list[str]:
    """Keys that are missing or have the wrong type; an empty one where the row is no mapping."""
    if not isinstance(row, dict):
        return [""]
    return [key for key, shape in shapes.items() if key not in row or not isinstance(row[key], shape)]


def _misfit(members: list[MemberRow], columns: int, best: int | None) -> str | None:
    """What does not go together; types are as they must be."""
    if not members:
        return "it has no members"
    unknown = [member["kind"] for member in members if member["kind"] not in MEMBER_KINDS]
    if unknown:
        return f"`members.kind` must be {' or '.join(MEMBER_KINDS)}. Received: {unknown[0]!r}"
    if any(not 0 <= member["column"] < columns for member in members):
        return "`members.column` is none of its columns"
    if len({member["column"] for member in members}) < columns:
        return "one of its `columns` has no member"
    if best is not None and not 0 <= best < columns:
        return "`best` is none of its columns"
    return None


def _no_number(members: list[MemberRow], columns: list[ColumnRow]) -> str | None:
    """Names the first value that must be a number, or unknown, and is neither."""
    rows = [("members.recorded", row["recorded"]) for row in members]
    rows += [("columns.metrics", row["metrics"]) for row in columns]
    for where, values in rows:
        for key, value in values.items():
            if value is not None and not _is_number(value):
                return f"`{where}`: {key} must be a number or null"
    return None


def _is_number(value: object) -> bool:
    """Whether it is finite: a whole number of JSON may be too large for a float."""
    return isinstance(value, int | float) and abs(value) <= sys.float_info.max


def write_ensemble(path: Path, document: EnsembleDocument) -> None:
    """Writes the document; numbers that are not finite become null."""
    text = json.dumps(finite(document), ensure_ascii=True, allow_nan=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def ensembles_with(folders: Collection[RunFolder], ids: Collection[str]) -> dict[RunFolder, list[str]]:
    """Of these runs the ensembles that have one of the ids among their members, with those ids; damaged ones are passed
    over."""
    found = {}
    for folder in folders:
        if not ensemble_path(folder).is_file():
            continue
        try:
            members = [member["id"] for member in read_ensemble(folder)["members"]]
        except StoreError:
            continue
        if hit := [member for member in members if member in ids]:
            found[folder] = hit
    return found
