"""A learning curve as a picture: train and validation loss over the number of train rows, and the law's outlook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.curve_rows import TRAIN, VALIDATION
from dlrun.insight.figures.round_ticks import ticks_within
from dlrun.insight.figures.style import FEW, HEIGHT, INK, QUIET, WIDTH, colors, inline_rows, styled
from dlrun.insight.figures.subtitle import wrapped
from dlrun.insight.maps.learning_curve import MOST_SERIES, LearningCurve, Series, findings

_STEPS = 12
_TITLE = "loss (data loss)"


def chart(found: LearningCurve, language: str = "en") -> Any:
    """The figure, an altair chart: both losses with the interval over seeds as a band; dashed beyond the last point
    what the fitted law expects, with its interval at twice the rows. Of several configurations the lowest few."""
    import altair as alt

    shown = found.series[:MOST_SERIES]
    several = len(shown) > 1
    rows = _rows(shown)
    log = all(row["loss"] > 0 for row in rows)
    x, y = _x([*rows, *_ahead(shown)]), _y(rows, _ahead(shown), log)
    color = _color(shown, several)
    layers = [
        *_bands(rows, x, y, color, log, several),
        alt.Chart(inline_rows(rows))
        .mark_line(strokeWidth=2)
        .encode(x=x, y=y("loss"), color=color, strokeDash=_dash(several), detail="line:N"),
        alt.Chart(inline_rows(rows))
        .mark_point(filled=True, size=60, opacity=1, stroke="white", strokeWidth=1)
        .encode(
            x=x, y=y("loss"), color=color, detail="line:N", tooltip=["line:N", "rows:Q", "loss:Q", "low:Q", "high:Q"]
        ),
        *_outlook(shown[0], x, y, several),
    ]
    figure = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    return styled(figure, found.name, wrapped([one.text(language) for one in findings(found.series[0])], WIDTH + 150))


def _rows(shown: Sequence[Series]) -> list[dict[str, Any]]:
    """A flat row per point and curve."""
    rows = []
    for series in shown:
        for curve, key in ((TRAIN, "train_loss"), (VALIDATION, "val_loss")):
            for point in series.points:
                if point[key] is not None:
                    rows.append(
                        {
                            "series": series.label,
                            "curve": curve,
                            "line": f"{series.label} {curve}".strip(),
                            "rows": point["rows"],
                            "loss": point[key],
                            "low": point[f"{key}_low"],
                            "high": point[f"{key}_high"],
                        }
                    )
    return rows


def _ahead(shown: Sequence[Series]) -> list[dict[str, Any]]:
    """The law from the most rows to twice as many, of the first curve."""
    ahead = shown[0].outlook
    if ahead is None:
        return []
    places = [ahead.rows * 2 ** (step / _STEPS) for step in range(_STEPS + 1)]
    return [{"rows": place, "loss": ahead.law.at(place)} for place in places]


def _color(shown: Sequence[Series], several: bool) -> Any:
    import altair as alt

    legend = alt.Legend(
        title=None, orient="top", symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1, columns=2, labelLimit=320
    )
    if several:
        labels = [series.label for series in shown]
        return alt.Color("series:N", scale=alt.Scale(domain=labels, range=list(colors(len(labels)))), legend=legend)
    scale = alt.Scale(domain=[TRAIN, VALIDATION], range=[FEW[0], FEW[1]])
    return alt.Color("curve:N", scale=scale, legend=legend)


def _dash(several: bool) -> Any:
    import altair as alt

    scale = alt.Scale(domain=[TRAIN, VALIDATION], range=[[5, 3], [1, 0]])
    legend = alt.Legend(title=None, orient="top", symbolSize=400, symbolStrokeColor=INK) if several else None
    return alt.StrokeDash("curve:N", scale=scale, legend=legend)


def _bands(rows: Sequence[dict[str, Any]], x: Any, y: Any, color: Any, log: bool, several: bool) -> list[Any]:
    """The intervals over seeds; with several configurations only those of validation."""
    import altair as alt

    floor = min(row["loss"] for row in rows) / 2
    bands = [
        {**row, "low": max(row["low"], floor) if log else row["low"]}
        for row in rows
        if row["low"] is not None and (not several or row["curve"] == VALIDATION)
    ]
    if not bands:
        return []
    area = alt.Chart(inline_rows(bands)).mark_area(opacity=0.16)
    return [area.encode(x=x, y=y("low"), y2="high:Q", color=color, detail="line:N")]


def _outlook(series: Series, x: Any, y: Any, several: bool) -> list[Any]:
    import altair as alt

    ahead = series.outlook
    if ahead is None:
        return []
    ink = FEW[0] if several else FEW[1]
    end = {
        "rows": 2 * ahead.rows,
        "loss": ahead.doubled,
        "low": ahead.low,
        "high": ahead.high,
        "words": [
            numbers.number(ahead.doubled),
            f"({numbers.number(ahead.low)} to {numbers.number(ahead.high)})",
            "at twice the rows",
        ],
    }
    at_end = alt.Chart(inline_rows([end]))
    bounds = y("low")
    return [
        alt.Chart(inline_rows(_ahead([series])))
        .mark_line(stroke=ink, strokeDash=[2, 3], strokeWidth=2)
        .encode(x=x, y=y("loss")),
        at_end.mark_rule(stroke=ink, strokeWidth=2).encode(x=x, y=bounds, y2="high:Q"),
        at_end.mark_point(filled=True, fill="white", stroke=ink, strokeWidth=2, size=30, opacity=1).encode(
            x=x, y=y("loss")
        ),
        at_end.mark_text(
            align="left", dx=10, fontSize=12, color=QUIET, lineHeight=15, baseline="middle", dy=-15
        ).encode(x=x, y=y("loss"), text="words:N"),
    ]


def _x(points: Sequence[dict[str, Any]]) -> Any:
    import altair as alt

    rows = [point["rows"] for point in points]
    low, high = min(rows) / 1.1, max(rows) * 1.1
    axis = alt.Axis(values=ticks_within(low, high, 9, True), format=",.0f")
    return alt.X("rows:Q", title="train rows", scale=alt.Scale(type="log", domain=[low, high], nice=False), axis=axis)


def _y(rows: Sequence[dict[str, Any]], ahead: Sequence[dict[str, Any]], log: bool) -> Any:
    """Makes the vertical axis for a field of the rows."""
    import altair as alt

    values = [value for row in [*rows, *ahead] for value in (row["loss"], row.get("high")) if value is not None]
    if not log:
        return lambda field: alt.Y(f"{field}:Q", title=_TITLE, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=6))
    low, high = min(row["loss"] for row in rows) / 2, max(values) * 1.15
    axis = alt.Axis(values=ticks_within(low, high, 9, True), format="~g")
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return lambda field: alt.Y(f"{field}:Q", title=_TITLE, scale=scale, axis=axis)
