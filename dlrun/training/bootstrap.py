"""How far a metric would move with other rows of the same kind: the bootstrap over rows (Efron 1979).

Rows are drawn with replacement, as many as there are; the middle 95 % of a metric over such draws is its interval (the
percentile interval, which stays inside a metric's range and needs no second pass). Rows that belong together are drawn
together (the cluster bootstrap; Davison and Hinkley 1997, section 3.8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from dlrun.data import stream
from dlrun.training.metrics import METRICS, Scored

RESAMPLES = 2000
LEVEL = 0.95
CELLS_AT_ONCE = 2_000_000
"""Drawn rows that are held in memory together."""


class Interval(NamedTuple):
    """The middle 95 %; nan where the metric is not defined."""

    low: float
    high: float


def resampled(
    names: Sequence[str],
    scored: Scored,
    means: Mapping[str, np.ndarray],
    seed: int,
    resamples: int = RESAMPLES,
    blocks: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Metric -> its value in each resample of the rows, float64 (resamples,).

    Args:
        names: of `METRICS`.
        scored: the rows.
        means: further metrics that are plain means of values (rows,), such as the loss.
        seed: of the draws. All metrics are measured on the same draws.
        blocks: (rows,); rows with the same value are drawn together, as many blocks as there are. By itself each when
            None.
    """
    rows = len(scored.targets)
    block = np.arange(rows) if blocks is None else np.unique(blocks, return_inverse=True)[1].reshape(-1)
    found: dict[str, list[np.ndarray]] = {name: [] for name in (*means, *names)}
    for counts in draws(int(block.max()) + 1, stream(seed, "bootstrap"), resamples, rows):
        part = replace(scored, counts=counts if blocks is None else counts[:, block])
        for name, values in means.items():
            found[name].append(part.mean(values))
        for name in names:
            found[name].append(np.broadcast_to(METRICS[name](part), len(counts)))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def draws(rows: int, generator: np.random.Generator, resamples: int, width: int | None = None) -> Iterator[np.ndarray]:
    """(some resamples, rows): how often each row is drawn, until there are as many resamples as wanted.

    Args:
        width: numbers that each resample becomes, where they are more than the rows.
    """
    at_once = max(1, CELLS_AT_ONCE // (width or rows))
    for start in range(0, resamples, at_once):
        many = min(at_once, resamples - start)
        drawn = generator.integers(0, rows, (many, rows))
        cells = drawn + np.arange(many)[:, None] * rows
        counts = np.bincount(cells.reshape(-1), minlength=many * rows).reshape(many, rows)
        yield counts.astype(np.uint8 if rows < 256 or counts.max() < 256 else np.int64)


def interval(values: np.ndarray) -> Interval:
    """The middle 95 % of a metric's values (resamples,), those left out in which it is not defined."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return Interval(np.nan, np.nan)
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
