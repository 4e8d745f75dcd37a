"""G2: 500 networks on digits, as whole processes: `dlrun sweep` beside what its users have.

`python -m bench.g2 [ROUNDS]`. Of the Keras loops a part is measured, and scaled: all of it would take half an hour.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.processes import HERE, scratch
from bench.sides import Ours, Side, in_rounds, plain, rival
from bench.sweep_report import (
    COLD,
    PLAIN_JAX,
    PLAIN_TENSORFLOW,
    SKLEARN,
    TORCH,
    WARM,
    Claim,
    Found,
    peak,
    report,
    seconds,
)
from bench.workloads import G1, G2

ROUNDS = 3
TENSORFLOW_EVERY, JAX_EVERY = 10, 20
CLAIMS = (
    Claim(COLD, (PLAIN_TENSORFLOW,), 60, 100),
    Claim(COLD, (SKLEARN, TORCH), 2.7, 4),
    Claim(WARM, (SKLEARN, TORCH), 4, 6),
)
MOST_MEMORY = 2.0
"""Times the peak of G1."""
MOST_BOOKKEEPING = 0.05
"""Share of the whole process."""
SMALL = "dlrun, G1"


def main(rounds: int = ROUNDS) -> None:
    with scratch() as folder:
        ours = Ours(HERE / "g2.yaml", G2, Path(folder, "g2"))
        small = Ours(HERE / "g1.yaml", G1, Path(folder, "g1"))
        sides = {
            COLD: Side(ours.cold),
            WARM: Side(ours.warm),
            SKLEARN: Side(lambda: rival("sklearn_sweep.py", G2)),
            TORCH: Side(lambda: rival("torch_sweep.py", G2)),
            PLAIN_TENSORFLOW: Side(lambda: plain(G2, "tensorflow", TENSORFLOW_EVERY), once=True),
            PLAIN_JAX: Side(lambda: plain(G2, "jax", JAX_EVERY), once=True),
        }
        found = in_rounds(sides, rounds)
        beside = in_rounds({SMALL: Side(small.cold)}, 1)
    report(G2, found, CLAIMS)
    print(f"  {memory_line(peak(found, COLD), peak(beside, SMALL))}")
    print(f"  {bookkeeping_line(found)}")


def memory_line(large: float, small: float) -> str:
    ratio = large / small
    limit = f"must be <= {MOST_MEMORY:g}: {'reached' if ratio <= MOST_MEMORY else 'MISSED'}"
    return f"peak memory {large / 1e6:,.0f} MB, {ratio:.2f} times G1's {small / 1e6:,.0f} MB; {limit}"


def bookkeeping_line(found: Found) -> str:
    stored = [one.phases["store"] for one in found[COLD] if "store" in one.phases]
    if not stored:
        return "bookkeeping: the records name no seconds of the store"
    share = sorted(stored)[len(stored) // 2] / seconds(found, COLD)
    limit = f"must be <= {MOST_BOOKKEEPING:.0%}: {'reached' if share <= MOST_BOOKKEEPING else 'MISSED'}"
    return f"bookkeeping: store {share:.1%} of the whole process, cold; {limit}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
