"""A picture of what augmentation makes of train images: each beside what the net sees of it, epoch after epoch."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dlrun.data import Prepared, Preprocessing
from dlrun.data.features import Pixels
from dlrun.errors import UsageError
from dlrun.spec import Experiment
from dlrun.spec.augmentation import acting
from dlrun.store.files import write_whole

if TYPE_CHECKING:
    from PIL.Image import Image

IMAGES, EPOCHS = 8, 7
CELL, GAP, WIDE_GAP, HEAD = 84, 6, 22, 52
"""Pixels of the picture: side of an image at most, between images, behind the first column, above the first row."""
PAPER, INK, PALE = "#ffffff", "#222222", "#666666"


def save_augmented(experiment: Experiment, data: Prepared, path: Path) -> None:
    """Writes the picture as PNG; loads Keras, whose layers make it.

    Raises:
        UsageError: nothing is augmented, rows are no images, or the name does not end in .png.
        StoreNotWritable: the file cannot be written.
    """
    if path.suffix.lower() != ".png":
        raise UsageError(f"--augmented: the picture's name must end in .png. Received: {str(path)!r}")
    if data.image is None:
        raise UsageError("--augmented: draws images; these rows are a table.")
    if not acting(experiment.data):
        raise UsageError(
            "--augmented: needs data.augmentation in the config, such as --set data.augmentation.rotation=0.05"
        )
    content = io.BytesIO()
    drawn(experiment, augmented_images(experiment, data)).save(content, "PNG")
    write_whole(path, lambda aside: _write(aside, content.getvalue()))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def augmented_images(experiment: Experiment, data: Prepared) -> np.ndarray:
    """uint8 (images, 1 + epochs, height, width, colours): train images, one per class as far as there are classes, and
    what the layers of training make of them in each epoch."""
    from dlrun.training.backend import choose

    choose("tensorflow")
    import keras

    from dlrun.training.augmentation import Augmented
    from dlrun.training.precision import numbers_in

    chosen = data.train.take(one_of_each(data))
    with numbers_in(experiment.fit.precision):
        augmented = Augmented.of(experiment, data)
        if augmented is None or data.image is None:
            raise LookupError("augmentation")
        draws = replace(augmented.draws, rows=len(chosen), batch=len(chosen))
        model = keras.Model(*augmented.symbolic(chosen.x.shape[1]))
        x = chosen.x.astype(draws.numbers)
        seen = [model([x, *draws.epoch(epoch)], training=True) for epoch in range(EPOCHS)]
        columns = [x, *(keras.ops.convert_to_numpy(one) for one in seen)]
    return in_bytes(np.stack(columns, axis=1), data).reshape(len(chosen), 1 + EPOCHS, *data.image)


def one_of_each(data: Prepared) -> np.ndarray:
    """int (images,): the first train rows of different classes, then further ones."""
    y = data.train.y
    first = np.sort(np.unique(y, return_index=True)[1]) if data.task.classes else np.arange(0)
    in_order = first[np.argsort(y[first], kind="stable")]
    others = np.setdiff1d(np.arange(min(len(y), 2 * IMAGES)), first)
    return np.concatenate([in_order, others])[:IMAGES].astype(int)


def in_bytes(x: np.ndarray, data: Prepared) -> np.ndarray:
    """The scaled pixels as they are shown: 0 is black, 255 white."""
    pixels = Preprocessing.from_json(data.preprocessing).features[0]
    if not isinstance(pixels, Pixels):
        raise LookupError("pixels")
    return np.asarray(np.clip(np.round(255 * (x * pixels.scale + pixels.center)), 0, 255).astype(np.uint8))


def drawn(experiment: Experiment, images: np.ndarray) -> Image:
    """The picture: a row per train image, itself first."""
    from PIL import Image, ImageDraw

    rows, columns, height, width = images.shape[:4]
    factor = max(1, CELL // max(height, width))
    step_x, step_y = factor * width + GAP, factor * height + GAP
    left = [GAP + place * step_x + WIDE_GAP * (place > 0) for place in range(columns)]
    picture = Image.new("RGB", (left[-1] + step_x, HEAD + rows * step_y + GAP), PAPER)
    pen = ImageDraw.Draw(picture)
    label(pen, (left[0], 8), experiment.name, INK)
    label(pen, (left[0], 30), "image", PALE)
    label(pen, (left[1], 30), f"as the net sees it in epochs 1 to {columns - 1}: {in_words(experiment)}", PALE)
    for row in range(rows):
        for column, x in enumerate(left):
            pixels = np.squeeze(images[row, column], axis=-1) if images.shape[-1] == 1 else images[row, column]
            one = Image.fromarray(pixels).resize((factor * width, factor * height), Image.Resampling.NEAREST)
            picture.paste(one, (x, HEAD + row * step_y))
    return picture


def label(pen: Any, place: tuple[int, int], text: str, colour: str) -> None:
    from PIL import ImageFont

    pen.text(place, text, fill=colour, font=ImageFont.load_default(13))


def in_words(experiment: Experiment) -> str:
    """`rotation 0.05, shift 0.1`."""
    given = experiment.data.augmentation
    return ", ".join(f"{key} {getattr(given, key)}" for key in acting(experiment.data))
