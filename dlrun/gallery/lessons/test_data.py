"""Validation data are not test data: what a choice was made on flatters it."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np

from dlrun.data import stream
from dlrun.gallery.drawing import Axis, Groups, finished, level, lines, means, panel
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.over_seeds import mean_row
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said
from dlrun.spec import Experiment

SPLITS = 6
"""Each has rows of its own, so their means are independent."""
CONFIGURATIONS = 24
TRIED = (1, 2, 4, 8, 16, 24)
CHOOSING = 50
"""Rows by which a configuration is chosen, and again as many on which it is then tested."""
DRAWS = 200
"""Per split and number of configurations: which rows choose, which test, which configurations there are."""
SERIES = ("chosen", "apart")


def teach(studio: Studio) -> Shown:
    asked = [one for split in range(SPLITS) for one in configurations(studio, split)]
    runs = studio.train(asked, weights=True)
    right = [hits(runs[split * CONFIGURATIONS :][:CONFIGURATIONS]) for split in range(SPLITS)]
    rows = [row for tried in TRIED for row in measured(right, tried)]
    numbers = {"rows": rows, "choosing": CHOOSING, "configurations": CONFIGURATIONS, "splits": SPLITS}
    return Shown(
        numbers=numbers,
        sentences=sentences(rows),
        claims=claims(rows),
        picture=lambda language: chart(rows, language),
        table=lambda language: table(rows, language),
    )


def configurations(studio: Studio, split: int) -> list[Experiment]:
    """The same ones for every split: width, rate and dropout drawn at random."""
    base = studio.experiment("test-data", f"data.split_seed={split}")
    generator = stream(0, "search")
    return [drawn(base, generator) for _ in range(CONFIGURATIONS)]


def drawn(base: Experiment, generator: np.random.Generator) -> Experiment:
    width, rate = int(generator.choice([4, 8, 16, 32])), float(f"{10 ** generator.uniform(-3, -1):.3g}")
    model = base.model.model_copy(update={"units": (width,), "dropout": round(float(generator.uniform(0.01, 0.5)), 3)})
    optimizer = base.optimizer.model_copy(update={"learning_rate": rate})
    return base.model_copy(update={"model": model, "optimizer": optimizer})


def hits(runs: Sequence[Trained]) -> np.ndarray:
    """bool (configurations, held-out rows): whether the class is right."""
    found = []
    for run in runs:
        with np.load(run.folder.predictions_path, allow_pickle=False) as kept:
            found.append((kept["outputs"][:, 0] > 0.5) == kept["targets"])
    return np.stack(found)


def measured(right: Sequence[np.ndarray], tried: int) -> list[dict[str, Any]]:
    """By how much the accuracy of the chosen one is too high: on the rows that chose it, and on rows kept apart."""
    by_split = np.array([optimism(one, tried, split) for split, one in enumerate(right)])
    return [
        {"tried": tried, "series": name, **mean_row(by_split[:, place].tolist())} for place, name in enumerate(SERIES)
    ]


def optimism(right: np.ndarray, tried: int, split: int) -> tuple[float, float]:
    """Means over many draws, against the accuracy on all rows that neither choose nor test."""
    generator, found = stream(split, "bootstrap", tried), []
    for _ in range(DRAWS):
        rows = generator.permutation(right.shape[1])
        choosing, testing, fresh = np.split(rows, [CHOOSING, 2 * CHOOSING])
        some = generator.permutation(len(right))[:tried]
        chosen = right[some[right[np.ix_(some, choosing)].mean(axis=1).argmax()]]
        truth = chosen[fresh].mean()
        found.append((chosen[choosing].mean() - truth, chosen[testing].mean() - truth))
    flattered, honest = zip(*found, strict=True)
    return fmean(flattered), fmean(honest)


def at(rows: Sequence[dict[str, Any]], series: str, tried: int) -> dict[str, Any]:
    return next(one for one in rows if one["series"] == series and one["tried"] == tried)


def sentences(rows: Sequence[dict[str, Any]]) -> tuple[Said, Said, Said]:
    most, one, apart = at(rows, "chosen", TRIED[-1]), at(rows, "chosen", TRIED[0]), at(rows, "apart", TRIED[-1])
    values = {
        "configurations": CONFIGURATIONS,
        "rows": CHOOSING,
        "splits": SPLITS,
        **{f"most_{key}": f"{100 * most[key]:.1f}" for key in ("mean", "low", "high")},
        **{f"one_{key}": f"{100 * one[key]:+.1f}" for key in ("mean", "low", "high")},
        **{f"apart_{key}": f"{100 * apart[key]:+.1f}" for key in ("mean", "low", "high")},
        **{f"few_{key}": f"{100 * at(rows, 'chosen', 4)[key]:.1f}" for key in ("mean", "low", "high")},
    }
    return (
        Said("gallery_generalisation.test_data_1", values),
        Said("gallery_generalisation.test_data_2", values),
        Said("gallery_generalisation.test_data_3", values),
    )


def claims(rows: Sequence[dict[str, Any]]) -> tuple[Claim, ...]:
    most, few, apart = at(rows, "chosen", TRIED[-1]), at(rows, "chosen", 4), at(rows, "apart", TRIED[-1])
    return (
        Claim(Said("gallery_generalisation.test_data_claim_flattered"), most["low"] > 0),
        Claim(Said("gallery_generalisation.test_data_claim_grows"), most["mean"] > few["mean"] > 0),
        Claim(Said("gallery_generalisation.test_data_claim_honest"), abs(apart["mean"]) < 0.25 * most["mean"]),
    )


def table(rows: Sequence[dict[str, Any]], language: str) -> Table:
    found = [
        {"tried": tried, **{name: 100 * at(rows, name, tried)["mean"] for name in SERIES},
         "half": 100 * (at(rows, "chosen", tried)["high"] - at(rows, "chosen", tried)["mean"])}
        for tried in TRIED
    ]  # fmt: skip
    keys: tuple[tuple[str, Any], ...] = (("tried", "count"), ("chosen", "value"), ("half", "value"), ("apart", "value"))
    columns = [
        Column(key, said(f"gallery_generalisation.test_data_{key}", language), kind, rank=9 - place)
        for place, (key, kind) in enumerate(keys)
    ]
    return Table(tuple(columns), found)


def chart(rows: Sequence[dict[str, Any]], language: str) -> Any:
    def title(key: str) -> str:
        return said(f"gallery_generalisation.test_data_{key}", language)

    named = {name: title(f"{name}_series") for name in SERIES}
    shown = [one | {"series": named[one["series"]]} for one in rows]
    groups = Groups("series", tuple(named.values()), legend="top")
    across = Axis(title("tried"), domain=(0, max(TRIED) + 1), values=tuple(map(float, TRIED)))
    up = Axis(title("optimism"), percent=True, format="+.0%", values=(-0.01, 0, 0.01, 0.02, 0.03, 0.04))
    figure = level(0, up, "#777777") + lines(shown, "tried", "mean", across, up, groups)
    figure += means(shown, "tried", up, across, groups)
    return finished(panel(figure, "", (460, 280)), LESSON.title.text(language))


LESSON = Lesson(21, "test-data", Said("gallery_generalisation.test_data_title"), teach)
