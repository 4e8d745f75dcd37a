"""Runs with known losses, kept in a store without training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight.maps.swept import Swept, swept
from dlrun.store import Entry, Store
from tests.stored import keep_run


def keep(
    store: Store,
    changed: Mapping[str, Any],
    val: Sequence[float | None],
    train: Sequence[float] | None = None,
    name: str = "sweep",
    **fields: Any,
) -> None:
    """One configuration with a run per value; None is a run that diverged."""
    for seed, value in enumerate(val):
        left = train[seed] if train else 0.1
        metrics = {"train_loss": left, "val_loss": value, "val_accuracy": None if value is None else 1 - value / 3}
        status = "completed" if value is not None else "diverged"
        more = {"status": status, "metrics": metrics} | fields
        keep_run(store, name, seed=seed, changed=dict(changed), rows=[], **more)


def layers(width: int, depth: int) -> dict[str, Any]:
    return {"model.units": [width] * depth}


def all_runs(store: Store) -> list[Entry]:
    return sorted(store.entries(), key=lambda entry: entry.folder.path.name)


def swept_in(store: Store, **words: Any) -> Swept:
    return swept(all_runs(store), **words)
