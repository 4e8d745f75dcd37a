"""Gates put together from one kind of gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement

from dlrun.data.generators import CORNERS

Truth = tuple[int, ...]
"""What a gate answers at the rows of `CORNERS`."""
GATES_OF_TWO = 16
MOST = 6
"""Gates in the largest circuit that is looked at."""


def fewest(gate: Callable[[int, int], int]) -> dict[Truth, int]:
    """Of everything that two inputs can give, what circuits of this gate alone give, each with the fewest gates.

    Circuits of ever more gates are gone through, every one, until all 16 are found; each gate takes any two signals
    that are there by then, or one twice.
    """
    inputs = tuple(tuple(int(one) for one in column) for column in CORNERS.T)
    found = dict.fromkeys(inputs, 0)
    circuits = [inputs]
    for count in range(1, MOST + 1):
        circuits = list({frozenset(one): one for one in _longer(circuits, gate)}.values())
        for circuit in circuits:
            found.setdefault(circuit[-1], count)
        if len(found) == GATES_OF_TWO:
            break
    return found


def _longer(circuits: Sequence[tuple[Truth, ...]], gate: Callable[[int, int], int]) -> list[tuple[Truth, ...]]:
    """Every circuit with one gate more whose signal is new."""
    grown = []
    for circuit in circuits:
        for one, two in combinations_with_replacement(circuit, 2):
            signal = tuple(gate(first, second) for first, second in zip(one, two, strict=True))
            if signal not in circuit:
                grown.append((*circuit, signal))
    return grown
