"""The table and the picture of the lesson on losses."""

from __future__ import annotations

from typing import Any

from dlrun.gallery.drawing import Axis, Groups, finished, lines, panel
from dlrun.gallery.studio import Trained
from dlrun.insight.figures.style import FEW
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said


def table(rows: list[dict[str, Any]], language: str) -> Table:
    def column(key: str, kind: Any = "number") -> Column:
        return Column(key, said(f"gallery_descent.losses_{key}", language), kind, rank=5)

    columns = (
        column("loss", "text"),
        column("rate", "setting"),
        column("epochs", "value"),
        *map(column, ("accuracy", "half")),
    )
    return Table(columns, [{**one, "epochs": f"{one['epochs']:.1f}"} for one in rows])


def chart(line: dict[str, Any], by_name: dict[str, list[Trained]], title: str, language: str) -> Any:
    """Accuracy and loss on one line through the weights; beside it how the two losses get a saturated net right."""
    import altair as alt

    pair = alt.hconcat(landscape(line, language), learning(by_name, language), spacing=44)
    return finished(pair.resolve_scale(color="independent"), title, said("gallery_descent.losses_subtitle", language))


def landscape(line: dict[str, Any], language: str) -> Any:
    """Two frames above each other, on one line of places near the net."""
    import altair as alt

    middle = len(line["places"]) // 2
    near = range(middle - middle // 4, middle + middle // 4 + 1)
    rows = [{"place": 100 * float(line["places"][at]), "accuracy": float(line["accuracy"][at]),
             "loss": float(line["loss"][at])} for at in near]  # fmt: skip
    reach = (rows[0]["place"], rows[-1]["place"])
    below = Axis(said("gallery_descent.losses_place", language), domain=reach)
    accuracy = Axis(said("gallery_descent.losses_curve", language), format=".1%")
    loss = Axis(said("gallery_descent.losses_cross_entropy", language), format=".2f")
    stairs = panel(lines(rows, "place", "accuracy", Axis(domain=reach), accuracy, thick=1.5), size=(300, 130))
    smooth = panel(lines(rows, "place", "loss", below, loss, thick=1.5), size=(300, 130))
    return alt.vconcat(stairs, smooth, spacing=14)


def learning(by_name: dict[str, list[Trained]], language: str) -> Any:
    """The accuracy epoch by epoch: each seed pale, the mean strong."""
    names = {name: said(f"gallery_descent.losses_of_{name}", language) for name in by_name}
    each, mean = [], []
    for name, runs in by_name.items():
        curves = [one.curves["train_accuracy"] for one in runs]
        for place, curve in enumerate(curves):
            each += [{"net": names[name], "run": f"{name} {place}", "epoch": epoch, "accuracy": value}
                     for epoch, value in enumerate(curve, 1)]  # fmt: skip
        mean += [{"net": names[name], "epoch": epoch, "accuracy": sum(values) / len(values)}
                 for epoch, values in enumerate(zip(*curves, strict=True), 1)]  # fmt: skip
    across = Axis(said("gallery_descent.epoch", language), domain=(1.0, float(mean[-1]["epoch"])))
    up = Axis(said("gallery_descent.losses_curve", language), percent=True, domain=(0.0, 1.0))
    groups = Groups("net", tuple(names.values()), colors=(FEW[0], FEW[1], FEW[5]), legend="bottom")
    pale = lines(each, "epoch", "accuracy", across, up, groups, detail="run", thick=1, opacity=0.2)
    return panel(pale + lines(mean, "epoch", "accuracy", across, up, groups, thick=2.5), size=(320, 260))
