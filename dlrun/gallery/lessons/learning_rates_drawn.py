"""The table and the picture of the lesson on learning rates."""

from __future__ import annotations

import math
from typing import Any

from dlrun.gallery.drawing import Axis, Groups, finished, lines, panel, panels, points
from dlrun.gallery.studio import Trained
from dlrun.insight.figures.style import FEW, INK, PALE, QUIET, inline_rows
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said

INKS = dict(zip(("small", "right", "edge", "large"), (FEW[4], FEW[2], FEW[5], FEW[1]), strict=True))
FATES = {"lower": FEW[0], "higher": FEW[1], "down": FEW[0], "up": FEW[1], "between": QUIET}
"""What may become of a start, and its colour."""
SIZE = (330.0, 220.0)
DRAWN = 400
"""Starts that are drawn: more of them are a carpet."""


def table(rows: list[dict[str, Any]], language: str) -> Table:
    def column(key: str, kind: Any = "number") -> Column:
        return Column(key, said(f"gallery_descent.learning_rates_{key}", language), kind, rank=5)

    named = [{**one, "name": said(f"gallery_descent.learning_rates_of_{one['name']}", language)} for one in rows]
    columns = (column("name", "text"), column("rate", "setting"), column("loss"), column("diverged", "count"))
    return Table(columns, named)


def chart(
    tests: list[Any],
    rows: list[dict[str, Any]],
    by_name: dict[str, list[Trained]],
    surfaces: tuple[dict[str, Any], ...],
    title: str,
    language: str,
) -> Any:
    """The range tests, the curves at the rates they point at; below where many starts on a surface come to."""
    upper = [ranges(tests, rows, language), curves(rows, by_name, language)]
    lower = [ends(one, language) for one in surfaces]
    subtitle = said("gallery_descent.learning_rates_subtitle", language, tests=len(tests))
    whole = panels([panels(upper, spacing=34), panels(lower, spacing=34)], columns=1)
    return finished(whole, title, subtitle)


def label(row: dict[str, Any], seeds: int, language: str) -> str:
    """A rate with what it is, and how often it diverged."""
    from dlrun.gallery.lessons.learning_rates import written

    name = said(f"gallery_descent.learning_rates_of_{row['name']}", language)
    if not row["diverged"]:
        return f"{name}, {written(row['rate'])}"
    gone = said("gallery_descent.learning_rates_gone", language, diverged=row["diverged"], seeds=seeds)
    return f"{name}, {written(row['rate'])} ({gone})"


def ranges(tests: list[Any], rows: list[dict[str, Any]], language: str) -> Any:
    """The smoothed loss of each test as far as it stays within the frame, and the rates that are tried as rules."""
    import altair as alt

    start = max(test.smoothed[0] for test in tests)
    shown = [
        {"seed": f"{test.seed}", "rate": rate, "loss": loss}
        for test in tests
        for rate, loss in zip(test.rates, test.smoothed, strict=True)
    ]
    across = Axis(said("gallery_descent.rate", language), log=True, domain=(1e-5, 10.0),
                  values=(1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10), format="~g")  # fmt: skip
    up = Axis(domain=(0.0, 1.2 * start))
    quiet = Groups("seed", tuple(f"{test.seed}" for test in tests), colors=(QUIET,) * len(tests), legend=None)
    drawn = lines(shown, "rate", "loss", across, up, quiet, thick=1.6)
    rules = [{"rate": one["rate"], "name": one["name"]} for one in rows]
    color = alt.Stroke("name:N", scale=alt.Scale(domain=list(INKS), range=list(INKS.values())), legend=None)
    marks = (
        alt.Chart(inline_rows(rules))
        .mark_rule(strokeWidth=2, strokeDash=[5, 3])
        .encode(x=across.channel(alt.X, "rate"), stroke=color)
    )
    return panel(marks + drawn, said("gallery_descent.learning_rates_ranges", language), SIZE)


def curves(rows: list[dict[str, Any]], by_name: dict[str, list[Trained]], language: str) -> Any:
    """Each run's train loss; what diverged at once has no line."""
    seeds = len(next(iter(by_name.values())))
    labels = {one["name"]: label(one, seeds, language) for one in rows}
    shown: list[dict[str, Any]] = [
        {"name": labels[name], "run": f"{name} {place}", "epoch": epoch, "loss": loss}
        for name, runs in by_name.items()
        for place, one in enumerate(runs)
        for epoch, loss in enumerate(one.curves["train_loss"], 1)
        if math.isfinite(loss) and loss < 1e5
    ]
    last = max(len(one.curves["train_loss"]) for runs in by_name.values() for one in runs)
    across = Axis(said("gallery_descent.epoch", language), domain=(1.0, float(last)))
    losses = [one["loss"] for one in shown]
    up = Axis(
        log=True, domain=(0.9 * min(losses), 1.1 * max(losses)), values=(2000, 3000, 5000, 10000, 20000), format=","
    )
    groups = Groups("name", tuple(labels.values()), colors=tuple(INKS[name] for name in labels))
    heading = said("gallery_descent.learning_rates_curves", language)
    return panel(lines(shown, "epoch", "loss", across, up, groups, detail="run", thick=1.5), heading, SIZE)


def ends(found: dict[str, Any], language: str) -> Any:
    """Where each start lies, in the colour of what it reached."""
    import altair as alt

    from dlrun.insight.figures.starts import contour_rows
    from dlrun.training.descent import relief
    from dlrun.training.surfaces import SURFACES

    surface = SURFACES[found["surface"]]
    across, up = Axis("x", domain=surface.x, grid=False), Axis("y", domain=surface.y, grid=False)
    inks = {fate: ink for fate, ink in FATES.items() if fate in found["fates"]}
    names = {fate: said(f"gallery_descent.learning_rates_to_{fate}", language) for fate in inks}
    begun = list(zip(found["begun"], found["fates"], strict=True))[:DRAWN]
    rows = [{"x": x, "y": y, "end": names[fate]} for (x, y), fate in begun]
    contours = contour_rows({"relief": relief(surface), "levels": surface.levels})
    around = (
        alt.Chart(inline_rows(contours))
        .mark_line(clip=True, stroke=PALE, strokeWidth=1)
        .encode(x=across.channel(alt.X, "x"), y=up.channel(alt.Y, "y"), detail="line:N", order="place:Q")
    )
    groups = Groups("end", tuple(names.values()), colors=tuple(inks.values()))
    minima = [{"x": x, "y": y} for x, y in surface.minima]
    crosses = (
        alt.Chart(inline_rows(minima))
        .mark_point(shape="cross", size=130, fill=INK, stroke="white", opacity=1)
        .encode(x=across.channel(alt.X, "x"), y=up.channel(alt.Y, "y"))
    )
    heading = said(f"gallery_descent.learning_rates_on_{found['surface']}", language, steps=found["steps"])
    return panel(around + points(rows, "x", "y", across, up, groups, size=22) + crosses, heading, SIZE)
