"""How long the commands that only read take to start, beside an empty Python."""

from __future__ import annotations

import statistics

from bench.processes import DLRUN, PYTHON, in_turns, run, scratch, seconds

ROUNDS = 15
LIMIT = 0.15
"""Seconds above `python -c pass`."""


def main() -> None:
    with scratch() as folder:
        results = ["--results", folder]
        run([DLRUN, "train", "xor", "--set", "data.validation_split=0", "--set", "fit.epochs=3", "-q", *results])
        found = in_turns(
            {
                "python -c pass": lambda: seconds([PYTHON, "-c", "pass"]),
                "dlrun --help": lambda: seconds([DLRUN, "--help"]),
                "dlrun ls": lambda: seconds([DLRUN, "ls", *results]),
                "dlrun show": lambda: seconds([DLRUN, "show", *results]),
            },
            ROUNDS,
        )
    empty = statistics.median(found["python -c pass"])
    print(f"\nstart-up, whole process: must be within {LIMIT} s of `python -c pass`")
    for name, values in found.items():
        above = statistics.median(values) - empty
        print(f"  {name:<16} {statistics.median(values):.3f} s  (+{above:.3f} s)  {'' if above <= LIMIT else 'MISSED'}")
