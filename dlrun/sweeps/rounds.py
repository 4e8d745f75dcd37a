"""A number of trials cut into rounds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def parts(total: int, count: int) -> list[int]:
    """`total` cut into `count` parts as equal as can be, the larger first."""
    return [total // count + (place < total % count) for place in range(count)]


def next_part(sizes: Sequence[int], done: int) -> int | None:
    """Which part comes after so many trials, from 0. None after the last, and where a part came out smaller than it was
    to be: then there was nothing more to be tried."""
    begins = [0, *accumulate(sizes)][: len(sizes)]
    return begins.index(done) if done in begins else None
