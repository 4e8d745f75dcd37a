"""Which runs belong together: those of one configuration, whatever their seed, fold and split seed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from dlrun.insight.spec_values import LAYERS, SpecValues
from dlrun.store import Entry, Record
from dlrun.store.configuration import built_layers
from dlrun.store.run_folder import DAMAGED

SPLIT_SEED = "data.split_seed"
_ROWS_FROM = ("data.source", "data.inline", "data.rows", "data.noise", "data.validation_source", "data.test_source")
"""Where rows come from; which rows they are says the fingerprint."""
_NOT_SETTINGS = ("name", "seed")
_GENERATORS = ("and", "or", "nand", "nor", "xor", "xnor", "moons", "circles", "spirals", "blobs")
"""Sources whose rows are drawn from the split seed: another seed gives other rows of the same kind."""
_DIVIDED_BY = (
    SPLIT_SEED,
    "data.validation_split",
    "data.test_split",
    "data.folds",
    "data.group",
    "data.time",
)
"""Settings on which it depends which rows are held out."""

Item = TypeVar("Item")


def by_configuration(entries: Sequence[Entry], splits_apart: bool = False) -> list[list[Entry]]:
    """The runs of each configuration together, in the order in which the first of them comes.

    An unfinished run, of whose rows nothing is recorded yet, goes to the finished ones with the same settings. A
    damaged one stays alone.

    Args:
        splits_apart: whether runs that differ in `data.split_seed` alone are configurations of their own. Split seeds
            repeat a measurement, as seeds do: choosing one would be choosing the luckiest split.
    """
    alike = grouped(entries, [_stated(entry) for entry in entries])  # cheap: most seeds state the same
    values = SpecValues([group[0] for group in alike])
    left_out = (*_ROWS_FROM, *(() if splits_apart else (SPLIT_SEED,)))
    keys = [key for key in values.changed_keys() if not key.startswith(left_out)]
    columns = {key: values.column(key) for key in dict.fromkeys([*keys, *LAYERS])}
    specs = [_as_built({key: column[place] for key, column in columns.items()}) for place in range(len(alike))]
    settings = [_token(spec) for spec in specs]
    origins = [_origin(group[0]) for group in alike]
    settings = [
        group[0].folder.path.name if _is_damaged(group[0]) else text
        for group, text in zip(alike, settings, strict=True)
    ]
    tokens = _completed(settings, origins)
    return [[entry for group in groups for entry in group] for groups in grouped(alike, tokens)]


def grouped(items: Sequence[Item], keys: Sequence[str]) -> list[list[Item]]:
    """The items of each key together, in the order in which the first of them comes."""
    found: dict[str, list[Item]] = {}
    for item, key in zip(items, keys, strict=True):
        found.setdefault(key, []).append(item)
    return list(found.values())


def rows_of(record: Record) -> str | None:
    """Which rows a run is on, for asking whether two are on the same: the fingerprint of their content, or what they
    are generated from; None where it is not recorded."""
    fingerprint, spec = record.get("data", {}).get("fingerprint"), record.get("spec", {})
    source = spec.get("data.source")
    if source in _GENERATORS:
        return _token([source, spec.get("data.rows"), spec.get("data.noise")])
    return fingerprint


def split_of(record: Record) -> tuple[str, ...]:
    """Equal for runs that hold out the same rows."""
    spec = record.get("spec", {})
    return (rows_of(record) or "", *(repr(_drawn(spec.get(key))) for key in _DIVIDED_BY))


def _drawn(value: Any) -> Any:
    """A split seed of 0 is the default, written out or not."""
    return None if value == 0 and not isinstance(value, bool) else value


def _stated(entry: Entry) -> str:
    """What a record states of its configuration; of a run without one nothing that others share."""
    record = entry.record
    spec = record.get("spec")
    if spec is None:
        return entry.folder.path.name
    if record.get("configuration"):
        return record["configuration"]
    return _token([{key: value for key, value in spec.items() if key not in _NOT_SETTINGS}, _origin(entry)])


def _is_damaged(entry: Entry) -> bool:
    return entry.record["status"] == DAMAGED


def _origin(entry: Entry) -> str | None:
    """The rows, the backend, the kind; None where they are not recorded yet."""
    record = entry.record
    rows = rows_of(record)
    return None if rows is None and "spec" not in record else _token([rows, record.get("backend"), record.get("kind")])


def _completed(settings: Sequence[str], origins: Sequence[str | None]) -> list[str]:
    """A token per group: its settings and its origin; an origin that is not known is that of the only other group
    with the same settings, if there is one."""
    known: dict[str, set[str]] = {}
    for setting, origin in zip(settings, origins, strict=True):
        if origin is not None:
            known.setdefault(setting, set()).add(origin)
    found = []
    for place, (setting, origin) in enumerate(zip(settings, origins, strict=True)):
        others = known.get(setting, set())
        if origin is None:
            origin = next(iter(others)) if len(others) == 1 else f"unknown {place}" if others else "unknown"
        found.append(f"{setting} {origin}")
    return found


def _as_built(spec: dict[str, Any]) -> dict[str, Any]:
    """The settings with the layers as they are built, `widen` and `deepen` carried out; as they are stated where a
    damaged record says something of them that is no count."""
    units, widen, deepen = (spec.get(key) for key in LAYERS)
    hidden = built_layers(units, widen, deepen)
    if hidden is None:
        return spec
    return {key: value for key, value in spec.items() if key not in LAYERS} | {"model.units": hidden}


def _token(value: Any) -> str:
    """Equal for equal values; 1 and 1.0 are."""
    return json.dumps(_plain(value), sort_keys=True, default=str)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
