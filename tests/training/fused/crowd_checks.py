"""A member's numbers beside different neighbours, and figures of many members, on JAX."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.spec import Experiment
from dlrun.training import Job, Outcome
from dlrun.training.fused.engine import HELD_PROGRAMS, FusedEngine
from dlrun.training.fused.freed_memory import give_back
from dlrun.training.layout import layout
from tests.training.cases import digits, experiment
from tests.training.fused.comparing import by_keras, difference, fused, fused_engine, jobs_of, largest, one_block
from tests.training.fused.crowds import SHORT, Sections, merged

NETS: tuple[Sections, ...] = (
    {"model": {"units": [7], "dropout": 0.3}},
    {"model": {"units": [5, 9], "dropout": [0.0, 0.5]}, "seed": 1},
    {"model": {"units": [12, 3, 3], "l2": 0.01}, "seed": 2},
    {"model": {"units": [7], "dropout": 0.3}, "seed": 3, "fit": {"early_stopping": {"patience": 0, "min_delta": 0.4}}},
    {"model": {"units": [4, 4, 4, 4], "l1": 0.01}, "optimizer": {"name": "adam", "learning_rate": 0.01}},
    {"model": {"units": [33]}, "optimizer": {"name": "adam", "learning_rate": 0.1}, "fit": {"epochs": 2}},
    {"model": {"units": [6, 6]}, "schedule": {"name": "reduce_lr_on_plateau", "patience": 0, "min_delta": 0.3}},
    {"model": {"units": [2]}, "optimizer": {"name": "adam", "learning_rate": 1e300}},
)
"""The last one diverges, some end early."""


def members() -> list[Job]:
    common = merged(SHORT, {"fit": {"epochs": 5}})
    return jobs_of([experiment(**merged(common, own)) for own in NETS], digits(77, 30))


def by_id(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return sorted(outcomes, key=lambda outcome: outcome.job.id)


def planned(jobs: Sequence[Job], **limits: Any) -> list[Outcome]:
    """Trained in the blocks of a plan."""
    blocks = layout(jobs, **{"workers": 1, **limits})
    return by_id([outcome for block in blocks for outcome in fused(block)])


def neighbours() -> dict[str, Any]:
    """Each member alone at its own shape, and how far it is from that in company."""
    jobs = members()
    alone = by_id([outcome for job in jobs for outcome in fused(one_block([job]))])
    company = {
        "all together": by_id(fused(one_block(jobs))),
        "backwards": by_id(fused(one_block(jobs[::-1]))),
        "two slots": by_id(fused(one_block(jobs, slots=2))),
        "one slot": by_id(fused(one_block(jobs, slots=1))),
        "more slots than members": by_id(fused(one_block(jobs, slots=11))),
        "a plan": planned(jobs),
        "a plan with little memory": planned(jobs, memory=1, workers=2),
        "half of them": by_id([*fused(one_block(jobs[::2])), *fused(one_block(jobs[1::2]))]),
    }
    return {name: asdict(largest(map(difference, found, alone))) for name, found in company.items()}


# --- 32 bits ---------------------------------------------------------------------------------------------------------

SPREAD: tuple[Sections, ...] = tuple(
    {"model": {"units": units, "dropout": dropout, **more}, "seed": seed, "optimizer": optimizer}
    for seed, (units, dropout, more, optimizer) in enumerate(
        (
            ([16], 0.0, {}, "adam"), ([32, 32], 0.2, {}, "adam"), ([64, 64, 64], 0.2, {}, "adam"),
            ([16, 16, 16, 16], 0.2, {}, "adam"), ([64], 0.5, {"l2": 0.001}, "adam"),
            ([32, 32], 0.0, {}, {"name": "adam", "learning_rate": 0.01}),
            ([32, 32], 0.0, {}, {"name": "adam", "learning_rate": 0.0001}),
        )
    )
)  # fmt: skip
SPREADS: dict[str, Sections] = {
    "adam": {},
    "batch normalization": {"model": {"batch_normalization": True}},
    "tanh": {"model": {"activation": "tanh"}},
    "sgd": {"optimizer": {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9}},
    "rmsprop": {"optimizer": "rmsprop"},
}


def spread(name: str) -> dict[str, Any]:
    """In 32 bits over 5 epochs: the largest relative difference of a loss, rows whose class changed, the ranking."""
    own = [merged(one, merged({"fit": {"epochs": 5}}, SPREADS[name])) for one in SPREAD]
    jobs = jobs_of([experiment(**sections) for sections in own], digits())
    wanted, found = by_keras(jobs), fused(one_block(jobs))
    pairs = [
        pair for one, other in zip(found, wanted, strict=True) for pair in zip(one.curves, other.curves, strict=True)
    ]
    losses = [
        abs(row[key] - same[key]) / same[key] for row, same in pairs for key in ("loss", "train_loss", "val_loss")
    ]
    scores = [abs(row["val_accuracy"] - same["val_accuracy"]) * 120 for row, same in pairs]
    ends = [[outcome.curves[-1]["val_loss"] for outcome in outcomes] for outcomes in (found, wanted)]
    return {
        "loss": max(losses),
        "rows": max(scores),
        "same best epochs": [one.best_epoch for one in found] == [one.best_epoch for one in wanted],
        "ends": ends,
    }


# --- memory ----------------------------------------------------------------------------------------------------------


def resident() -> float:
    """MB of this process that it cannot give back."""
    give_back()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def crowd_of(count: int, widths: Sequence[int], first: int) -> list[Job]:
    def spec(place: int) -> Experiment:
        net = {"units": [widths[place % len(widths)]] * 2, "dropout": 0.1, "batch_normalization": True}
        return experiment(model=net, seed=first + place, fit={"epochs": 1})

    return jobs_of([spec(place) for place in range(count)], digits(77, 30))


def two_thousand_models() -> list[float]:
    """MB after each 250 of 2,000 models in blocks of 25, nets of the kept weights built for some."""
    engine, found = fused_engine(), []
    for first in range(0, 2000, 25):
        jobs = crowd_of(25, (8, 12, 16), first)
        for ended in engine.train(one_block(jobs), lambda rows: None):
            if first % 250 == 0:
                assert ended[0].network is not None
                ended[0].network.outputs(jobs[0].data.train.x)
        if first % 250 == 225:
            found.append(resident())
    return found


def many_programs() -> dict[str, Any]:
    """MB after each 10 programs of shapes of their own, more than an engine keeps."""
    engine, found = FusedEngine(), []
    for width in range(2, 2 + 4 * HELD_PROGRAMS):
        block = one_block(crowd_of(2, (width,), 0))
        list(engine.train(block, lambda rows: None))
        if width % HELD_PROGRAMS == 1:
            found.append(resident())
    return {"MB": found, "held": len(engine._programs)}


def slots_of_a_program_are_kept_apart() -> None:
    """The same jobs twice through one engine, with other jobs in between, give the same numbers to the bit."""
    jobs = members()
    once = fused(one_block(jobs))
    fused(one_block([replace(job, experiment=job.experiment.with_seed(99)) for job in jobs]))
    again = fused(one_block(jobs))
    assert math.isclose(largest(map(difference, once, again)).largest, 0.0)
    for one, other in zip(once, again, strict=True):
        np.testing.assert_equal([row["val_loss"] for row in one.curves], [row["val_loss"] for row in other.curves])


CHECKS: dict[str, Any] = {
    "neighbours": neighbours,
    "slots": slots_of_a_program_are_kept_apart,
    **{f"spread {name}": partial(spread, name) for name in SPREADS},
    "two thousand models": two_thousand_models,
    "many programs": many_programs,
}
