"""How a sweep is shown while it goes on, on stderr: a live picture in a terminal, a line per block elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from dlrun.cli.progress import short
from dlrun.cli.sweep_tally import Tally
from dlrun.cli.swept_values import label
from dlrun.cli.terminal import say
from dlrun.insight.numbers import seconds as time_span
from dlrun.runner import Unit
from dlrun.store import RunFolder
from dlrun.store.names import visible
from dlrun.training import EpochRow, Job, Outcome
from dlrun.training.blocks import Block

if TYPE_CHECKING:
    from rich.console import Group
    from rich.live import Live

    from dlrun.sweeps.trials import Round

EVERY = 5.0
"""Seconds after which a line says how far it is, where there is no terminal ..."""
OFTENEST = 1.0
"""... and those that lie between two lines at least, however many blocks end."""
MOST_PROGRAMS = 8
"""Programs that have a line of their own at the same time."""

BAR = 24
"""Cells of the bar."""


def sweep_listener_for(quiet: bool, swept: Sequence[str]) -> QuietSweep:
    """The listener that fits where stderr goes.

    Args:
        swept: the keys by which configurations are told apart.
    """
    if quiet:
        return QuietSweep(swept)
    return LiveSweep(swept) if sys.stderr.isatty() else PlainSweep(swept)


class QuietSweep:
    """Shows nothing; counts."""

    def __init__(self, swept: Sequence[str] = ()) -> None:
        self.swept = tuple(swept)
        self.tally = Tally()
        self.leader: Unit | None = None

    def phase(self, words: str, expected: int = 0) -> None:
        """Something begins whose runs are counted by themselves.

        Args:
            words: what it is; nothing where the rounds of a search say so.
            expected: how many runs it has, where they are planned round by round.
        """
        self.tally, self.leader = Tally(expected=expected), None

    def round(self, number: int, chosen: Round) -> None:
        """A round of the search begins; counted from 1."""

    def skipped(self, folders: Sequence[RunFolder]) -> None:
        self.tally.skip([folder.id for folder in folders])

    def planned(self, blocks: Sequence[Block]) -> None:
        self.tally.plan(blocks)

    def started(self, block: Block) -> None:
        self.tally.start(block)

    def epochs(self, rows: Sequence[tuple[Job, EpochRow]]) -> None:
        self.tally.advance([(job.id, row["epoch"] / max(job.epochs, 1)) for job, row in rows])

    def finished(self, outcomes: Sequence[Outcome], folders: Sequence[RunFolder]) -> None:
        self.tally.finish([outcome.job.id for outcome in outcomes])

    def best(self, unit: Unit) -> None:
        self.leader = unit

    def waiting(self, runs: int) -> None: ...

    def left_out(self, runs: int) -> None: ...

    def training_again(self, runs: int) -> None: ...

    def differs(self, folder: RunFolder) -> None: ...

    def close(self) -> None: ...


class PlainSweep(QuietSweep):
    """A line per block that is done, and one every few seconds."""

    def __init__(self, swept: Sequence[str] = (), clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(swept)
        self.clock = clock
        self.said_at = clock()
        self.block_told_at = -OFTENEST
        self.reasons: set[str | None] = set()

    def say(self, text: str) -> None:
        """Writes a line to stderr; what comes from users in it is escaped."""
        say(visible(text))

    def phase(self, words: str, expected: int = 0) -> None:
        super().phase(words, expected)
        if words:
            self.say(words)

    def round(self, number: int, chosen: Round) -> None:
        for problem in chosen.warnings:
            self.say(f"warning: {problem}")
        self.say(chosen.why)

    def skipped(self, folders: Sequence[RunFolder]) -> None:
        meanwhile = self.tally.skip([folder.id for folder in folders])
        if meanwhile:
            self.say(f"{counted(meanwhile, 'run')} trained by another process in the meantime")
        if meanwhile < len(folders):
            self.say(f"{counted(len(folders) - meanwhile, 'run')} done already; --force trains again")

    def planned(self, blocks: Sequence[Block]) -> None:
        super().planned(blocks)
        self.said_at = self.clock()
        alone: dict[str, int] = {}
        for block in blocks:
            if block.reason is not None:
                alone[block.reason] = alone.get(block.reason, 0) + len(block.jobs)
        for reason, runs in alone.items():
            self.say(f"{counted(runs, 'run')} not fused, but trained one by one by the keras engine: {reason}")

    def epochs(self, rows: Sequence[tuple[Job, EpochRow]]) -> None:
        super().epochs(rows)
        if self.clock() - self.said_at >= EVERY:
            self.tell_progress()

    def finished(self, outcomes: Sequence[Outcome], folders: Sequence[RunFolder]) -> None:
        super().finished(outcomes, folders)
        self.tell_failures(outcomes, folders)
        now = self.clock()
        if self.tally.block_ended and (self.tally.is_done or now - self.block_told_at >= OFTENEST):
            self.block_told_at = now
            self.tell_progress()

    def tell_failures(self, outcomes: Sequence[Outcome], folders: Sequence[RunFolder]) -> None:
        """Each reason is told once; the table at the end has all runs."""
        for outcome, folder in zip(outcomes, folders, strict=True):
            if outcome.status == "failed" and outcome.reason not in self.reasons:
                self.reasons.add(outcome.reason)
                self.say(f"{folder.path.name} failed: {outcome.reason}")

    def tell_progress(self) -> None:
        self.said_at = self.clock()
        self.say("; ".join([progress(self.tally), *self.best_lines()]))

    def best_lines(self) -> list[str]:
        """The configuration that leads, in words; nothing as long as there is none."""
        return [] if self.leader is None else [f"best: {standing(self.leader, self.swept)}"]

    def waiting(self, runs: int) -> None:
        self.say(f"waiting for another process, which trains {counted(runs, 'run')} of this sweep")

    def left_out(self, runs: int) -> None:
        self.say(f"{counted(runs, 'run')} not begun: no time left in --budget. The same command trains what is missing")

    def training_again(self, runs: int) -> None:
        self.say(f"training {counted(runs, 'run')} once more for the weights, which were not kept")

    def differs(self, folder: RunFolder) -> None:
        self.say(f"{folder.path.name} came out differently when trained again; its record is replaced")


class LiveSweep(PlainSweep):
    """A line per program, a bar over all runs with the time that is left, the best configuration so far."""

    def __init__(self, swept: Sequence[str] = ()) -> None:
        super().__init__(swept)
        self._live: Live | None = None

    def say(self, text: str) -> None:
        if self._live is None:
            super().say(text)
        else:
            from rich.text import Text

            self._live.console.print(Text(visible(text)))

    def planned(self, blocks: Sequence[Block]) -> None:
        super().planned(blocks)
        if self._live is None:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True), get_renderable=self.picture, refresh_per_second=5)
            self._live.start()

    def tell_progress(self) -> None:
        self.said_at = self.clock()

    def picture(self) -> Group:
        """What stands at the foot of the terminal now."""
        from rich.console import Group

        if not self.tally.runs:
            return Group()
        lines = [line(text) for text in self.tally.lines(MOST_PROGRAMS)]
        return Group(*lines, bar(self.tally), *(line(text) for text in self.best_lines()))

    def close(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


def line(text: str) -> Any:
    """A line that a narrow terminal cuts off."""
    from rich.text import Text

    return Text(visible(text), no_wrap=True, overflow="ellipsis")


def bar(tally: Tally) -> Any:
    """The share of the work that is done, and `progress`, on one line."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    row = Table.grid(padding=(0, 1))
    row.add_row(ProgressBar(total=1.0, completed=tally.share, width=BAR), line(progress(tally)))
    return row


def progress(tally: Tally) -> str:
    """`17 of 36 runs, 8.2 s left`."""
    left = tally.seconds_left
    rest = "" if left is None else f", {time_span(left)} left"
    return f"{tally.done:,} of {counted(tally.runs, 'run')}{rest}"


def standing(unit: Unit, swept: Sequence[str]) -> str:
    """A configuration and what it is worth: `width 64, depth 3: val_loss 0.0912 (mean of 3)`."""
    score = unit.score()
    mean = "no number" if score.mean is None else f"{score.monitor} {short(score.mean)}"
    of = f" (mean of {len(score.values):,})" if len(score.values) > 1 else ""
    return f"{label(unit.experiment, swept)}: {mean}{of}"


def counted(number: int, what: str) -> str:
    """`1 run`, `2,000 runs`."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")
