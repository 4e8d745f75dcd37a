"""Both engines on the same jobs, and how far apart they are. Runs in a process whose Keras is on JAX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from typing import Any

import numpy as np

from dlrun.data import Prepared
from dlrun.spec import Experiment
from dlrun.training import Job, Outcome
from dlrun.training.blocks import Block
from dlrun.training.fused.recipe import Shape, exact, recipe_of
from dlrun.training.layout import Program, family_of

NOTHING = 1e-13
"""Two numbers of a curve that are both smaller than this are equal: a quotient of rounding errors says nothing."""
SMALL_WEIGHT = 1e-3
"""Weights are compared relative to the largest of their array, or to this."""


@cache
def fused_engine() -> Any:
    from dlrun.training.fused.engine import FusedEngine

    return FusedEngine()


@cache
def keras_engine() -> Any:
    from dlrun.training import load_engine

    return load_engine("jax")


def jobs_of(experiments: Iterable[Experiment], data: Prepared, until: int | None = None) -> list[Job]:
    """A job for each, numbered."""
    return [Job(f"job {place}", one, data, until=until) for place, one in enumerate(experiments)]


def one_block(jobs: Sequence[Job], shape: Shape | None = None, slots: int | None = None) -> Block:
    """All jobs in one program of the smallest shape that holds them, or of this one."""
    programs = []
    for job in jobs:
        recipe = recipe_of(job.experiment, job.data)
        programs.append(Program(family_of(job, recipe), recipe, exact(job.experiment.model.hidden), (job,)))
    families = {program.family for program in programs}
    if len(families) > 1:
        raise ValueError(f"not of one family: {families}")
    both = reduce(Program.joined, programs)
    block = Block("fused", "test", tuple(jobs), slots or len(jobs), 0.0, recipe=both.recipe, shape=both.shape)
    return block if shape is None else replace(block, shape=shape)


def fused(block: Block) -> list[Outcome]:
    """The outcomes of a block in the order of its jobs."""
    found = [outcome for ended in fused_engine().train(block, lambda rows: None) for outcome in ended]
    order = {job.id: place for place, job in enumerate(block.jobs)}
    return sorted(found, key=lambda outcome: order[outcome.job.id])


def by_keras(jobs: Sequence[Job]) -> list[Outcome]:
    """The outcomes of the keras engine, one job after the other."""
    return list(keras_engine().run(jobs, lambda job, row: None))


@dataclass
class Difference:
    """The largest relative difference, and where it is."""

    largest: float = 0.0
    where: str = ""

    def see(self, one: float, other: float, where: str) -> None:
        if one == other or (np.isnan(one) and np.isnan(other)):
            return
        both = max(abs(one), abs(other))
        found = 0.0 if both < NOTHING else abs(one - other) / both if np.isfinite(one - other) else np.inf
        if found > self.largest:
            self.largest, self.where = float(found), where


def weights_of(outcome: Outcome) -> dict[str, np.ndarray]:
    """All weights of the kept net by path: those that are trained, running statistics and the states of dropout.

    A bias before a batch normalization has no gradient but rounding errors: it drifts by 1e-9 of a step, and the
    running mean with it. What the net computes with is their difference, which stands for both.
    """
    network: Any = outcome.network
    model = network.plain().model if hasattr(network, "plain") else network.model
    found = {  # seeds have numbers that Keras counts on through the process
        f"variable {place}" if "seed_generator" in variable.path else variable.path: np.asarray(variable)
        for place, variable in enumerate(model.variables)
    }
    for path in [path for path in found if path.endswith("/moving_mean")]:
        bias = found.pop(path.replace("_batch_normalization/moving_mean", "/bias"), None)
        found[path] = found[path] if bias is None else found[path] - bias
    return found


def deviation(path: str, weights: dict[str, np.ndarray]) -> float:
    """For a running mean, what the net measures it by: the largest running standard deviation; 0 for other weights."""
    if not path.endswith("/moving_mean"):
        return 0.0
    return float(np.sqrt(weights[path.replace("/moving_mean", "/moving_variance")].max()))


def difference(one: Outcome, other: Outcome) -> Difference:
    """Of curves, column by column, and of kept weights, each measured by the largest number of its array.

    Raises:
        AssertionError: status, epochs, columns, best or kept epoch are not the same.
    """
    for key in ("status", "best_epoch", "kept_epoch", "parameters", "steps_per_epoch", "reason"):
        assert getattr(one, key) == getattr(other, key), (key, getattr(one, key), getattr(other, key))
    assert len(one.curves) == len(other.curves)
    found = Difference()
    for row, same in zip(one.curves, other.curves, strict=True):
        assert list(row) == list(same)
        for column in row.keys() - {"seconds"}:
            found.see(row[column], same[column], f"{one.job.id}, epoch {row['epoch']}, {column}")
    assert (one.network is None) == (other.network is None)
    if one.network is not None:
        weights, twins = weights_of(one), weights_of(other)
        assert weights.keys() == twins.keys()
        for path, twin in twins.items():
            assert weights[path].shape == twin.shape
            scale = max(float(np.abs(twin).max()), deviation(path, twins), SMALL_WEIGHT)
            apart = np.abs(weights[path].astype(np.float64) - twin.astype(np.float64)).max()
            found.see(1.0, 1.0 + float(apart) / scale, f"{one.job.id}, {path}")
    return found


def largest(differences: Iterable[Difference]) -> Difference:
    return max(differences, key=lambda difference: difference.largest)
