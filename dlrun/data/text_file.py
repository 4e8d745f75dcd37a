"""A text file as UTF-8: on disk where it is that already, else in memory, decoded and unpacked."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from dlrun.data.encodings import decoded
from dlrun.data.file_kinds import kind_of
from dlrun.data.text_scan import CHUNK, Scan, scan_bytes, scan_file
from dlrun.errors import DataError

MOST_UNPACKED = 4 << 30
"""Bytes that a compressed file may hold: what holds more is a slip or a trap, and would fill the memory."""
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Span:
    """A part of a file, from the begin of a line to the end of a line."""

    begin: int
    end: int
    """Bytes."""
    rows: int
    """An upper bound of the lines in it."""


def _last_line_end(buffer: bytearray, filled: int) -> int:
    """Where the last line of a block ends, its first byte left out of the search; 0 where none does."""
    feed = buffer.rfind(b"\n", 1, filled)
    return 1 + (feed if feed > 0 else buffer.rfind(b"\r", 1, filled))


@dataclass(frozen=True)
class TextFile:
    """The content of a text file."""

    name: str
    """As the user wrote it, for messages."""
    content: Path | bytes
    """UTF-8: a file that is it already (perhaps with a byte-order mark), else the bytes."""
    scan: Scan
    encoding: str | None = None
    """The name of the encoding that was found, where that is worth saying."""

    @property
    def notes(self) -> tuple[str, ...]:
        if self.encoding is None:
            return ()
        return (f"{self.name}: is read as {self.encoding}; data.encoding names another.",)

    def open(self) -> io.BufferedIOBase:
        """A stream of its bytes; a byte-order mark may stand first."""
        return self.content.open("rb") if isinstance(self.content, Path) else io.BytesIO(self.content)

    def spans(self, wanted: int) -> list[Span]:
        """The file cut at line ends into spans of about equal length, as many as wanted or fewer."""
        lines = self.scan.lines
        chunks = len(lines) - 1
        cuts = [(0, 0)]
        with self.open() as stream:
            for chunk in sorted({chunks * part // wanted for part in range(1, wanted)} - {0}):
                stream.seek(chunk * CHUNK)
                rest_of_line = stream.readline()
                if stream.tell() > cuts[-1][0]:
                    cuts.append((stream.tell(), lines[chunk] + scan_bytes(rest_of_line).lines[-1]))
            cuts.append((stream.seek(0, io.SEEK_END), lines[-1] + 1))
        return [Span(begin, end, below - above) for (begin, above), (end, below) in pairwise(cuts)]

    def blocks(self, span: Span, size: int) -> Iterator[memoryview]:
        """The lines of a span in blocks of at most `size` bytes, more where a line is longer. Each is valid until the
        next one is asked for. Raises DataError where the file has become shorter.

        All that do not stand at the begin of the file begin with the line end before them, so that no parser takes a
        byte-order mark in the middle of a file for one at its begin.
        """
        begin = max(0, span.begin - 1)
        buffer = bytearray(min(size, span.end - begin))
        filled = 0
        with self.open() as stream:
            stream.seek(begin)
            while count := stream.readinto(memoryview(buffer)[filled : filled + span.end - begin - filled]):
                filled += count
                cut = _last_line_end(buffer, filled) if begin + filled < span.end else filled
                if cut:
                    yield memoryview(buffer)[:cut]
                    begin += cut - 1
                    filled -= cut - 1
                    buffer[:filled] = buffer[cut - 1 : cut - 1 + filled]
                elif filled == len(buffer):
                    buffer = buffer + bytes(filled)
        if begin + 1 < span.end:
            raise DataError(f"{self.name}: has become shorter while it was read")

    def text(self) -> str:
        """All of it."""
        with self.open() as stream:
            return stream.read().decode("utf-8-sig")

    def head(self, length: int) -> str:
        """Its first lines: about `length` bytes, two lines at least, and no quoted field cut in two."""
        with self.open() as stream:
            raw = stream.read(length)
            while len(_LINE_END.findall(raw)) < 3 and (more := stream.read(length)):
                raw += more
            whole = not stream.read(1)
        ends = [] if whole else [found.end() for found in _LINE_END.finditer(raw, 0, len(raw) - 1)]
        even = (end for end in reversed(ends) if raw.count(b'"', 0, end) % 2 == 0)
        return raw[: next(even, len(raw))].decode("utf-8-sig", "ignore")

    def replaced(self, text: str) -> TextFile:
        """The same file with another text."""
        return in_memory(self.name, text.encode(), self.encoding)


def text_file(source: str, encoding: str | None) -> TextFile:
    """The text in a file, which may be gzip-compressed.

    Raises DataError where it cannot be opened, is no text, or is not in the encoding.
    """
    path = Path(source).expanduser()
    try:
        if path.suffix.lower() == ".gz":
            return text_of_bytes(source, unpacked(source, path), encoding)
        if encoding is None or encoding.lower() in ("utf-8", "utf8", "utf_8", "utf-8-sig"):
            with path.open("rb") as stream:
                kind = kind_of(stream.read(16))
            seen = scan_file(path) if kind is None else None
            if seen is not None:
                return TextFile(source, path, seen)
        return text_of_bytes(source, path.read_bytes(), encoding)
    except OSError as error:
        raise DataError(f"{source}: cannot be read: {error.strerror or error}") from error


def text_of_bytes(source: str, raw: bytes, encoding: str | None) -> TextFile:
    """The text of a file that is in memory."""
    kind = kind_of(raw[:16])
    if kind is not None:
        raise DataError(f"{source}: is {kind} by its first bytes, not a text table. Give it its own suffix, or a CSV")
    found = decoded(source, raw, encoding)
    return in_memory(source, found.text.encode(), found.encoding)


def in_memory(source: str, content: bytes, encoding: str | None = None) -> TextFile:
    """A text file of these UTF-8 bytes."""
    return TextFile(source, content, scan_bytes(content), encoding)


def unpacked(source: str, path: Path) -> bytes:
    """The content of a gzip file. Raises DataError where it is cut off, damaged or larger than `MOST_UNPACKED`."""
    import gzip

    parts, size = [], 0
    try:
        with gzip.open(path, "rb") as stream:
            while part := stream.read(CHUNK):
                parts.append(part)
                size += len(part)
                if size > MOST_UNPACKED:
                    raise DataError(f"{source}: unpacks to more than {MOST_UNPACKED:,} bytes, which is not read")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{source}: is cut off, damaged or not gzip-compressed") from error
    return b"".join(parts)
