"""One unit learns AND, OR and NAND; its threshold is its bias with the sign turned."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlrun.data.generators import CORNERS, GATE_OUTPUTS
from dlrun.gallery.drawing import Axis, Groups, finished, lines, panel, panels, texts
from dlrun.gallery.half_planes import answers, axes, line_ends, marked, thresholds
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.figures.style import INK, QUIET
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said

SEEDS = 5
GATES = ("and", "or", "nand")
NEEDS_BIAS = ("and", "nand")
"""What no line through (0, 0) can do."""


def teach(studio: Studio) -> Shown:
    nets = {
        (gate, bias): studio.experiment("one-unit", f"data.source={gate}", f"model.use_bias={str(bias).lower()}")
        for gate in GATES
        for bias in (True, False)
    }
    rows = [row(studio, *net, runs) for net, runs in studio.train_seeds(nets, SEEDS, weights=True).items()]
    first = rows[0]["units"][0]
    ranges = thresholds((first["w1"], first["w2"]))
    without = max(one["highest"] for one in rows if not one["bias"] and one["gate"] in NEEDS_BIAS)
    numbers = {"units": rows, "thresholds_of_the_weights_of_and": ranges, "best_without_bias": without}
    values = values_of(numbers)
    return Shown(
        numbers=numbers,
        sentences=(
            Said("gallery_perceptron.one_unit_1", values),
            Said("gallery_perceptron.one_unit_2", values),
            Said("gallery_perceptron.one_unit_3", values),
        ),
        claims=claims(numbers),
        picture=lambda language: chart(rows, ranges, language),
        table=lambda language: table(rows, language),
        notes=(Said("gallery_perceptron.one_unit_note", values),),
    )


def values_of(numbers: dict[str, Any]) -> dict[str, Any]:
    """What fills the sentences."""
    with_bias = [one for one in numbers["units"] if one["bias"]]
    unit = with_bias[0]["units"][0]
    ranges = numbers["thresholds_of_the_weights_of_and"]
    return {
        "seeds": SEEDS,
        "right": sum(one["right"] for one in with_bias),
        "nets": SEEDS * len(GATES),
        "tables": ", ".join(f"{one['gate'].upper()} {one['answers']}" for one in with_bias),
        "w1": f"{unit['w1']:.2f}",
        "w2": f"{unit['w2']:.2f}",
        "threshold": f"{unit['threshold']:.2f}",
        "bias": f"{-unit['threshold']:.2f}",
        "agree": sum(one["agree"] for one in with_bias),
        "rows": SEEDS * len(GATES) * len(CORNERS),
        "gates": ", ".join(f"{low:.2f} ≤ θ < {high:.2f}: {gate.upper()}" for gate, (low, high) in ranges.items()),
        "best": f"{numbers['best_without_bias']:.0%}",
    }


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    values = values_of(numbers)
    moved = {"or", "and"} <= set(numbers["thresholds_of_the_weights_of_and"])
    return (
        Claim(Said("gallery_perceptron.one_unit_claim_learnt"), values["right"] == values["nets"]),
        Claim(Said("gallery_perceptron.one_unit_claim_threshold"), values["agree"] == values["rows"]),
        Claim(Said("gallery_perceptron.one_unit_claim_moved"), moved),
        Claim(Said("gallery_perceptron.one_unit_claim_without"), numbers["best_without_bias"] < 1),
    )


def row(studio: Studio, gate: str, bias: bool, runs: list[Trained]) -> dict[str, Any]:
    """What the seeds of one gate came to."""
    reached = [one.metric("train_accuracy") for one in runs]
    units = [unit_of(studio, one) for one in runs]
    first = units[0]
    return {
        "gate": gate,
        "bias": bias,
        "lowest": min(reached),
        "highest": max(reached),
        "right": sum(one["table"] == list(GATE_OUTPUTS[gate]) for one in units),
        "agree": sum(one["agree"] for one in units),
        "answers": "".join(map(str, first["table"])),
        "loss": sum(one.metric("train_loss") for one in runs) / len(runs),
        "units": units,
    }


def unit_of(studio: Studio, run: Trained) -> dict[str, Any]:
    """The unit's weights and threshold, its answers at the corners, and in how many of them the net agrees."""
    network = studio.network(run)
    kernel, *bias = network.get_weights()
    weights, threshold = kernel[:, 0].astype(float), -float(bias[0][0]) if bias else 0.0
    table = answers(weights, threshold)
    outputs = np.asarray(network(CORNERS.astype("float32")))[:, 0] > 0.5
    agree = int((outputs == np.array(table, bool)).sum())
    return {"w1": weights[0], "w2": weights[1], "threshold": threshold, "table": list(table), "agree": agree}


def table(rows: list[dict[str, Any]], language: str) -> Table:
    def column(key: str, kind: Any = "number", rank: int = 5) -> Column:
        return Column(key, said(f"gallery_perceptron.one_unit_{key}", language), kind, rank=rank)

    shown = [
        {
            "unit": said(f"gallery_perceptron.one_unit_{'with' if one['bias'] else 'without'}", language,
                         gate=one["gate"].upper()),
            "weight_1": one["units"][0]["w1"],
            "weight_2": one["units"][0]["w2"],
            "threshold": one["units"][0]["threshold"],
            "answers": one["answers"],
            "lowest": one["lowest"],
            "highest": one["highest"],
        }
        for one in rows
    ]  # fmt: skip
    columns = (
        column("unit", "text", 9), column("weight_1", rank=3), column("weight_2", rank=3), column("threshold", rank=4),
        column("answers", "text", 6), column("lowest", rank=7), column("highest", rank=7),
    )  # fmt: skip
    return Table(columns, shown)


def chart(rows: list[dict[str, Any]], ranges: dict[str, tuple[float, float]], language: str) -> Any:
    def text(name: str) -> str:
        return said(f"gallery_perceptron.one_unit_{name}", language)

    across, up = both = axes()
    groups = Groups("answer", ("0", "1"), legend=None)
    frames = []
    for one in (one for one in rows if one["bias"]):
        drawn = [
            {**end, "seed": seed}
            for seed, unit in enumerate(one["units"])
            for end in line_ends((unit["w1"], unit["w2"]), unit["threshold"])
        ]
        figure = lines(drawn, "x1", "x2", across, up, detail="seed", thick=1.5, opacity=0.5).encode(color=grey())
        frames.append(panel(figure + marked(CORNERS, GATE_OUTPUTS[one["gate"]], groups, both), one["gate"].upper()))
    weights = (rows[0]["units"][0]["w1"], rows[0]["units"][0]["w2"])
    frames.append(panel(moved(weights, ranges, both), text("moved")))
    return finished(panels(frames, 4), LESSON.title.text(language), text("subtitle"))


def moved(weights: tuple[float, float], ranges: dict[str, tuple[float, float]], both: tuple[Axis, Axis]) -> Any:
    """The line of the same weights at the middle of each gate's thresholds."""
    middles = {gate: (low + high) / 2 for gate, (low, high) in ranges.items()}
    drawn = [{**end, "gate": gate} for gate, middle in middles.items() for end in line_ends(weights, middle)]
    names = []
    for gate, middle in middles.items():
        x = middle / sum(weights)  # where the line crosses the diagonal
        names.append({"x1": x, "x2": x, "text": f"{gate.upper()}: θ = {middle:.1f}"})
    figure = lines(drawn, "x1", "x2", both[0], both[1], detail="gate", thick=1.8).encode(color=grey(INK))
    figure += marked(CORNERS, (0, 0, 0, 0), Groups("answer", ("0",), colors=("#BBBBBB",), legend=None), both, 110)
    return figure + texts(names, "x1", "x2", *both, align="left", dx=8, dy=-6)


def grey(color: str = QUIET) -> Any:
    import altair as alt

    return alt.value(color)


LESSON = Lesson(1, "one-unit", Said("gallery_perceptron.one_unit_title"), teach)
