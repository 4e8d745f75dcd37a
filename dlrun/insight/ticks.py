"""Round values for an axis."""

from __future__ import annotations

import math

_FINE = (1, 2, 5)


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values for a logarithmic axis from low to high (both > 0), at most `most` (at least 2) of them.

    1, 2, 5 per power of ten while these are few enough, else the powers alone, else every second, third ... power.
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    choices = [(_FINE, 1), *(((1,), stride) for stride in range(1, last - first + 2))]
    for steps, stride in choices:
        values = [float(f"{step}e{power}") for power in range(first, last + 1, stride) for step in steps]
        ticks = [value for value in values if low / 1.25 <= value <= high * 1.25]
        if len(ticks) <= most:
            break
    return ticks


def linear_ticks(low: float, high: float, most: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten between low and high, at most `most` (at least 2) of them."""
    span = high - low
    if not span > 0:
        return [low]
    power = math.floor(math.log10(span / most))
    for step in (float(f"{digit}e{power + more}") for more in (0, 1) for digit in _FINE):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            break
    return [float(f"{count * step:.12g}") for count in range(first, last + 1)]
