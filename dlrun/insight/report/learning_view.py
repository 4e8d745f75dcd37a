"""Losses against the number of train rows, and what more rows would bring."""

from __future__ import annotations

from dataclasses import dataclass

from dlrun.errors import UsageError
from dlrun.insight import numbers
from dlrun.insight.maps import Swept, learning_curve
from dlrun.insight.maps.learning_curve import Point, Series, findings
from dlrun.insight.report.still import SIDES, Curve, Still, drawn


@dataclass(frozen=True)
class LearningView:
    """The first few learning curves, as a picture and as rows."""

    labels: list[str]
    """Of the curves, in the order of their colours; empty texts where there is only one."""
    picture: Still
    rows: list[tuple[str, str, str, str, str]]
    """Label, train rows, train loss, validation loss, gap."""
    findings: list[str]
    notes: list[str]


MOST = 6
"""Curves in one picture."""


def learning_view(swept: Swept, language: str) -> LearningView | None:
    """The learning curves; None where the share of train rows was not swept."""
    try:
        found = learning_curve(swept)
    except UsageError:
        return None
    series = found.series[:MOST]
    curves = [curve for color, one in enumerate(series) for curve in _curves(one, color)]
    rows = [_row(one.label, point) for one in series for point in one.points]
    words = [said.text(language) for said in findings(series[0])]
    return LearningView(
        [one.label for one in series], drawn(curves), rows, words, [n.text(language) for n in found.notes]
    )


def _row(label: str, point: Point) -> tuple[str, str, str, str, str]:
    train, val, gap = (numbers.number(point[key]) for key in ("train_loss", "val_loss", "gap"))
    return label, numbers.count(point["rows"]), train, val, gap


def _curves(series: Series, color: int) -> list[Curve]:
    columns = zip(SIDES, ("train_loss", "val_loss"), strict=True)
    spots = {side: [(p["rows"], p[key]) for p in series.points if p[key] is not None] for side, key in columns}
    return [Curve(color, side, found, found if side == SIDES[1] else []) for side, found in spots.items()]
