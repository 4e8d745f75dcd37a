"""Curves and records of one's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from dlrun.insight.verdict import Diagnosis, diagnose

TRIVIAL = 2.0
ROWS = 500


def told(train: Sequence[float], val: Sequence[float] | None, **record: Any) -> Diagnosis:
    """The diagnosis of two curves. Without a `kept_epoch` the best one is kept."""
    curves = {"epoch": [float(n + 1) for n in range(len(train))], "train_loss": list(train)}
    if val is not None:
        curves["val_loss"] = list(val)
    known = {
        "status": "completed",
        "trivial": {"train_loss": TRIVIAL, "val_loss": TRIVIAL},
        "rows": {"train": 4 * ROWS, "measured_train": ROWS, "validation": ROWS},
    }
    return diagnose(known | record, curves)  # type: ignore[arg-type]


def falling(epochs: int, plateau: float, ends: float = 0.001) -> list[float]:
    """From the trivial loss down to a plateau, of which `ends` of the way is left at the end."""
    return [plateau + (TRIVIAL - plateau) * ends ** ((n + 1) / epochs) for n in range(epochs)]


def added(values: Sequence[float], more: Callable[[int], float]) -> list[float]:
    return [value + more(place) for place, value in enumerate(values)]


def rising_from(turn: int, by: float) -> Callable[[int], float]:
    """Nothing before the epoch, then `by` more in each."""
    return lambda place: by * max(0, place + 1 - turn)


def wave(size: float) -> Callable[[int], float]:
    """A deterministic error that is as good as random."""
    return lambda place: size * math.sin(12.9898 * place * place + 78.233 * place)
