"""The classics in one table: three sets of data, and another method wins each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from dlrun.gallery.classical import fit_classical
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.classics_drawn import chart, table
from dlrun.gallery.loans import write_loans
from dlrun.gallery.studio import Studio
from dlrun.insight.statistics import mean_interval
from dlrun.insight.words import Said
from dlrun.spec import Experiment
from dlrun.spec.other_kinds import BaselineName

NET = "mlp"
CLASSICS: tuple[BaselineName, ...] = (
    "naive_bayes", "linear_model", "svm", "decision_tree", "random_forest", "gradient_boosting",
)  # fmt: skip
METHODS = (*CLASSICS, NET)
ASIDE: BaselineName = "nearest_neighbors"
"""Not one of the seven; measured for a note, as it would win too."""
TREES = ("decision_tree", "random_forest", "gradient_boosting")


@dataclass(frozen=True)
class DataSet:
    """One of the three, and who is to win it."""

    config: str
    splits: int
    fresh: bool
    """Whether each split has rows of its own; else splits share rows, and intervals are widened for that."""
    family: tuple[str, ...]
    """The winner is one of these."""
    level: tuple[str, ...] = ()
    """What it need not beat beyond its interval; it beats all others."""
    made: bool = False
    """Whether its rows are the made-up loans, in place of the config's."""


SETS = {
    "clouds": DataSet("classics", 10, True, ("linear_model",), ("svm",)),
    "rules": DataSet("classics", 4, False, TREES, made=True),
    "spirals": DataSet("classics.spirals", 4, True, (NET,)),
}


@dataclass(frozen=True)
class Measured:
    """Who is right how often on one set."""

    name: str
    accuracies: Mapping[str, list[float]]
    """Method -> validation accuracy on each split."""
    train_rows: int
    shared: float
    """Validation rows per train row where splits share rows, else 0 (Nadeau and Bengio 2003)."""

    @property
    def means(self) -> dict[str, float]:
        return {method: fmean(values) for method, values in self.accuracies.items()}

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"set": self.name, "method": method, **self.spread(values)} for method, values in self.accuracies.items()
        ]

    def winner(self) -> dict[str, Any]:
        """The best of the seven, what it has more than the best of those it should beat, and whether it beats all of
        them."""
        means, family = self.means, SETS[self.name].family
        others = [method for method in METHODS if method not in (*family, *SETS[self.name].level)]
        best, second = (max(some, key=lambda method: means[method]) for some in (METHODS, others))
        gains = {method: self.more(best, method) for method in others}
        return {
            "set": self.name,
            "best": best,
            "accuracy": means[best],
            "second": second,
            "net": means[NET],
            "svm": means["svm"],
            "gain": gains[second],
            "wins": best in family and all(gain["low"] > 0 for gain in gains.values()),
            "train_rows": self.train_rows,
        }

    def more(self, one: str, other: str) -> dict[str, float]:
        """By how much the first is right more often, split by split."""
        pairs = zip(self.accuracies[one], self.accuracies[other], strict=True)
        return self.spread([left - right for left, right in pairs])

    def spread(self, values: Sequence[float]) -> dict[str, float]:
        """`mean`, `low` and `high` of the 95 % interval."""
        found = mean_interval(values, self.shared)
        if found is None:
            raise ValueError("a mean needs at least one value. Received: none")
        half = found.half or 0.0
        return {"mean": found.mean, "low": found.mean - half, "high": found.mean + half}


def teach(studio: Studio) -> Shown:
    found = measured(studio)
    rows = [row for one in found for row in one.rows()]
    winners = [one.winner() for one in found]
    seven = [one for one in rows if one["method"] in METHODS]
    return Shown(
        numbers={"rows": rows, "winners": winners},
        sentences=sentences(winners),
        claims=tuple(
            Claim(Said(f"gallery_generalisation.classics_claim_{one['set']}"), one["wins"]) for one in winners
        ),
        picture=lambda language: chart(seven, winners, METHODS, LESSON.title.text(language), language),
        table=lambda language: table(seven, METHODS, language),
        notes=(
            Said("gallery_generalisation.classics_note",
                 {"splits": ", ".join(str(one.splits) for one in SETS.values())}),
            Said("gallery_generalisation.classics_aside", {one.name: percent(one.means[ASIDE]) for one in found}),
        ),
    )  # fmt: skip


def measured(studio: Studio) -> list[Measured]:
    """The net and the classical methods on the same rows of each set."""
    nets = [net for one in SETS.values() for net in experiments(studio, one)]
    runs = studio.train(nets)
    values: dict[str, list[float]] = {
        **{method: [row["val_accuracy"] for row in fitted]
           for method, fitted in fit_classical(studio, nets, (*CLASSICS, ASIDE)).items()},
        NET: [run.metric("val_accuracy") for run in runs],
    }  # fmt: skip
    found, begin = [], 0
    for name, one in SETS.items():
        rows, own = runs[begin].record["rows"], slice(begin, begin + one.splits)
        shared = 0.0 if one.fresh else rows["validation"] / rows["train"]
        found.append(Measured(name, {method: some[own] for method, some in values.items()}, rows["train"], shared))
        begin += one.splits
    return found


def experiments(studio: Studio, one: DataSet) -> list[Experiment]:
    """The net on each split."""
    sets = loans(studio) if one.made else ()
    return [
        studio.experiment(one.config, *sets, f"data.split_seed={place}", f"seed={place}") for place in range(one.splits)
    ]


def loans(studio: Studio) -> tuple[str, ...]:
    """What puts the loans in the place of the config's rows: 900 to learn from, 300 to measure on."""
    path = studio.store.root / "made" / "loans.csv"
    studio.make_folder(path.parent)
    write_loans(path)
    gone = ("data.rows=null", "data.noise=null")
    return (f"data.source={path}", "data.target=loan", *gone, "data.validation_split=0.25")


def sentences(winners: Sequence[dict[str, Any]]) -> tuple[Said, Said, Said]:
    first, second, third = (
        Said(
            f"gallery_generalisation.classics_{place}",
            {
                "best": Said(f"gallery_generalisation.classics_of_{one['best']}"),
                "second": Said(f"gallery_generalisation.classics_of_{one['second']}"),
                "rows": one["train_rows"],
                **{key: percent(one[key]) for key in ("accuracy", "net", "svm")},
                **{key: f"{100 * one['gain'][key]:.1f}" for key in ("mean", "low", "high")},
            },
        )
        for place, one in enumerate(winners, 1)
    )
    return first, second, third


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


LESSON = Lesson(24, "classics", Said("gallery_generalisation.classics_title"), teach)
