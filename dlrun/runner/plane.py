"""The plane of a run's two features: the range of its data as a grid, and its rows as points on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.data import Prepared, Preprocessing, Rows, Table, Task, prepare, read
from dlrun.data.features import Number, Pixels
from dlrun.data.sources import load_source
from dlrun.data.table import Numeric
from dlrun.errors import DataError, UsageError
from dlrun.runner.stored_run import StoredRun

MARGIN = 0.08
"""The plane reaches so far beyond the data, as a share of their range."""
NAMED = 5


@dataclass(frozen=True)
class Points:
    """Rows of a source, on the plane."""

    values: np.ndarray
    """float64 (rows, 2), in the features' own units; NaN where missing."""
    numbers: np.ndarray
    """int64 (rows,): each row's position in its source."""
    true: list[Any]
    """A label or value per row."""

    def take(self, rows: np.ndarray) -> Points:
        """The rows at these positions."""
        return Points(self.values[rows], self.numbers[rows], [self.true[row] for row in rows.tolist()])


@dataclass(frozen=True)
class Ground:
    """What is drawn upon: a grid, and the points."""

    names: tuple[str, str]
    x: np.ndarray
    """(columns,) of the first feature, rising."""
    y: np.ndarray
    """(rows,) of the second."""
    train: Points
    validation: Points | None
    fill: tuple[float, float]
    """Where a net takes a missing value to be."""
    data: Prepared
    """The rows as the run takes them; of an ensemble as its first member does."""

    @property
    def sides(self) -> list[tuple[str, Points]]:
        """Those that have points."""
        both = (("train", self.train), ("validation", self.validation))
        return [(name, points) for name, points in both if points is not None and points.true]

    @property
    def values(self) -> np.ndarray:
        """float64 (points, 2), train rows first."""
        return np.concatenate([points.values for _, points in self.sides])

    def table(self) -> Table:
        """Raw rows to ask about: the grid along x for each y, then the points."""
        across, up = np.meshgrid(self.x, self.y)
        grid = np.stack([across.ravel(), up.ravel()], axis=1)
        asked = np.concatenate([grid, self.values])
        columns = {name: Numeric(asked[:, place]) for place, name in enumerate(self.names)}
        return Table("the plane", columns, np.arange(len(asked)))


def ground(run: StoredRun, points: int) -> Ground:
    """The plane of a run.

    Args:
        points: of the grid, each way.
    Raises:
        UsageError: it, or a member of it, has not exactly two numeric features, or members have others.
        DataError: its rows are not there any more, or are others.
    """
    features = features_of(run)
    reader = run.readers[0]
    source = read(reader.experiment)
    data = prepare(reader.experiment, reader.record.get("fold"), source)
    known = reader.record.get("data", {}).get("fingerprint", data.fingerprint)
    if data.fingerprint != known:
        raise DataError(f"{source.table.name}: its rows are not those that {reader.name} was trained on")
    train, validation = sides(run, *points_of(reader, features, data, source.table))
    fill = (features[0].fill, features[1].fill)
    everywhere = np.concatenate([side.values for side in (train, validation) if side is not None])
    x, y = (axis(filled(everywhere, fill)[:, place], points) for place in (0, 1))
    return Ground((features[0].name, features[1].name), x, y, train, validation, fill, data)


def filled(values: np.ndarray, fill: tuple[float, float]) -> np.ndarray:
    """(rows, 2) without missing values."""
    return np.where(np.isnan(values), fill, values)


def axis(values: np.ndarray, points: int) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or 1.0
    return np.linspace(low - margin, high + margin, points)


# --- features --------------------------------------------------------------------------------------------------------


def features_of(run: StoredRun) -> tuple[Number, Number]:
    """The two columns of numbers; of an ensemble those that all of its members look at."""
    for reader in run.readers:
        refuse_other_features(reader.name, reader.preprocessing)
    one, other = (feature for feature in run.readers[0].preprocessing.features if isinstance(feature, Number))
    for reader in run.readers[1:]:
        names = {feature.name for feature in reader.preprocessing.features if isinstance(feature, Number)}
        if names != {one.name, other.name}:
            raise UsageError(
                f"boundary: the members of {run.name} must look at the same 2 features. {run.readers[0].name} has "
                f"{one.name}, {other.name}; {reader.name} has {', '.join(sorted(names))}"
            )
    return one, other


def refuse_other_features(name: str, preprocessing: Preprocessing) -> None:
    """Raises UsageError, naming what there is, where a run's features are not two columns of numbers."""
    features = preprocessing.features
    if len(features) == 2 and all(isinstance(feature, Number) for feature in features):
        return
    names: list[str] = []
    for feature in features:
        if isinstance(feature, Pixels):
            names += feature.names
        else:
            names.append(feature.name if isinstance(feature, Number) else f"{feature.name} ({feature.kind})")
    shown = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    raise UsageError(
        f"boundary: needs a run with exactly 2 numeric features. {name} has {len(names)}: {shown}. "
        "`data.features: [A, B]` trains on two of them"
    )


# --- points ----------------------------------------------------------------------------------------------------------


def points_of(
    run: StoredRun, features: tuple[Number, Number], data: Prepared, table: Table
) -> tuple[Points, Points | None]:
    """Train rows, and validation rows where there are some."""
    train = on_plane(features, table, data.train, data.task)
    if data.validation is None:
        return train, None
    other = run.experiment.data.validation_source
    held = table if other is None else all_rows(run, other, "data.validation_source")
    return train, on_plane(features, held, data.validation, data.task)


def sides(run: StoredRun, train: Points, validation: Points | None) -> tuple[Points, Points | None]:
    """Of an ensemble, rows that it was measured on are validation rows: of folds, that is each row of the source."""
    if not run.members or validation is None or run.members[0].experiment.data.validation_source is not None:
        return train, validation
    held = run.kept_arrays("validation_rows")["validation_rows"]
    both = Points(
        np.concatenate([train.values, validation.values]),
        np.concatenate([train.numbers, validation.numbers]),
        [*train.true, *validation.true],
    )
    is_held = np.isin(both.numbers, held)
    return both.take(np.flatnonzero(~is_held)), both.take(np.flatnonzero(is_held))


def all_rows(run: StoredRun, source: str, key: str) -> Table:
    """A source beside that of the train rows, with the rows that `prepare` took of it."""
    return load_source(source, run.experiment.data.model_copy(update={"target": run.task.target}), key)


def on_plane(features: tuple[Number, Number], table: Table, rows: Rows, task: Task) -> Points:
    """These rows of the table. Raises DataError where it lacks one of them."""
    order = np.argsort(table.numbers, kind="stable")
    found = np.searchsorted(table.numbers[order], rows.numbers)
    chosen = order[np.minimum(found, len(order) - 1)]
    if not np.array_equal(table.numbers[chosen], rows.numbers):
        raise DataError(f"{table.name}: its rows are not those of the run")
    values = np.stack([feature.values(table)[chosen] for feature in features], axis=1)
    return Points(values, rows.numbers, true_answers(rows, task))


def true_answers(rows: Rows, task: Task) -> list[Any]:
    """A label per row; of a regression the value in its own unit."""
    if task.kind == "regression":
        return list(plain(task.mean + task.spread * rows.y.astype(np.float64)))
    return [task.classes[index] for index in rows.y.tolist()]


def plain(values: np.ndarray) -> Any:
    """Nested lists of numbers with six significant digits; JSON has no NaN, so what is not finite is refused."""
    if not np.isfinite(values).all():
        raise DataError("boundary: the run gives no finite number somewhere in the range of its data")
    with np.errstate(divide="ignore"):
        digits = np.where(values == 0, 0, np.floor(np.log10(np.abs(np.where(values == 0, 1, values)))))
    scale = 10.0 ** (5 - np.maximum(digits, -12))
    return (np.round(values.astype(np.float64) * scale) / scale).tolist()
