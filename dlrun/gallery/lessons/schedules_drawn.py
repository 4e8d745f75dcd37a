"""The table and the picture of the lesson on schedules."""

from __future__ import annotations

from typing import Any

from dlrun.gallery.studio import Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said


def table(rows: list[dict[str, Any]], language: str) -> Table:
    def column(key: str, kind: Any = "number") -> Column:
        return Column(key, said(f"gallery_descent.schedules_{key}", language), kind, rank=5)

    named = [{**one, "schedule": name_of(one["schedule"], language)} for one in rows]
    return Table((column("schedule", "text"), *map(column, ("last", "half", "best", "shaking", "rate"))), named)


def name_of(schedule: str, language: str) -> str:
    return said(f"gallery_descent.schedules_of_{schedule}", language)


def chart(by_name: dict[str, list[Trained]], title: str, language: str) -> Any:
    """The loss above, the learning rate below, on one axis of epochs."""
    import altair as alt

    from dlrun.insight.figures.style import styled

    figure = alt.vconcat(losses(by_name, language), rates(by_name, language), spacing=14)
    subtitle = said("gallery_descent.schedules_subtitle", language, seeds=len(by_name["constant"]))
    return styled(figure, title, subtitle)


def losses(by_name: dict[str, list[Trained]], language: str) -> Any:
    import altair as alt

    from dlrun.insight.figures.style import inline_rows

    rows: list[dict[str, Any]] = []
    for name, runs in by_name.items():
        for epoch, values in enumerate(zip(*(one.curves["train_loss"] for one in runs), strict=True), 1):
            spread = {"mean": sum(values) / len(values), "low": min(values), "high": max(values)}
            rows.append({"schedule": name_of(name, language), "epoch": epoch, **spread})
    y = alt.Y("mean:Q", scale=alt.Scale(type="log", nice=False), axis=alt.Axis(values=[0.02, 0.05, 0.1, 0.2, 0.5, 1]),
              title=said("gallery_descent.train_loss", language))  # fmt: skip
    base = alt.Chart(inline_rows(rows)).encode(x=epochs(rows[-1]["epoch"], None), color=color(list(by_name), language))
    area = base.mark_area(opacity=0.09).encode(y=alt.Y("low:Q"), y2="high:Q")
    return (area + base.mark_line(strokeWidth=2.2).encode(y=y)).properties(width=560, height=280)


def rates(by_name: dict[str, list[Trained]], language: str) -> Any:
    """One step line per run: under plateau each seed has its own."""
    import altair as alt

    from dlrun.insight.figures.style import inline_rows

    rows: list[dict[str, Any]] = [
        {"schedule": name_of(name, language), "run": f"{name} {place}", "epoch": epoch, "rate": rate}
        for name, runs in by_name.items()
        for place, one in enumerate(runs if name == "plateau" else runs[:1])
        for epoch, rate in enumerate(one.curves["learning_rate"], 1)
    ]
    thin = alt.condition(alt.datum.schedule == name_of("plateau", language), alt.value(0.4), alt.value(1.0))
    return (
        alt.Chart(inline_rows(rows))
        .mark_line(strokeWidth=1.8, interpolate="step-after")
        .encode(
            x=epochs(rows[-1]["epoch"], said("gallery_descent.epoch", language)),
            y=alt.Y("rate:Q", scale=alt.Scale(type="log", domainMin=1e-3, clamp=True),
                    axis=alt.Axis(values=[0.001, 0.01, 0.1], format="~g"),
                    title=said("gallery_descent.rate", language)),
            color=color(list(by_name), language),
            opacity=thin,
            detail="run:N",
        )
        .properties(width=560, height=110)
    )  # fmt: skip


def epochs(last: int, title: str | None) -> Any:
    import altair as alt

    axis = alt.Axis(labels=title is not None, tickCount=6)
    return alt.X("epoch:Q", scale=alt.Scale(domain=[1, last], nice=False), title=title, axis=axis)


def color(schedules: list[str], language: str) -> Any:
    import altair as alt

    from dlrun.insight.figures.style import FEW

    names = [name_of(name, language) for name in schedules]
    legend = alt.Legend(title=None, orient="top", symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1)
    return alt.Color("schedule:N", scale=alt.Scale(domain=names, range=list(FEW[: len(names)])), legend=legend)
