"""Images as a table: one column per pixel, kept as bytes until they are scaled."""

from __future__ import annotations

import numpy as np

from dlrun.data.table import Column, Numeric, Table, Text, pixel_names

WHITE = 255.0
LABEL = "label"


def pixel_table(
    name: str,
    images: np.ndarray,
    labels: Column | None,
    *,
    target: str = LABEL,
    part: np.ndarray | None = None,
    notes: tuple[str, ...] = (),
) -> Table:
    """The table of images.

    Args:
        name: for messages.
        images: uint8 (rows, height, width) or (rows, height, width, 3).
        labels: of the rows; None where there are none.
        target: what the labels' column is called.
        part: int8 (rows,), as `Table.part`.
    """
    size = tuple(images.shape[1:])
    by_pixel = np.ascontiguousarray(images.reshape(len(images), -1).T)  # each column's values lie side by side
    columns: dict[str, Column] = {
        pixel: Numeric(values) for pixel, values in zip(pixel_names(size), by_pixel, strict=True)
    }
    if labels is not None:
        columns[target] = labels
    return Table(
        name,
        columns,
        np.arange(len(images)),
        target=target if labels is not None else None,
        white=WHITE,
        part=part,
        size=size,
        notes=notes,
    )


def labels_of(numbers: np.ndarray) -> Text:
    """Class numbers as texts, in their order."""
    distinct, codes = np.unique(numbers, return_inverse=True)
    return Text(codes.reshape(-1).astype(np.int64), tuple(str(int(number)) for number in distinct))
