"""Curves from known generators: the truth first, noise upon it second, and a label that follows from the truth.

    truth(train) = plateau + (start - plateau) * shape(epoch)        shape falls from 1 to 0
    truth(val)   = truth(train) + gap * (1 - shape) + rise after the turn
    measured     = truth + an offset per side (few rows: the same rows in every epoch) + a fresh error per epoch,
                   which is an eighth of the validation loss' on the train loss

All sizes are shares of the trivial predictor's loss, which is 1 before a random scale is laid on. What is *learnt* is
1 - train loss.

underfit                the plateau of the train loss is at least 0.8, the gap at most 0.03, both reached
not converged           at least a fifth of the whole fall is still to come when training ends
good fit                plateau at most 0.5, gap at most 0.15 of what is learnt, reached; or a turn, best weights kept
overfit                 the rise after the turn is at least 0.25, last weights kept; or a gap of half of what is learnt
learning rate too high  the train loss swings by 0.25 or more from epoch to epoch, or lies at 1.1 or above
diverged                it grows by a factor per epoch until it is infinite
too noisy to tell       no turn is kept, and the standard error of the gap is at least 0.3 of what is learnt, which is
                        about what lies between a good fit and an overfit one; or, in at most 40 epochs, the fresh
                        error of the validation loss is at least 0.3 and at least the rise
Errors are at most 0.03 (fresh) and 0.04 (of the gap) elsewhere. In between lie the cases that are not clear.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

Shape = Callable[[float], float]
PER_LABEL = 22
UNCLEAR = 7
SMOOTH, OFFSET = 0.012, 0.03
"""The largest usual errors: fresh in each epoch, and of a side's rows."""


@dataclass(frozen=True)
class Curve:
    """A labelled pair of curves with what a record says beside it."""

    name: str
    label: str
    clear: bool
    record: dict[str, Any]
    curves: dict[str, list[float]] = field(repr=False)


@dataclass
class Truth:
    """What a generator makes, before noise."""

    epochs: int
    plateau: float
    gap: float
    shape: Shape
    turn: float = math.inf
    rise: float = 0.0
    """Of the validation loss between the turn and the last epoch."""
    keep: str = "best"
    swing: float = 0.0
    fresh: float = SMOOTH
    offset: float = OFFSET
    growth: float = 0.0
    lift: float = 0.0
    status: str = "completed"

    def train(self, epoch: int) -> float:
        return self.plateau + self.lift + (1 - self.plateau) * self.shape(epoch)

    def val(self, epoch: int) -> float:
        after = max(0.0, (epoch - self.turn) / max(1.0, self.epochs - self.turn))
        return self.train(epoch) + self.gap * (1 - self.shape(epoch)) + self.rise * after


def shape(random: Random, epochs: int, remaining: float) -> Shape:
    """A falling shape of a random kind, at `remaining` in the last epoch."""
    kind = random.choice(("exponential", "power", "double", "stepped"))
    if kind == "exponential":
        return lambda epoch: remaining ** (epoch / epochs)
    if kind == "power":
        power = random.uniform(1.2, 2.5)
        time = epochs / (remaining ** (-1 / power) - 1)
        return lambda epoch: (1 + epoch / time) ** -power
    if kind == "double":
        share = random.uniform(0.4, 0.8)
        fast, slow = (remaining / 4) ** (1 / epochs), min(0.97, remaining / (1 - share)) ** (1 / epochs)
        raw: Shape = lambda epoch: share * fast**epoch + (1 - share) * slow**epoch  # noqa: E731
        return raw
    drop = max(1, round(epochs * random.uniform(0.4, 0.6)))
    level = random.uniform(1.3, 2.5) * remaining
    before, after = min(0.9, level) ** (1 / drop), (remaining / min(0.9, level)) ** (1 / max(1, epochs - drop))
    return lambda epoch: before ** min(epoch, drop) * after ** max(0, epoch - drop)


def length(random: Random, least: int = 12) -> int:
    return round(math.exp(random.uniform(math.log(least), math.log(500))))


def reached(random: Random, least: int = 20) -> tuple[int, Shape]:
    epochs = length(random, least)
    return epochs, shape(random, epochs, random.uniform(0.0005, 0.01))


def underfit(random: Random, clear: bool) -> Truth:
    plateau = random.uniform(0.8, 0.97) if clear else random.uniform(0.6, 0.75)
    return Truth(*_order(reached(random), plateau, random.uniform(0, 0.03) * (1 - plateau)))


def not_converged(random: Random, clear: bool) -> Truth:
    epochs = length(random, 5)
    remaining = random.uniform(0.2, 0.75) if clear else random.uniform(0.05, 0.15)
    noise = 0.004 if clear else SMOOTH
    plateau = random.uniform(0.01, 0.5)
    return Truth(epochs, plateau, random.uniform(0, 0.1), shape(random, epochs, remaining), fresh=noise)


def good(random: Random, clear: bool) -> Truth:
    plateau = random.uniform(0.01, 0.5)
    share = random.uniform(0, 0.15) if clear else random.uniform(0.2, 0.3)
    truth = Truth(*_order(reached(random), plateau, share * (1 - plateau)))
    if random.random() < 0.4:
        turn(random, truth, random.uniform(0.1, 1.0), "best")
    return truth


def overfit(random: Random, clear: bool) -> Truth:
    if random.random() < 0.3:
        return memorised(random, random.uniform(0.5, 0.9) if clear else random.uniform(0.33, 0.42))
    return turned(random, reached(random), random.uniform(0.25, 2.0) if clear else random.uniform(0.03, 0.1))


def memorised(random: Random, share: float) -> Truth:
    """A gap of this share of what is learnt, best weights kept."""
    plateau = random.uniform(0.0, 0.2)
    return Truth(*_order(reached(random), plateau, share * (1 - plateau)))


def turned(random: Random, found: tuple[int, Shape], rise: float) -> Truth:
    """A rise by so much, last weights kept."""
    truth = Truth(*_order(found, random.uniform(0.0, 0.2), random.uniform(0.05, 0.15)))
    turn(random, truth, rise, "last")
    return truth


def turn(random: Random, truth: Truth, rise: float, keep: str) -> None:
    """Lets validation worsen from an epoch in the first two thirds, when most is learnt."""
    early = [e for e in range(1, truth.epochs) if truth.shape(e) < 0.1]
    first = min(early[0] if early else truth.epochs // 2, truth.epochs // 2)
    truth.turn = random.uniform(first, truth.epochs * 0.66)
    truth.rise, truth.keep = rise, keep


def too_high(random: Random, clear: bool) -> Truth:
    epochs = length(random, 10)
    swing = random.uniform(0.25, 1.0) if clear else random.uniform(0.05, 0.12)
    truth = Truth(epochs, random.uniform(0.4, 0.9), 0.02, shape(random, epochs, 0.3), swing=swing)
    if random.random() < 0.3 and clear:
        truth.lift, truth.swing = random.uniform(0.8, 1.5), 0.1
    return truth


def diverged(random: Random, clear: bool) -> Truth:
    epochs = length(random, 5) // 2 + 2
    status = "diverged" if clear else "completed"
    return Truth(epochs, 0.8, 0.0, lambda epoch: 1.0, growth=random.uniform(1.5, 20), status=status)


def too_noisy(random: Random, clear: bool) -> Truth:
    if random.random() < 0.5:
        truth = good(random, True) if random.random() < 0.5 else memorised(random, random.uniform(0.5, 0.6))
        truth.offset = random.uniform(0.3, 0.6) if clear else random.uniform(0.1, 0.15)
        return truth
    fresh = random.uniform(0.3, 0.6) if clear else random.uniform(0.08, 0.15)
    epochs = random.randint(15, 40)
    found = epochs, shape(random, epochs, random.uniform(0.0005, 0.01))
    truth = turned(random, found, random.uniform(0.0, fresh))
    truth.fresh = fresh
    return truth


def _order(found: tuple[int, Shape], plateau: float, gap: float) -> tuple[int, float, float, Shape]:
    epochs, own = found
    return epochs, plateau, gap, own


GENERATORS: dict[str, Callable[[Random, bool], Truth]] = {
    "underfit": underfit,
    "not converged": not_converged,
    "good fit": good,
    "overfit": overfit,
    "learning rate too high": too_high,
    "diverged": diverged,
    "too noisy to tell": too_noisy,
}


def generated(batch: str = "a") -> Iterator[Curve]:
    """All curves. Another batch gives other ones, from the same generators."""
    for label, make in GENERATORS.items():
        for number in range(PER_LABEL + UNCLEAR):
            clear = number < PER_LABEL
            name = f"{batch}-{label.replace(' ', '_')}-{number}"
            random = Random(name)
            yield measured(name, label, clear, make(random, clear), random)


def measured(name: str, label: str, clear: bool, truth: Truth, random: Random) -> Curve:
    """The truth with its errors, on a random scale, as a run would store it."""
    classes = random.choice((0, 2, 10))  # 0: regression
    scale = math.log(classes) if classes else 10 ** random.uniform(-4, 6)
    spread = math.sqrt(2) if not classes else 1.2
    rows = _rows(truth, spread)
    offsets = [random.gauss(0, spread / math.sqrt(rows)) for _ in range(2)]
    train, val = [], []
    for epoch in range(1, truth.epochs + 1):
        jump = truth.swing * random.uniform(0, 2) if truth.swing else 0.0
        grown = math.exp(min(300.0, epoch * math.log1p(truth.growth)))
        for side, level, offset, fresh in (
            (train, truth.train(epoch), offsets[0], truth.fresh / 8),
            (val, truth.val(epoch), offsets[1], truth.fresh),
        ):
            size = fresh * min(1, level + 0.1) if truth.fresh <= SMOOTH else fresh
            side.append(abs((level * (1 + offset) + jump) * grown + random.gauss(0, size)) * scale)
    if truth.status == "diverged":
        train[-1] = val[-1] = random.choice((math.nan, math.inf))
    return Curve(name, label, clear, _record(truth, rows, scale, train, val), _columns(classes, scale, train, val))


def _rows(truth: Truth, spread: float) -> int:
    """So many that the gap's standard error is about `offset` where the losses are those of the end."""
    level = math.hypot(truth.train(truth.epochs), truth.val(truth.epochs))
    learnt = max(0.05, 1 - truth.plateau)
    wanted = truth.offset * learnt if truth.offset > OFFSET else truth.offset
    return max(3, round((spread * level / wanted) ** 2))


def _record(truth: Truth, rows: int, scale: float, train: Sequence[float], val: Sequence[float]) -> dict[str, Any]:
    finite = [(value, epoch) for epoch, value in enumerate(val, start=1) if math.isfinite(value)]
    best = min(finite)[1] if finite else None
    return {
        "status": truth.status,
        "monitor": "val_loss",
        "epochs": len(train),
        "best_epoch": best,
        "kept_epoch": best if truth.keep == "best" else finite[-1][1],
        "trivial": {"train_loss": scale, "val_loss": scale},
        "rows": {"train": 4 * rows, "measured_train": rows, "validation": rows},
    }


def _columns(classes: int, scale: float, train: Sequence[float], val: Sequence[float]) -> dict[str, list[float]]:
    columns = {
        "epoch": [float(epoch) for epoch in range(1, len(train) + 1)],
        "train_loss": list(train),
        "val_loss": list(val),
    }
    if classes:
        columns["val_accuracy"] = [1 - (1 - 1 / classes) * min(1.0, value / scale) for value in val]
    else:
        columns["val_root_mean_squared_error"] = [math.sqrt(value) for value in val]
    return columns
