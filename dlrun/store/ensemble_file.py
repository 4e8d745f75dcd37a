"""`ensemble.json` of an ensemble: its members, how they make one answer, what they are worth beside it."""

from __future__ import annotations

import json
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


def _problem(document: Any) -> str | None:
    if not isinstance(document, dict):
        return f"must hold a JSON object. Received: {type(document).__name__}"
    if not isinstance(document.get("format"), int) or document["format"] > FORMAT:
        return f"`format` must be at most {FORMAT}. Received: {document.get('format')!r}"
    wrong = _wrong(document, _SHAPES)
    wrong += [key for row in document["members"] for key in _wrong(row, _OF_MEMBERS)] if not wrong else []
    wrong += [key for row in document["columns"] for key in _wrong(row, {"metrics": dict})] if not wrong else []
    wrong += [key for row in document["differences"] for key in _wrong(row, _OF_DIFFERENCES)] if not wrong else []
    if not wrong and not document["members"]:
        return "it has no members"
    columns = len(document["columns"]) if not wrong else 0
    if not wrong and any(not 0 <= member["column"] < columns for member in document["members"]):
        return "`column` is none of its columns"
    if not wrong and document["best"] is not None and not 0 <= document["best"] < columns:
        return "`best` is none of its columns"
    return f"`{wrong[0]}` is missing or has the wrong type" if wrong else None


def _wrong(row: Any, shapes: dict[str, type | tuple[type, ...]]) -> list[str]:
    if not isinstance(row, dict):
        return ["members"]
    return [key for key, shape in shapes.items() if key not in row or not isinstance(row[key], shape)]


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
