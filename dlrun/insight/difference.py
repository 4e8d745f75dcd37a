"""Two runs against each other: settings, environment, metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlrun.insight.metrics import main_metric
from dlrun.insight.spec_values import SpecValues
from dlrun.insight.table import Column, Table
from dlrun.store import Entry, Record

_COLUMNS = (
    Column("section", "", "text", rank=2),
    Column("key", "", "text", rank=3),
    Column("a", "A", "value", rank=3),
    Column("b", "B", "value", rank=3),
    Column("difference", "B - A", "value", rank=1),
)
_RESULTS = ("status", "best_epoch", "epochs", "parameters", "steps")


def difference(a: Entry, b: Entry) -> Table:
    """One row per setting and piece of the environment that differs, and per metric that either has.

    `difference` is B - A of two numbers that were measured; None elsewhere.
    """
    values = SpecValues([a, b])
    settings = [(key, *values.column(key)) for key in values.differing()]
    seeds = ("seed", a.record.get("seed"), b.record.get("seed"))
    rows = [
        *_rows("settings", [seeds, *settings]),
        *_rows("environment", _pairs(_environment(a.record), _environment(b.record))),
        *_rows("result", _pairs(_result(a.record), _result(b.record)), measured=True),
    ]
    return Table(_COLUMNS, rows, [] if main_metric([a.record, b.record]) else ["Neither run has metrics yet"])


def _environment(record: Record) -> dict[str, Any]:
    scalars = {key: record.get(key) for key in ("backend", "engine", "device", "git_commit")}
    data = {"data": record.get("data", {}).get("fingerprint")}
    return {**scalars, **data, **record.get("versions", {})}


def _result(record: Record) -> dict[str, Any]:
    seconds = {"seconds": record.get("seconds", {}).get("total")}
    return {**record.get("metrics", {}), **{key: record.get(key) for key in _RESULTS}, **seconds}


def _pairs(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(key, a.get(key), b.get(key)) for key in dict.fromkeys([*a, *b])]


def _rows(section: str, pairs: list[tuple[str, Any, Any]], measured: bool = False) -> list[dict[str, Any]]:
    return [
        {"section": section, "key": key, "a": a, "b": b, "difference": _minus(b, a) if measured else None}
        for key, a, b in pairs
        if a != b or (measured and a is not None)
    ]


def _minus(b: Any, a: Any) -> float | None:
    if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in (a, b)):
        return None
    result: float = b - a
    return result
