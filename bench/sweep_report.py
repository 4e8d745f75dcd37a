"""What the sweeps' benchmarks print: times, ratios and their limits, arithmetic beside the machine's, phases."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.arithmetic import operations, sgemm_rate
from bench.sides import Measured
from bench.workloads import Workload

COLD, WARM = "dlrun, cold cache", "dlrun, warm cache"
SKLEARN, TORCH = "scikit-learn, 2 processes", "PyTorch, 2 processes"
PLAIN_TENSORFLOW, PLAIN_JAX = "plain Keras on TensorFlow", "plain Keras on JAX"
PHASES = ("import", "data", "build", "trace", "compile", "train", "store")
"""In the order in which they happen; others that the records name follow."""
Found = Mapping[str, Sequence[Measured]]


@dataclass(frozen=True)
class Claim:
    """How many times as fast one side is to be as the fastest of some others."""

    side: str
    against: tuple[str, ...]
    must: float
    aim: float | None = None


def report(sweep: Workload, found: Found, claims: Sequence[Claim]) -> None:
    """Prints everything that each benchmark of a sweep has to say."""
    print(f"\n{sweep.name}: {len(sweep.runs())} runs of {sweep.epochs} epochs, whole process")
    for line in [*side_lines(found), *claim_lines(found, claims)]:
        print(f"  {line}")
    for line in [*arithmetic_lines(sweep, found), *phase_lines(found)]:
        print(f"  {line}")


def seconds(found: Found, name: str) -> float:
    """The median of a side."""
    return statistics.median(one.seconds for one in found[name])


def peak(found: Found, name: str) -> float:
    """The median peak of a side, in bytes."""
    return statistics.median(one.peak for one in found[name])


def side_lines(found: Found) -> list[str]:
    lines = []
    for name, rounds in found.items():
        times = [one.seconds for one in rounds]
        spread = f"({min(times):.1f} to {max(times):.1f}, n={len(times)})"
        accuracy = statistics.median(one.val_accuracy for one in rounds)
        line = f"{name:<26} {seconds(found, name):8.1f} s {spread:<24} peak {peak(found, name) / 1e6:6,.0f} MB"
        lines.append(f"{line}  mean val accuracy {accuracy:.4f}  {rounds[0].note}".rstrip())
    return lines


def claim_lines(found: Found, claims: Sequence[Claim]) -> list[str]:
    """One line per claim whose sides were measured."""
    lines = []
    for claim in claims:
        others = [name for name in claim.against if name in found]
        if claim.side not in found or not others:
            continue
        fastest = min(others, key=lambda name: seconds(found, name))
        ratio = seconds(found, fastest) / seconds(found, claim.side)
        lines.append(f"{claim.side}: {ratio:.2f} times as fast as {fastest}; {verdict(ratio, claim)}")
    return lines


def verdict(ratio: float, claim: Claim) -> str:
    must = f"must {claim.must:g}x: {'reached' if ratio >= claim.must else 'MISSED'}"
    return (
        must if claim.aim is None else f"{must}, aim {claim.aim:g}x: {'reached' if ratio >= claim.aim else 'not yet'}"
    )


def arithmetic_lines(sweep: Workload, found: Found) -> list[str]:
    """Useful operations per second of the whole process, over what large matrix products reach here."""
    needed, limit = operations(sweep), sgemm_rate()
    least = f"{needed / limit:.2f} s at this machine's sgemm rate, {limit / 1e9:,.0f} GFLOP/s"
    lines = [f"matrix products of all runs {needed / 1e9:,.0f} GFLOP: {least}"]
    for name in found:
        rate = needed / seconds(found, name)
        lines.append(f"{name}: {rate / 1e9:,.1f} useful GFLOP/s, {rate / limit:.1%} of it")
    return lines


def phase_lines(found: Found) -> list[str]:
    """Where dlrun's time went, in the median round; what the records do not name is not shown."""
    lines = []
    for name in (COLD, WARM):
        if name not in found:
            continue
        median = sorted(found[name], key=lambda one: one.seconds)[len(found[name]) // 2]
        order = [phase for phase in PHASES if phase in median.phases]
        order += [phase for phase in median.phases if phase not in PHASES]
        parts = ", ".join(f"{phase} {median.phases[phase]:.2f}" for phase in order) or "the records name no phase"
        lines.append(f"{name}, seconds summed over the runs (whole process {median.seconds:.2f}): {parts}")
    return lines
