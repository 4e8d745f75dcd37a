"""`curves.csv`: one row per epoch, appended while it trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from dlrun.errors import StoreError
from dlrun.store.files import writing

COUNTS = ("epoch",)
"""Columns written as whole numbers."""


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
        StoreError: a line before the last cannot be read.
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
    columns = whole[0].split(",")
    rows = [_numbers(path, number, line, len(columns)) for number, line in enumerate(whole[1:], start=2)]
    return {column: [row[place] for row in rows] for place, column in enumerate(columns)}


def count_epochs(path: Path) -> int:
    """How many whole rows the file has, without reading their numbers."""
    with suppress(OSError):
        return max(0, path.read_bytes().count(b"\n") - 1)
    return 0


def _text(column: str, value: float) -> str:
    if column in COUNTS:
        return str(int(value))
    return repr(float(value))


def _numbers(path: Path, number: int, line: str, width: int) -> list[float]:
    cells = line.split(",")
    try:
        if len(cells) != width:
            raise ValueError(f"{len(cells)} cells")
        return [float(cell) for cell in cells]
    except ValueError as error:
        raise StoreError(f"{path}:{number}: needs {width} numbers. Received: {line[:80]!r}") from error
