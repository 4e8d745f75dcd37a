"""How many floating-point operations the matrix products of a workload need, and how fast this machine does them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

from bench.processes import HERE, PYTHON, run
from bench.workloads import Workload


def row_operations(sizes: Sequence[int]) -> int:
    """Operations per train row of a dense net with these layer sizes, inputs and outputs included.

    A product of (m, k) and (k, n) takes 2 m n k. Each layer has three: forward, the gradient of its kernel, and the
    gradient of its inputs, which the first layer does not need.
    """
    products = [2 * inputs * outputs for inputs, outputs in itertools.pairwise(sizes)]
    return 3 * sum(products) - products[0]


def operations(sweep: Workload) -> int:
    """Of all runs at their true widths and depths. Measuring losses, activations, dropout and Adam are left out."""
    shape = sweep.shape
    per_row = sum(
        row_operations([shape.features, *[one.width] * one.depth, shape.classes]) for one in sweep.runs()
    )  # fmt: skip
    return per_row * shape.train * sweep.epochs


def sgemm_rate() -> float:
    """Operations per second of large float32 products: the quicker of numpy and JAX, in a process of their own."""
    rates: dict[str, float] = json.loads(run([PYTHON, str(HERE / "sgemm.py")]))
    return max(rates.values())
