"""The lessons there are, in order. A module is loaded when its lesson is asked for."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from dlrun.errors import UsageError
from dlrun.gallery.lesson import Lesson

NAMES: dict[int, str] = {
    1: "one-unit",
    2: "xor",
    3: "forward-pass",
    4: "linear-layers",
    5: "features",
    6: "representations",
    7: "universal-approximation",
    8: "batch-sizes",
    9: "learning-rates",
    10: "optimizers",
    11: "schedules",
    12: "backpropagation",
    13: "losses",
    14: "activations",
    15: "initial-weights",
    16: "batch-normalization",
    17: "width-depth",
    18: "very-deep",
    20: "capacity",
    21: "test-data",
    22: "random-search",
    19: "overfitting",
    23: "ensembles",
    24: "classics",
    25: "mnist-ensemble",
}
"""Number -> name: that of its config and, with `_` for `-`, of its module."""


def lesson(number: int) -> Lesson:
    """The lesson with this number."""
    module = import_module(f"dlrun.gallery.lessons.{NAMES[number].replace('-', '_')}")
    found: Lesson = module.LESSON
    return found


def lessons() -> list[Lesson]:
    """All of them."""
    return [lesson(number) for number in sorted(NAMES)]


def number_of(reference: str) -> int:
    """The lesson that is meant: by its number, its name, or a beginning of the name that no other has.

    Raises:
        UsageError: there is none, or several begin so.
    """
    if reference.isascii() and reference.isdigit():
        if int(reference) in NAMES:
            return int(reference)
        raise UsageError(f"there is no lesson {reference}: they go from {min(NAMES)} to {max(NAMES)}")
    wanted = reference.casefold().replace("_", "-")
    exact = [number for number, name in NAMES.items() if name == wanted]
    found = exact or [number for number, name in NAMES.items() if wanted and name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{reference!r} may be {', '.join(NAMES[number] for number in found)}")
    near = get_close_matches(wanted, NAMES.values(), n=1)
    hint = f"Did you mean {near[0]!r}?" if near else "`dlrun gallery` lists them"
    raise UsageError(f"there is no lesson {reference!r}. {hint}")
