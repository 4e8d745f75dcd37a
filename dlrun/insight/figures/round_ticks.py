"""Round values inside an axis or a legend."""

from __future__ import annotations

from dlrun.insight.ticks import linear_ticks, log_ticks

_FEWEST = 3


def ticks_within(low: float, high: float, most: int, log: bool) -> list[float]:
    """At most so many round values between low and high. On a logarithmic axis 1, 2, 5 per power of ten; equal steps
    where it is too short for three of those."""
    ticks = [tick for tick in log_ticks(low, high, most) if low <= tick <= high] if log else []
    if len(ticks) < _FEWEST:
        ticks = [tick for tick in linear_ticks(low, high, most) if low <= tick <= high]
    return ticks
