"""Rows written in the config itself."""

from __future__ import annotations

import numpy as np

from dlrun.data.table import Column, Numeric, Table, Text
from dlrun.errors import DataError
from dlrun.spec.experiment import Inline

TARGET = "y"


def inline_table(inline: Inline) -> Table:
    """Columns x1, x2, ... and y. Raises DataError where rows differ in length or y does not fit."""
    width = len(inline.x[0])
    for row, values in enumerate(inline.x):
        if len(values) != width or not width:
            raise DataError(
                f"data.inline.x: every row needs as many numbers as the first, and at least one. "
                f"Received: {len(values)} in row {row + 1}, {width} in row 1"
            )
    if len(inline.x) != len(inline.y):
        raise DataError(
            f"data.inline: needs one y per row of x. Received: {len(inline.y)} in y, {len(inline.x)} rows in x"
        )
    return array_table("inline", np.array(inline.x, float), _answers(inline.y))


def array_table(name: str, x: np.ndarray, target: Column) -> Table:
    """A table of the columns x1, x2, ... of x (rows, features) and the target y."""
    columns: dict[str, Column] = {f"x{number}": Numeric(values) for number, values in enumerate(x.T, 1)}
    columns[TARGET] = target
    return Table(name, columns, np.arange(len(x)), target=TARGET, keep_constant=True)


def _answers(y: tuple[float | int | str | bool, ...]) -> Column:
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in y):
        return Numeric(np.array(y, float))
    return Text.of([str(value).lower() if isinstance(value, bool) else str(value) for value in y])
