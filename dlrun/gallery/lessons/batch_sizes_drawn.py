"""The table and the picture of the lesson on batch sizes."""

from __future__ import annotations

from typing import Any

from dlrun.gallery.studio import Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said

SIZE = 300


def table(rows: list[dict[str, Any]], language: str) -> Table:
    def column(key: str, kind: Any = "number") -> Column:
        return Column(key, said(f"gallery_descent.batch_sizes_{key}", language), kind, rank=5)

    shown = [
        {**one, "batch": named(one["batch"], language), "rises": f"{one['rises']:.0%}",
         "seconds": f"{one['seconds']:.3f}"}
        for one in rows
    ]  # fmt: skip
    columns = (
        column("batch", "text"), column("steps", "count"), column("seconds", "amount"),
        column("last"), column("rises", "amount"),
    )  # fmt: skip
    return Table(columns, shown)


def named(batch: str, language: str) -> str:
    """What a batch size is called."""
    name = {"full": "whole", "1": "online"}.get(batch, "mini")
    return said(f"gallery_descent.batch_sizes_of_{name}", language, size=batch)


def chart(by_batch: dict[str, list[Trained]], spreads: list[dict[str, float]], title: str, language: str) -> Any:
    """The loss epoch by epoch; beside it the spread of a mini-batch's loss."""
    import altair as alt

    from dlrun.insight.figures.style import styled

    both = alt.hconcat(curves(by_batch, language), spread_chart(spreads, language), spacing=40)
    subtitle = said("gallery_descent.batch_sizes_subtitle", language)
    return styled(both.resolve_scale(color="independent"), title, subtitle)


def curves(by_batch: dict[str, list[Trained]], language: str) -> Any:
    """One seed's curve drawn strongly, those of the others behind it."""
    import altair as alt

    from dlrun.insight.figures.style import FEW, inline_rows

    names = [named(batch, language) for batch in by_batch]
    rows = [
        {"batch": named(batch, language), "run": f"{batch} {place}", "first": place == 0, "epoch": epoch, "loss": loss}
        for batch, runs in by_batch.items()
        for place, one in enumerate(runs)
        for epoch, loss in enumerate(one.curves["train_loss"], 1)
    ]
    last = max(len(one.curves["train_loss"]) for runs in by_batch.values() for one in runs)
    legend = alt.Legend(title=None, orient="top", direction="vertical", symbolType="stroke", symbolStrokeWidth=3,
                        symbolOpacity=1)  # fmt: skip
    return (
        alt.Chart(inline_rows(rows))
        .mark_line(clip=True)
        .encode(
            x=alt.X("epoch:Q", scale=alt.Scale(domain=[1, last], nice=False), axis=alt.Axis(tickCount=5),
                    title=said("gallery_descent.epoch", language)),
            y=alt.Y("loss:Q", scale=alt.Scale(domain=[0.1, 0.7]), title=said("gallery_descent.train_loss", language)),
            color=alt.Color("batch:N", scale=alt.Scale(domain=names, range=list(FEW[:3])), legend=legend),
            opacity=alt.condition("datum.first", alt.value(1.0), alt.value(0.18)),
            strokeWidth=alt.condition("datum.first", alt.value(2.2), alt.value(1.2)),
            detail="run:N",
        )
        .properties(width=SIZE, height=SIZE)
    )  # fmt: skip


def spread_chart(spreads: list[dict[str, float]], language: str) -> Any:
    """Measured spreads as points, the formulas as lines."""
    import altair as alt

    from dlrun.insight.figures.style import FEW, inline_rows

    kinds = {"spread": "formula", "without": "formula_without"}
    names = {kind: said(f"gallery_descent.batch_sizes_drawn_{kind}", language) for kind in kinds}
    rows: list[dict[str, Any]] = [
        {"size": one["size"], "kind": names[kind], "measured": one[kind], "formula": one[formula]}
        for kind, formula in kinds.items()
        for one in spreads
    ]
    scale = alt.Scale(domain=list(names.values()), range=[FEW[3], FEW[6]])
    legend = alt.Legend(title=None, orient="top", direction="vertical", symbolType="circle", symbolOpacity=1)
    sizes = [int(one["size"]) for one in spreads]
    base = alt.Chart(inline_rows(rows)).encode(
        x=alt.X("size:Q", scale=alt.Scale(type="log", base=2, domain=[sizes[0], sizes[-1]]),
                axis=alt.Axis(values=sizes[::2]), title=said("gallery_descent.batch_sizes_size", language)),
        color=alt.Color("kind:N", scale=scale, legend=legend),
    )  # fmt: skip
    title = said("gallery_descent.batch_sizes_spread", language)
    spread = [one["measured"] for one in rows]
    y_scale = alt.Scale(type="log", domain=[0.8 * min(spread), 1.2 * max(spread)], nice=False)
    axis = alt.Axis(values=[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1])
    lines = base.mark_line(strokeWidth=1.5).encode(y=alt.Y("formula:Q", scale=y_scale, axis=axis, title=title))
    points = base.mark_point(filled=True, size=60, opacity=1).encode(
        y=alt.Y("measured:Q", scale=y_scale, axis=axis, title=title)
    )
    return (lines + points).properties(width=SIZE, height=SIZE)
