"""`curves.csv`: one row per epoch, appended while it trains."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from dlrun.errors import StoreError
from dlrun.store.files import writing

COUNTS = ("epoch",)
"""Columns written as whole numbers."""
_LONGEST = 8192
"""Bytes at the end of a file that hold its last row."""


class CurvesFile:
    """Appends epochs to a fresh `curves.csv`. It is open only while something is written to it: of a thousand runs that
    are trained at once none holds a file."""

    def __init__(self, path: Path, columns: Sequence[str]):
        self.path = path
        self.columns = tuple(columns)
        self._waiting: list[str] = []
        self._write("w", ",".join(self.columns) + "\n")

    def append(self, row: Mapping[str, float]) -> None:
        """Writes one row. Floats are written so that they are read back bit by bit; `nan` and `inf` as such.

        Raises:
            StoreError: the row has other columns than the file.
            StoreNotWritable: no space left.
        """
        self.note(row)
        self.flush()

    def note(self, row: Mapping[str, float]) -> None:
        """Takes one row, which the next `flush` writes.

        Raises:
            StoreError: the row has other columns than the file.
        """
        if row.keys() != set(self.columns):
            raise StoreError(f"{self.path}: a row needs the columns {list(self.columns)}. Received: {list(row)}")
        self._waiting.append(",".join([_text(column, row[column]) for column in self.columns]) + "\n")

    def flush(self) -> None:
        """Hands the noted rows to the system.

        Raises:
            StoreNotWritable: no space left.
        """
        if self._waiting:
            self._write("a", "".join(self._waiting))
            self._waiting.clear()

    def _write(self, mode: str, text: str) -> None:
        with writing(self.path), self.path.open(mode, encoding="utf-8", newline="\n") as file:
            file.write(text)


def read_curves(path: Path) -> dict[str, list[float]]:
    """Column -> one value per epoch; {} where the file is absent or empty. A torn last line is left out.

    Raises:
        StoreError: the file cannot be read, or a line before the last.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror})") from error
    lines = text.split("\n")
    whole = lines[:-1]  # what follows the last newline is torn, or nothing
    if not whole:
        return {}
    columns = _columns(path, whole[0])
    rows = [_numbers(path, number, line, columns) for number, line in enumerate(whole[1:], start=2)]
    return {column: [row[place] for row in rows] for place, column in enumerate(columns)}


def last_row(path: Path) -> dict[str, float]:
    """Column -> value at the last whole row, read without those before it; {} where there is none or it is damaged."""
    with suppress(OSError, StoreError), path.open("rb") as file:
        head = file.readline().decode(errors="replace")
        began = file.tell()
        file.seek(max(began, file.seek(0, os.SEEK_END) - _LONGEST))
        lines = file.read().decode(errors="replace").split("\n")
        if len(lines) > 1:
            columns = _columns(path, head.rstrip("\n"))
            return dict(zip(columns, _numbers(path, 0, lines[-2], columns), strict=True))
    return {}


class CurvesTail:
    """Reads a `curves.csv` that grows: each call of `news` gives what was added since the last one."""

    def __init__(self, path: Path):
        self.path = path
        self._columns: list[str] = []
        self._inode = self._read = 0

    def news(self) -> tuple[bool, list[dict[str, float]]]:
        """Whether the file was begun again, so that what was read before counts no more; and its new whole rows.

        Raises:
            StoreError: a row cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                state = os.fstat(file.fileno())
                again = state.st_ino != self._inode or state.st_size < self._read
                if again:
                    self._inode, self._read, self._columns = state.st_ino, 0, []
                file.seek(self._read)
                whole, newline, _ = file.read().rpartition(b"\n")
        except OSError:
            return False, []
        self._read += len(whole) + len(newline)
        return again, self._rows(whole.decode(errors="replace").split("\n") if newline else [])

    def _rows(self, lines: list[str]) -> list[dict[str, float]]:
        if lines and not self._columns:
            self._columns = _columns(self.path, lines.pop(0))
        rows = (_numbers(self.path, 0, line, self._columns) for line in lines)
        return [dict(zip(self._columns, row, strict=True)) for row in rows]


def _columns(path: Path, head: str) -> list[str]:
    columns = head.split(",")
    if "epoch" not in columns:
        raise StoreError(f"{path}:1: must name the columns, `epoch` among them. Received: {head[:80]!r}")
    return columns


def _text(column: str, value: float) -> str:
    if column in COUNTS:
        return str(int(value))
    return repr(float(value))


def _numbers(path: Path, number: int, line: str, columns: Sequence[str]) -> list[float]:
    cells = line.split(",")
    try:
        if len(cells) != len(columns):
            raise ValueError(f"{len(cells)} cells")
        values = [float(cell) for cell in cells]
        if not math.isfinite(values[columns.index("epoch")]):
            raise ValueError("no epoch")
        return values
    except ValueError as error:
        where = f"{path}:{number}" if number else path
        raise StoreError(f"{where}: needs {len(columns)} numbers per row. Received: {line[:80]!r}") from error
