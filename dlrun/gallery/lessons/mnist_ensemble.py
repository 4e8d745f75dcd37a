"""MNIST and Fashion-MNIST by multilayer perceptrons: augmentation, and five nets joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.gallery.drawing import Axis, finished, means, panel, panels
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.over_seeds import mean_row, metrics
from dlrun.gallery.studio import BACKEND, Studio, Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said
from dlrun.runner.ensemble.candidates import choose
from dlrun.runner.ensemble.making import EnsembleMaker
from dlrun.runner.evaluation import evaluate
from dlrun.store import RunFolder
from dlrun.store.evaluations import Evaluation, MetricRow

SEEDS = 5
CONFIGS = {"mnist": "mnist-ensemble", "fashion": "mnist-ensemble.fashion"}
WANTED = {"mnist": 0.989, "fashion": 0.905}
"""Test accuracy that such nets should reach."""
BARS = ("one", "joined", "test")


def teach(studio: Studio) -> Shown:
    studio.tell("ten nets of 60,000 images each: this takes from half an hour to an hour on two cores")
    rows = [row(studio, name) for name in CONFIGS]
    values = {
        "seeds": SEEDS,
        "minutes": f"{sum(one['minutes'] for one in rows):.0f}",
        **{f"{one['set']}_{key}": value for one in rows for key, value in in_words(one).items()},
    }
    return Shown(
        numbers={"sets": rows},
        sentences=(
            Said("gallery_generalisation.mnist_ensemble_1", values),
            Said("gallery_generalisation.mnist_ensemble_2", values),
            Said("gallery_generalisation.mnist_ensemble_3", values),
        ),
        claims=claims(rows),
        picture=lambda language: chart(rows, language),
        table=lambda language: table(rows, language),
        notes=(Said("gallery_generalisation.mnist_ensemble_note", values),),
    )


# --- one set ---------------------------------------------------------------------------------------------------------


def row(studio: Studio, name: str) -> dict[str, Any]:
    """Trains five seeds and joins them by the mean of their probabilities. Nothing is chosen by the test rows: they are
    opened when the five are joined, once and for all (`dlrun evaluate` tells when)."""
    runs = studio.train(studio.seeds(studio.experiment(CONFIGS[name]), SEEDS), weights=True)
    joined = join(studio, runs)
    look = evaluate(studio.store, [joined], backend=BACKEND)[0].evaluation
    ensemble = Trained(runs[0].experiment, joined, joined.record(), joined.curves())
    single, together = metrics(runs, "val_accuracy"), ensemble.metric("val_accuracy")
    test = accuracy_of(look)
    return {
        "set": name,
        "rows": runs[0].record["rows"],
        "test_rows": look["rows"],
        "units": list(runs[0].experiment.model.hidden),
        "epochs": runs[0].experiment.fit.epochs,
        "one": mean_row(single),
        "joined": together,
        "gain": mean_row([together - value for value in single]),
        "test": {"mean": test["value"], "low": test["low"], "high": test["high"]},
        "opened": look["opened"],
        "minutes": sum(run.record["seconds"]["total"] for run in runs) / 60,
    }


def join(studio: Studio, runs: Sequence[Trained]) -> RunFolder:
    """The ensemble's run, in the same store."""
    maker = EnsembleMaker(studio.store, studio.tell, BACKEND, studio.force, studio.stopping)
    return maker.make(
        choose([[run.folder for run in runs]]), "mean", f"{runs[0].experiment.name}-of-{len(runs)}"
    ).folder


def accuracy_of(look: Evaluation) -> MetricRow:
    return next(one for one in look["metrics"] if one["metric"] == "accuracy")


# --- in words --------------------------------------------------------------------------------------------------------


def in_words(row: dict[str, Any]) -> dict[str, str]:
    return {
        "units": "-".join(map(str, row["units"])),
        "one": percent(row["one"]["mean"]),
        "joined": percent(row["joined"]),
        **{f"gain_{key}": f"{100 * row['gain'][key]:+.2f}" for key in ("mean", "low", "high")},
        **{f"test_{key}": percent(row["test"][key]) for key in ("mean", "low", "high")},
        "validation": f"{row['rows']['validation']:,}",
        "test_rows": f"{row['test_rows']:,}",
    }


def percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.2f} %"


def claims(rows: Sequence[dict[str, Any]]) -> tuple[Claim, ...]:
    return (
        *(
            Claim(Said(f"gallery_generalisation.mnist_ensemble_claim_{one['set']}", {"wanted": WANTED[one["set"]]}),
                  one["test"]["mean"] >= WANTED[one["set"]])
            for one in rows
        ),
        Claim(Said("gallery_generalisation.mnist_ensemble_claim_joined"), all(one["gain"]["low"] > 0 for one in rows)),
    )  # fmt: skip


def word(key: str, language: str, **values: Any) -> str:
    return said(f"gallery_generalisation.mnist_ensemble_{key}", language, **values)


def table(rows: Sequence[dict[str, Any]], language: str) -> Table:
    found = [
        {
            "set": word(f"of_{one['set']}", language),
            "one": one["one"]["mean"],
            "joined": one["joined"],
            "test": one["test"]["mean"],
            "low": one["test"]["low"],
            "high": one["test"]["high"],
            "minutes": round(one["minutes"]),
        }
        for one in rows
    ]
    kinds: dict[str, Any] = {"set": "text", "minutes": "count"}
    keys = ("set", "one", "joined", "test", "low", "high", "minutes")
    columns = [Column(key, word(key, language), kinds.get(key, "number"), rank=9 - at) for at, key in enumerate(keys)]
    return Table(tuple(columns), found)


def chart(rows: Sequence[dict[str, Any]], language: str) -> Any:
    """Per set: one net and five joined on validation rows, five joined on test rows."""
    up = Axis(word("accuracy", language), percent=True, format=".2%")
    figures = [
        panel(
            means([{"bar": word(f"bar_{bar}", language), **ends(one, bar)} for bar in BARS], "bar", up),
            word(f"of_{one['set']}", language),
            (330, 240),
        )
        for one in rows
    ]
    return finished(panels(figures, columns=2, spacing=36), LESSON.title.text(language),
                    word("subtitle", language, seeds=SEEDS))  # fmt: skip


def ends(row: dict[str, Any], bar: str) -> dict[str, float]:
    """`mean`, `low` and `high` of one place in the picture."""
    if bar != "joined":
        return dict(row[bar])
    return dict.fromkeys(("mean", "low", "high"), row["joined"])


LESSON = Lesson(25, "mnist-ensemble", Said("gallery_generalisation.mnist_ensemble_title"), teach, long=True)
