"""A stored run and new rows -> classes with their probabilities, or values in their own unit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.data.table import Column, Numeric, Table, number_text
from dlrun.errors import DataError, UsageError
from dlrun.runner.new_rows import NewRows, new_rows
from dlrun.runner.predictors import open_predictor
from dlrun.runner.stored_run import StoredRun
from dlrun.store.files import write_whole
from dlrun.training.metrics import Scored
from dlrun.training.objective import UNIT_RANGE, Objective

ROW, FILE, PREDICTION = "row", "file", "prediction"
AT_ONCE = 10_000
"""Rows that are turned into text together."""


@dataclass(frozen=True)
class Predictions:
    """What a run says of new rows."""

    rows: NewRows
    target: str
    kept: dict[str, list[str]]
    """Columns of the file that come along, as texts."""
    classes: tuple[str, ...]
    """Empty for a regression."""
    chosen: np.ndarray
    """(rows,): class indices, or values in the target's own unit."""
    outputs: np.ndarray
    """float32 (rows, classes): a probability per class; for losses without probabilities the raw outputs; (rows, 0) for
    a regression."""
    output_names: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the table of predictions; rows that are image files have their path in `file`."""
        return (ROW, *self._files, *self.kept, PREDICTION, *self.output_names)

    @property
    def _files(self) -> dict[str, Sequence[str]]:
        files = self.rows.table.files
        return {} if files is None else {FILE: files}

    def table(self, start: int = 0, stop: int | None = None) -> list[tuple[Any, ...]]:
        """Rows as plain values in the order of `names`: labels and kept columns as text, the rest numbers."""
        part = slice(start, stop)
        kept = [texts[part] for texts in (*self._files.values(), *self.kept.values())]
        chosen = self.chosen[part].tolist()
        said = [self.classes[index] for index in chosen] if self.classes else chosen
        numbers = self.rows.numbers[part].tolist()
        outputs = [short(values) for values in self.outputs[part].T]
        return list(zip(numbers, *kept, said, *outputs, strict=True))

    def csv_text(self) -> Iterator[str]:
        """The table as CSV, piece by piece. Labels stand in it exactly as they are, formulas or not."""
        yield csv_lines([self.names])
        for start in range(0, len(self.rows), AT_ONCE):
            yield csv_lines(self.table(start, start + AT_ONCE))


def predict(run: StoredRun, source: str, backend: str | None = None, keep: Sequence[str] = ()) -> Predictions:
    """What a run says of the rows of a file, prepared as its train rows were.

    Args:
        source: a file or built-in set; it need not hold the column that is predicted.
        backend: the run's own where not given.
        keep: columns of the file that come along.

    Raises:
        DataError: the file cannot be read or does not fit the run.
        BackendError, StoreError: as `StoredRun.network`.
    """
    rows = new_rows(run, source)
    kept = {name: texts(column_to_keep(rows.table, name)) for name in dict.fromkeys(keep)}
    predictor = open_predictor(run, backend or run.backend)
    outputs = predictor.of_table(rows.table)
    refuse_not_finite(rows, outputs)
    task, objective = run.task, predictor.objective
    if task.kind == "regression":
        values = nine_digits(task.mean + task.spread * outputs[:, 0].astype(np.float64))
        return Predictions(rows, task.target, kept, (), values, np.zeros((len(values), 0), np.float32), ())
    chosen = Scored(np.zeros(len(outputs), np.int32), outputs, task, objective.threshold).classes
    return Predictions(rows, task.target, kept, task.classes, chosen, *named_outputs(objective, outputs))


def named_outputs(objective: Objective, outputs: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """A probability per class with its column's name; where the loss gives none, the outputs of the net."""
    classes = objective.task.classes
    if objective.activation not in UNIT_RANGE:
        columns = classes[1:] if objective.task.kind == "binary" else classes
        return outputs, tuple(f"output_{label}" for label in columns)
    both = np.concatenate([1 - outputs, outputs], axis=1) if objective.task.kind == "binary" else outputs
    return both, tuple(f"probability_{label}" for label in classes)


def refuse_not_finite(rows: NewRows, outputs: np.ndarray) -> None:
    wrong = np.flatnonzero(~np.isfinite(outputs).all(axis=1))
    if len(wrong):
        raise DataError(
            f"{rows.table.name}: row {int(rows.numbers[wrong[0]])} has values so far from the train rows that the net "
            "gives no finite number for it"
        )


def column_to_keep(table: Table, name: str) -> Column:
    return table.columns[table.named(name, "--keep")]


def texts(column: Column) -> list[str]:
    """A column as texts; missing values are empty."""
    if isinstance(column, Numeric):
        return ["" if np.isnan(value) else number_text(value) for value in column.values.tolist()]
    return [column.levels[code] if code >= 0 else "" for code in column.codes.tolist()]


def nine_digits(values: np.ndarray) -> np.ndarray:
    """The values without the digits that float32 outputs cannot have."""
    return np.array([float(f"{value:.9g}") for value in values.tolist()])


def short(values: np.ndarray) -> list[float]:
    """float32 values as Python numbers of the fewest digits that read back the same."""
    return [float(text) for text in values.astype(np.float32).astype(str).tolist()]


def csv_lines(rows: Sequence[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def save(predictions: Predictions, path: Path) -> None:
    """Writes the predictions as CSV (UTF-8); what was there is replaced at the end, in one step.

    Raises:
        StoreNotWritable: no space left, or no permission.
    """

    def write(aside: Path) -> None:
        with aside.open("w", encoding="utf-8", newline="", errors="surrogateescape") as file:
            file.writelines(predictions.csv_text())

    write_whole(path, write)


def refuse_input(path: Path, source: str) -> None:
    """Raises UsageError where the predictions would replace the file they are made from, or land in a folder."""
    if path.is_dir():
        raise UsageError(f"-o must be a file. Received the folder {str(path)!r}")
    given = Path(source).expanduser()
    if path.exists() and given.exists() and path.samefile(given):
        raise UsageError(f"-o must not be the file that is read. Received: {str(path)!r}")
