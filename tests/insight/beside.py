"""Nets and baselines on the same 200 validation rows, with the predictions that their losses are of."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlrun.store import RunFolder, Store
from dlrun.store.baseline_names import baseline_name
from tests.stored import keep_run, run_id

ROWS = 200
TARGETS = np.random.default_rng(7).integers(0, 10, ROWS)


def outputs_of(right: float, seed: int = 0, spread: float = 0.05) -> np.ndarray:
    """Probabilities, the right class having about this one."""
    shares = np.clip(right + np.random.default_rng(seed).normal(0, spread, ROWS), 0.05, 0.95)
    found = np.repeat((1 - shares)[:, None] / 9, 10, axis=1)
    found[np.arange(ROWS), TARGETS] = shares
    return found.astype(np.float32)


def keep(
    store: Store,
    right: float,
    method: str | None = None,
    seed: int = 0,
    predictions: bool = True,
    spread: float = 0.05,
    changed: dict[str, Any] | None = None,
    **fields: Any,
) -> RunFolder:
    """A net, or the baseline of this method, that gives the right class this probability."""
    outputs = outputs_of(right, seed, spread)
    loss = float(-np.log(outputs[np.arange(ROWS), TARGETS].astype(float)).mean())
    metrics = {"train_loss": loss, "val_loss": loss, "train_accuracy": 0.5, "val_accuracy": 0.5}
    epochs = range(1, 6) if method is None else [0]
    others = {"learning_rate": 0.001, "loss": loss, "penalty": 0.0, "seconds": 0.1}
    rows = [{"epoch": epoch} | others | metrics for epoch in epochs]
    settings = dict(changed or {})
    if method is not None:
        settings["baseline.name"] = method
        fields = {
            "kind": "baseline", "backend": "sklearn", "engine": "sklearn", "parameters": None, "steps": None,
            "steps_per_epoch": None, "best_epoch": 0, "kept_epoch": 0, "epochs": 0,
        } | fields  # fmt: skip
    name = "net" if method is None else baseline_name(method, False)
    identity = run_id(name, seed, right, sorted(settings.items(), key=str), fields.get("fold"), fields.get("data"))
    fields = {"metrics": metrics, "metrics_last": metrics} | fields
    folder = keep_run(store, name, seed=seed, changed=settings, rows=rows, identity=identity, **fields)
    if predictions:
        np.savez(folder.predictions_path, targets=TARGETS, outputs=outputs)
    return folder
