"""NPZ files: arrays x and y, or x_train, y_train and so on, whose rows are used as they are given."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dlrun.data import text_file
from dlrun.data.pixels import labels_of, pixel_table
from dlrun.data.table import TEST, TRAIN, VALIDATION, Column, Numeric, Table, Text
from dlrun.errors import DataError

TARGET = "y"
INPUTS = ("x", "images", "data", "inputs", "features")
ANSWERS = ("y", "labels", "label", "targets", "target")
PARTS = {"train": TRAIN, "validation": VALIDATION, "val": VALIDATION, "valid": VALIDATION, "test": TEST}
_IMAGE_DIMENSIONS = (3, 4)


def npz_table(source: str, labelled: bool = True) -> Table:
    """The rows of an NPZ file: columns x1, x2, ... (or pixels, for bytes of two or more dimensions) and y.

    Args:
        labelled: whether all rows must have a y; else, where some have none, there is no column y at all.

    Raises DataError where the file is damaged, or its arrays do not belong together.
    """
    arrays = loaded_arrays(source)
    if not labelled and not any(role and role[1] == "y" for role in map(_role, arrays)):
        return _inputs_table(source, arrays)
    parts = _paired(source, arrays)
    present = sorted({part for part, _ in parts})
    x = _joined(source, [arrays[parts[part, "x"]] for part in present])
    y = _joined(source, [arrays[parts[part, "y"]] for part in present])
    part = np.repeat(np.array(present, np.int8), [len(arrays[parts[number, "y"]]) for number in present])
    if not len(x):
        raise DataError(f"{source}: its arrays have no rows")
    answers, notes = _answers(source, parts[TRAIN, "y"], y)
    return _table(source, x, answers, part if len(present) > 1 else None, notes)


def npy_table(source: str) -> Table:
    """The rows of an NPY file, inputs alone. Raises DataError where it is damaged, or holds Python objects."""
    try:
        array = np.load(Path(source).expanduser(), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataError(f"{source}: is cut off, damaged, or holds no numbers or texts") from error
    except OSError as error:
        raise DataError(f"{source}: cannot be read: {error.strerror or error}") from error
    return _inputs_table(source, {"x": array})


def _inputs_table(source: str, arrays: Mapping[str, np.ndarray]) -> Table:
    """The rows of arrays without answers: of x, of x_train, x_test ..., or of the only array there is."""
    names = [name for name in arrays if _role(name) is not None] or list(arrays)[: len(arrays) == 1]
    if not names:
        raise DataError(f"{source}: needs an array x, a row per example. It has: {_having(arrays)}")
    for name in names:
        _refuse_no_rows(source, name, arrays[name])
    x = _joined(source, [arrays[name] for name in names])
    if not len(x):
        raise DataError(f"{source}: its arrays have no rows")
    return _table(source, x, None, None, ())


def loaded_arrays(source: str) -> dict[str, np.ndarray]:
    """The arrays of an NPZ file by name. Raises DataError where it is damaged, or holds Python objects."""
    path = Path(source).expanduser()
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
        if size > text_file.MOST_UNPACKED:
            raise DataError(f"{source}: would unpack to {size:,} bytes; at most {text_file.MOST_UNPACKED:,} are read")
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except ValueError as error:
        if "allow_pickle" not in str(error):
            raise DataError(f"{source}: is cut off, damaged or no NPZ file") from error
        raise DataError(
            f"{source}: holds Python objects, which can run code when they are opened. Save arrays of numbers or texts"
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise DataError(f"{source}: is cut off, damaged or no NPZ file") from error
    except OSError as error:
        raise DataError(f"{source}: cannot be read: {error.strerror or error}") from error


def _paired(source: str, arrays: Mapping[str, np.ndarray]) -> dict[tuple[int, str], str]:
    """(part, `x` or `y`) -> name of the array; the part is `TRAIN` where names tell none."""
    found: dict[tuple[int, str], str] = {}
    for name in arrays:
        role = _role(name)
        if role is not None and role in found:
            raise DataError(f"{source}: the arrays {found[role]!r} and {name!r} have the same role; remove one")
        if role is not None:
            found[role] = name
    parts = {part for part, _ in found}
    whole = all((part, what) in found for part in parts for what in "xy")
    if TRAIN not in parts or not whole:
        raise DataError(
            f"{source}: needs the arrays x and y, or x_train and y_train (and x_validation, y_validation, x_test, "
            f"y_test). It has: {_having(arrays)}"
        )
    for part in parts:
        _rows_of(source, arrays, found[part, "x"], found[part, "y"])
    return found


def _having(arrays: Mapping[str, np.ndarray]) -> str:
    shapes = {name: " x ".join(map(str, array.shape)) or "one value" for name, array in arrays.items()}
    return ", ".join(f"{name!r} ({shape})" for name, shape in shapes.items()) or "none"


def _role(name: str) -> tuple[int, str] | None:
    """What an array is by its name: `x_train`, `train_images`, `Y` ..."""
    words = name.lower().replace("-", "_").split("_")
    parts = [PARTS[word] for word in words if word in PARTS]
    rest = [word for word in words if word not in PARTS]
    if len(rest) != 1 or len(parts) > 1:
        return None
    what = "x" if rest[0] in INPUTS else "y" if rest[0] in ANSWERS else None
    return None if what is None else (parts[0] if parts else TRAIN, what)


def _rows_of(source: str, arrays: Mapping[str, np.ndarray], x: str, y: str) -> None:
    for name in (x, y):
        _refuse_no_rows(source, name, arrays[name])
    if len(arrays[x]) != len(arrays[y]):
        raise DataError(
            f"{source}: {x!r} and {y!r} need as many rows. Received: {len(arrays[x]):,} and {len(arrays[y]):,}"
        )


def _refuse_no_rows(source: str, name: str, array: np.ndarray) -> None:
    if not array.ndim:
        raise DataError(f"{source}: {name!r} must have a row per example. Received: a single value")
    if array.dtype.kind not in "biufUSM":
        raise DataError(f"{source}: {name!r} must hold numbers or texts. Received: {array.dtype}")


def _joined(source: str, arrays: list[np.ndarray]) -> np.ndarray:
    shapes = {array.shape[1:] for array in arrays}
    if len(shapes) > 1:
        shown = " and ".join(str(shape) for shape in sorted(shapes))
        raise DataError(f"{source}: rows of all parts must have one shape. Received: {shown}")
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _answers(source: str, name: str, y: np.ndarray) -> tuple[Column, tuple[str, ...]]:
    flat = y.reshape(len(y), -1)
    if flat.shape[1] == 1:
        return _column(flat[:, 0]), ()
    if y.dtype.kind in "biuf" and np.isin(flat, (0, 1)).all() and (flat.sum(axis=1) == 1).all():
        return labels_of(flat.argmax(axis=1)), (f"{source}: {name!r} is one-hot: {flat.shape[1]} classes.",)
    raise DataError(
        f"{source}: {name!r} must have one answer per row. Received: {' x '.join(map(str, y.shape))}. "
        "Keep one of its columns"
    )


def _column(values: np.ndarray) -> Column:
    """A column of numbers, texts, truth values or dates."""
    if values.dtype.kind in "iuf":
        return Numeric(np.array(values, float))  # side by side, not a column of a wide array
    if values.dtype.kind == "M":
        texts = np.datetime_as_string(values)
        return Text.of([None if text == "NaT" else text for text in texts.tolist()])
    if values.dtype.kind == "S":
        values = np.char.decode(values, "utf-8", "replace")
    return Text.of([text.strip() or None if isinstance(text, str) else str(text) for text in values.tolist()])


def _table(
    source: str, x: np.ndarray, answers: Column | None, part: np.ndarray | None, notes: tuple[str, ...]
) -> Table:
    if x.ndim in _IMAGE_DIMENSIONS and x.dtype == np.uint8 and (x.ndim == 3 or x.shape[-1] in (1, 3)):
        images = x[..., 0] if x.ndim == 4 and x.shape[-1] == 1 else x
        return pixel_table(source, images, answers, target=TARGET, part=part, notes=notes)
    if x.ndim > 2:
        shape = " x ".join(map(str, x.shape[1:]))
        inputs = int(np.prod(x.shape[1:]))
        notes += (f"{source}: rows of {shape} are laid out as {inputs:,} inputs each; an MLP sees no order in them.",)
    flat = x.reshape(len(x), -1)
    if not flat.shape[1]:
        raise DataError(f"{source}: its rows are empty: x is {' x '.join(map(str, x.shape))}")
    columns = {f"x{number}": _column(values) for number, values in enumerate(flat.T, 1)}
    if answers is not None:
        columns[TARGET] = answers
    return Table(
        source,
        columns,
        np.arange(len(x)),
        target=TARGET if answers is not None else None,
        keep_constant=True,
        notes=notes,
        part=part,
    )
