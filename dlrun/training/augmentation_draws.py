"""What is drawn for augmentation on the host: how each image is changed, and which rows are mixed.

Drawn by numpy from the seed and the epoch, like the row order, so that every backend, engine and number of devices
trains on the same changes. Only noise is drawn on the device: there is too much of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlrun.data import Prepared, seed_sequence, stream
from dlrun.spec import Experiment
from dlrun.spec.augmentation import Augmentation, acting
from dlrun.training.batches import batch_size
from dlrun.training.precision import array_type

Size = tuple[int, int, int]
"""(height, width, colours) of an image."""
STREAMS = ("flip", "turn", "shift", "zoom", "cutout", "partner", "share")
"""Each has random numbers of its own, so that no key changes what another draws."""


@dataclass(frozen=True)
class Draws:
    """The draws of a run.

    Args:
        augmentation: what is asked for.
        seed: of the run.
        rows: train rows.
        batch: rows per step.
        image: size of the images; None where rows are none.
        numbers: float32 or float64.
    """

    augmentation: Augmentation
    seed: int
    rows: int
    batch: int
    image: Size | None
    numbers: str = "float32"

    @classmethod
    def of(cls, experiment: Experiment, data: Prepared) -> Draws | None:
        """The draws of an experiment; None where nothing is augmented."""
        augmentation, rows = experiment.data.augmentation, len(data.train)
        if augmentation is None or not acting(experiment.data):
            return None
        size = batch_size(experiment.fit.batch_size, rows)
        return cls(augmentation, experiment.seed, rows, size, data.image, array_type(experiment.fit.precision))

    @property
    def names(self) -> tuple[str, ...]:
        """What is drawn per row, a key of `DRAWN` each."""
        acting = set(self.augmentation.acting)
        return tuple(name for name, (keys, _) in DRAWN.items() if acting & keys)

    def epoch(self, epoch: int) -> tuple[np.ndarray, ...]:
        """What is drawn for an epoch, counted from 0: arrays (rows, ...) in the order of `names`, whose rows are those
        of the epoch's order."""
        return tuple(DRAWN[name][1](self, epoch) for name in self.names)

    def shape(self, name: str) -> tuple[tuple[int, ...], str]:
        """The shape of what is drawn for one row, and its type."""
        return {
            "flips": ((2,), "int32"),
            "transform": ((6,), self.numbers),
            "corner": ((2,), "int32"),
            "partner": ((), "int32"),
            "share": ((), self.numbers),
        }[name]

    def stream(self, epoch: int, name: str) -> np.random.Generator:
        return stream(self.seed, "augment", epoch, STREAMS.index(name))

    @property
    def sides(self) -> Size:
        """The images' size. Raises LookupError where rows are none."""
        if self.image is None:
            raise LookupError("image")
        return self.image

    @property
    def erased(self) -> int:
        """Side of the erased square, in pixels."""
        return max(1, round((self.augmentation.cutout or 0.0) * min(self.sides[:2])))


def noise_seed(seed: int) -> int:
    """The start of the noise layer's own random numbers, below 2**31."""
    return int(seed_sequence(seed, "augment").generate_state(1)[0] >> 1)


def flips(draws: Draws, epoch: int) -> np.ndarray:
    """int32 (rows, 2): 1 where an image is mirrored upside down, and left to right."""
    kind = draws.augmentation.flip or ""
    wanted = ["vertical" in kind, "horizontal" in kind]
    return (draws.stream(epoch, "flip").integers(0, 2, (draws.rows, 2)) * wanted).astype(np.int32)


def transforms(draws: Draws, epoch: int) -> np.ndarray:
    """(rows, 6): the affine map from each image's new pixels to those it had, `a0 a1 a2 b0 b1 b2` of
    `keras.ops.image.affine_transform`: x' = a0 x + a1 y + a2, y' = b0 x + b1 y + b2.

    An image is turned, then moved, then enlarged, each as Keras' `RandomRotation`, `RandomTranslation` and `RandomZoom`
    do it; one map for all three samples the pixels once instead of three times.
    """
    given, (height, width, _) = draws.augmentation, draws.sides

    def spread(name: str, columns: int, most: float | None) -> np.ndarray:
        return draws.stream(epoch, name).uniform(-1, 1, (draws.rows, columns)) * (most or 0.0)

    angle = 2 * np.pi * spread("turn", 1, given.rotation)
    moved = spread("shift", 2, given.shift) * (width, height)
    smaller = 1 + spread("zoom", 1, given.zoom)
    linear = np.concatenate([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=1).reshape(-1, 2, 2)
    centre = np.array([width - 1, height - 1]) / 2
    offset = centre - np.einsum("nij,nj->ni", linear, smaller * centre + moved)
    return np.concatenate([smaller[..., None] * linear, offset[..., None]], axis=2).reshape(-1, 6).astype(draws.numbers)


def corners(draws: Draws, epoch: int) -> np.ndarray:
    """int32 (rows, 2): row and column of the erased square's upper left pixel. It lies inside the image."""
    places = np.array(draws.sides[:2]) - draws.erased + 1
    return draws.stream(epoch, "cutout").integers(0, places, (draws.rows, 2)).astype(np.int32)


def partners(draws: Draws, epoch: int) -> np.ndarray:
    """int32 (rows,): the row of the same batch that each is mixed with, counted inside the batch: a permutation."""
    generator = draws.stream(epoch, "partner")
    batches = [generator.permutation(size) for size in batch_sizes(draws)]
    return np.concatenate(batches).astype(np.int32)


def shares(draws: Draws, epoch: int) -> np.ndarray:
    """(rows,): how much of itself each row keeps: one number from Beta(alpha, alpha) for each batch."""
    sizes, alpha = batch_sizes(draws), draws.augmentation.mixup or 0.0
    return np.repeat(draws.stream(epoch, "share").beta(alpha, alpha, len(sizes)), sizes).astype(draws.numbers)


def batch_sizes(draws: Draws) -> np.ndarray:
    """int (steps,): rows of each batch, the last maybe smaller."""
    return np.diff(np.append(np.arange(0, draws.rows, draws.batch), draws.rows))


DRAWN: dict[str, tuple[set[str], Callable[[Draws, int], np.ndarray]]] = {
    "flips": ({"flip"}, flips),
    "transform": ({"rotation", "shift", "zoom"}, transforms),
    "corner": ({"cutout"}, corners),
    "partner": ({"mixup"}, partners),
    "share": ({"mixup"}, shares),
}
"""What is drawn: the keys that need it, and how."""
