"""Stores with a small sweep of each kind, written without training."""

from __future__ import annotations

from typing import Any

from dlrun.store import Store
from dlrun.store.sweep_folder import write_sweep
from tests.stored import COLUMNS, keep_run, record_of, run_id, spec_text

SWEEP = "ab" * 6


def keep_sweep(store: Store) -> None:
    """Widths 16, 32 and depths 1, 2, two seeds, as the sweep `grid`."""
    runs = []
    for width in (16, 32):
        for depth in (1, 2):
            for seed in (0, 1):
                loss = 1 / width + depth / 10 + seed / 1000
                metrics = {"train_loss": 0.05, "val_loss": loss, "val_accuracy": 1 - loss}
                layers = {"model.units": [width] * depth}
                more: dict[str, Any] = {"metrics": metrics, "parameters": width * depth}
                runs.append(keep_run(store, "grid", seed=seed, changed=layers, rows=[], **more).id)
    write_sweep(store.root, "grid", SWEEP, "name: grid\n", runs)


def keep_fractions(store: Store, name: str = "rows") -> None:
    """Four shares of the train rows, three seeds."""
    for rows in (50, 100, 200, 400):
        for seed in range(3):
            changed = {"data.train_fraction": rows / 400}
            metrics = {"train_loss": 0.01, "val_loss": 5 / rows**0.6 * (1 + seed / 100)}
            identity = run_id(name, rows, seed)
            record = record_of(identity, name, [], seed=seed, spec=changed, metrics=metrics)
            record["rows"] = {"train": rows, "validation": 100}
            with store.writer(identity, name) as writer:
                writer.begin(spec_text(name, seed, changed), COLUMNS)
                writer.finish(record, {})
