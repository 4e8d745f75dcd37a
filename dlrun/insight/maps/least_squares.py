"""Linear models of levels, by least squares: what each level adds, and how much of the squares a term explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Fit:
    """A model of some factors, each coded so that what its levels add sums to 0."""

    intercept: float
    added: tuple[tuple[float, ...], ...]
    """Per factor what each level adds; with equally many values per cell, the level's mean less the mean of all."""
    squares: float
    """What is left: the residual sum of squares."""
    freedom: int
    """Degrees of freedom left."""
    scale: tuple[Any, ...]
    """Per factor the levels' covariance in units of the error's variance, a matrix."""
    told_apart: tuple[bool, ...]
    """Per factor whether it can be told from the others."""


def fit(values: Sequence[float], factors: Sequence[Sequence[int]]) -> Fit:
    """The additive model: value = intercept + what each factor's level adds + error.

    Args:
        values: one per configuration.
        factors: per factor the level (0, 1, ...) of each configuration; every level occurs.
    """
    import numpy as np

    y = np.asarray(values, float)
    codings = [_coding(max(levels) + 1) for levels in factors]
    blocks = [coding[list(levels)] for coding, levels in zip(codings, factors, strict=True)]
    design = np.hstack([np.ones((len(y), 1)), *blocks])
    inverse = np.linalg.pinv(design.T @ design, rcond=_ROUNDING, hermitian=True)
    weights = inverse @ design.T @ y
    visible = inverse @ design.T @ design  # projects on what the data say; the identity where all can be told apart
    rest = y - design @ weights
    added, scale, apart, start = [], [], [], 1
    for coding in codings:
        part = slice(start, start + coding.shape[1])
        rows = np.zeros((coding.shape[0], design.shape[1]))
        rows[:, part] = coding
        added.append(tuple(float(value) for value in coding @ weights[part]))
        scale.append(coding @ inverse[part, part] @ coding.T)
        apart.append(bool(np.allclose(rows @ visible, rows, atol=1e-6)))
        start += coding.shape[1]
    rank = int(np.linalg.matrix_rank(design))
    return Fit(float(weights[0]), tuple(added), float(rest @ rest), len(y) - rank, tuple(scale), tuple(apart))


def squares_left(
    values: Sequence[float], factors: Sequence[Sequence[int]], pair: tuple[int, int] | None = None
) -> tuple[float, int]:
    """The residual sum of squares of the additive model, with the interaction of a pair of factors where one is given,
    and how many parameters it has."""
    import numpy as np

    y = np.asarray(values, float)
    blocks = [np.ones((len(y), 1))]
    blocks += [_coding(max(levels) + 1)[list(levels)] for levels in factors]
    if pair is not None:
        left, right = (blocks[1 + place] for place in pair)
        blocks.append((left[:, :, None] * right[:, None, :]).reshape(len(y), -1))
    design = np.hstack(blocks)
    rest = y - design @ np.linalg.lstsq(design, y, rcond=_ROUNDING)[0]
    return float(rest @ rest), int(np.linalg.matrix_rank(design))


def _coding(levels: int) -> Any:
    """One row per level, which sum to 0: the identity with -1 for the last (sum-to-zero contrasts)."""
    import numpy as np

    return np.vstack([np.eye(levels - 1), -np.ones((1, levels - 1))])
