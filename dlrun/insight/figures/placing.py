"""Where a label may stand so that it lies on no line."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Place = tuple[float, float]
"""Points to the right and upwards."""
TEXT_HEIGHT = 15.0
"""Of a line of 12-point text."""
_WIDE, _NARROW = 12.0, 6.6
"""Points that a letter of 12-point text takes: Hangul and its like, all others."""
_STEP = 3.0
_DISTANCES = (14, 20, 28, 38, 50, 64, 80, 100, 125)
_ANGLES = (90, 60, 120, 30, 150, 0, 180, -90, -60, -120, -30, -150)


@dataclass(frozen=True)
class Box:
    """A rectangle: its left lower corner and its size."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def middle(self) -> Place:
        return self.left + self.width / 2, self.bottom + self.height / 2

    def holds(self, place: Place, room: float = 2.0) -> bool:
        return (
            self.left - room <= place[0] <= self.left + self.width + room
            and self.bottom - room <= place[1] <= self.bottom + self.height + room
        )


def text_width(text: str) -> float:
    """About how many points a 12-point text takes."""
    return sum(_WIDE if unicodedata.east_asian_width(char) in "WF" else _NARROW for char in text)


def free_box(anchor: Place, size: Place, lines: Sequence[Sequence[Place]], frame: Place) -> Box:
    """The box of this size, near the anchor and inside the frame, that the fewest of the lines cross; the nearest where
    several are free.

    Args:
        lines: each a list of places, joined by straight lines.
        frame: width and height.
    """
    taken = [place for line in lines for place in walked(line)]
    best, fewest = _box(anchor, size, _DISTANCES[0], 90, frame), math.inf
    for distance in _DISTANCES:
        for angle in _ANGLES:
            box = _box(anchor, size, distance, angle, frame)
            crossed = sum(box.holds(place) for place in taken) + (1000 if box.holds(anchor, 6) else 0)
            if crossed < fewest:
                best, fewest = box, crossed
            if not crossed:
                return best
    return best


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The places moved apart to at least `gap`, in their order, as near to where they were as fits between low and
    high."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    gap = min(gap, (high - low) / max(1, len(places) - 1)) if len(places) > 1 else gap
    blocks: list[list[float]] = []  # each: the lowest place, how many
    for number in order:
        blocks.append([places[number], 1])
        while len(blocks) > 1 and blocks[-2][0] + blocks[-2][1] * gap > blocks[-1][0]:
            (first, count), (second, more) = blocks[-2], blocks[-1]
            wanted = (count * (first + (count - 1) * gap / 2) + more * (second + (more - 1) * gap / 2)) / (count + more)
            blocks[-2:] = [[wanted - (count + more - 1) * gap / 2, count + more]]
    moved = [bottom + place * gap for bottom, count in blocks for place in range(int(count))]
    moved = _inside(moved, gap, low, high)
    found = [0.0] * len(places)
    for number, place in zip(order, moved, strict=True):
        found[number] = place
    return found


def _inside(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Pushed up from the lower end, then down from the upper one."""
    for number, place in enumerate(places):
        places[number] = max(place, low if number == 0 else places[number - 1] + gap)
    for number in reversed(range(len(places))):
        places[number] = min(places[number], high if number == len(places) - 1 else places[number + 1] - gap)
    return places


def _box(anchor: Place, size: Place, distance: float, angle: float, frame: Place) -> Box:
    """A box whose edge lies so far from the anchor in this direction, moved into the frame."""
    right, up = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    middle = anchor[0] + right * (distance + size[0] / 2), anchor[1] + up * (distance + size[1] / 2)
    left = min(max(middle[0] - size[0] / 2, 2.0), frame[0] - size[0] - 2.0)
    bottom = min(max(middle[1] - size[1] / 2, 2.0), frame[1] - size[1] - 2.0)
    return Box(left, bottom, *size)


def walked(line: Sequence[Place]) -> list[Place]:
    """Places along a line, a few points apart."""
    found = list(line[:1])
    for (x, y), (right, up) in pairwise(line):
        steps = max(1, int(math.hypot(right - x, up - y) / _STEP))
        found += [(x + (right - x) * step / steps, y + (up - y) * step / steps) for step in range(1, steps + 1)]
    return found
