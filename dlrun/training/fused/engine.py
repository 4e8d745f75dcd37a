"""The `fused` engine: many members as one compiled program, epoch by epoch, on JAX."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlrun.spec.augmentation import acting
from dlrun.training.augmentation_draws import Draws, partners, shares
from dlrun.training.batches import epoch_order
from dlrun.training.blocks import Block, OnEpochs
from dlrun.training.devices import Devices, take
from dlrun.training.fused.course import Course
from dlrun.training.fused.freed_memory import give_back
from dlrun.training.fused.measured import Readout, in_chunks, sides
from dlrun.training.fused.member_network import MemberNetwork
from dlrun.training.fused.padded_net import PaddedNet
from dlrun.training.fused.program import Best, Epoch, Order, Reading, Rows, State
from dlrun.training.fused.recipe import Recipe, Shape, recipe_of
from dlrun.training.fused.stack import Layout, blank_member, empty_like, filled_with, write_member
from dlrun.training.job import Job, OnEpoch, Outcome, Stopping, never
from dlrun.training.keras_engine import failed, is_out_of_memory, train_arrays
from dlrun.training.objective import objective_of
from dlrun.training.precision import array_type, numbers_in
from dlrun.training.train_functions import compiler_options

HELD_PROGRAMS = 8
"""Compiled programs that an engine keeps; beyond it the older half is given up. Each takes 15 MB with its trace."""
INTERRUPTED = "stopped by Ctrl-C"
MAPPED = (0, 0, 0, 0, 0, 0, 0, None)
"""Which arguments of an epoch have an axis of slots."""


@dataclass
class Program:
    """A compiled epoch for so many slots."""

    recipe: Recipe
    shape: Shape
    slots: int
    epoch: Epoch
    net: PaddedNet
    layout: Layout
    fresh_optimizer: list[np.ndarray]
    """Its variables before the first step, of one member."""
    run: Any = None
    """The executable; compiled at the first call, when the rows are known."""
    seconds: dict[str, float] = field(default_factory=dict)
    """`build`, `trace`, `compile`."""

    @classmethod
    def build(cls, recipe: Recipe, shape: Shape, slots: int) -> Program:
        """The Keras layers and the optimizer; nothing is compiled yet."""
        began = time.perf_counter()
        net = PaddedNet(recipe, shape)
        epoch = Epoch(recipe, net)
        fresh = filled_with(epoch.optimizer.variables, 1)
        program = cls(recipe, shape, slots, epoch, net, Layout(recipe, shape), fresh)
        program.seconds["build"] = time.perf_counter() - began
        return program

    def compile(self, *arguments: Any) -> None:
        """Compiles the epoch for arguments of these shapes."""
        import jax

        began = time.perf_counter()
        mapped = jax.vmap(self.epoch, in_axes=MAPPED) if self.slots > 1 else one_slot(self.epoch)
        lowered = jax.jit(mapped, donate_argnums=(0, 1)).lower(*arguments)
        traced = time.perf_counter()
        self.run = lowered.compile(compiler_options=vectorised(compiler_options()))
        self.seconds |= {"trace": traced - began, "compile": time.perf_counter() - traced}


def one_slot(epoch: Epoch) -> Callable[..., Any]:
    """What `vmap` would make of the epoch for a single slot, without an axis of one in each operation: XLA's products
    and updates of large layers take a fifth less time."""
    import jax

    def mapped(*arguments: Any) -> Any:
        alone = [
            argument if axis is None else jax.tree.map(lambda leaf: leaf[0], argument)
            for argument, axis in zip(arguments, MAPPED, strict=True)
        ]
        return jax.tree.map(lambda leaf: leaf[None], epoch(*alone))

    return mapped


def vectorised(options: dict[str, Any] | None) -> dict[str, Any] | None:
    """On a CPU, vectors as wide as it has: XLA stops at 256 bits by itself; random numbers and Adam take a fifth less
    time with 512."""
    return None if options is None else options | {"xla_cpu_prefer_vector_width": 512}


class FusedEngine:
    """Trains blocks of jobs, each block in the slots of one program.

    Args:
        device: what is computed on, a word of `--device`.

    Raises:
        BackendError: JAX or the device is not there.
    """

    name = "fused"

    def __init__(self, device: str = "auto"):
        self.devices: Devices = take(device, "jax")
        self._programs: OrderedDict[tuple[Recipe, Shape, int], Program] = OrderedDict()
        self._rows: tuple[Any, Rows] | None = None

    def run(self, jobs: Iterable[Job], on_epoch: OnEpoch, stopping: Stopping = never) -> Iterator[Outcome]:
        """Trains jobs that fit into programs; see `layout.fused_blocks`."""
        from dlrun.training.layout import fused_blocks

        def on_epochs(rows: Sequence[tuple[Job, Any]]) -> None:
            for job, row in rows:
                on_epoch(job, row)

        for block in fused_blocks(list(jobs)):
            if stopping():
                return
            for outcomes in self.train(block, on_epochs, stopping):
                yield from outcomes

    def train(self, block: Block, on_epochs: OnEpochs, stopping: Stopping = never) -> Iterator[list[Outcome]]:
        """Trains the jobs of a block; yields outcomes, those together that ended after the same epoch.

        When `stopping` says so, what is under way ends as `interrupted`; the rest is left out.
        """
        precision = block.jobs[0].experiment.fit.precision
        with numbers_in(precision):
            try:
                yield from Stack(self, block).train(on_epochs, stopping)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                yield [failed(job, "out of memory; give --memory a smaller limit") for job in block.jobs]

    def program(self, recipe: Recipe, shape: Shape, slots: int) -> Program:
        """The program, built once while it is held."""
        key = (recipe, shape, slots)
        if key not in self._programs:
            self._programs[key] = Program.build(recipe, shape, slots)
        self._programs.move_to_end(key)
        if len(self._programs) > HELD_PROGRAMS:
            self._give_up(HELD_PROGRAMS // 2)
        return self._programs[key]

    def _give_up(self, programs: int) -> None:
        """Lets go of those not used for the longest time, and of what JAX remembers of tracing them."""
        import jax

        for _ in range(programs):
            self._programs.popitem(last=False)
        jax.clear_caches()  # type: ignore[no-untyped-call, unused-ignore]
        give_back()

    def rows(self, job: Job) -> Rows:
        """The job's rows on the device; the latest are held, as members of a block share theirs."""
        key = (job.data, (job.experiment.fit, "mixup" in acting(job.experiment.data)))
        if self._rows is None or self._rows[0][0] is not key[0] or self._rows[0][1] != key[1]:
            self._rows = (key, rows_of(job))
        return self._rows[1]


def rows_of(job: Job) -> Rows:
    """The rows of a job on the device."""
    import jax

    objective = objective_of(job.experiment, job.data.task)
    x, targets, *weights = train_arrays(job, objective)
    measured, size = sides(job.data)
    numbers = array_type(job.experiment.fit.precision)
    measured_x = in_chunks([side.rows.x.astype(numbers, copy=False) for side in measured], size)
    measured_targets = in_chunks([objective.targets(side.rows.y) for side in measured], size)
    numeric = job.data.numeric
    rows = Rows(x, targets, weights[0] if weights else None, measured_x, measured_targets, numeric)
    return Rows(*(None if array is None else jax.device_put(array) for array in rows))


class Stack:
    """The slots of a program while a block is trained: members come, are trained, and leave."""

    def __init__(self, engine: FusedEngine, block: Block):
        self.engine, self.block = engine, block
        first = block.jobs[0]
        began = time.perf_counter()
        self.recipe = block.recipe if block.recipe is not None else recipe_of(first.experiment, first.data)
        self.program = engine.program(self.recipe, block.shape, block.slots)
        self.rows = engine.rows(first)
        self.readout = Readout(first.experiment, first.data)
        self.numbers = np.dtype(array_type(self.recipe.precision)).type
        self.waiting = deque(block.jobs)
        self.courses: list[Course | None] = [None] * block.slots
        self.state = State(
            empty_like(self.program.net.variables, block.slots),
            empty_like(self.program.net.statistics, block.slots),
            [np.repeat(value, block.slots, axis=0) for value in self.program.fresh_optimizer],
        )
        self.best = Best(*(list(map(np.copy, part)) for part in self.state[:2]))
        self.improved = np.zeros(block.slots, bool)
        self.member = blank_member(self.recipe, block.shape, block.slots)
        self._fill()
        self.seconds = {"build": time.perf_counter() - began}

    def train(self, on_epochs: OnEpochs, stopping: Stopping) -> Iterator[list[Outcome]]:
        """Epoch by epoch, until nobody is left."""
        while self._active:
            if stopping():
                yield [self._outcome(slot, "interrupted") for slot in self._active]
                return
            on_epochs(self._epoch())
            ended = [slot for slot in self._active if self._course(slot).ended]
            if ended:
                yield self._leave(ended)

    @property
    def _active(self) -> list[int]:
        return [slot for slot, course in enumerate(self.courses) if course is not None]

    def _course(self, slot: int) -> Course:
        course = self.courses[slot]
        if course is None:
            raise LookupError(slot)
        return course

    def _fill(self) -> None:
        """Puts jobs that wait into free slots."""
        for slot in range(self.block.slots):
            if self.courses[slot] is None and self.waiting:
                self._enter(slot, self.waiting.popleft())

    def _enter(self, slot: int, job: Job) -> None:
        self.courses[slot] = Course(job, self.numbers)
        self.improved[slot] = False
        self.program.layout.start(job.experiment, self.state.trained, self.state.statistics, slot)
        for array, fresh in zip(self.state.optimizer, self.program.fresh_optimizer, strict=True):
            array[slot] = fresh[0]
        for place, trained in self.program.epoch.copies:
            self.state.optimizer[place][slot] = self.state.trained[trained][slot]
        write_member(self.member, slot, job.experiment)

    def _epoch(self) -> list[tuple[Job, Any]]:
        """Trains all slots for an epoch; the new row of each member."""
        began = time.perf_counter()
        reading = self._call()
        active = self._active
        measured = self.readout.rows(reading, active)
        seconds = (time.perf_counter() - began) / len(active)
        told = []
        for slot, numbers in zip(active, measured, strict=True):
            course = self._course(slot)
            head = {"epoch": course.epoch + 1, "learning_rate": course.shown_rate}
            row = {**head, **numbers, "seconds": seconds}
            self.improved[slot] = course.end_epoch(row)
            told.append((course.job, row))
        return told

    def _call(self) -> Reading:
        rates = np.array([0 if one is None else one.begin_epoch() for one in self.courses], self.numbers)
        done = np.array([0 if one is None else one.epoch * self.recipe.steps for one in self.courses], np.uint32)
        arguments = (self.state, self.best, self.improved, self.member, rates, self._orders(), done, self.rows)
        if self.program.run is None:
            self.program.compile(*arguments)
            self.seconds |= self.program.seconds
        self.state, self.best, reading = self.program.run(*arguments)
        return Reading(*(np.asarray(array) for array in reading))

    def _orders(self) -> Order:
        """The steps of all slots: see `epoch_order`; members of one seed share theirs."""
        recipe = self.recipe
        orders = np.full((len(self.courses), recipe.steps * recipe.batch), -1, np.int32)
        known: dict[tuple[int, int], np.ndarray] = {}
        for slot in self._active:
            course = self._course(slot)
            key = (course.job.experiment.seed, course.epoch)
            if key not in known:
                known[key] = epoch_order(*key, recipe.rows)
            orders[slot, : recipe.rows] = known[key]
        return Order(*(self._by_step(part) for part in (orders, *self._mixtures())))

    def _mixtures(self) -> tuple[np.ndarray, ...]:
        """Partners and shares (slots, rows) of the mixup, filled up to whole batches: see `augmentation_draws`."""
        recipe = self.recipe
        if not recipe.mixup:
            return ()
        shape = (len(self.courses), recipe.steps * recipe.batch)
        partner, share = np.zeros(shape, np.int32), np.ones(shape, self.numbers)
        for slot in self._active:
            course = self._course(slot)
            draws = Draws.of(course.job.experiment, course.job.data)
            if draws is not None:
                partner[slot, : recipe.rows] = partners(draws, course.epoch)
                share[slot, : recipe.rows] = shares(draws, course.epoch)
        return partner, share

    def _by_step(self, array: np.ndarray) -> np.ndarray:
        return array.reshape(len(array), self.recipe.steps, self.recipe.batch)

    def _leave(self, ended: Sequence[int]) -> list[Outcome]:
        outcomes = [self._outcome(slot, self._course(slot).status) for slot in ended]
        for slot in ended:
            self.courses[slot] = None
        if self.waiting:
            self._to_host()
            self._fill()
        return outcomes

    def _to_host(self) -> None:
        """The state as numpy arrays that can be written to."""
        self.state = State(*([np.array(array) for array in part] for part in self.state))
        self.best = Best(*([np.array(array) for array in part] for part in self.best))

    def _outcome(self, slot: int, status: Any) -> Outcome:
        course = self._course(slot)
        job, best = course.job, course.best
        network = None if best.kept_epoch is None else self._network(slot, course)
        parameters = sum(view.size for view in self._views(job, self.state.trained, slot))
        share = {key: value / len(self.block.jobs) for key, value in self.seconds.items()}
        return Outcome(
            job=job,
            status=status,
            curves=tuple(course.rows),
            best_epoch=best.best_epoch,
            kept_epoch=best.kept_epoch,
            network=network,
            parameters=parameters,
            steps_per_epoch=self.recipe.steps,
            seconds={**share, "train": course.seconds},
            reason=INTERRUPTED if status == "interrupted" else course.diverged,
            device=self.engine.devices.name,
        )

    def _views(self, job: Job, trained: list[Any], slot: int) -> list[np.ndarray]:
        return self.program.layout.trained_parts(job.experiment, [np.asarray(array) for array in trained], slot)

    def _network(self, slot: int, course: Course) -> MemberNetwork:
        """The kept weights: those of the last epoch where it improved, else those kept before."""
        source = self.state if self.improved[slot] else self.best
        experiment = course.job.experiment
        trained = self._views(course.job, source.trained, slot)
        statistics = [np.asarray(array) for array in source.statistics]
        pairs = self.program.layout.statistics_parts(experiment, statistics, slot)
        return MemberNetwork(
            course.job,
            tuple(map(np.copy, trained)),
            tuple(np.copy(array) for pair in pairs for array in pair),
            (course.best.kept_epoch or 0) * self.recipe.steps,
        )
