"""A folder, or zip archive, of images in one folder per class.

flowers/rose/1.png            flowers/train/rose/1.png     and validation/ (or val/), test/: used as they are
flowers/tulip/2.jpg           flowers/test/rose/7.png
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dlrun.data.archive import Member, members
from dlrun.data.picture import SUFFIXES, pixels_of, size_of
from dlrun.data.pixels import LABEL, pixel_table
from dlrun.data.table import TEST, TRAIN, VALIDATION, Table, Text
from dlrun.errors import DataError
from dlrun.spec import Data

PARTS = {
    "train": TRAIN, "training": TRAIN,
    "validation": VALIDATION, "val": VALIDATION, "valid": VALIDATION,
    "test": TEST, "testing": TEST,
}  # fmt: skip
USUAL_SIZE = (32, 32)
LARGEST_OWN_SIZE = 128 * 128
"""Pixels above which images are scaled to `USUAL_SIZE` unless a size is given: the first layer would be huge."""


@dataclass(frozen=True)
class Picture:
    """An image file with what its folders say."""

    member: Member
    label: str | None
    """None where it lies in no class folder."""
    part: int
    file: str
    """Its path inside the source, as `Table.files`."""


def image_table(source: str, data: Data, size: tuple[int, ...] | None = None, labelled: bool = True) -> Table:
    """The table of all images.

    Args:
        source: a folder or zip archive; or a single image.
        data: `image_size` scales them; when not given they keep their size where all have the same, else it is 32 x 32.
        size: as `Table.size`, of images that these are to be like: it decides the size, and whether there are colours.
        labelled: whether images outside of class folders are left out where there are such folders.

    Raises:
        DataError: there are no images, none lie in class folders, or a file is no image.
    """
    with members(source) as found:
        pictures, notes = sorted_out(source, found, labelled)
        if size is None and pictures[0].label is None:
            raise DataError(
                f"{source}: has {len(pictures):,} images but no class folders. Put the images of each class into a "
                f"folder of its own. Received: {pictures[0].member.name!r}"
            )
        if size is None:
            height_width, size_notes = _common_size(source, pictures, data)
            notes += size_notes
        else:
            height_width = (size[0], size[1])
        pixels = np.empty((len(pictures), *height_width, 3), np.uint8)
        for row, picture in enumerate(pictures):
            pixels[row] = pixels_of(f"{source}: {picture.member.name}", picture.member.read(), height_width)
    coloured = _has_colours(pixels) if size is None else len(size) == 3
    labels, part = _labels(pictures), np.array([picture.part for picture in pictures], np.int8)
    images = pixels if coloured else grey(pixels)
    table = pixel_table(
        source, images, labels, target=LABEL, part=part if len(np.unique(part)) > 1 else None, notes=notes
    )
    return replace(table, files=tuple(picture.file for picture in pictures))


def sorted_out(source: str, found: Sequence[Member], labelled: bool = True) -> tuple[list[Picture], tuple[str, ...]]:
    """The images with their classes and parts, and notes on files that are left out. Raises DataError.

    Args:
        labelled: as for `image_table`.
    """
    files = [member for member in found if member.suffix in SUFFIXES]
    images = _without_wrapper(files)
    others = [member for member in found if member.suffix not in SUFFIXES]
    if not images:
        having = f"It holds {others[0].name!r}" if others else "It is empty"
        raise DataError(
            f"{source}: holds no images ({', '.join(SUFFIXES)}). {having}. "
            "One folder per class, with its images, is what is read"
        )
    by_parts = all(len(image.path) > 1 and image.path[0].lower() in PARTS for image in images)
    by_parts = by_parts and any(PARTS[image.path[0].lower()] == TRAIN for image in images)
    pictures = [_picture(image, file.name, by_parts) for image, file in zip(images, files, strict=True)]
    return _labelled(pictures, others, labelled)


def _without_wrapper(images: list[Member]) -> list[Member]:
    """The images without folders that all of them are in, as long as one folder per image is left."""
    while images and all(len(image.path) > 2 and image.path[0] == images[0].path[0] for image in images):
        if images[0].path[0].lower() in PARTS and len({image.path[1] for image in images}) < 2:
            break
        images = [replace(image, path=image.path[1:]) for image in images]
    return images


def _picture(image: Member, file: str, by_parts: bool) -> Picture:
    part = PARTS[image.path[0].lower()] if by_parts else TRAIN
    inside = image.path[1:] if by_parts else image.path
    return Picture(image, inside[0] if len(inside) > 1 else None, part, file)


def _labelled(
    pictures: list[Picture], others: Sequence[Member], labelled: bool
) -> tuple[list[Picture], tuple[str, ...]]:
    """Images of class folders; all of them where there is no class folder at all, and for prediction."""
    notes = []
    if others:
        no_images = "no image" if len(others) == 1 else "no images"
        notes.append(f"{_count(len(others), 'file')} {no_images} and left out (the first is {others[0].name!r}).")
    if not labelled:
        return pictures, tuple(notes)
    with_label = [picture for picture in pictures if picture.label is not None]
    if with_label and len(with_label) < len(pictures):
        lone = next(picture.member.name for picture in pictures if picture.label is None)
        lost = len(pictures) - len(with_label)
        notes.append(f"{_count(lost, 'image')} in no class folder and left out (the first is {lone!r}).")
    return with_label or pictures, tuple(notes)


def _count(number: int, what: str) -> str:
    return f"1 {what} is" if number == 1 else f"{number:,} {what}s are"


def _labels(pictures: Sequence[Picture]) -> Text | None:
    labels = [picture.label for picture in pictures]
    if None in labels:
        return None
    names = sorted({label for label in labels if label is not None})
    places = {name: place for place, name in enumerate(names)}
    return Text(np.array([places[label] for label in labels if label is not None], np.int64), tuple(names))


def _common_size(source: str, pictures: Sequence[Picture], data: Data) -> tuple[tuple[int, int], tuple[str, ...]]:
    """(height, width) to which all images are brought, and a note where it was not plain."""
    if data.image_size is not None:
        given = data.image_size
        return (given, given) if isinstance(given, int) else (given[0], given[1]), ()
    sizes = Counter(size_of(f"{source}: {picture.member.name}", picture.member.read()) for picture in pictures)
    height, width = sizes.most_common(1)[0][0]
    if len(sizes) == 1 and height * width <= LARGEST_OWN_SIZE:
        return (height, width), ()
    what = (
        f"images have {len(sizes):,} sizes, most often {height} x {width}"
        if len(sizes) > 1
        else (f"images are {height} x {width}")
    )
    usual = " x ".join(map(str, USUAL_SIZE))
    return USUAL_SIZE, (f"{source}: {what}; they are scaled to {usual} (data.image_size gives another size).",)


def _has_colours(pixels: np.ndarray) -> bool:
    """Whether red, green and blue differ anywhere."""
    return any((image != image[..., :1]).any() for image in pixels)


def grey(pixels: np.ndarray) -> np.ndarray:
    """uint8 (rows, height, width): the brightness of coloured images, by the weights of ITU-R 601."""
    if not _has_colours(pixels):
        return np.ascontiguousarray(pixels[..., 0])
    weights = np.array([0.299, 0.587, 0.114])
    return np.stack([np.round(image @ weights).astype(np.uint8) for image in pixels])
