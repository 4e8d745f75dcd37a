"""Jobs -> programs -> blocks: which networks are padded to which shape and trained together. Loads no Keras.

Nets of the same layers need one program. Two programs are joined, the smaller nets padded, where that saves more
compiling than the padding costs; see `cost`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from dlrun.training.blocks import Block
from dlrun.training.cost import best_slots, compile_seconds, epoch_seconds, slot_bytes
from dlrun.training.fused.recipe import Recipe, Shape, exact, join, recipe_of
from dlrun.training.fused.refusal import can_pad, cannot_fuse
from dlrun.training.job import Job

NOT_ALL = ("dropout", "l1", "l2", "noise")
"""What a program has where some of its members need it."""
MOST_PROGRAMS = 48
"""Of one family; above it widths are rounded up before programs are joined pair by pair."""


@dataclass(frozen=True, eq=False)
class Program:
    """Jobs that one compiled program trains."""

    family: Hashable
    """What must be equal for programs to be joined."""
    recipe: Recipe
    shape: Shape
    jobs: tuple[Job, ...]

    @cached_property
    def seconds(self) -> float:
        """Compiling once and training all, on one core."""
        return compile_seconds(self.recipe, self.shape) + self.train_seconds

    @cached_property
    def train_seconds(self) -> float:
        slots = min(len(self.jobs), best_slots(self.recipe, self.shape))
        return sum(job.epochs for job in self.jobs) * epoch_seconds(self.recipe, self.shape, slots)

    def joined(self, other: Program) -> Program:
        """Both as one, in the smallest shape that holds them."""
        one, two = self.recipe, other.recipe  # they differ in what only some of the members have
        either: Any = {key: getattr(one, key) or getattr(two, key) for key in NOT_ALL}
        recipe = replace(one, **either)
        return Program(self.family, recipe, join(self.shape, other.shape), self.jobs + other.jobs)


def layout(jobs: Sequence[Job], workers: int, memory: float = math.inf, accelerator: bool = False) -> list[Block]:
    """The blocks of these jobs, the longest programs first; those that cannot be fused follow, one job each.

    Args:
        jobs: what is to be trained.
        workers: how many blocks are trained at the same time.
        memory: bytes for all workers together.
        accelerator: whether workers have a GPU or TPU, which wants as many slots as fit.
    """
    alone = {job.id: reason for job in jobs if (reason := cannot_fuse(job.experiment)) is not None}
    programs = joined_programs([job for job in jobs if job.id not in alone])
    programs.sort(key=lambda program: -program.seconds)
    found = [
        block
        for program, words in zip(programs, names_of(programs), strict=True)
        for block in blocks_of(program, words, workers, memory / workers, accelerator)
    ]
    return found + [keras_block(job, alone[job.id]) for job in jobs if job.id in alone]


def fused_blocks(jobs: Sequence[Job]) -> list[Block]:
    """The blocks of jobs that can all be fused, for a single worker."""
    return layout(jobs, workers=1)


def keras_block(job: Job, reason: str) -> Block:
    """A job that is trained alone."""
    recipe = recipe_of(job.experiment, job.data)
    shape = exact(job.experiment.model.hidden)
    seconds = job.epochs * epoch_seconds(recipe, shape, 1)
    return Block("keras", "keras engine", (job,), 1, seconds, compile_seconds(recipe, shape), reason)


def joined_programs(jobs: Sequence[Job]) -> list[Program]:
    """The programs of jobs that can be fused."""
    families: dict[Hashable, dict[tuple[Recipe, Shape], list[Job]]] = {}
    for job in jobs:
        recipe, shape = recipe_of(job.experiment, job.data), exact(job.experiment.model.hidden)
        families.setdefault(family_of(job, recipe), {}).setdefault((recipe, shape), []).append(job)
    programs = []
    for family, kinds in families.items():
        kind_programs = [Program(family, *kind, tuple(members)) for kind, members in kinds.items()]
        programs += cheapest(rounded(kind_programs))
    return programs


def family_of(job: Job, recipe: Recipe) -> Hashable:
    """Jobs of one family may share a program and its rows."""
    experiment = job.experiment
    none: Any = dict.fromkeys(NOT_ALL, False)
    depth_bound = isinstance(recipe.activation, tuple) or not experiment.model.hidden
    return (
        id(job.data),
        replace(recipe, **none),
        experiment.fit.metrics,
        repr(experiment.fit.class_weight),
        len(experiment.model.hidden) if depth_bound else None,
        None if can_pad(experiment) else experiment.model.hidden,
    )


def rounded(programs: list[Program]) -> list[Program]:
    """Joins programs of nearly the same widths where there are very many, as in a random search over widths."""
    ratio = 1.0
    while len(programs) > MOST_PROGRAMS and ratio < 4:
        ratio += 0.1
        groups: dict[Hashable, Program] = {}
        for program in programs:
            key = tuple(round(math.log(width) / math.log(ratio)) for width in program.shape.widths)
            groups[key] = groups[key].joined(program) if key in groups else program
        programs = list(groups.values())
    return programs


def cheapest(programs: list[Program]) -> list[Program]:
    """Joins the pair that saves most, again and again, until none saves anything."""
    gains = {pair: gain(*pair) for pair in combinations(programs, 2)}
    while gains:
        (one, other), best = max(gains.items(), key=lambda item: item[1])
        if best <= 0:
            break
        both = one.joined(other)
        programs = [program for program in programs if program is not one and program is not other]
        gains = {pair: value for pair, value in gains.items() if not {id(one), id(other)} & {id(pair[0]), id(pair[1])}}
        gains |= {(program, both): gain(program, both) for program in programs}
        programs.append(both)
    return programs


def gain(one: Program, other: Program) -> float:
    """Seconds that are saved where both become one program."""
    return one.seconds + other.seconds - one.joined(other).seconds


def blocks_of(program: Program, words: str, workers: int, memory: float, accelerator: bool = False) -> list[Block]:
    """The program's jobs, cut into blocks of as many as are trained together, evenly."""
    recipe, shape = program.recipe, program.shape
    fitting = max(1, int(memory // slot_bytes(recipe, shape))) if memory < math.inf else 10**9
    wanted = fitting if accelerator else min(fitting, best_slots(recipe, shape))
    jobs = sorted(program.jobs, key=lambda job: -job.epochs)
    pieces = max(1, math.ceil(len(jobs) / wanted))
    slots = math.ceil(len(jobs) / pieces)
    per_block = slots * refills(jobs, pieces, workers)
    return [
        Block(
            engine="fused",
            program=words,
            jobs=tuple(jobs[start : start + per_block]),
            slots=slots,
            seconds=sum(job.epochs for job in jobs[start : start + per_block]) * epoch_seconds(recipe, shape, slots),
            compile_seconds=compile_seconds(recipe, shape),
            recipe=recipe,
            shape=shape,
        )
        for start in range(0, len(jobs), per_block)
    ]


def refills(jobs: Sequence[Job], pieces: int, workers: int) -> int:
    """How many jobs a slot takes one after the other in a block: several where some may end early, so that no slot
    stays empty for long, but not so many that a worker runs out of blocks."""
    if not any(job.experiment.fit.early_stopping for job in jobs):
        return 1
    return max(1, min(8, pieces // (2 * workers)))


def names_of(programs: Sequence[Program]) -> list[str]:
    """What the programs are called. Workers tell them apart by it: those that differ but would be called alike are
    numbered; those that are the same for other rows, as folds of one size are, share a name and what is compiled."""
    seen: Counter[str] = Counter()
    names: dict[tuple[Recipe, Shape], str] = {}
    for program in programs:
        key = (program.recipe, program.shape)
        if key not in names:
            words = in_words(*key)
            seen[words] += 1
            names[key] = words if seen[words] == 1 else f"{words} ({seen[words]})"
    return [names[program.recipe, program.shape] for program in programs]


def in_words(recipe: Recipe, shape: Shape) -> str:
    """`up to 64-64-32 relu, sgd, batch 32`: the padded layers, `up to` where members may have fewer; Adam goes without
    saying."""
    layers = "-".join(map(str, shape.widths)) or "no hidden layer"
    activation = recipe.activation if isinstance(recipe.activation, str) else "/".join(recipe.activation)
    net = f"{'up to ' if shape.gated else ''}{layers} {activation}".strip()
    optimizer = recipe.optimizer_arguments["class"].lower()
    extra = [optimizer] * (optimizer != "adam") + ["batch normalization"] * recipe.batch_normalization
    return ", ".join([net, *extra, f"batch {recipe.batch}"])
