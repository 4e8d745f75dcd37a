"""The K-member curve: seconds of one sweep over K networks of 784-128-10, beside a plain Keras loop on JAX.

`python -m bench.members [COUNT...]`. On a CPU 1 and 10 by default, on an accelerator up to 10,000. Random pixels, 6,400
train rows, 3 epochs of batches of 128: a curve of speed, not of learning. The loop's time is measured over 10 members
and scaled.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.arithmetic import operations, sgemm_rate
from bench.processes import PYTHON, run, scratch
from bench.sides import Ours, plain_loop
from bench.workloads import members, random_pixels

ON_CPU = (1, 10)
ON_ACCELERATOR = (1, 10, 100, 1_000, 10_000)
PLAIN_MEMBERS = 10


def main(counts: Sequence[int] = ()) -> None:
    device = run([PYTHON, "-c", "import jax; print(jax.default_backend())"]).strip()
    counts = counts or (ON_CPU if device == "cpu" else ON_ACCELERATOR)
    print(f"\nmembers of 784-128-10 in one sweep on {device}, whole process; `loop`: plain Keras on JAX")
    loop, limit = plain_loop(f"members:{PLAIN_MEMBERS}", "jax"), sgemm_rate()
    print(f"  loop: start {loop.start:.1f} s, first run {loop.first:.2f} s, each other {loop.each:.2f} s "
          f"({loop.runs} measured, the rest scaled); sgemm {limit / 1e9:,.0f} GFLOP/s")  # fmt: skip
    print("  members    cold s    warm s  warm s/member    loop s  loop/cold  loop/warm  useful/sgemm    peak MB")
    with scratch() as folder:
        for count in counts:
            print(f"  {row(count, Path(folder), loop.whole(count), limit)}", flush=True)


def row(count: int, folder: Path, loop: float, limit: float) -> str:
    """One line of the table: so many members, cold and warm, once each."""
    ours = Ours(config_of(count, folder), members(count), folder / str(count))
    cold, warm = ours.cold(), ours.warm()
    useful = operations(members(count)) / warm.seconds / limit
    return (
        f"{count:7,} {cold.seconds:9.1f} {warm.seconds:9.1f} {warm.seconds / count:14.4f} {loop:9.1f} "
        f"{loop / cold.seconds:9.1f}x {loop / warm.seconds:9.1f}x {useful:13.2%} {cold.peak / 1e6:10,.0f}"
    )


def config_of(count: int, folder: Path) -> Path:
    """Writes the config, which is YAML as JSON is, and the rows beside it."""
    np.savez(folder / "pixels.npz", allow_pickle=False, **random_pixels())
    config = members(count).config(source="pixels.npz")
    config["data"]["task"] = "classification"
    config["name"] = f"members {count}"
    path = folder / f"members-{count}.yaml"
    path.write_text(json.dumps(config), encoding="utf-8")
    return path


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])))
