"""The table and the picture of the lesson on backpropagation."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from dlrun.gallery.drawing import Axis, Groups, finished, lines, means, panel, panels, points
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said

SIZE = (300.0, 280.0)


def table(layers: list[dict[str, Any]], language: str) -> Table:
    def column(key: str, kind: Any = "number") -> Column:
        return Column(key, said(f"gallery_descent.backpropagation_{key}", language), kind, rank=5)

    return Table(
        (column("layer", "count"), column("parameters", "count"), *map(column, ("keras", "central", "one_sided"))),
        layers,
    )


def chart(steps: list[dict[str, float]], speeds: list[dict[str, Any]], title: str, language: str) -> Any:
    """How exact differences are, step by step; beside it how slowly which weights learn."""
    pair = panels([exactness(steps, language), slowness(speeds, language)], spacing=40)
    return finished(pair, title, said("gallery_descent.backpropagation_subtitle", language))


def exactness(steps: list[dict[str, float]], language: str) -> Any:
    names = {kind: said(f"gallery_descent.backpropagation_of_{kind}", language) for kind in ("central", "one_sided")}
    rows = [{"step": one["step"], "kind": name, "off": one[kind]} for kind, name in names.items() for one in steps]
    across = Axis(said("gallery_descent.backpropagation_step", language), log=True, domain=(5e-12, 0.2),
                  values=(1e-10, 1e-8, 1e-6, 1e-4, 1e-2), format=".0e")  # fmt: skip
    up = Axis(said("gallery_descent.backpropagation_off", language), log=True,
              domain=(3e-10, 1.0),
              values=(1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1), format=".0e")  # fmt: skip
    groups = Groups("kind", tuple(names.values()), legend="top")
    drawn = lines(rows, "step", "off", across, up, groups) + points(rows, "step", "off", across, up, groups, size=45)
    return panel(drawn, size=SIZE)


def slowness(speeds: list[dict[str, Any]], language: str) -> Any:
    from dlrun.gallery.lessons.backpropagation import EDGES

    names = {kind: said(f"gallery_descent.backpropagation_of_{kind}", language) for kind in ("from", "to")}
    rows = []
    for kind, name in names.items():
        for place, (low, high) in enumerate(pairwise(EDGES)):
            found = [one[kind][place] for one in speeds if one[kind][place] is not None]
            if found:
                spread = {"mean": sum(found) / len(found), "low": min(found), "high": max(found)}
                rows.append({"activation": f"{low:g}–{high:g}", "kind": name, **spread})
    up = Axis(said("gallery_descent.backpropagation_share", language), domain=(0.0, max(row["high"] for row in rows)))
    groups = Groups("kind", tuple(names.values()), legend="top")
    across = said("gallery_descent.backpropagation_activation", language)
    return panel(means(rows, "activation", up, across, groups), size=SIZE)
