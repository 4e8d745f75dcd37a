"""The picture of lesson 16: what a net can take, with batch normalization and without."""

from __future__ import annotations

from typing import Any

from dlrun.gallery.drawing import Axis, Groups, finished, lines, panel, panels, points
from dlrun.gallery.over_seeds import curve_rows
from dlrun.gallery.studio import Trained
from dlrun.insight.words import said

Runs = dict[tuple[str, float], list[Trained]]
"""With or without, and the rate -> one run per seed."""
TICKS = {"spread": (0.01, 0.03, 0.1, 0.3, 1.0), "rate": (0.05, 0.1, 0.2, 0.5, 1.0)}


def chart(rows: list[dict[str, Any]], by_rate: Runs, best: dict[str, float], title: str, language: str) -> Any:
    """The figure: accuracy by start and by rate, and the curves of both kinds at the best rate of each."""

    def words(key: str, **values: Any) -> str:
        return said(f"gallery_network.batch_normalization_{key}", language, **values)

    named = {kind: words(kind) for kind in best}
    quiet = Groups("net", tuple(named.values()), legend=None)
    shown = [one | {"net": named[one["kind"]]} for one in rows]
    up = Axis(words("accuracy"), percent=True, domain=(0, 1.03), values=(0, 0.25, 0.5, 0.75, 1))
    frames = []
    for swept, ticks in TICKS.items():
        across = Axis(words(f"{swept}_axis"), log=True, domain=(min(ticks) / 1.3, max(ticks) * 1.3),
                      values=ticks, format="~g")  # fmt: skip
        mine = [one for one in shown if one["swept"] == swept]
        frame = lines(mine, "value", "accuracy", across, up, quiet) + points(
            mine, "value", "accuracy", across, up, quiet
        )
        frames.append(panel(frame, words(f"{swept}_panel")))
    curves = [one for kind in best for one in curve_rows(by_rate[kind, best[kind]], "val_loss", net=named[kind])]
    loss = Axis(words("val_loss"), log=True, domain=(0.04, 2.5), values=(0.05, 0.1, 0.2, 0.5, 1, 2))
    epoch = Axis(words("epoch"), domain=(1, max(one["epoch"] for one in curves)))
    drawn = lines(curves, "epoch", "value", epoch, loss, Groups("net", tuple(named.values()), legend="right"))
    frames.append(panel(drawn, words("best_panel", **{kind: f"{rate:g}" for kind, rate in best.items()})))
    return finished(panels(frames), title)
