"""`data.augmentation` in Keras: what stands before the net in the model that is trained.

The net that is measured, kept and saved has none of it. Images are changed first (mirrored; turned, moved and enlarged
in one resampling; a square erased), then rows are mixed, then noise is added. How each image is changed and which rows
are mixed is drawn on the host (`augmentation_draws`); noise is drawn by Keras' own layer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.data import Prepared
from dlrun.spec import Experiment
from dlrun.training.augmentation_draws import Draws, Size, noise_seed
from dlrun.training.backend import current

Drawn = Mapping[str, Any]
"""What was drawn for each row of a batch, by its name in `Draws.names`."""


@dataclass(frozen=True)
class Augmented:
    """What stands before the net.

    Args:
        draws: what is drawn on the host.
        background: (colours,) of empty pixels; None where rows are no images.
        noise: (features,) standard deviation of each input's noise; None without noise.
    """

    draws: Draws
    background: np.ndarray | None
    noise: np.ndarray | None

    @classmethod
    def of(cls, experiment: Experiment, data: Prepared) -> Augmented | None:
        """What an experiment asks for; None where nothing is augmented."""
        draws = Draws.of(experiment, data)
        if draws is None:
            return None
        background = None if data.image is None else data.background.astype(draws.numbers)
        return cls(draws, background, noise_of(experiment, data, draws.numbers))

    def symbolic(self, features: int, own: Callable[[Any], Any] | None = None) -> tuple[list[Any], Any]:
        """Keras' symbolic inputs (x, then what is drawn, in the order of `Draws.names`), and the changed x.

        Args:
            features: columns of x.
            own: on several devices, a batch's rows -> those of a device: each changes the whole batch, all alike.
        """
        import keras

        inputs = [self._input("features", (features,), self.draws.numbers)]
        inputs += [self._input(name, *self.draws.shape(name)) for name in self.draws.names]
        drawn = dict(zip(self.draws.names, inputs[1:], strict=True))
        x = self._noisy(self._mixed(self._images(inputs[0], drawn), drawn))
        if own is not None:
            x = keras.layers.Lambda(own, output_shape=x.shape[1:], dtype=self.draws.numbers, name="own_rows")(x)
        return inputs, x

    def _input(self, name: str, shape: tuple[int, ...], numbers: str) -> Any:
        import keras

        return keras.Input(shape, dtype=numbers, name=name)

    def _images(self, x: Any, drawn: Drawn) -> Any:
        import keras

        names = [name for name in drawn if name in IMAGE_CHANGES]
        if not names:
            return x
        layer = keras.layers.Lambda(
            lambda inputs: changed_images(inputs[0], dict(zip(names, inputs[1:], strict=True)), self),
            output_shape=x.shape[1:],
            dtype=self.draws.numbers,
            name="image_changes",
        )
        return layer([x, *(drawn[name] for name in names)])

    def _mixed(self, x: Any, drawn: Drawn) -> Any:
        import keras

        if "partner" not in drawn:
            return x
        layer = keras.layers.Lambda(
            lambda inputs: mixed(*inputs), output_shape=x.shape[1:], dtype=self.draws.numbers, name="mixup"
        )
        return layer([x, drawn["partner"], drawn["share"]])

    def _noisy(self, x: Any) -> Any:
        """Keras' layer takes no standard deviation above 1, and the same for all inputs: its noise is drawn on zeros
        and multiplied."""
        import keras

        if self.noise is None:
            return x
        seed = noise_seed(self.draws.seed)
        layer = keras.layers.GaussianNoise(1.0, seed=seed, dtype=self.draws.numbers, name="noise")
        return x + layer(keras.ops.zeros_like(x)) * self.noise

    def batch(self, batch: Sequence[Any], drawn: Sequence[Any]) -> tuple[Any, ...]:
        """A batch (x, targets and, where there are any, weights) as the trained model takes it: targets and weights
        mixed as x will be."""
        x, *rest = batch
        named = dict(zip(self.draws.names, drawn, strict=True))
        if "partner" in named:
            rest = [mixed(column, named["partner"], named["share"]) for column in rest]
        return ([x, *drawn], *rest)


def noise_of(experiment: Experiment, data: Prepared, numbers: str = "float32") -> np.ndarray | None:
    """(features,): standard deviation of the noise on each input, 0 for those that hold no amount; None for none."""
    given = experiment.data.augmentation
    if given is None or not given.noise:
        return None
    numeric = np.ones(data.train.x.shape[1], bool) if data.numeric is None else data.numeric
    return np.asarray(np.where(numeric, given.noise, 0.0).astype(numbers))


def mixed(values: Any, partner: Any, share: Any) -> Any:
    """Each row with the row of the batch that is its partner: share * own + (1 - share) * other (Zhang et al. 2018).

    Args:
        values: (rows, ...).
        partner: int32 (rows,).
        share: (rows,).
    """
    from keras import ops

    share = ops.reshape(share, (-1, *(1,) * (len(values.shape) - 1)))
    values = ops.cast(values, share.dtype)
    return share * values + (1 - share) * ops.take(values, partner, axis=0)


def changed_images(x: Any, drawn: Drawn, augmented: Augmented) -> Any:
    """The images (rows, pixels), each changed as was drawn for it."""
    from keras import ops

    size = augmented.draws.sides
    pixels = ops.reshape(x, (-1, *size))
    for name, change in IMAGE_CHANGES.items():
        if name in drawn:
            pixels = change(pixels, drawn[name], augmented)
    return ops.reshape(pixels, (-1, math.prod(size)))


def flipped(pixels: Any, flips: Any, augmented: Augmented) -> Any:
    from keras import ops

    for axis in (1, 2):
        wanted = ops.reshape(flips[:, axis - 1] > 0, (-1, 1, 1, 1))
        pixels = ops.where(wanted, ops.flip(pixels, axis=axis), pixels)
    return pixels


def moved(pixels: Any, transform: Any, augmented: Augmented) -> Any:
    """Resampled between neighbouring pixels; what comes in from outside is background."""
    background = augmented.background
    if background is None or not background.any():
        return resampled(pixels, transform, augmented.draws.sides)
    return resampled(pixels - background, transform, augmented.draws.sides) + background


def resampled(pixels: Any, transform: Any, size: Size) -> Any:
    """Images by bilinear interpolation, 0 outside.

    On JAX Keras interpolates between colours too, 8 values for each pixel in place of 4, and checks every index:
    measured eight times slower on a CPU.
    """
    from keras import ops

    if current() == "jax":
        return resampled_on_jax(pixels, transform, size)
    whole = ops.pad(transform, ((0, 0), (0, 2)))
    return ops.image.affine_transform(pixels, whole, fill_mode="constant", data_format="channels_last")


def resampled_on_jax(pixels: Any, transform: Any, size: Size) -> Any:
    import jax
    import jax.numpy as jnp

    height, width, colours = size
    row, column = (place.reshape(-1) for place in np.indices((height, width)).astype(transform.dtype))
    framed = jnp.pad(pixels, ((0, 0), (1, 1), (1, 1), (0, 0))).reshape(-1, (height + 2) * (width + 2), colours)

    def one(image: Any, map: Any) -> Any:
        # in the frame of zeros; all that is farther outside is read from it
        x = jnp.clip(map[0] * column + map[1] * row + map[2] + 1, 0, width + 1)
        y = jnp.clip(map[3] * column + map[4] * row + map[5] + 1, 0, height + 1)
        left, top = jnp.minimum(jnp.floor(x), width), jnp.minimum(jnp.floor(y), height)
        right, down = (x - left)[:, None], (y - top)[:, None]
        place = top.astype(jnp.int32) * (width + 2) + left.astype(jnp.int32)

        def read(step: int) -> Any:
            return image.at[place + step].get(mode="promise_in_bounds")

        upper = read(0) * (1 - right) + read(1) * right
        lower = read(width + 2) * (1 - right) + read(width + 3) * right
        return upper * (1 - down) + lower * down

    return jax.vmap(one)(framed, transform).reshape(pixels.shape)


def cut_out(pixels: Any, corner: Any, augmented: Augmented) -> Any:
    """A square of background (DeVries & Taylor 2017; like Keras' `RandomErasing` it lies inside the image)."""
    from keras import ops

    (height, width, _), side = augmented.draws.sides, augmented.draws.erased
    row, column = np.indices((height, width), "int32")[..., None][:, None]
    top, left = (ops.reshape(corner[:, place], (-1, 1, 1, 1)) for place in (0, 1))
    inside = (row >= top) & (row < top + side) & (column >= left) & (column < left + side)
    return ops.where(inside, augmented.background, pixels)


IMAGE_CHANGES = {"flips": flipped, "transform": moved, "corner": cut_out}
"""What changes images, in this order, by what is drawn for it."""
