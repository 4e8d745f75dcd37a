"""Which gates one kind of gate builds, and from how many: the counts of any textbook of logic."""

from __future__ import annotations

import itertools

from dlrun.data.generators import CORNERS, GATE_OUTPUTS
from dlrun.gallery.circuits import fewest


def nand(one: int, two: int) -> int:
    return 1 - one * two


def test_nand_builds_every_gate() -> None:
    found = fewest(nand)
    assert set(found) == set(itertools.product((0, 1), repeat=len(CORNERS)))
    named = {name: found[truth] for name, truth in GATE_OUTPUTS.items()}
    assert named == {"nand": 1, "and": 2, "or": 3, "xor": 4, "nor": 4, "xnor": 5}
    assert found[0, 0, 1, 1] == found[0, 1, 0, 1] == 0  # the inputs themselves
    assert found[1, 1, 0, 0] == found[1, 0, 1, 0] == 1  # their opposites


def test_nor_is_its_mirror_image() -> None:
    mirrored = {tuple(1 - one for one in reversed(truth)): count for truth, count in fewest(nand).items()}
    assert fewest(lambda one, two: 1 - max(one, two)) == mirrored


def test_and_builds_nothing_but_itself() -> None:
    assert fewest(lambda one, two: one * two) == {(0, 0, 1, 1): 0, (0, 1, 0, 1): 0, (0, 0, 0, 1): 1}
