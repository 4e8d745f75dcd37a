"""XOR: not with one unit, with two layers; put together from perceptrons; and all of it from NAND."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlrun.data.generators import CORNERS, GATE_OUTPUTS
from dlrun.gallery.circuits import fewest
from dlrun.gallery.drawing import Groups, finished, panel, panels, plane
from dlrun.gallery.half_planes import SQUARE, axes, marked
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said

SEEDS = 10
WIDTHS = (2, 4, 8)
BEST_OF_A_LINE = 0.75
PIXELS = 110


def teach(studio: Studio) -> Shown:
    one_unit = studio.experiment("xor", "model.depth=0")
    hidden = [studio.experiment("xor", f"model.width={width}") for width in WIDTHS]
    asked = [one for experiment in (one_unit, *hidden) for one in studio.seeds(experiment, SEEDS)]
    given = [studio.experiment("xor.perceptrons"), studio.experiment("xor.nand")]
    *trained, composed, nand = studio.train([*asked, *given], weights=True)
    by_net = [trained[at : at + SEEDS] for at in range(0, len(trained), SEEDS)]
    rows = [row(width, runs) for width, runs in zip((0, *WIDTHS), by_net, strict=True)]
    rows.append(row(2, [composed], by_hand=True))
    numbers = {"nets": rows, "composed": decided(studio, composed, CORNERS).tolist(), "nand": nand_alone(studio, nand)}
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=picture(studio, max(by_net[0], key=accuracy), by_net[-1][0], composed),
        table=lambda language: table(rows, language),
    )


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    rows, nand = numbers["nets"], numbers["nand"]
    values = {
        "seeds": SEEDS,
        "best": f"{rows[0]['highest']:.0%}",
        "widths": " / ".join(map(str, WIDTHS)),
        "solved": " / ".join(str(one["solved"]) for one in rows[1:-1]),
        "answers": "".join(map(str, numbers["composed"])),
        "composed": f"{rows[-1]['mean']:.0%}",
        "w1": f"{nand['weights'][0]:g}",
        "w2": f"{nand['weights'][1]:g}",
        "bias": f"{nand['bias']:g}",
        "gates": nand["gates"],
        "xor": nand["xor"],
        "most": nand["most"],
    }
    return (
        Said("gallery_perceptron.xor_1", values),
        Said("gallery_perceptron.xor_2", values),
        Said("gallery_perceptron.xor_3", values),
    )


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    rows, nand = numbers["nets"], numbers["nand"]
    learnt, widest = rows[-2]["solved"] == SEEDS, {"width": WIDTHS[-1]}
    return (
        Claim(Said("gallery_perceptron.xor_claim_one"), rows[0]["highest"] <= BEST_OF_A_LINE),
        Claim(Said("gallery_perceptron.xor_claim_two", widest), learnt),
        Claim(Said("gallery_perceptron.xor_claim_composed"), tuple(numbers["composed"]) == GATE_OUTPUTS["xor"]),
        Claim(Said("gallery_perceptron.xor_claim_nand"), (nand["gates"], nand["xor"]) == (16, 4)),
    )


def accuracy(run: Trained) -> float:
    return run.metric("train_accuracy")


def row(width: int, runs: list[Trained], by_hand: bool = False) -> dict[str, Any]:
    reached = [accuracy(one) for one in runs]
    return {
        "hidden": width,
        "by_hand": by_hand,
        "seeds": len(reached),
        "solved": sum(one == 1 for one in reached),
        "lowest": min(reached),
        "mean": sum(reached) / len(reached),
        "highest": max(reached),
    }


def decided(studio: Studio, run: Trained, x: np.ndarray) -> np.ndarray:
    """The net's answer, 0 or 1, for each row of x (rows, 2)."""
    outputs = np.asarray(studio.network(run)(x.astype("float32")))[:, 0]
    return (outputs > 0.5).astype(int)


def nand_alone(studio: Studio, run: Trained) -> dict[str, Any]:
    """What can be built from the perceptron of a run, and from how many of it."""
    answers = decided(studio, run, CORNERS)
    known = {(int(one), int(two)): int(answer) for (one, two), answer in zip(CORNERS, answers, strict=True)}
    needed = fewest(lambda one, two: known[one, two])
    kernel, bias = studio.network(run).get_weights()
    return {
        "weights": kernel[:, 0].tolist(),
        "bias": float(bias[0]),
        "gates": len(needed),
        "xor": needed.get(GATE_OUTPUTS["xor"]),
        "most": max(needed.values()),
        "needed": {"".join(map(str, truth)): count for truth, count in sorted(needed.items())},
    }


def table(rows: list[dict[str, Any]], language: str) -> Table:
    def text(name: str, **values: Any) -> str:
        return said(f"gallery_perceptron.xor_{name}", language, **values)

    def net(one: dict[str, Any]) -> str:
        if one["by_hand"]:
            return text("perceptrons")
        return text("hidden_layer", width=one["hidden"]) if one["hidden"] else text("one_unit")

    shown = [{**one, "net": net(one), "solved": f"{one['solved']} / {one['seeds']}"} for one in rows]
    columns = (
        Column("net", text("net"), "text", 9), Column("solved", text("solved"), "text", 8),
        Column("lowest", text("lowest"), rank=6), Column("mean", text("mean"), rank=7),
    )  # fmt: skip
    return Table(columns, shown)


def picture(studio: Studio, one_unit: Trained, hidden: Trained, composed: Trained) -> Any:
    """language -> the chart; the planes are worked out here, while the nets are at hand."""
    places = np.linspace(*SQUARE, PIXELS)
    x = np.stack(np.meshgrid(places, places), axis=-1).reshape(-1, 2)
    planes = [decided(studio, run, x).reshape(PIXELS, PIXELS) for run in (one_unit, hidden, composed)]
    best = f"{accuracy(one_unit):.0%}"

    def chart(language: str) -> Any:
        def text(name: str, **values: Any) -> str:
            return said(f"gallery_perceptron.xor_{name}", language, **values)

        both, groups = axes(), Groups("answer", ("0", "1"), legend=None)
        titles = (
            text("panel_one", accuracy=best), text("panel_learnt", width=hidden.experiment.model.hidden[0]),
            text("panel_given"),
        )  # fmt: skip
        frames = [
            panel(plane(values, *both) + marked(CORNERS, GATE_OUTPUTS["xor"], groups, both), title)
            for values, title in zip(planes, titles, strict=True)
        ]
        return finished(panels(frames), LESSON.title.text(language), text("subtitle"))

    return chart


LESSON = Lesson(2, "xor", Said("gallery_perceptron.xor_title"), teach)
