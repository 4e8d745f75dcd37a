"""Which configuration a finished run is of: the runs that differ in seed and fold alone share it."""

from __future__ import annotations

import json
import re
from typing import Any, TypeGuard

from dlrun.store.names import ID_LENGTH
from dlrun.store.record import Record

_GIVEN = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_NOT_SETTINGS = ("name", "seed")
_ROWS_FROM = ("data.source", "data.inline", "data.rows", "data.noise", "data.validation_source", "data.test_source")
"""Where rows come from; which rows they are says the fingerprint."""
_LAYERS = ("model.units", "model.widen", "model.deepen")
_MOST_LAYERS = 100_000
"""More than any net has: a damaged record with more would fill the memory."""


def configuration_of(record: Record) -> str:
    """12 hex characters: what the record gives as its `configuration`, else a hash of what it says of its settings,
    its rows and its backend."""
    given = record.get("configuration")
    if isinstance(given, str) and _GIVEN.fullmatch(given):
        return given
    import hashlib

    origin = (record.get("data", {}).get("fingerprint"), record.get("backend"), record.get("kind"))
    text = json.dumps([_settings(record.get("spec", {})), *origin], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


def _settings(spec: dict[str, Any]) -> dict[str, Any]:
    """The values that decide the numbers, the layers as they are built."""
    kept = {key: value for key, value in spec.items() if key not in _NOT_SETTINGS and not _is_beside(key)}
    units, widen, deepen = (kept.get(key) for key in _LAYERS)
    hidden = built_layers(units, widen, deepen)
    if units is not None and hidden is None:
        return kept
    built = {} if hidden is None else {"model.units": hidden}
    return {key: value for key, value in kept.items() if key not in _LAYERS} | built


def built_layers(units: object, widen: object, deepen: object) -> list[int] | None:
    """The hidden layers as they are built, `model.widen` and `model.deepen` carried out; None where there is nothing to
    carry out, or a damaged record holds something else than counts of a net that could be built."""
    wide, deep = (1 if factor is None else factor for factor in (widen, deepen))
    if not isinstance(units, list) or not _is_count(wide) or not _is_count(deep):
        return None
    if not all(_is_count(unit) for unit in units) or len(units) * deep > _MOST_LAYERS:
        return None
    return [unit * (wide or 1) for unit in units for _ in range(deep or 1)]


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _is_beside(key: str) -> bool:
    return key.startswith("sweep.") or key in _ROWS_FROM or key.startswith("data.inline.")
