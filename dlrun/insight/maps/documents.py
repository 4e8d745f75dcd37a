"""Maps, effects and learning curves as JSON can hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from dlrun.insight.maps.axis import Axis
from dlrun.insight.maps.capacity import CapacityMap
from dlrun.insight.maps.capacity import findings as map_findings
from dlrun.insight.maps.effect import Effects
from dlrun.insight.maps.effect_findings import findings as effect_findings
from dlrun.insight.maps.learning_curve import LearningCurve, rows_verdict
from dlrun.insight.maps.learning_curve import findings as curve_findings
from dlrun.insight.words import Said
from dlrun.store.record import finite


def map_document(found: CapacityMap, language: str = "en") -> dict[str, Any]:
    """The grid: `x` and `y` with their levels, `cells` as flat rows, the edges, everything in words."""
    document = {
        "x": _axis(found.x),
        "y": _axis(found.y),
        "monitor": found.monitor,
        "standard_error": found.error,
        "cells": found.cells,
        "edges": [
            {"key": edge.key, "side": edge.side, "values": edge.values, "flat": edge.flat} for edge in found.edges
        ],
        "findings": _texts(map_findings(found), language),
        "notes": _texts(found.notes, language),
    }
    return _plain(document)


def effects_document(found: Effects, language: str = "en") -> dict[str, Any]:
    """Every key with its levels, every pair, everything in words."""
    keys = [
        {name: value for name, value in asdict(key).items() if not name.startswith("_") and name != "points"}
        | {"beyond_noise": key.beyond_noise, "best": key.levels[key.best].label, "worst": key.levels[key.worst].label}
        for key in found.keys
    ]
    document = {
        "monitor": found.monitor,
        "log": found.log,
        "mean": found.mean,
        "configurations": found.configurations,
        "runs": found.runs,
        "left_out": found.lost,
        "full_grid": found.full_grid,
        "keys": keys,
        "pairs": [asdict(pair) | {"beyond_noise": pair.beyond_noise} for pair in found.pairs],
        "findings": _texts(effect_findings(found), language),
        "notes": _texts(found.notes, language),
    }
    return _plain(document)


def curve_document(found: LearningCurve, language: str = "en") -> dict[str, Any]:
    """Every curve with its points, the fitted law and what doubling the rows would bring."""
    series = [
        {
            "label": one.label,
            "points": list(one.points),
            "more_rows": rows_verdict(one),
            "outlook": asdict(one.outlook) if one.outlook else None,
            "findings": _texts(curve_findings(one), language),
        }
        for one in found.series
    ]
    return _plain({"series": series, "notes": _texts(found.notes, language)})


def _axis(axis: Axis) -> dict[str, Any]:
    return {"key": axis.key, "levels": axis.levels, "labels": axis.labels, "ranges": axis.ranges}


def _texts(said: Sequence[Said], language: str) -> list[str]:
    return [one.text(language) for one in said]


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = finite(document)
    return plain
