"""What a stored net answers anywhere on the plane of its two features, and how that came about epoch by epoch.

from dlrun.runner.boundary import boundary, strip
from dlrun.runner.stored_run import open_run

found = boundary(open_run(folder))          # a plain document, see `boundary`
found = strip(open_run(folder), epochs)     # the same with a panel per epoch
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.data import Prepared, Preprocessing, Rows, Table, Task, prepare, read
from dlrun.data.features import Number, Pixels
from dlrun.data.sources import load_source
from dlrun.data.table import Numeric
from dlrun.errors import DataError, Interrupted, StoreError, UsageError
from dlrun.runner.stored_run import StoredRun
from dlrun.training import Job, Stopping, never
from dlrun.training.metrics import Scored
from dlrun.training.objective import UNIT_RANGE, Objective, objective_of

POINTS = 121
"""Of the grid, each way."""
STRIP_POINTS = 81
MARGIN = 0.08
"""The plane reaches so far beyond the data, as a share of their range."""
USUAL_EPOCHS = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000)
"""About equal ratios: a net changes most at its start."""
NAMED = 5
ALIKE = 1e-3
"""The net trained again gives the kept net's outputs to within this."""
ALIKE_FUSED = 0.02
"""The same for a net that the fused engine trained: here the keras engine trains it again, which rounds otherwise."""


@dataclass(frozen=True)
class Plane:
    """The two features' own units, and what the net takes for each place."""

    names: tuple[str, str]
    x: np.ndarray
    """(columns,) of the first feature, rising."""
    y: np.ndarray
    """(rows,) of the second."""
    inputs: np.ndarray
    """float32 (rows * columns, inputs), row after row."""


@dataclass(frozen=True)
class Marked:
    """The rows that are drawn: train rows, then validation rows."""

    places: np.ndarray
    """float64 (rows, 2), in the features' own units; a missing value is where the net takes it to be."""
    inputs: np.ndarray
    """float32 (rows, inputs)."""
    y: np.ndarray
    """(rows,): class indices, or standardised values."""
    train: int
    """How many are train rows."""


def boundary(run: StoredRun, backend: str | None = None, points: int = POINTS) -> dict[str, Any]:
    """What the kept net answers over the range of its data.

    Returns: plain: `run`, `kind` (of the task), `target`, `classes`, `features` (two names), `x`, `y` (the grid),
        `level` (what a binary net's output must exceed for the second class; None else), `low` and `high` (the ends of
        an output's range; of a regression those of its values), `points` (`x`, `y`, `side`, `true`) and `panels`: here
        one, with `epoch`, `kept`, `values` (a list along x for each y: the output for the second class, the value of a
        regression; of several classes a list of those, one per class) and `predicted` (a label or value per point).
    Raises:
        UsageError: the run is no net, or has not exactly two numeric features.
        DataError: its rows are not there any more, or are others.
        BackendError, StoreError: as `StoredRun.network`.
    """
    plane, marked, _ = ground(run, points)
    network = run.network(backend)
    outputs = network.outputs(np.concatenate([plane.inputs, marked.inputs]))
    panel = _panel(run.task, network.objective, plane, outputs, run.record.get("kept_epoch"), True)
    return _document(run, network.objective, plane, marked, [panel])


def strip(
    run: StoredRun, epochs: Sequence[int] | None = None, stopping: Stopping = never, points: int = STRIP_POINTS
) -> dict[str, Any]:
    """`boundary` after several epochs: the net is trained again, the same, on its own backend. The kept epoch is among
    them, and what is shown for it is the kept net's.

    Args:
        epochs: from 0, the start; where not given 0, 1, 3, 10, 30 ... and the last.
    Raises:
        UsageError: as `boundary`; epochs that the run has not.
        StoreError: the training did not come to the kept net again.
        Interrupted: after Ctrl-C.
    """
    from dlrun.training.snapshots import snapshots

    plane, marked, job = ground(run, points)
    chosen = epochs_of(run, epochs)
    objective = objective_of(run.experiment, run.task)
    inputs = np.concatenate([plane.inputs, marked.inputs])
    found, _, status = snapshots(job, inputs, chosen, run.backend, stopping)
    if status == "interrupted":
        raise Interrupted("interrupted: nothing was changed")
    kept = run.record["kept_epoch"] or 0
    stored = run.network().outputs(inputs)
    limit = ALIKE_FUSED if run.record.get("engine") == "fused" else ALIKE
    if kept not in found or not float(np.abs(found[kept] - stored).max()) <= limit:
        raise StoreError(
            f"{run.folder.path}: trained again it came out differently (another engine, other versions or another "
            "machine), so what its earlier epochs looked like is not known. Without --strip the kept net is drawn"
        )
    found[kept] = stored
    panels = [_panel(run.task, objective, plane, found[epoch], epoch, epoch == kept) for epoch in sorted(found)]
    return _document(run, objective, plane, marked, panels)


def epochs_of(run: StoredRun, wanted: Sequence[int] | None) -> list[int]:
    """The epochs of a strip, the kept one among them. Raises UsageError for one that the run has not."""
    last, kept = run.record.get("epochs") or 0, run.record["kept_epoch"] or 0
    if wanted is None:
        return sorted({*(epoch for epoch in USUAL_EPOCHS if epoch < 0.8 * last), kept, last})
    wrong = [epoch for epoch in wanted if not 0 <= epoch <= last]
    if wrong:
        raise UsageError(f"--epochs: must be from 0 to {last}, which {run.name} was trained for. Received: {wrong[0]}")
    return sorted({*wanted, kept})


def ground(run: StoredRun, points: int) -> tuple[Plane, Marked, Job]:
    """The plane, the rows on it, and the job that trains the run again."""
    features = two_numbers(run)
    fold = run.record.get("fold")
    source = read(run.experiment)
    data = prepare(run.experiment, fold, source)
    known = run.record.get("data", {}).get("fingerprint", data.fingerprint)
    if data.fingerprint != known:
        raise DataError(f"{source.table.name}: its rows are not those that {run.name} was trained on")
    marked = _marked(run, features, data, source.table)
    until = run.record.get("epochs") if run.record["status"] == "pruned" else None
    return _plane(run, features, marked.places, points), marked, Job(run.folder.id, run.experiment, data, fold, until)


def two_numbers(run: StoredRun) -> tuple[Number, Number]:
    """The two columns of numbers. Raises UsageError where there are others, or the run is no net."""
    refuse_other_kinds(run.name, run.kind)
    refuse_other_features(run.name, run.preprocessing)
    one, other = run.preprocessing.features
    assert isinstance(one, Number)
    assert isinstance(other, Number)
    return one, other


def refuse_other_kinds(name: str, kind: str) -> None:
    """Raises UsageError for a baseline or an ensemble."""
    if kind != "mlp":
        raise UsageError(f"boundary: {name} is a run of the kind {kind}; boundaries are drawn of nets")


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
    shown = ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
    raise UsageError(
        f"boundary: needs a run with exactly 2 numeric features. {name} has {len(names)}: {shown}. "
        "`data.features: [A, B]` trains on two of them"
    )


def _marked(run: StoredRun, features: tuple[Number, Number], data: Prepared, table: Table) -> Marked:
    places = [_own_units(features, table, data.train)]
    inputs, y = [data.train.x], [data.train.y]
    if data.validation is not None:
        other = run.experiment.data.validation_source
        held = table if other is None else _all_rows(run, other, "data.validation_source")
        places.append(_own_units(features, held, data.validation))
        inputs.append(data.validation.x)
        y.append(data.validation.y)
    return Marked(np.concatenate(places), np.concatenate(inputs), np.concatenate(y), len(data.train))


def _all_rows(run: StoredRun, source: str, key: str) -> Table:
    """A source beside that of the train rows, with the rows that `prepare` took of it."""
    return load_source(source, run.experiment.data.model_copy(update={"target": run.task.target}), key)


def _own_units(features: tuple[Number, Number], table: Table, rows: Rows) -> np.ndarray:
    """float64 (rows, 2): the columns of these rows of the table. Raises DataError where it lacks one of them."""
    order = np.argsort(table.numbers, kind="stable")
    found = np.searchsorted(table.numbers[order], rows.numbers)
    chosen = order[np.minimum(found, len(order) - 1)]
    if not np.array_equal(table.numbers[chosen], rows.numbers):
        raise DataError(f"{table.name}: its rows are not those of the run")
    columns = [np.where(np.isnan(values := one.values(table)), one.fill, values)[chosen] for one in features]
    return np.stack(columns, axis=1)


def _plane(run: StoredRun, features: tuple[Number, Number], places: np.ndarray, points: int) -> Plane:
    x, y = (_axis(places[:, place], points) for place in (0, 1))
    across, up = np.meshgrid(x, y)
    columns = {one.name: Numeric(grid.ravel()) for one, grid in zip(features, (across, up), strict=True)}
    inputs = run.preprocessing.apply(Table("the plane", columns, np.arange(across.size)))
    return Plane((features[0].name, features[1].name), x, y, inputs)


def _axis(values: np.ndarray, points: int) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or 1.0
    return np.linspace(low - margin, high + margin, points)


def _panel(
    task: Task, objective: Objective, plane: Plane, outputs: np.ndarray, epoch: int | None, kept: bool
) -> dict[str, Any]:
    """Of the outputs for the plane and then for the marked rows."""
    shape = (len(plane.y), len(plane.x))
    over, marked = outputs[: len(plane.inputs)], outputs[len(plane.inputs) :]
    if task.kind == "regression":
        own = task.mean + task.spread * outputs[:, 0].astype(np.float64)
        values: Any = _plain(own[: len(over)].reshape(shape))
        predicted = _plain(own[len(over) :])
    elif task.kind == "binary":
        values = _plain(over[:, 0].reshape(shape))
        predicted = _labels(task, objective, marked)
    else:
        values = [_plain(over[:, place].reshape(shape)) for place in range(over.shape[1])]
        predicted = _labels(task, objective, marked)
    return {"epoch": epoch, "kept": kept, "values": values, "predicted": predicted}


def _document(
    run: StoredRun, objective: Objective, plane: Plane, marked: Marked, panels: list[dict[str, Any]]
) -> dict[str, Any]:
    task = run.task
    true: list[Any]
    if task.kind == "regression":
        true = _plain(task.mean + task.spread * marked.y.astype(np.float64))
    else:
        true = [task.classes[index] for index in marked.y.tolist()]
    points = [
        {"x": x, "y": y, "side": "train" if place < marked.train else "validation", "true": one}
        for place, ((x, y), one) in enumerate(zip(marked.places.tolist(), true, strict=True))
    ]
    low, high = _ends(objective, panels, true)
    return {
        "run": run.name,
        "kind": task.kind,
        "target": task.target,
        "classes": list(task.classes),
        "features": list(plane.names),
        "x": plane.x.tolist(),
        "y": plane.y.tolist(),
        "level": objective.threshold if task.kind == "binary" else None,
        "low": low,
        "high": high,
        "points": points,
        "panels": panels,
    }


def _ends(objective: Objective, panels: list[dict[str, Any]], true: list[Any]) -> tuple[float, float]:
    """The range of an output: 0 to 1 for probabilities, -1 to 1 where the loss wants both signs; of a regression that
    of what is true, so that a net's extremes beyond the data leave colours for the rest."""
    if objective.task.kind == "regression":
        low, high = float(min(true)), float(max(true))
        return (low, high) if high > low else (low - 0.5, high + 0.5)
    return (0.0, 1.0) if objective.activation in UNIT_RANGE else (-1.0, 1.0)


def _labels(task: Task, objective: Objective, outputs: np.ndarray) -> list[str]:
    chosen = Scored(np.zeros(len(outputs), np.int32), outputs, task, objective.threshold).classes
    return [task.classes[index] for index in chosen.tolist()]


def _plain(values: np.ndarray) -> Any:
    """Nested lists of numbers with six significant digits; JSON has no NaN, so what is not finite is refused."""
    if not np.isfinite(values).all():
        raise DataError("boundary: the net gives no finite number somewhere in the range of its data")
    with np.errstate(divide="ignore"):
        digits = np.where(values == 0, 0, np.floor(np.log10(np.abs(np.where(values == 0, 1, values)))))
    scale = 10.0 ** (5 - np.maximum(digits, -12))
    return (np.round(values.astype(np.float64) * scale) / scale).tolist()
