"""Both engines on every crowd, in a process on JAX."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from tests.training.fused.comparing import by_keras, difference, fused, jobs_of, largest, one_block
from tests.training.fused.crowds import CROWDS, DATA


def compared(name: str) -> dict[str, Any]:
    """How far each member in the crowd, and the second one alone at its own shape, are from the keras engine."""
    crowd = CROWDS[name]
    jobs = jobs_of(crowd.experiments, DATA[crowd.data](), crowd.until)
    wanted = by_keras(jobs)
    (alone,) = fused(one_block(jobs[1:2]))
    found: dict[str, Any] = {"alone": asdict(difference(alone, wanted[1]))}
    if crowd.padded:
        together = fused(one_block(jobs, slots=crowd.slots))
        found["together"] = asdict(largest(map(difference, together, wanted)))
    return {**found, "statuses": [outcome.status for outcome in wanted]}


CHECKS = {name: partial(compared, name) for name in CROWDS}
