"""Runs in a store, written by the store's own writer, without training."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dlrun.store import Record, RunFolder, Store

COLUMNS = (
    "epoch",
    "learning_rate",
    "loss",
    "train_loss",
    "val_loss",
    "train_accuracy",
    "val_accuracy",
    "penalty",
    "seconds",
)
HOSTILE = (
    "[/x]",
    "[bold]x[/bold]",
    "../x",
    "..",
    ".",
    "/etc/passwd",
    "<script>alert(1)</script>",
    "한글 이름",
    "🙂👩‍🚀",
    "n" * 300,
    "가" * 300,
    "two\nlines",
    "\x1b[31mred\x1b[0m",
    "\x9b31mred",
    "\u202egnp.exe",
    "CON",
    "com1.txt",
    "=1+1",
    "-rf",
    "a|b`c`*d*",
    "name, with, commas",
    '"quoted"',
    " ",
    "trailing.",
    "%s {0} $HOME",
    "deadbeefcafe",
)
"""Names that have crashed somebody's program."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "data": {"source": "digits", "validation_split": 0.2},
    "model": {"units": [64, 64], "widen": 1, "deepen": 1, "activation": "relu", "dropout": 0.0, "l2": 0.0},
    "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9},
    "schedule": {"name": "constant"},
    "fit": {"epochs": 5, "batch_size": 32, "early_stopping": None},
}


def run_id(*parts: object) -> str:
    """Some 12 hex characters."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def curves_of(epochs: int = 5, best: int = 3, lowest: float = 0.1, rate_falls: bool = False) -> list[dict[str, float]]:
    """Falling train loss; validation loss with its lowest value at epoch `best`."""
    rows = []
    for epoch in range(1, epochs + 1):
        val = lowest + 0.05 * abs(epoch - best)
        train = 1.0 / epoch
        values = (epoch, 0.001 / (epoch if rate_falls else 1), train, train, val, 1 - train / 2, 1 - val, 0.0, 0.25)
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def spec_text(name: str, seed: int, changed: Mapping[str, Any]) -> str:
    """A `spec.yaml` with every default filled in (JSON is YAML)."""
    sections = json.loads(json.dumps(DEFAULTS))
    for key, value in changed.items():
        section, _, last = key.partition(".")
        sections.setdefault(section, {})[last] = value
    return json.dumps({"name": name, "seed": seed, **sections})


def record_of(identity: str, name: str, rows: list[dict[str, float]], **fields: Any) -> Record:
    """A complete record; `fields` replace what they name."""
    finite = [row for row in rows if math.isfinite(row["val_loss"])]
    best = min(finite, key=lambda row: row["val_loss"], default=None)
    measured = {key: value for key, value in (best or {}).items() if key.startswith(("train_", "val_"))}
    record = {
        "format": 1,
        "id": identity,
        "name": name,
        "kind": "mlp",
        "status": "completed",
        "reason": None,
        "seed": 0,
        "fold": None,
        "backend": "tensorflow",
        "engine": "keras",
        "device": "cpu",
        "monitor": "val_loss",
        "best_epoch": int(best["epoch"]) if best else None,
        "kept_epoch": int(best["epoch"]) if best else None,
        "epochs": len(rows),
        "parameters": 8970,
        "steps_per_epoch": 45,
        "steps": 45 * len(rows),
        "seconds": {"import": 2.0, "build": 0.5, "train": 1.0, "total": 3.5},
        "metrics": measured,
        "metrics_last": measured,
        "trivial": {"train_loss": 2.31, "val_loss": 2.3, "train_accuracy": 0.11, "val_accuracy": 0.1},
        "rows": {"train": 1437, "measured_train": 360, "validation": 360, "test": 0},
        "classes": {str(digit): 180 for digit in range(10)},
        "target": None,
        "features": 64,
        "versions": {"dlrun": "0.1.0", "keras": "3.15.1"},
        "data": {"source": "digits", "fingerprint": "ab" * 16},
        "git_commit": None,
        "started": "2026-11-20T16:00:00+00:00",
        "finished": "2026-11-20T16:00:03+00:00",
        "notes": [],
        "spec": {},
    }
    return record | fields  # type: ignore[return-value]


def keep_run(
    store: Store,
    name: str = "run",
    *,
    seed: int = 0,
    changed: Mapping[str, Any] | None = None,
    rows: list[dict[str, float]] | None = None,
    finish: bool = True,
    identity: str | None = None,
    **fields: Any,
) -> RunFolder:
    """Writes one run.

    Args:
        changed: dotted settings that differ from `DEFAULTS`.
        finish: without it the run stays unfinished.
        fields: of the record.
    """
    changed = {"data.source": "digits", "optimizer.name": "adam", "schedule.name": "constant", **(changed or {})}
    rows = curves_of() if rows is None else rows
    identity = identity or run_id(name, seed, sorted(changed.items(), key=str))
    with store.writer(identity, name) as writer:
        writer.begin(spec_text(name, seed, changed), COLUMNS)
        for row in rows:
            writer.append(row)
        if finish:
            record = record_of(identity, name, rows, seed=seed, spec=changed, **fields)
            writer.finish(record, {"model.keras": _write_weights})
    found = store.by_id(identity)
    assert found is not None
    return found


def _write_weights(path: Path) -> None:
    path.write_bytes(b"weights")
