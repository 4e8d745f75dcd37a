"""Five seeds as one net: by vote, by mean, by a final layer; against the best single one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Any

import numpy as np

from dlrun.data import Prepared, Rows
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.ensembles_drawn import chart, table
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.statistics import mean_interval
from dlrun.insight.words import Said
from dlrun.runner.ensemble.opened import together
from dlrun.runner.ensemble.splits import blocks_of
from dlrun.runner.ensemble.worth import disagreement
from dlrun.spec.other_kinds import EnsembleMethod
from dlrun.training.combining.combination import Average
from dlrun.training.combining.methods import Judged, combine, parts_of_rows
from dlrun.training.combining.opinions import Opinions
from dlrun.training.metrics import Scored, measure
from dlrun.training.objective import Objective, objective_of
from dlrun.training.trivial import mean_loss

SPLITS, SEEDS = 6, 5
METHODS: tuple[EnsembleMethod, ...] = ("vote", "mean", "stack")
SINGLE, CHOSEN = "single", "chosen"
"""The average of the five nets, and the one that is best on validation rows."""

Worth = dict[str, float]
"""`accuracy` and `loss` on the test rows."""


@dataclass(frozen=True)
class Split:
    """What one split of the rows came to, on its test rows."""

    ways: dict[str, Worth]
    """Single, chosen, and each method."""
    by_members: tuple[float, ...]
    """Accuracy of the mean of 1, 2, ... nets: over all ways to pick so many."""
    disagreement: float
    """Share of rows on which not all five name the same class."""


def teach(studio: Studio) -> Shown:
    nets = {
        one: studio.experiment("ensembles", f"data.split_seed={one}", f"seed={one * SEEDS}") for one in range(SPLITS)
    }
    by_split = studio.train_seeds(nets, SEEDS, weights=True)
    prepared = studio.data(nets[0])
    overlap = rows_of(prepared.test) / len(prepared.train)
    splits = [split_of(studio, runs) for runs in by_split.values()]
    rows = [row(way, splits, overlap) for way in (SINGLE, CHOSEN, *METHODS)]
    numbers = {
        "ways": rows,
        "splits": SPLITS,
        "by_members": by_members(splits, overlap),
        "disagreement": fmean(one.disagreement for one in splits),
        "test_rows": rows_of(prepared.test),
    }
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(rows),
        picture=lambda language: chart(numbers, LESSON.title.text(language), language),
        table=lambda language: table(rows, language),
        notes=(Said("gallery_generalisation.ensembles_note", {"splits": SPLITS}),),
    )


def rows_of(rows: Rows | None) -> int:
    return 0 if rows is None else len(rows)


# --- one split -------------------------------------------------------------------------------------------------------


def split_of(studio: Studio, runs: Sequence[Trained]) -> Split:
    """The five nets of a split, one by one and joined, on its test rows."""
    experiment = runs[0].experiment
    data, nets = studio.data(experiment), [studio.network(run) for run in runs]
    validation, test = held_out(data)
    objective = objective_of(experiment, data.task)
    judged = Judged(said_of(nets, validation), validation.y, parts(studio, runs[0], validation))
    said = said_of(nets, test)
    each = [worth(objective, test, one) for one in said.outputs]
    ways: dict[str, Worth] = {
        SINGLE: {name: fmean(one[name] for one in each) for name in ("accuracy", "loss")},
        CHOSEN: each[best_of(runs)],
    }
    for method in METHODS:
        ways[method] = worth(objective, test, combine(method, judged, objective).combination.answer(said))
    sizes = tuple(of_so_many(objective, test, said, members) for members in range(1, SEEDS + 1))
    return Split(ways, sizes, disagreement(said, objective) or 0.0)


def held_out(data: Prepared) -> tuple[Rows, Rows]:
    """Raises ValueError where the config keeps no validation or no test rows."""
    if data.validation is None or data.test is None:
        raise ValueError("the lesson's config must keep validation rows and test rows")
    return data.validation, data.test


def said_of(nets: Sequence[Any], rows: Rows) -> Opinions:
    """Called as they are, layer by layer: a program for each net would take longer to compile than to run."""
    return together([np.asarray(net(rows.x)) for net in nets], tuple(range(len(nets))))


def parts(studio: Studio, run: Trained, rows: Rows) -> np.ndarray:
    """int (rows,): the parts by which the final layer's penalty is chosen."""
    blocks = blocks_of(run.experiment, studio.data(run.experiment), rows.numbers)
    return parts_of_rows(rows.y, blocks, run.experiment.data.split_seed)


def worth(objective: Objective, rows: Rows, outputs: np.ndarray) -> Worth:
    given = outputs.astype(np.float32)
    accuracy = float(measure("accuracy", Scored(rows.y, given, objective.task, objective.threshold)))
    return {"accuracy": accuracy, "loss": float(mean_loss(objective, rows.y, given))}


def best_of(runs: Sequence[Trained]) -> int:
    """Which is best on the validation rows: by accuracy, and of equals by loss."""
    return max(
        range(len(runs)), key=lambda place: (runs[place].metric("val_accuracy"), -runs[place].metric("val_loss"))
    )


def of_so_many(objective: Objective, rows: Rows, said: Opinions, members: int) -> float:
    """The mean accuracy of all means of so many of the nets."""
    count = len(said.columns)
    weights = [np.isin(np.arange(count), some) / members for some in combinations(range(count), members)]
    return fmean(worth(objective, rows, Average(one).answer(said))["accuracy"] for one in weights)


# --- over the splits -------------------------------------------------------------------------------------------------


def row(way: str, splits: Sequence[Split], overlap: float) -> dict[str, Any]:
    """Means over the splits, and what it has more than the average net and than the chosen one."""
    found: dict[str, Any] = {"way": way}
    for name in ("accuracy", "loss"):
        found[name] = fmean(one.ways[way][name] for one in splits)
        for other in (SINGLE, CHOSEN):
            gains = [one.ways[way][name] - one.ways[other][name] for one in splits]
            found[f"{name}_over_{other}"] = widened(gains, overlap)
    return found


def by_members(splits: Sequence[Split], overlap: float) -> list[dict[str, Any]]:
    """Per number of nets in the mean: what it has more than one alone."""
    gains = [[split.by_members[place] - split.by_members[0] for split in splits] for place in range(SEEDS)]
    return [{"members": place + 1, **widened(gain, overlap)} for place, gain in enumerate(gains)]


def widened(values: Sequence[float], overlap: float) -> dict[str, float]:
    """The mean with its 95 % interval, wider as the splits share rows (Nadeau and Bengio 2003)."""
    found = mean_interval(values, overlap)
    if found is None:
        raise ValueError("a mean needs at least one value. Received: none")
    half = found.half or 0.0
    return {"mean": found.mean, "low": found.mean - half, "high": found.mean + half}


# --- in words --------------------------------------------------------------------------------------------------------


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    ways = {one["way"]: one for one in numbers["ways"]}
    values = {
        "seeds": SEEDS,
        "rows": numbers["test_rows"],
        "differ": percent(numbers["disagreement"]),
        **{name: percent(one["accuracy"]) for name, one in ways.items()},
        **{f"{method}_{key}": points(ways[method]["accuracy_over_single"][key])
           for method in METHODS for key in ("mean", "low", "high")},
        **{f"over_{key}": points(ways["mean"]["accuracy_over_chosen"][key]) for key in ("mean", "low", "high")},
        "beyond": Said(f"gallery_generalisation.ensembles_{verdict(ways['mean']['accuracy_over_chosen'])}"),
        "chosen_loss": f"{ways[CHOSEN]['loss']:.3f}",
        "mean_loss": f"{ways['mean']['loss']:.3f}",
    }  # fmt: skip
    return (
        Said("gallery_generalisation.ensembles_1", values),
        Said("gallery_generalisation.ensembles_2", values),
        Said("gallery_generalisation.ensembles_3", values),
    )


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def points(share: float) -> str:
    return f"{100 * share:+.1f}"


def verdict(gain: dict[str, float]) -> str:
    """What an interval of a difference tells."""
    return "better" if gain["low"] > 0 else "worse" if gain["high"] < 0 else "chance"


def claims(rows: Sequence[dict[str, Any]]) -> tuple[Claim, ...]:
    ways = {one["way"]: one for one in rows}
    return (
        *(
            Claim(Said(f"gallery_generalisation.ensembles_claim_{method}"),
                  ways[method]["accuracy_over_single"]["low"] > 0)
            for method in METHODS
        ),
        Claim(Said("gallery_generalisation.ensembles_claim_loss"), ways["mean"]["loss_over_single"]["high"] < 0),
    )  # fmt: skip


LESSON = Lesson(23, "ensembles", Said("gallery_generalisation.ensembles_title"), teach)
