"""What a stored run answers anywhere on the plane of its two features, and how a net came to it epoch by epoch.

from dlrun.runner.boundary import boundary, strip
from dlrun.runner.stored_run import open_run

found = boundary(open_run(folder))          # a plain document, see `boundary`
found = strip(open_run(folder), epochs)     # the same with a panel per epoch
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlrun.data import Task
from dlrun.errors import Interrupted, StoreError, UsageError
from dlrun.runner.plane import Ground, filled, ground, plain
from dlrun.runner.predictors import open_predictor
from dlrun.runner.stored_run import StoredRun
from dlrun.training import Job, Stopping, never
from dlrun.training.metrics import Scored
from dlrun.training.objective import UNIT_RANGE, Objective, objective_of

POINTS = 121
"""Of the grid, each way."""
STRIP_POINTS = 81
USUAL_EPOCHS = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000)
"""About equal ratios: a net changes most at its start."""
ALIKE = 1e-3
"""The net trained again gives the kept net's outputs to within this."""
ALIKE_FUSED = 0.02
"""The same for a net that the fused engine trained: here the keras engine trains it again, which rounds otherwise."""


def boundary(run: StoredRun, backend: str | None = None, points: int = POINTS) -> dict[str, Any]:
    """What a net, baseline or ensemble answers over the range of its data.

    Returns: plain: `run`, `kind` (of the task), `target`, `classes`, `features` (two names), `x`, `y` (the grid),
        `level` (what a binary output must exceed for the second class; None else), `low` and `high` (the ends of an
        output's range; of a regression those of its values), `points` (`x`, `y`, `side`, `true`) and `panels`: here
        one, with `epoch` (None of what has none), `kept`, `values` (a list along x for each y: the output for the
        second class, the value of a regression; of several classes a list of those, one per class) and `predicted` (a
        label or value per point).
    Raises:
        UsageError: the run has not exactly two numeric features.
        DataError: its rows are not there any more, or are others.
        BackendError, StoreError: as `open_predictor`.
    """
    under = ground(run, points)
    predictor = open_predictor(run, backend or run.backend)
    outputs = predictor.of_table(under.table())
    epoch = run.record.get("kept_epoch") if run.kind == "mlp" else None
    return _document(run, predictor.objective, under, [_panel(run.task, predictor.objective, under, outputs, epoch)])


def strip(
    run: StoredRun, epochs: Sequence[int] | None = None, stopping: Stopping = never, points: int = STRIP_POINTS
) -> dict[str, Any]:
    """`boundary` after several epochs: the net is trained again, the same, on its own backend. The kept epoch is among
    them, and what is shown for it is the kept net's.

    Args:
        epochs: from 0, the start; where not given 0, 1, 3, 10, 30 ... and the last.
    Raises:
        UsageError: as `boundary`; the run is no net; epochs that it has not.
        StoreError: the training did not come to the kept net again.
        Interrupted: after Ctrl-C.
    """
    from dlrun.training.snapshots import snapshots

    refuse_without_epochs(run.name, run.kind)
    under = ground(run, points)
    chosen = epochs_of(run, epochs)
    objective = objective_of(run.experiment, run.task)
    inputs = run.preprocessing.apply(under.table())
    found, _, status = snapshots(job_of(run, under), inputs, chosen, run.backend, stopping)
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
    panels = [_panel(run.task, objective, under, found[epoch], epoch, kept=epoch == kept) for epoch in sorted(found)]
    return _document(run, objective, under, panels)


def refuse_without_epochs(name: str, kind: str) -> None:
    """Raises UsageError for a baseline or an ensemble."""
    if kind != "mlp":
        raise UsageError(
            f"boundary: {name} is a run of the kind {kind}, which has no epochs: without --strip and --epochs it is "
            "drawn as it is"
        )


def epochs_of(run: StoredRun, wanted: Sequence[int] | None) -> list[int]:
    """The epochs of a strip, the kept one among them. Raises UsageError for one that the run has not."""
    last, kept = run.record.get("epochs") or 0, run.record["kept_epoch"] or 0
    if wanted is None:
        return sorted({*(epoch for epoch in USUAL_EPOCHS if epoch < 0.8 * last), kept, last})
    wrong = [epoch for epoch in wanted if not 0 <= epoch <= last]
    if wrong:
        raise UsageError(f"--epochs: must be from 0 to {last}, which {run.name} was trained for. Received: {wrong[0]}")
    return sorted({*wanted, kept})


def job_of(run: StoredRun, under: Ground) -> Job:
    """The job that trains the net again."""
    until = run.record.get("epochs") if run.record["status"] == "pruned" else None
    return Job(run.folder.id, run.experiment, under.data, run.record.get("fold"), until)


def _panel(
    task: Task, objective: Objective, under: Ground, outputs: np.ndarray, epoch: int | None, kept: bool = True
) -> dict[str, Any]:
    """Of the outputs for the grid and then for the points."""
    shape = (len(under.y), len(under.x))
    over, marked = np.split(outputs, [shape[0] * shape[1]])
    if task.kind == "regression":
        values: Any = plain(_own_unit(task, over).reshape(shape))
        predicted = plain(_own_unit(task, marked))
    elif task.kind == "binary":
        values = plain(over[:, 0].reshape(shape))
        predicted = _labels(task, objective, marked)
    else:
        values = [plain(over[:, place].reshape(shape)) for place in range(over.shape[1])]
        predicted = _labels(task, objective, marked)
    return {"epoch": epoch, "kept": kept, "values": values, "predicted": predicted}


def _own_unit(task: Task, outputs: np.ndarray) -> np.ndarray:
    return np.asarray(task.mean + task.spread * outputs[:, 0].astype(np.float64))


def _document(run: StoredRun, objective: Objective, under: Ground, panels: list[dict[str, Any]]) -> dict[str, Any]:
    points = [
        {"x": x, "y": y, "side": side, "true": true}
        for side, rows in under.sides
        for (x, y), true in zip(filled(rows.values, under.fill).tolist(), rows.true, strict=True)
    ]
    low, high = _ends(objective, [point["true"] for point in points])
    return {
        "run": run.name,
        "kind": run.task.kind,
        "target": run.task.target,
        "classes": list(run.task.classes),
        "features": list(under.names),
        "x": under.x.tolist(),
        "y": under.y.tolist(),
        "level": objective.threshold if run.task.kind == "binary" else None,
        "low": low,
        "high": high,
        "points": points,
        "panels": panels,
    }


def _ends(objective: Objective, true: list[Any]) -> tuple[float, float]:
    """The range of an output: 0 to 1 for probabilities, -1 to 1 where the loss wants both signs; of a regression that
    of what is true, so that a net's extremes beyond the data leave colours for the rest."""
    if objective.task.kind == "regression":
        low, high = float(min(true)), float(max(true))
        return (low, high) if high > low else (low - 0.5, high + 0.5)
    return (0.0, 1.0) if objective.activation in UNIT_RANGE else (-1.0, 1.0)


def _labels(task: Task, objective: Objective, outputs: np.ndarray) -> list[str]:
    chosen = Scored(np.zeros(len(outputs), np.int32), outputs, task, objective.threshold).classes
    return [task.classes[index] for index in chosen.tolist()]
