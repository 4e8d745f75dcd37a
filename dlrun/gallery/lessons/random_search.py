"""Grid, random draws and zooming at equal cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, median
from typing import Any

from dlrun.gallery.drawing import Axis, Groups, finished, lines, panel, panels, points
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.over_seeds import mean_row, paired
from dlrun.gallery.studio import Studio, config_folder
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said
from dlrun.spec import load
from dlrun.sweeps import Scored, Search, search_of

RATE, DROPOUT, L2 = "optimizer.learning_rate", "model.dropout", "model.l2"
KINDS = ("grid", "random", "zoom")
SIDE, ROUNDS = 3, 3
TRIALS = SIDE**3
REPETITIONS = 10
DECADES = 4.0
SHIFTS = tuple(round(step / (REPETITIONS - 1) - 0.5, 3) for step in range(REPETITIONS))
"""By how many decades the range of rates lies beside 0.001 to 10: whoever searches does not know where the best is, and
a grid may be lucky."""

Histories = dict[tuple[str, int], list[Scored]]


def teach(studio: Studio) -> Shown:
    searches = {(kind, place): search(kind, place, shift) for place, shift in enumerate(SHIFTS) for kind in KINDS}
    histories = searched(studio, searches)
    rows = [row(kind, [histories[kind, place] for place in range(REPETITIONS)]) for kind in KINDS]
    by_kind = {one["search"]: one for one in rows}
    numbers = {
        "searches": rows,
        "random_gain": paired(by_kind["grid"]["bests"], by_kind["random"]["bests"]),
        "zoom_gain": paired(by_kind["random"]["bests"], by_kind["zoom"]["bests"]),
        "zoom_last": paired(by_kind["random"]["lasts"], by_kind["zoom"]["lasts"]),
    }
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=lambda language: chart(histories, rows, language),
        table=lambda language: table(rows, language),
    )


def search(kind: str, seed: int, shift: float) -> Search:
    """A search of 27 trials; its draws come from the seed, its range of rates is moved by so many decades."""
    low, high = 10 ** (shift - 3), 10 ** (shift - 3 + DECADES)
    rates = [low * 10 ** (DECADES * step / (SIDE - 1)) for step in range(SIDE)]
    words = {
        "grid": f"grid: {{{RATE}: [{', '.join(f'{rate:.4g}' for rate in rates)}], {DROPOUT}: [0.01, 0.255, 0.5], "
        f"{L2}: [1e-7, 3.16e-6, 1e-4]}}",
        "random": f"search: {{name: random, n_trials: {TRIALS}}}, {space(low, high)}",
        "zoom": f"search: {{name: zoom, n_trials: {TRIALS}, rounds: {ROUNDS}}}, {space(low, high)}",
    }
    return search_of(load(config_folder() / "random-search.yaml", (f"seed={seed}", f"sweep={{{words[kind]}}}")))


def space(low: float, high: float) -> str:
    rates = f"{{low: {low:.4g}, high: {high:.4g}, log: true}}"
    return (
        f"space: {{{RATE}: {rates}, {DROPOUT}: {{low: 0.01, high: 0.5}}, {L2}: {{low: 1e-7, high: 1e-4, log: true}}}}"
    )


def searched(studio: Studio, searches: Mapping[tuple[str, int], Search]) -> Histories:
    """All of them to their ends, side by side: round for round in one call. Every trial is trained from seed 0."""
    histories: Histories = {key: [] for key in searches}
    while chosen := {key: found for key, one in searches.items() if (found := one.next_round(histories[key]))}:
        trials = [(key, trial) for key, found in chosen.items() for trial in found.trials]
        runs = studio.train([trial.experiments[0].with_seed(0) for _, trial in trials])
        for (key, trial), run in zip(trials, runs, strict=True):
            loss = run.metric("val_loss")
            histories[key].append(Scored(trial, loss if math.isfinite(loss) else None))
    return histories


def scores(history: Sequence[Scored]) -> list[float]:
    return [one.score for one in history if one.score is not None]


def row(kind: str, histories: Sequence[Sequence[Scored]]) -> dict[str, Any]:
    bests = [min(scores(one)) for one in histories]
    lasts = [median(scores(one[-TRIALS // ROUNDS :])) for one in histories]
    return {
        "search": kind,
        "rates": fmean(len({one.trial.values[RATE] for one in history}) for history in histories),
        "best": mean_row(bests)["mean"],
        "interval": mean_row(bests),
        "worst": max(bests),
        "last": mean_row(lasts)["mean"],
        "bests": bests,
        "lasts": lasts,
    }


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    values: dict[str, Any] = {"trials": TRIALS, "repetitions": REPETITIONS, "last_trials": TRIALS // ROUNDS}
    for one in numbers["searches"]:
        values |= {f"{one['search']}_{key}": f"{one[key]:.2f}" for key in ("best", "worst", "last")}
        values[f"{one['search']}_rates"] = f"{one['rates']:.0f}"
    for name in ("random_gain", "zoom_gain"):
        values |= {f"{name}_{key}": f"{value:+.2f}" for key, value in numbers[name].items()}
    return (
        Said("gallery_generalisation.random_search_1", values),
        Said("gallery_generalisation.random_search_2", values),
        Said("gallery_generalisation.random_search_3", values),
    )


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    by_kind = {one["search"]: one for one in numbers["searches"]}
    return (
        Claim(Said("gallery_generalisation.random_search_claim_random"), numbers["random_gain"]["low"] > 0),
        Claim(Said("gallery_generalisation.random_search_claim_zoom"), numbers["zoom_last"]["low"] > 0),
        Claim(
            Said("gallery_generalisation.random_search_claim_best"),
            by_kind["zoom"]["best"] < by_kind["random"]["best"] + 0.02,
        ),
    )


def table(rows: Sequence[dict[str, Any]], language: str) -> Table:
    named = [one | {"search": said(f"gallery_generalisation.random_search_{one['search']}", language)} for one in rows]
    keys: tuple[tuple[str, Any], ...] = (
        ("search", "text"), ("rates", "value"), ("best", "number"), ("worst", "number"), ("last", "number"),
    )  # fmt: skip
    columns = [
        Column(key, said(f"gallery_generalisation.random_search_{key}", language), kind, rank=9 - place)
        for place, (key, kind) in enumerate(keys)
    ]
    return Table(tuple(columns), named)


def chart(histories: Histories, rows: Sequence[dict[str, Any]], language: str) -> Any:
    def title(key: str) -> str:
        return said(f"gallery_generalisation.random_search_{key}", language)

    named = {kind: title(kind) for kind in KINDS}
    order = tuple(named.values())
    middle = REPETITIONS // 2
    tried = [
        {"search": named[kind], "rate": one.trial.values[RATE], "loss": min(one.score, 2.5)}
        for kind in KINDS
        for one in histories[kind, middle]
        if one.score is not None
    ]
    rate = Axis(title("rate"), log=True, values=(0.001, 0.01, 0.1, 1, 10), format="~g")
    loss = Axis(title("loss"), domain=(0, 2.6))
    where = points(tried, "rate", "loss", rate, loss, Groups("search", order, legend=None), shape="search", opacity=0.8)
    sofar = [
        {"search": named[kind], "trial": trial, "loss": fmean(best_of(histories[kind, place], trial)
                                                              for place in range(REPETITIONS))}
        for kind in KINDS
        for trial in range(1, TRIALS + 1)
    ]  # fmt: skip
    trials = Axis(title("trial"), domain=(1, TRIALS))
    best = lines(sofar, "trial", "loss", trials, loss, Groups("search", order))
    frames = [panel(where, title("where"), (300, 240)), panel(best, title("sofar"), (300, 240))]
    return finished(panels(frames), LESSON.title.text(language))


def best_of(history: Sequence[Scored], trials: int) -> float:
    """The lowest loss among the first so many, at most that of guessing ten classes."""
    return min([math.log(10), *scores(history[:trials])])


LESSON = Lesson(22, "random-search", Said("gallery_generalisation.random_search_title"), teach)
