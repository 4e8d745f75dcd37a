"""G1: 48 networks on digits, as whole processes: `dlrun sweep` beside what its users have.

`python -m bench.g1 [ROUNDS]`. Of the Keras loop on JAX a fifth is measured, and scaled.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.processes import HERE, scratch
from bench.sides import Ours, Side, in_rounds, plain, rival
from bench.sweep_report import COLD, PLAIN_JAX, PLAIN_TENSORFLOW, SKLEARN, TORCH, WARM, Claim, report
from bench.workloads import G1

ROUNDS = 3
JAX_EVERY = 5
"""No limit names the loop on JAX, so a fifth of it is measured, and scaled."""
CLAIMS = (
    Claim(COLD, (PLAIN_TENSORFLOW,), 13, 25),
    Claim(WARM, (PLAIN_TENSORFLOW,), 28, 45),
    Claim(COLD, (SKLEARN, TORCH), 0.9, 1.5),
    Claim(WARM, (SKLEARN, TORCH), 1.7, 3),
)


def main(rounds: int = ROUNDS) -> None:
    with scratch() as folder:
        ours = Ours(HERE / "g1.yaml", G1, Path(folder))
        sides = {
            COLD: Side(ours.cold),
            WARM: Side(ours.warm),
            SKLEARN: Side(lambda: rival("sklearn_sweep.py", G1)),
            TORCH: Side(lambda: rival("torch_sweep.py", G1)),
            PLAIN_TENSORFLOW: Side(lambda: plain(G1, "tensorflow"), once=True),
            PLAIN_JAX: Side(lambda: plain(G1, "jax", JAX_EVERY), once=True),
        }
        found = in_rounds(sides, rounds)
    report(G1, found, CLAIMS)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
