"""The picture and the table of the lesson on classical methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.gallery.drawing import finished, panel, panels
from dlrun.insight.figures.style import FEW, inline_rows
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said

Rows = Sequence[Mapping[str, Any]]
USUAL, WINNER = FEW[0], FEW[1]
SIZE = (190.0, 210.0)


def word(key: str, language: str) -> str:
    return said(f"gallery_generalisation.classics_{key}", language)


def table(rows: Rows, methods: Sequence[str], language: str) -> Table:
    """A row per method, a column per set: accuracy with half its interval."""
    sets = list(dict.fromkeys(one["set"] for one in rows))
    cells = {(one["method"], one["set"]): f"{one['mean']:.3f} ± {one['high'] - one['mean']:.3f}" for one in rows}
    found = [
        {"method": word(f"of_{method}", language), **{name: cells[method, name] for name in sets}} for method in methods
    ]
    keys = ("method", *sets)
    return Table(tuple(Column(key, word(key, language), "text", rank=9) for key in keys), found)


def chart(rows: Rows, winners: Rows, methods: Sequence[str], title: str, language: str) -> Any:
    """A panel per set, a line per method; the winner in another colour."""
    names = [word(f"of_{method}", language) for method in methods]
    figures = [
        panel(
            one_set([one for one in rows if one["set"] == best["set"]], best, names, language, named=place == 0),
            word(best["set"], language),
            SIZE,
        )
        for place, best in enumerate(winners)
    ]
    return finished(panels(figures, columns=len(figures)), title, word("subtitle", language))


def one_set(rows: Rows, best: Mapping[str, Any], names: Sequence[str], language: str, named: bool) -> Any:
    import altair as alt

    found = [
        {"method": word(f"of_{one['method']}", language), "wins": str(one["method"] == best["best"]),
         **{key: one[key] for key in ("mean", "low", "high")}}
        for one in rows
    ]  # fmt: skip
    ends = [min(one["low"] for one in found), max(one["high"] for one in found)]
    scale = alt.Scale(domain=ends, zero=False, nice=True, padding=6)
    below = alt.Axis(title=word("accuracy", language), format=".0%", tickCount=5)
    beside = alt.Axis(title=None, labels=named, ticks=False, domain=False, grid=True, labelLimit=240)
    base = alt.Chart(inline_rows(found)).encode(
        y=alt.Y("method:N", sort=list(names), axis=beside),
        color=alt.Color("wins:N", scale=alt.Scale(domain=["False", "True"], range=[USUAL, WINNER]), legend=None),
    )
    lines = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", scale=scale, axis=below), x2="high:Q")
    return lines + base.mark_point(filled=True, size=90, opacity=1).encode(x=alt.X("mean:Q", scale=scale, axis=below))
