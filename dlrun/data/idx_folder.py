"""Folders of IDX files, the form of MNIST: train-images-idx3-ubyte, train-labels-idx1-ubyte, and t10k-... for the test.

Source of the form: https://yann.lecun.com/exdb/mnist/. Four bytes say the type and the number of dimensions, then comes
each dimension as a big-endian 32-bit number, then the values. Files may be gzip-compressed, and be called
train-images.idx3-ubyte as well.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from math import prod
from pathlib import Path

import numpy as np

from dlrun.data.pixels import labels_of, pixel_table
from dlrun.data.table import TEST, TRAIN, Table
from dlrun.data.text_file import unpacked
from dlrun.errors import DataError

TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
"""The third byte of a file -> the type of its values."""
_FILE = re.compile(r".*?(train|t10k|test)-(images|labels)[-.]idx[13]-ubyte(\.gz)?", re.IGNORECASE)


def idx_files(folder: Path) -> dict[tuple[str, str], Path]:
    """(`train` or `test`, `images` or `labels`) -> file; empty where the folder holds no IDX files.

    Raises DataError where two files have the same role.
    """
    found: dict[tuple[str, str], Path] = {}
    for path in sorted(folder.iterdir()):
        match = _FILE.fullmatch(path.name)
        if match is None:
            continue
        role = ("train" if match[1].lower() == "train" else "test", match[2].lower())
        packed_twin = role in found and path.name.removesuffix(".gz") == found[role].name.removesuffix(".gz")
        if role in found and not packed_twin:
            raise DataError(f"{folder}: holds two files of {role[0]} {role[1]}: {found[role].name!r} and {path.name!r}")
        found.setdefault(role, path)
    return found


def idx_arrays(source: str) -> dict[str, np.ndarray]:
    """x_train, y_train and, where there are such files, x_test, y_test. Raises DataError, naming the file."""
    folder = Path(source).expanduser()
    files = idx_files(folder)
    arrays = {}
    for part in ("train", "test"):
        roles = [role for role in files if role[0] == part]
        if not roles and part == "test":
            continue
        for what in ("images", "labels"):
            if (part, what) not in files:
                present = sorted(path.name for path in files.values())
                raise DataError(f"{source}: has no file of {part} {what}. It has: {', '.join(present)}")
        arrays[f"x_{part}"] = idx_array(source, files[part, "images"])
        arrays[f"y_{part}"] = idx_array(source, files[part, "labels"])
        _fitting(source, files, arrays, part)
    return arrays


def idx_table(source: str, labelled: bool = True) -> Table:
    """The images and labels of a folder; those of t10k are the test rows.

    Args:
        labelled: whether all images must have labels; else, where some have none, there are no labels at all.
    """
    files = idx_files(Path(source).expanduser())
    images = [files[part, "images"] for part in ("train", "test") if (part, "images") in files]
    if labelled or 2 * len(images) == len(files):
        return image_arrays_table(source, idx_arrays(source))
    return _images_table(source, files, images)


def _images_table(source: str, files: Mapping[tuple[str, str], Path], paths: list[Path]) -> Table:
    """The images of a folder that has none, or not all, of their labels."""
    if not paths:
        present = sorted(path.name for path in files.values())
        raise DataError(f"{source}: has no file of images. It has: {', '.join(present)}")
    arrays = [idx_array(source, path) for path in paths]
    for path, array in zip(paths, arrays, strict=True):
        _refuse_no_images(source, path, array)
    if len({array.shape[1:] for array in arrays}) > 1:
        raise DataError(f"{source}: {paths[0].name} and {paths[1].name} hold images of different sizes")
    return pixel_table(source, np.concatenate(arrays), None)


def image_arrays_table(name: str, arrays: Mapping[str, np.ndarray]) -> Table:
    """The table of x_train, y_train, x_test and y_test."""
    parts = [(TRAIN, "train"), (TEST, "test")]
    present = [(number, part) for number, part in parts if f"x_{part}" in arrays]
    images = np.concatenate([arrays[f"x_{part}"] for _, part in present])
    labels = np.concatenate([arrays[f"y_{part}"] for _, part in present])
    part = np.concatenate([np.full(len(arrays[f"y_{part}"]), number, np.int8) for number, part in present])
    return pixel_table(name, images, labels_of(labels), part=part if len(present) > 1 else None)


def idx_array(source: str, path: Path) -> np.ndarray:
    """The array in one file. Raises DataError where it is cut off, damaged or no IDX file."""
    try:
        packed = path.suffix.lower() == ".gz"
        raw = unpacked(f"{source}: {path.name}", path) if packed else path.read_bytes()
    except OSError as error:
        raise DataError(f"{source}: {path.name} cannot be read: {error.strerror or error}") from error
    if len(raw) < 4 or raw[:2] != b"\0\0" or raw[2] not in TYPES or not raw[3]:
        raise DataError(f"{source}: {path.name} is no IDX file: it begins with {raw[:4].hex(' ') or 'nothing'}")
    values, begin = np.dtype(TYPES[raw[2]]), 4 + 4 * raw[3]
    shape = struct.unpack(f">{raw[3]}I", raw[4:begin]) if len(raw) >= begin else None
    if shape is None or len(raw) - begin != prod(shape) * values.itemsize:
        wanted = "more" if shape is None else f"{prod(shape) * values.itemsize:,} ({' x '.join(map(str, shape))})"
        raise DataError(
            f"{source}: {path.name} is cut off or damaged: needs {wanted} bytes after its head, has "
            f"{max(0, len(raw) - begin):,}"
        )
    return np.frombuffer(raw, values, offset=begin).reshape(shape)


def _fitting(source: str, files: Mapping[tuple[str, str], Path], arrays: Mapping[str, np.ndarray], part: str) -> None:
    x, y = arrays[f"x_{part}"], arrays[f"y_{part}"]
    _refuse_no_images(source, files[part, "images"], x)
    if y.ndim != 1 or len(x) != len(y):
        raise DataError(f"{source}: {len(x):,} {part} images need as many labels. Received: {y.size:,} labels")
    if not len(x):
        raise DataError(f"{source}: {files[part, 'images'].name} holds no images")
    if "x_train" in arrays and x.shape[1:] != arrays["x_train"].shape[1:]:
        raise DataError(f"{source}: test images must be as large as train images, {arrays['x_train'].shape[1:]}")


def _refuse_no_images(source: str, path: Path, array: np.ndarray) -> None:
    if array.dtype != np.uint8 or array.ndim != 3:
        shape = " x ".join(map(str, array.shape))
        raise DataError(
            f"{source}: {path.name} must hold images of bytes, rows x height x width. "
            f"Received: {shape} of {array.dtype}"
        )
