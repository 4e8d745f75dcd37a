"""What was seen, as tables, lines and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.labels import short_ids
from dlrun.insight.table import Column, Table
from dlrun.insight.watching.states import BestSoFar, RunState, Seen, SweepState
from dlrun.store.names import visible
from dlrun.store.record import finite

_COLUMNS = (
    Column("id", "id", "text", rank=9, shown="short_id"),
    Column("name", "name", "text", rank=8),
    Column("epoch", "epoch", "text", rank=9),
    Column("train_loss", "train loss", rank=6),
    Column("val_loss", "val loss", rank=7),
    Column("best", "best so far", rank=5),
    Column("best_epoch", "at epoch", "count", rank=3),
    Column("pace", "per epoch", "seconds", rank=2),
    Column("left", "left", "seconds", rank=4),
    Column("status", "status", "text", rank=1),
)


def run_table(runs: Sequence[RunState]) -> Table:
    """One row per run."""
    ids = short_ids([run.id for run in runs])
    return Table(_COLUMNS, [_row(run, short) for run, short in zip(runs, ids, strict=True)])


def _row(run: RunState, short: str) -> dict[str, Any]:
    return {
        "id": run.id,
        "short_id": short,
        "name": run.name,
        "epoch": _epoch(run),
        "train_loss": run.train_loss,
        "val_loss": run.val_loss,
        "best": run.best,
        "best_epoch": run.best_epoch,
        "pace": run.seconds_per_epoch,
        "left": run.seconds_left,
        "status": run.status if run.problem is None else f"{run.status}: {run.problem}",
    }


def run_line(run: RunState) -> str:
    """`digits-3f2a1b: epoch 12 of 50, train loss 0.1234, val loss 0.2345, best val_loss 0.2211 at epoch 9, 15.2 s
    left`; of a run that has ended what it came to."""
    parts = [f"epoch {_epoch(run)}" if run.running else f"{run.status} after {counted(run.epoch, 'epoch')}"]
    if run.train_loss is not None:
        parts.append(f"train loss {numbers.number(run.train_loss)}")
    if run.val_loss is not None:
        parts.append(f"val loss {numbers.number(run.val_loss)}")
    if run.best is not None and run.running:
        parts.append(f"best {run.monitor} {numbers.number(run.best)} at epoch {run.best_epoch}")
    elif run.best_epoch is not None:
        parts.append(f"best epoch {run.best_epoch}")
    if run.seconds_left is not None:
        parts.append(f"{numbers.seconds(run.seconds_left)} left")
    if run.problem:
        parts.append(run.problem)
    return visible(f"{run.name}-{run.id[:6]}: {', '.join(parts)}")


def sweep_line(sweep: SweepState) -> str:
    """`digits-3f2a1b: 17 of 48 runs, 3 in training, 1 failed, 12.3 s left; best so far: width 64, depth 3: val_loss
    0.0912 (mean of 3)`."""
    parts = [f"{sweep.done:,} of {counted(sweep.runs, 'run')}{' planned so far' if sweep.open_end else ''}"]
    for count, what in ((sweep.in_training, "in training"), (sweep.failed, "failed"), (sweep.diverged, "diverged")):
        if count:
            parts.append(f"{count:,} {what}")
    if sweep.seconds_left is not None:
        parts.append(f"{numbers.seconds(sweep.seconds_left)} left")
    if not sweep.running:
        parts.append("done" if sweep.runs and sweep.done >= sweep.runs else "not being trained")
    best = f"; best{' so far' if sweep.running else ''}: {best_words(sweep.best)}" if sweep.best else ""
    problem = f"; {sweep.problem}" if sweep.problem else ""
    return visible(f"{sweep.name}-{sweep.id[:6]}: {', '.join(parts)}{best}{problem}")


def best_words(best: BestSoFar) -> str:
    """`width 64, depth 3: val_loss 0.0912 (mean of 3)`."""
    settings = ", ".join(f"{what} {value}" for what, value in best.settings)
    mean = f" (mean of {best.runs:,})" if best.runs > 1 else ""
    value = f"{best.monitor} {numbers.number(best.value)}{mean}"
    return f"{settings}: {value}" if settings else value


def document(seen: Seen) -> dict[str, Any]:
    """What was seen, for JSON."""
    return {"sweeps": [_plain(sweep) for sweep in seen.sweeps], "runs": [_plain(run) for run in seen.runs]}


def _plain(state: RunState | SweepState) -> dict[str, Any]:
    plain = {key: finite(value) for key, value in vars(state).items()} | {"path": str(state.path)}
    if isinstance(state, SweepState) and state.best is not None:
        plain["best"] = vars(state.best) | {"settings": dict(state.best.settings)}
    return plain


def counted(number: int, what: str) -> str:
    """`1 run`, `2,000 runs`."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _epoch(run: RunState) -> str:
    return f"{run.epoch:,}" if run.epochs is None else f"{run.epoch:,} of {run.epochs:,}"
