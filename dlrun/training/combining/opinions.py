"""What the members of an ensemble say of the same rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Opinions:
    """Outputs of all members for the same rows; not every member need be asked about every row."""

    outputs: np.ndarray
    """float64 (members, rows, outputs): of the output layer, all in one unit; 0 where a member is not asked."""
    counted: np.ndarray
    """bool (members, rows): whose opinion counts for which row; out of fold only those that did not train on it."""
    columns: tuple[int, ...]
    """Per member the column it belongs to, from 0: the folds of one run are one column, another run is another."""

    @property
    def rows(self) -> int:
        return int(self.outputs.shape[1])

    @property
    def column_count(self) -> int:
        return max(self.columns) + 1

    def take(self, rows: np.ndarray) -> Opinions:
        """The opinions on some rows, by their positions or a mask."""
        return Opinions(self.outputs[:, rows], self.counted[:, rows], self.columns)

    def by_column(self) -> np.ndarray:
        """float64 (columns, rows, outputs): the mean of each column's members that count."""
        return np.stack([self.mean(self._of_column(column)) for column in range(self.column_count)])

    def mean(self, weights: np.ndarray) -> np.ndarray:
        """float64 (rows, outputs): the weighted mean of the members that count.

        Args:
            weights: (members,).
        """
        shares = weights[:, None] * self.counted
        with np.errstate(invalid="ignore"):  # a row that nobody is asked about
            return np.asarray(np.einsum("mr,mro->ro", shares, self.outputs) / shares.sum(axis=0)[:, None])

    def _of_column(self, column: int) -> np.ndarray:
        return np.array([own == column for own in self.columns])
