"""The main process' side of the workers: gives them blocks, hears what happens, replaces those that die."""

from __future__ import annotations

import math
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.data import Prepared
from dlrun.errors import DlrunError
from dlrun.training.blocks import Begin, Block, OnEpochs
from dlrun.training.device_words import parse
from dlrun.training.job import EpochRow, Job, Outcome, Stopping
from dlrun.training.program_cache import cache_folder
from dlrun.training.worker import (
    Answer,
    Ask,
    Ended,
    Epochs,
    Hold,
    Idle,
    Ready,
    Refused,
    Settings,
    Train,
    Trouble,
    serve,
    without_data,
)

POLL = 0.1
"""Seconds between two looks at whether training shall end."""
WORTH_STEALING = 1.5
"""Seconds of training that must be left of a program for a second worker to load it too."""


@dataclass
class Hand:
    """A worker as the main process sees it."""

    process: Any
    pipe: Any
    block: Block | None = None
    """What it trains."""
    left: dict[str, Job] = field(default_factory=dict)
    """Jobs of the block that have not ended, by id."""
    programs: set[str] = field(default_factory=set)
    """Those it has compiled."""
    holds: list[int] = field(default_factory=list)
    """Keys of the data it has, the latest last."""
    memory: int | None = None
    """Bytes of its GPU or TPU, once it has told."""

    def tell(self, message: Any) -> None:
        """Sends, where the worker lives; its death is noticed by whoever listens."""
        with suppress(BrokenPipeError, ConnectionError):
            self.pipe.send(message)


class LocalCrew:
    """Workers on this machine.

    Args:
        workers: how many; one per core, or per device, where not given.
        device: a word of `--device`.
        cache: the folder of compiled programs; the user's cache folder where not given.
    """

    def __init__(self, workers: int | None = None, device: str = "auto", cache: Path | None = None):
        parse(device, "jax")
        self.device = device
        self.size = workers or default_workers(device)
        self.cache = cache or cache_folder()
        self.device_name = "cpu"
        self._context = get_context("spawn")
        self._hands: list[Hand] = []
        self._data: dict[int, Prepared] = {}
        self._rows: dict[str, list[EpochRow]] = {}
        self._inbox: deque[tuple[Hand, Any]] = deque()

    def start(self) -> None:
        """Starts the workers, which load JAX and Keras meanwhile; returns at once."""
        while len(self._hands) < self.size:
            self._hands.append(self._hire(len(self._hands)))

    def run(
        self, blocks: Sequence[Block], begin: Begin, on_epochs: OnEpochs, stopping: Stopping
    ) -> Iterator[list[Outcome]]:
        """Trains blocks; see `blocks.Crew`.

        Raises:
            DlrunError: a device that is not there, data that do not fit their spec.
        """
        self.start()
        self._rows.clear()
        remaining = list(blocks)
        while True:
            if stopping():
                yield self._interrupted()
                return
            self._assign(remaining, begin)
            if not any(hand.block for hand in self._hands):
                return
            for hand, message in self._messages(POLL):
                outcomes = self._heard(hand, message, on_epochs)
                if outcomes:
                    yield outcomes

    @property
    def accelerated(self) -> bool:
        """Whether a GPU or TPU computes, as far as is seen without loading JAX."""
        return on_accelerator(self.device)

    def free_memory(self) -> float:
        """Bytes that all workers together may take: half of what is free, of the machine or of its GPUs. Waits for
        the workers where they have GPUs.

        Raises:
            DlrunError: a device that is not there.
        """
        if not self.accelerated:
            return free_memory() / 2
        self.start()
        while any(hand.memory is None for hand in self._hands):
            for hand, message in list(self._messages(POLL)):
                self._heard(hand, message, lambda rows: None)
        return sum(hand.memory or 0 for hand in self._hands) / 2

    def close(self) -> None:
        """Ends the workers: at once, as they hold nothing that is not told."""
        for hand in self._hands:
            hand.process.kill()
        for hand in self._hands:
            hand.process.join(1)
            hand.pipe.close()
        self._hands.clear()

    # --- giving ------------------------------------------------------------------------------------------------------

    def _hire(self, place: int) -> Hand:
        ours, theirs = self._context.Pipe()
        settings = Settings(cores_of(place, self.size, self.device), device_of(place, self.device), self.cache)
        with without_main(), deaf_to_ctrl_c():
            process = self._context.Process(target=serve, args=(theirs, settings), daemon=True)
            process.start()
        theirs.close()
        return Hand(process, ours)

    def _assign(self, remaining: list[Block], begin: Begin) -> None:
        """Gives every idle worker a block, as long as there are any that suit it."""
        for hand in self._hands:
            while hand.block is None and (block := self._choose(hand, remaining)) is not None:
                remaining.remove(block)
                begun = begin(block)
                if begun is not None and begun.jobs:
                    self._give(hand, begun)

    def _choose(self, hand: Hand, remaining: Sequence[Block]) -> Block | None:
        """A block of a program that this worker has; else of one that nobody has; else of the one with most left."""
        if not remaining:
            return None
        own = [block for block in remaining if block.program in hand.programs]
        taken = {program for other in self._hands for program in other.programs}
        fresh = [block for block in remaining if block.program not in taken or block.engine == "keras"]
        if own or fresh:
            return (own or fresh)[0]
        left: dict[str, float] = {}
        for block in remaining:
            left[block.program] = left.get(block.program, 0.0) + block.seconds
        program, seconds = max(left.items(), key=lambda item: item[1])
        if seconds < WORTH_STEALING and any(other.block for other in self._hands):
            return None
        return next(block for block in remaining if block.program == program)

    def _give(self, hand: Hand, block: Block) -> None:
        for job in block.jobs:
            self._hold(hand, job.data)
        hand.block, hand.left = block, {job.id: job for job in block.jobs}
        hand.programs.add(block.program)
        light = replace(block, jobs=tuple(without_data(job) for job in block.jobs))
        hand.tell(Train(light, tuple(id(job.data) for job in block.jobs)))

    def _hold(self, hand: Hand, data: Prepared) -> None:
        """Sends data that the worker does not have yet."""
        key = id(data)
        self._data[key] = data  # held, so that no other object gets its key
        if key not in hand.holds:
            hand.tell(Hold(key, data))
            hand.holds = [*hand.holds, key][-8:]

    # --- hearing -----------------------------------------------------------------------------------------------------

    def _messages(self, timeout: float) -> Iterator[tuple[Hand, Any]]:
        """What workers tell within the timeout; None for one that is gone."""
        while self._inbox:
            yield self._inbox.popleft()
        by_pipe = {hand.pipe: hand for hand in self._hands}
        for pipe in wait(list(by_pipe), timeout):
            yield by_pipe[pipe], received(pipe)

    def _heard(self, hand: Hand, message: Any, on_epochs: OnEpochs) -> list[Outcome]:
        """Takes note of one message; the outcomes it brings."""
        if isinstance(message, Epochs):
            rows = [(hand.left[name], row) for name, row in message.rows if name in hand.left]
            for job, row in rows:
                self._rows.setdefault(job.id, []).append(row)
            on_epochs(rows)
        elif isinstance(message, Ended):
            return [self._unpacked(hand, outcome) for outcome in message.outcomes]
        elif isinstance(message, Idle):
            hand.block = None
        elif isinstance(message, Ready):
            hand.memory, self.device_name = message.memory, message.device
        elif isinstance(message, Refused):
            raise message.error
        elif isinstance(message, Trouble):
            return self._in_trouble(hand, message)
        elif message is None:
            return self._replace(hand)
        return []

    def _unpacked(self, hand: Hand, outcome: Outcome) -> Outcome:
        job = hand.left.pop(outcome.job.id)
        self._rows.pop(job.id, None)
        network = None if outcome.network is None else CrewNetwork(self, job, outcome.network)
        return replace(outcome, job=job, network=network)

    def _in_trouble(self, hand: Hand, trouble: Trouble) -> list[Outcome]:
        """A block that came to nothing ends its jobs."""
        outcomes = [self._lost(job, "failed", trouble.reason) for job in hand.left.values()]
        hand.block, hand.left = None, {}
        return outcomes

    def _replace(self, hand: Hand) -> list[Outcome]:
        """A worker is gone: its jobs have failed, another one takes its place."""
        hand.process.join(1)
        reason = death(hand.process.exitcode)
        if hand.block is None and not hand.programs:
            raise DlrunError(f"a worker could not be started: it {reason}")
        outcomes = [self._lost(job, "failed", f"its worker {reason}") for job in hand.left.values()]
        place = self._hands.index(hand)
        self._hands[place] = self._hire(place)
        return outcomes

    def _interrupted(self) -> list[Outcome]:
        """The jobs under way. Their workers are ended: they would hear nothing before the end of an epoch."""
        outcomes = [self._lost(job, "interrupted", None) for hand in self._hands for job in hand.left.values()]
        self.close()
        return outcomes

    def _lost(self, job: Job, status: Any, reason: str | None) -> Outcome:
        rows = tuple(self._rows.pop(job.id, []))
        return Outcome(job, status, rows, None, None, None, 0, 0, reason=reason, device=self.device_name)

    # --- networks ----------------------------------------------------------------------------------------------------

    def ask(self, job: Job, network: Any, path: Path | None, x: np.ndarray | None = None) -> Any:
        """Lets a worker write the net's file, or apply the net to rows x; waits for the answer.

        Raises:
            DlrunError: the worker cannot, or is gone.
        """
        self.start()
        hand = self._free_hand()
        self._hold(hand, job.data)
        hand.tell(Ask(replace(network, job=without_data(job)), id(job.data), path, x))
        message = received(hand.pipe)
        while isinstance(message, Ready):
            self._inbox.append((hand, message))
            message = received(hand.pipe)
        if isinstance(message, Answer):
            return message.value
        if isinstance(message, (Trouble, Refused)):
            raise message.error or DlrunError(f"a worker could not apply a net: {message.reason}")
        raise DlrunError(f"the worker that was to apply a net {death(hand.process.exitcode)}")

    def _free_hand(self) -> Hand:
        """A worker that trains nothing. What the others tell while one is waited for is heard later.

        A worker that trains must not be told anything: it may be telling, and both would wait for the other to listen.
        """
        while not (free := [hand for hand in self._hands if self._is_free(hand)]):
            listening = {hand.pipe: hand for hand in self._hands if (hand, None) not in self._inbox}
            if not listening:
                raise DlrunError("all workers are gone")
            for pipe in wait(list(listening)):
                self._inbox.append((listening[pipe], received(pipe)))
        return free[0]

    def _is_free(self, hand: Hand) -> bool:
        """Whether it trains nothing, as far as it has told."""
        told = [message for other, message in self._inbox if other is hand]
        return None not in told and (hand.block is None or any(isinstance(one, (Idle, Trouble)) for one in told))


@dataclass(frozen=True)
class CrewNetwork:
    """A net whose weights are here, and which a worker turns into a file or applies."""

    crew: LocalCrew
    job: Job
    weights: Any
    """A `MemberNetwork`."""

    file_name = "model.keras"

    @property
    def parameters(self) -> int:
        """How many weights are trained."""
        return int(self.weights.parameters)

    def save(self, path: Path) -> None:
        """Writes a plain `.keras` file."""
        self.crew.ask(self.job, self.weights, path.absolute())

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """What the output layer gives for rows x (rows, features): float32 (rows, outputs)."""
        return np.asarray(self.crew.ask(self.job, self.weights, None, x))


def received(pipe: Any) -> Any:
    """The next message; None from a worker that is gone."""
    try:
        return pipe.recv()
    except (EOFError, ConnectionError):
        return None


def death(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None or code >= 0:
        return f"ended with exit code {code}"
    likely = ", probably for want of memory" if code == -9 else ""
    return f"was killed by signal {-code}{likely}"


def usable_cores() -> list[int]:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def on_accelerator(device: str) -> bool:
    """Whether this word of `--device` means a GPU or TPU here."""
    wish = parse(device, "jax")
    return wish.kind in ("gpu", "tpu") or (wish.kind == "auto" and accelerators() > 0)


def default_workers(device: str) -> int:
    """One per core on a CPU; one for a device, and one for each of several."""
    if not on_accelerator(device):
        return len(usable_cores())
    return max(1, accelerators()) if parse(device, "jax").several else 1


def accelerators() -> int:
    """How many NVIDIA GPUs or TPUs the system lists; nothing is loaded for it."""
    devices = Path("/dev")
    return len([*devices.glob("nvidia[0-9]*"), *devices.glob("accel[0-9]*")]) if devices.is_dir() else 0


def cores_of(place: int, size: int, device: str) -> tuple[int, ...]:
    """The share of the cores of one worker; none where a GPU computes, or where there are more workers than cores."""
    cores = usable_cores()
    if on_accelerator(device) or size > len(cores):
        return ()
    share = len(cores) / size
    return tuple(cores[math.floor(place * share) : math.floor((place + 1) * share)])


def free_memory() -> float:
    """Bytes of memory that are free on this machine; infinity where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024.0
    with suppress(AttributeError, OSError, ValueError):
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")) / 2
    return math.inf


def device_of(place: int, device: str) -> str:
    """The word of one worker: of several devices, one each."""
    wish = parse(device, "jax")
    return f"{wish.kind}:{place}" if wish.several and wish.kind in ("gpu", "tpu") else device


@contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """A process that is started inside does not hear Ctrl-C, not even before it can say that it wants to ignore it: a
    blocked signal stays blocked in what is started. For this process it waits until the end."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # starting it would let the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def without_main() -> Iterator[None]:
    """While a process is spawned, `__main__` names no file: Python would run that in the new process, which needs
    only `serve`."""
    names: dict[str, Any] = vars(sys.modules["__main__"])
    kept: dict[str, Any] = {name: names[name] for name in ("__file__", "__spec__") if name in names}
    names["__spec__"] = None
    names.pop("__file__", None)
    try:
        yield
    finally:
        names.update(kept)
