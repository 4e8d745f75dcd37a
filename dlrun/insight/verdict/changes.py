"""Changes of a config that touch more than one value: what hangs together changes together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dlrun.insight.numbers import setting

Spec = Mapping[str, Any]
"""An experiment, nested, every default filled in."""
UNITS = (64, 64)
"""Hidden layers for a model without any."""
MOST_EPOCHS = 10**6


def value(spec: Spec, key: str) -> Any:
    """The value under a dotted key; None where there is none."""
    found: Any = spec
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def scaled_units(spec: Spec, factor: float, least: int, most: float) -> dict[str, Any] | None:
    """Every hidden layer so many times as wide, within limits; None where none changes in the wanted direction."""
    units = value(spec, "model.units") or []
    widen = value(spec, "model.widen") or 1
    if not units or (factor < 1 and max(units) <= least) or (factor > 1 and max(units) * widen >= most):
        return None
    return {"model.units": [max(1, round(width * factor)) for width in units]}


def deeper(spec: Spec) -> dict[str, Any]:
    """One hidden layer more, as wide as the last, its activation and dropout with it; two for a linear model."""
    units = list(value(spec, "model.units") or ())
    patch: dict[str, Any] = {"model.units": [*units, units[-1]] if units else list(UNITS)}
    for key, first in (("activation", "relu"), ("dropout", 0.0)):
        per_layer = value(spec, f"model.{key}")
        if isinstance(per_layer, list):
            patch[f"model.{key}"] = [*per_layer, per_layer[-1]] if per_layer else [first] * len(UNITS)
    return patch


def rate_times(spec: Spec, factor: float) -> dict[str, Any]:
    """The learning rate times a factor, and the rates that a schedule sets itself."""
    patch: dict[str, Any] = {}
    if value(spec, "schedule.name") == "piecewise":
        rates = value(spec, "schedule.values") or []
        return {"schedule.values": [rounded(rate * factor) for rate in rates]}
    patch["optimizer.learning_rate"] = rounded(value(spec, "optimizer.learning_rate") * factor)
    if value(spec, "schedule.name") == "one_cycle":
        highest = value(spec, "schedule.max_learning_rate") * factor
        patch["schedule.max_learning_rate"] = max(rounded(highest), patch["optimizer.learning_rate"])
    return patch


def epochs_times(spec: Spec, factor: int) -> dict[str, Any] | None:
    """So many times the epochs, and the same of an early stopping's patience."""
    now = value(spec, "fit.epochs") or 0
    if now * factor > MOST_EPOCHS:
        return None
    patch: dict[str, Any] = {"fit.epochs": max(10, now * factor)}
    patience = value(spec, "fit.early_stopping.patience")
    if patience is not None:
        patch["fit.early_stopping.patience"] = max(1, patience * factor)
    return patch


def rounded(rate: float) -> float:
    """A learning rate as people write it: two significant digits."""
    return float(f"{rate:.2g}")


def nested(patch: Mapping[str, Any]) -> dict[str, Any]:
    """{"model.l2": 0.1} -> {"model": {"l2": 0.1}}."""
    tree: dict[str, Any] = {}
    for key, new in patch.items():
        *sections, last = key.split(".")
        inside = tree
        for section in sections:
            inside = inside.setdefault(section, {})
        inside[last] = new
    return tree


def patch_lines(patch: Mapping[str, Any]) -> list[str]:
    """The patch as YAML, a line per key, sections indented."""
    return list(_lines(nested(patch), ""))


def _lines(tree: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, item in tree.items():
        if isinstance(item, Mapping):
            yield f"{indent}{key}:"
            yield from _lines(item, f"{indent}  ")
        else:
            yield f"{indent}{key}: {setting(item)}"
