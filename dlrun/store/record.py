"""What a run's `result.json` says: one flat document, its fields listed here once."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict, cast

from dlrun.errors import StoreError

FORMAT = 1
"""The number under `format` in every JSON document; grows when a field changes its meaning."""


class RowCounts(TypedDict, total=False):
    """How many rows each part has."""

    train: int
    measured_train: int
    """Train rows on which `train_loss` is measured."""
    validation: int
    test: int


class TargetScale(TypedDict):
    """A regression target in its own unit."""

    name: str
    mean: float
    spread: float


class DataOrigin(TypedDict, total=False):
    """Where the rows came from."""

    source: str
    fingerprint: str
    """Hex digest of the content."""


class Record(TypedDict, total=False):
    """The record of a run. Losses are plain data losses; a number that was not finite is None."""

    format: int
    id: str
    """12 hex characters."""
    name: str
    """The label as the user wrote it."""
    kind: str
    """mlp, baseline or ensemble."""
    status: str
    """completed, stopped_early, pruned, diverged, failed, interrupted; running while it trains."""
    reason: str | None
    """Why it failed or diverged, one line."""
    seed: int | None
    fold: int | None
    configuration: str
    """12 hex characters that runs share which differ in seed and fold alone; older records have none."""
    backend: str | None
    """tensorflow, jax or torch; sklearn for a baseline."""
    engine: str | None
    """keras or fused; sklearn for a baseline."""
    device: str | None
    monitor: str | None
    """The curve that decides which epoch is best."""
    best_epoch: int | None
    """Counted from 1; None where no epoch has a finite monitor."""
    kept_epoch: int | None
    """The epoch of the kept weights and of `metrics`."""
    epochs: int
    """How many were trained."""
    parameters: int | None
    """How many weights are trained."""
    steps_per_epoch: int | None
    steps: int | None
    """Optimizer steps in all."""
    seconds: dict[str, float]
    """Wall time of `import`, `build`, `train` and `total`."""
    metrics: dict[str, float | None]
    """`train_loss`, `val_loss`, `train_<metric>`, `val_<metric>` at the kept epoch."""
    metrics_last: dict[str, float | None]
    """The same at the last epoch."""
    trivial: dict[str, float | None]
    """The same for the trivial predictor, on the same rows."""
    rows: RowCounts
    classes: dict[str, int] | None
    """Label -> rows; None for regression."""
    target: TargetScale | None
    """Regression only."""
    features: int | None
    """Columns that enter the net."""
    versions: dict[str, str]
    """dlrun, python, keras, the backend, numpy ..."""
    data: DataOrigin
    git_commit: str | None
    started: str | None
    """ISO 8601 with zone."""
    finished: str | None
    notes: list[str]
    spec: dict[str, Any]
    """Dotted key -> value, for the values that differ from the defaults."""


_LONE_SURROGATE = re.compile("[\\ud800-\\udfff]")
"""Left by undecodable bytes on a command line; UTF-8 has no place for it."""

_NUMBER = (int, float, type(None))
_TEXT, _COUNT = (str, type(None)), (int, type(None))

_SHAPES: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "status": str,
    "configuration": str,
    "seconds": dict,
    "metrics": dict,
    "metrics_last": dict,
    "trivial": dict,
    "rows": dict,
    "versions": dict,
    "data": dict,
    "spec": dict,
    "notes": list,
    "epochs": int,
    "classes": (dict, type(None)),
    "target": (dict, type(None)),
    **dict.fromkeys(("kind", "reason", "backend", "engine", "device", "monitor", "git_commit", "finished"), _TEXT),
    **dict.fromkeys(("seed", "fold", "best_epoch", "kept_epoch", "parameters", "steps", "steps_per_epoch"), _COUNT),
    "features": _COUNT,
}
_INNER: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("seconds", "metrics", "metrics_last", "trivial"), _NUMBER),
    "rows": int,
    "classes": int,
    "data": _TEXT,
    "target": (str, *_NUMBER),
}
"""What the values of these mappings must be."""


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def to_json(record: Record) -> str:
    """The text of `result.json`, a line per field; numbers that are not finite become null."""
    try:
        lines = _lines(record)
    except ValueError:  # nan or inf somewhere
        lines = _lines(finite(record))
    return _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", "{\n" + ",\n".join(lines) + "\n}\n")


def _lines(record: Mapping[str, Any]) -> list[str]:
    return [f' "{key}": {_ENCODER.encode(value)}' for key, value in record.items()]


def finite(value: Any) -> Any:
    """The same value with None in place of every float that JSON cannot hold."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return value


def read_record(path: Path) -> Record:
    """The record in a `result.json`.

    Raises:
        StoreError: the file cannot be read, is not a record, or was written by a newer dlrun.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read as a run's record ({_cause(error)}). {_WAY_OUT}") from error
    problem = _problem(record)
    if problem:
        raise StoreError(f"{path}: is not a run's record: {problem}. {_WAY_OUT}")
    return cast(Record, record)


_WAY_OUT = "Train the run again with --force, or remove its folder"


def _problem(record: Any) -> str | None:
    if not isinstance(record, dict):
        return f"must hold a JSON object. Received: {type(record).__name__}"
    if not isinstance(record.get("format"), int) or record["format"] > FORMAT:
        return f"`format` must be at most {FORMAT}. Received: {record.get('format')!r}"
    missing = [key for key in ("name", "status") if key not in record]
    if missing:
        return f"`{missing[0]}` is missing"
    wrong = [key for key, shape in _SHAPES.items() if key in record and not isinstance(record[key], shape)]
    if wrong:
        return f"`{wrong[0]}` has the wrong type. Received: {type(record[wrong[0]]).__name__}"
    for key, shape in _INNER.items():
        for name, value in (record.get(key) or {}).items():
            if not isinstance(value, shape):
                return f"`{key}.{name}` has the wrong type. Received: {type(value).__name__}"
    if record.get("target") and not isinstance(record["target"].get("name"), str):
        return "`target.name` is missing"
    return None


def _cause(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error)[:200]
