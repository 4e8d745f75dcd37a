"""Which configuration a finished run is of: the runs that differ in seed and fold alone share it."""

from __future__ import annotations

import json
import re
from typing import Any

from dlrun.store.names import ID_LENGTH
from dlrun.store.record import Record

_GIVEN = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_NOT_SETTINGS = ("name", "seed")
_ROWS_FROM = ("data.source", "data.inline", "data.rows", "data.noise", "data.validation_source", "data.test_source")
"""Where rows come from; which rows they are says the fingerprint."""
_LAYERS = ("model.units", "model.widen", "model.deepen")


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
    units, widen, deepen = (kept.pop(key, None) for key in _LAYERS)
    if isinstance(units, list):
        kept["model.units"] = [unit * (widen or 1) for unit in units for _ in range(deepen or 1)]
    return kept


def _is_beside(key: str) -> bool:
    return key.startswith("sweep.") or key in _ROWS_FROM or key.startswith("data.inline.")
