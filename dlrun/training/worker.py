"""A worker: a process of its own that trains blocks. It is told what to do, and tells what happens, through a pipe.

Processes in place of threads: tracing and building are Python, which threads would do one at a time; on a CPU each has
cores of its own, on which it computes with no more threads than cores.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from dlrun.data import Prepared
from dlrun.errors import DlrunError
from dlrun.training.blocks import Block
from dlrun.training.job import EpochRow, Job, Outcome
from dlrun.training.program_cache import keep_compiled

HELD_DATA = 8
"""Data sets that a worker keeps, the latest ones."""


@dataclass(frozen=True)
class Settings:
    """What a worker is told at its start."""

    cores: tuple[int, ...]
    """The cores it computes on; none where that cannot be chosen."""
    device: str
    """A word of `--device`."""
    cache: Path
    """The folder of compiled programs."""


@dataclass(frozen=True)
class Train:
    """To a worker: train this block. Its jobs come without their data."""

    block: Block
    data: tuple[int, ...]
    """Of each job, the key of its data."""


@dataclass(frozen=True)
class Hold:
    """To a worker: data that jobs will name by this key."""

    key: int
    data: Prepared


@dataclass(frozen=True)
class Ask:
    """To a worker: write a net's file, or apply it to rows."""

    network: Any
    """A `MemberNetwork` whose job comes without its data."""
    data: int
    path: Path | None
    x: Any = None


@dataclass(frozen=True)
class Ready:
    """From a worker: its libraries are loaded."""

    device: str
    memory: int | None
    """Bytes of its GPU or TPU; None on a CPU."""


@dataclass(frozen=True)
class Refused:
    """From a worker that ends: it cannot do as it was set."""

    error: DlrunError

    @property
    def reason(self) -> str:
        return str(self.error)


@dataclass(frozen=True)
class Epochs:
    """From a worker: epochs that ended together."""

    rows: Sequence[tuple[str, EpochRow]]
    """Id of the job and its row."""


@dataclass(frozen=True)
class Ended:
    """From a worker: jobs that ended together. Neither they nor their networks hold their data."""

    outcomes: Sequence[Outcome]


@dataclass(frozen=True)
class Idle:
    """From a worker: the block is done."""


@dataclass(frozen=True)
class Answer:
    """From a worker: to an `Ask`."""

    value: Any


@dataclass(frozen=True)
class Trouble:
    """From a worker: the block or the question came to nothing."""

    reason: str
    error: DlrunError | None = None
    """What the user must know, where it is such an error."""


def without_data(job: Job) -> Job:
    """The job as it travels: data are sent once, not with every job."""
    return replace(job, data=cast(Any, None))


def serve(pipe: Any, settings: Settings) -> None:
    """The life of a worker: until it is told None, or whoever told it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the main process decides
    if settings.cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, settings.cores)
    try:
        worker = Worker.start(pipe, settings)
        while (message := pipe.recv()) is not None:
            worker.obey(message)
    except (EOFError, BrokenPipeError, ConnectionError):
        return


@dataclass
class Worker:
    """The engines of one worker."""

    pipe: Any
    settings: Settings
    fused: Any
    data: dict[int, Prepared] = field(default_factory=dict)

    @classmethod
    def start(cls, pipe: Any, settings: Settings) -> Worker:
        """Loads JAX and Keras. The device is settled here, for both engines."""
        from dlrun.training.fused.engine import FusedEngine

        keep_compiled(settings.cache)
        try:
            fused = FusedEngine(settings.device)
        except DlrunError as error:
            pipe.send(Refused(error))
            raise EOFError from None
        pipe.send(Ready(fused.devices.name, device_memory()))
        return cls(pipe, settings, fused)

    def obey(self, message: Any) -> None:
        """Carries out one message; what goes wrong is told, the worker lives on."""
        if isinstance(message, Hold):
            self.data[message.key] = message.data
            for key in list(self.data)[:-HELD_DATA]:
                del self.data[key]
            return
        try:
            if isinstance(message, Train):
                self._train(message)
            elif isinstance(message, Ask):
                self._answer(message)
        except (EOFError, BrokenPipeError, ConnectionError):
            raise
        except DlrunError as error:
            self.pipe.send(Trouble(str(error), error))
        except Exception as error:
            self.pipe.send(Trouble(f"{type(error).__name__}: {error}"))

    def _train(self, order: Train) -> None:
        jobs = tuple(replace(job, data=self.data[key]) for job, key in zip(order.block.jobs, order.data, strict=True))
        block = replace(order.block, jobs=jobs)
        for outcomes in self._outcomes(block):
            self.pipe.send(Ended([parcel(outcome) for outcome in outcomes]))
        self.pipe.send(Idle())

    def _outcomes(self, block: Block) -> Any:
        if block.engine == "fused":
            return self.fused.train(block, self._tell)
        from dlrun.training.keras_engine import KerasEngine

        engine = KerasEngine("jax", self.settings.device)
        return ([outcome] for outcome in engine.run(block.jobs, lambda job, row: self._tell([(job, row)])))

    def _tell(self, rows: Sequence[tuple[Job, EpochRow]]) -> None:
        self.pipe.send(Epochs([(job.id, row) for job, row in rows]))

    def _answer(self, ask: Ask) -> None:
        network = replace(ask.network, job=replace(ask.network.job, data=self.data[ask.data]))
        value = network.outputs(ask.x) if ask.path is None else network.save(ask.path)
        self.pipe.send(Answer(value))


def parcel(outcome: Outcome) -> Outcome:
    """The outcome as it travels."""
    from dlrun.training.fused.member_network import MemberNetwork

    network = outcome.network
    if network is not None and not isinstance(network, MemberNetwork):
        network = MemberNetwork.of(outcome.job, cast(Any, network))
    light = without_data(outcome.job)
    return replace(outcome, job=light, network=None if network is None else replace(network, job=light))


def device_memory() -> int | None:
    """Bytes that the GPU or TPU of this process has for it; None on a CPU."""
    from dlrun.training.train_functions import jax_device

    told = jax_device().memory_stats() if jax_device().platform != "cpu" else None
    return int(told["bytes_limit"]) if told else None
