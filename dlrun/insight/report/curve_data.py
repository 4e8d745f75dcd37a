"""The curves that the page draws: one list of epochs per run, one list of values per measure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlrun.errors import StoreError
from dlrun.insight.curve_rows import best_epoch
from dlrun.insight.metrics import main_metric
from dlrun.store import Entry

Curves = Mapping[str, Sequence[float]]
MOST_NUMBERS = 400_000
"""In the whole page: about 3 MB, which a browser reads in a tenth of a second."""
MOST_EPOCHS, FEWEST_EPOCHS = 600, 40
"""Kept per run."""
DIGITS = 5
"""Significant ones: as many as a hover shows."""


@dataclass(frozen=True)
class RunCurves:
    """What the page draws of one run."""

    id: str
    seed: int | None
    fold: int | None
    best: int | None
    """The epoch whose weights count."""
    epochs: list[int]
    values: dict[str, list[list[float | None]]]
    """Measure -> train values and validation values; None where one is not finite. Either may be empty."""


@dataclass(frozen=True)
class CurveData:
    """The curves of all runs."""

    measures: list[str]
    """`loss` and the main metric."""
    runs: list[RunCurves]
    every: int
    """Of how many epochs one is kept, where there are too many to keep all; else 1."""
    damaged: list[str]
    """What is wrong with curves that cannot be read, a line per run."""


def curve_data(entries: Sequence[Entry]) -> CurveData:
    """The curves of some runs, thinned alike where there are too many numbers for a page."""
    metric = main_metric([entry.record for entry in entries])
    measures = ["loss", *([metric] if metric else [])]
    read = [_read(entry) for entry in entries]
    found = [curves for curves, _ in read]
    every = _every([len(curves.get("epoch", ())) for curves in found], 2 * len(measures))
    runs = [_run(entry, curves, measures, every) for entry, curves in zip(entries, found, strict=True)]
    return CurveData(measures, runs, every, [problem for _, problem in read if problem])


def _read(entry: Entry) -> tuple[Curves, str]:
    """The columns, and what is wrong with the file, if anything is."""
    try:
        return entry.folder.curves(), ""
    except StoreError as error:
        return {}, str(error)


def _every(lengths: Sequence[int], columns: int) -> int:
    """So that neither a run nor the page gets too many numbers."""
    room = MOST_NUMBERS // max(1, columns * len(lengths))
    most = min(MOST_EPOCHS, max(FEWEST_EPOCHS, room))
    return max(1, math.ceil(max(lengths, default=0) / most))


def _run(entry: Entry, curves: Curves, measures: Sequence[str], every: int) -> RunCurves:
    best = best_epoch(entry.record, curves) if curves.get("epoch") else None
    kept = _kept(curves.get("epoch", ()), every, best)
    values = {
        measure: [_column(curves, f"{side}_{measure}", kept) for side in ("train", "val")] for measure in measures
    }
    record = entry.record
    epochs = [int(curves["epoch"][place]) for place in kept]
    return RunCurves(entry.folder.id, record.get("seed"), record.get("fold"), best, epochs, values)


def _kept(epochs: Sequence[float], every: int, best: int | None) -> list[int]:
    """Places of the epochs that stay: every so many, the first, the best and the last."""
    last = len(epochs) - 1
    return [place for place, epoch in enumerate(epochs) if place % every == 0 or place == last or epoch == best]


def _column(curves: Curves, name: str, kept: Sequence[int]) -> list[float | None]:
    column = curves.get(name)
    return [] if column is None else [_short(column[place]) for place in kept]


def _short(value: float) -> float | None:
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def document(data: CurveData) -> dict[str, Any]:
    """The curves as JSON: epochs that count up from 1 without a gap are given by their number."""
    return {
        "measures": data.measures,
        "runs": [
            {
                "id": run.id,
                "best": run.best,
                "epochs": len(run.epochs) if run.epochs == list(range(1, len(run.epochs) + 1)) else run.epochs,
                "values": [run.values[measure] for measure in data.measures],
            }
            for run in data.runs
        ],
    }
