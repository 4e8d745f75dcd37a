"""One image file -> its pixels, 8 bits per colour. Pillow decodes."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from dlrun.errors import DataError

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm")
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
"""Those that Pillow may take a file for: further ones run more code than is needed."""
MOST_PIXELS = 100_000_000


def size_of(name: str, raw: bytes) -> tuple[int, int]:
    """(height, width) of an image as it is seen. Raises DataError where it is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _opened(name, raw) as image:
            width, height = image.size
            turned = image.format in _TURNED_FORMATS and image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
    return (width, height) if turned else (height, width)


def pixels_of(name: str, raw: bytes, size: tuple[int, int]) -> np.ndarray:
    """uint8 (height, width, 3): an image scaled to the size; of moving ones the first picture.

    What is transparent becomes white. Raises DataError where the file is no image, or cut off.
    """
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _opened(name, raw) as image:
            try:
                image.load()
                seen = _in_colours(ImageOps.exif_transpose(image))
            except (OSError, SyntaxError, ValueError, EOFError) as error:
                raise DataError(f"{name}: is cut off or damaged: {error}") from error
    if (seen.height, seen.width) != size:
        seen = seen.resize((size[1], size[0]), Image.Resampling.BILINEAR)
    return np.asarray(seen, np.uint8)


_ORIENTATION = 0x0112
"""The EXIF tag that says how the camera was held."""
_TURNED_FORMATS = ("JPEG", "WEBP")
"""Formats of cameras. Pillow turns TIFF itself; in others the tag can stand behind the pixels."""


def _opened(name: str, raw: bytes) -> Image.Image:
    from PIL import Image

    if not raw:
        raise DataError(f"{name}: is empty")
    try:
        image = Image.open(io.BytesIO(raw), formats=FORMATS)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        text = "is too large an image" if isinstance(error, Image.DecompressionBombError) else "is no image"
        raise DataError(f"{name}: {text} that can be read ({', '.join(FORMATS)} are)") from error
    if image.width * image.height > MOST_PIXELS:
        raise DataError(
            f"{name}: is too large, {image.height} x {image.width}: at most {MOST_PIXELS:,} pixels are read"
        )
    return image


def _in_colours(image: Image.Image) -> Image.Image:
    from PIL import Image

    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        return _from_deep(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    return image.convert("RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """16 bits per pixel, cut to 8; other numbers beyond a byte are scaled by 65,535 as well."""
    from PIL import Image

    values = np.asarray(image, float)
    scale = 1.0 if values.max(initial=0) <= 255 and image.mode == "F" else 257.0
    return Image.fromarray(np.clip(np.round(values / scale), 0, 255).astype(np.uint8)).convert("RGB")
