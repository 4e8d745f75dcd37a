"""G3: 12 networks on Fashion-MNIST, as whole processes: `dlrun sweep` beside Keras loops.

`python -m bench.g3 [ROUNDS]`. Needs fashion-mnist/ below DLRUN_DATA, or below ../shared/data.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.processes import HERE, scratch
from bench.sides import Ours, Side, in_rounds, plain
from bench.sweep_report import COLD, PLAIN_JAX, PLAIN_TENSORFLOW, WARM, Claim, report
from bench.workloads import DATA, G3

ROUNDS = 3
CLAIMS = (Claim(COLD, (PLAIN_TENSORFLOW,), 3, 4), Claim(COLD, (PLAIN_JAX,), 1.1, 1.5))


def main(rounds: int = ROUNDS) -> None:
    if not (DATA / "fashion-mnist").is_dir():
        print(f"\nG3: skipped, there is no {DATA / 'fashion-mnist'}; DLRUN_DATA names the folder above it")
        return
    with scratch() as folder:
        ours = Ours(HERE / "g3.yaml", G3, Path(folder))
        sides = {
            COLD: Side(ours.cold),
            WARM: Side(ours.warm),
            PLAIN_TENSORFLOW: Side(lambda: plain(G3, "tensorflow"), once=True),
            PLAIN_JAX: Side(lambda: plain(G3, "jax"), once=True),
        }
        found = in_rounds(sides, rounds)
    report(G3, found, CLAIMS)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
