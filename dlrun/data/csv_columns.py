"""The columns of a CSV text, read in one pass by pyarrow: strict about the length of rows, and as fast as pandas.

A column whose first values are numbers is read as numbers; where a later value is none, the pass is begun again with
the column as texts. Nothing is held but the finished columns and a block of the file per thread: a file without quotes
is cut at line ends into blocks, which are parsed one after the other, by several threads where it is large.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from dlrun.data.csv_dialect import PLAIN_NUMBER, Dialect
from dlrun.data.missing import MISSING
from dlrun.data.table import Column, Numeric, Text, number
from dlrun.data.text_file import Span, TextFile
from dlrun.data.text_scan import threads_for

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

_BLOCK = 1 << 20
"""Bytes that are parsed at once: few enough for the processor's cache."""
_MOST_SEEN = 1 << 16
"""Different texts of a column that are looked up at once; of more, most occur but once."""
_LARGEST_BLOCK = 1 << 30
_USUAL = ("", "-nan")
"""Looking up the other missing values takes 7 % of the time, so it begins with the first block that fails without it.
`nan` is a number to pyarrow, but `-nan` one with another sign than NumPy's."""
_NO_NUMBER = re.compile(r"In CSV column #(\d+)")


class NotPlain(Exception):
    """The text is no plain CSV: Python's own parser must look at it."""


@dataclass
class _Numbers:
    """A span's part of a column of numbers, filled block by block."""

    values: np.ndarray
    """A part of the whole column's array."""

    def add(self, begin: int, block: pa.Array) -> None:
        own = self.values[begin : begin + len(block)]
        own[:] = _plain(block, np.float64)
        if block.null_count:
            valid = np.unpackbits(np.frombuffer(block.buffers()[0], np.uint8), bitorder="little")
            own[valid[block.offset : block.offset + len(block)] == 0] = np.nan


@dataclass
class _Texts:
    """A span's part of a column of texts, filled block by block."""

    values: np.ndarray
    """Codes: a part of the whole column's array."""
    missing: frozenset[str]
    known: dict[str, int] = field(default_factory=dict)
    """Text without blanks around it -> code."""
    _seen: dict[str, int] = field(default_factory=dict)
    """Text as it stands in the file -> code, -1 for missing values."""

    def add(self, begin: int, block: pa.DictionaryArray) -> None:
        seen, levels = self._seen, block.dictionary.to_pylist()
        codes = np.array([seen[text] if text in seen else self._code(text) for text in levels], np.int64)
        # `clip`: unlike `raise` it needs no second array
        np.take(codes, _plain(block.indices, np.int32), out=self.values[begin : begin + len(block)], mode="clip")

    def _code(self, text: str) -> int:
        bare = text.strip()
        if bare[:1] == '"' and text[0] == " ":
            raise NotPlain  # a quote after a blank opens a quoted field
        code = -1 if bare in self.missing else self.known.setdefault(bare, len(self.known))
        if len(self._seen) < _MOST_SEEN:
            self._seen[text] = code
        return code


@dataclass(frozen=True)
class _Reading:
    """One pass over a file: how its fields are converted."""

    file: TextFile
    dialect: Dialect
    missing: frozenset[str]
    na_values: Sequence[str]
    numeric: frozenset[str]
    block: int
    """Bytes that are parsed at once: in a text with quotes, more than the longest row."""

    def columns(self) -> dict[str, Column]:
        """The columns by name. Raises pyarrow.ArrowInvalid for a field that does not convert."""
        chunks = 0 if self.file.scan.quotes else len(self.file.scan.lines) - 1
        spans = self.file.spans(threads_for(chunks))
        above = self.dialect.skipped + self.dialect.header
        sizes = [max(0, span.rows - above * (place == 0)) for place, span in enumerate(spans)]
        begins = [0, *accumulate(sizes)]
        whole = self._room(begins[-1])
        parts = [
            [self._growing(name, values[begin:end]) for name, values in whole.items()]
            for begin, end in pairwise(begins)
        ]
        with _no_collection(), ThreadPoolExecutor(len(spans)) as threads:
            rows = list(threads.map(self._fill, spans, parts))
        return {
            name: self._whole(whole.pop(name), begins, rows, [part[place] for part in parts])
            for place, name in enumerate(self.dialect.names)
        }

    def _room(self, rows: int) -> dict[str, np.ndarray]:
        """An array per column: rows of one large array, whose memory the system gives in large pages."""
        names, numeric = self.dialect.names, self.numeric
        numbers = iter(np.empty((len(numeric), rows)))
        codes = iter(np.empty((len(names) - len(numeric), rows), np.int64))
        return {name: next(numbers) if name in numeric else next(codes) for name in names}

    def _growing(self, name: str, values: np.ndarray) -> _Numbers | _Texts:
        return _Numbers(values) if name in self.numeric else _Texts(values, self.missing)

    def _fill(self, span: Span, columns: Sequence[_Numbers | _Texts]) -> int:
        """Reads a span into its columns; how many rows it has."""
        rows = 0
        for batch in filter(len, self._batches(span)):
            for column, values in zip(columns, batch.columns, strict=True):
                column.add(rows, values)
            rows += batch.num_rows
        return rows

    def _batches(self, span: Span) -> Iterator[pa.RecordBatch]:
        """The rows of a span in batches, numbers as float64 and texts as dictionaries."""
        import pyarrow as pa
        import pyarrow.csv as arrow_csv

        if self.file.scan.quotes:  # only a parser knows where its lines end
            parse = arrow_csv.ParseOptions(delimiter=self.dialect.separator, newlines_in_values=True)
            convert = self._conversion(self.missing)
            with self.file.open() as stream:
                yield from arrow_csv.open_csv(stream, self._reading(self.block, True, True), parse, convert)
            return
        parse = arrow_csv.ParseOptions(delimiter=self.dialect.separator, quote_char=False)
        above, below = self._reading(_LARGEST_BLOCK, True, False), self._reading(_LARGEST_BLOCK, False, False)
        convert = self._conversion({*_USUAL, *self.na_values})
        for place, lines in enumerate(self.file.blocks(span, self.block)):
            if len(lines) > _LARGEST_BLOCK:
                raise NotPlain
            reading = above if place == span.begin == 0 else below
            try:
                table = arrow_csv.read_csv(pa.BufferReader(lines), reading, parse, convert)
            except pa.ArrowInvalid as error:
                if _NO_NUMBER.search(str(error)) is None:
                    raise
                convert = self._conversion(self.missing)
                table = arrow_csv.read_csv(pa.BufferReader(lines), reading, parse, convert)
            yield from table.to_batches()

    def _whole(
        self, values: np.ndarray, begins: Sequence[int], rows: Sequence[int], parts: Sequence[_Numbers | _Texts]
    ) -> Column:
        """A column's parts moved together: spans with blank lines have fewer rows than lines."""
        known: dict[str, int] = {}
        end = 0
        for begin, count, part in zip(begins, rows, parts, strict=False):
            own = values[begin : begin + count]
            if isinstance(part, _Texts) and part.known and [*part.known] != [*known][: len(part.known)]:
                codes = np.array([*(known.setdefault(text, len(known)) for text in part.known), -1], np.int64)
                own[:] = codes[own]
            if begin != end:
                values[end : end + count] = own
            end += count
        values = values[:end]
        if isinstance(parts[0], _Texts):
            return Text(values, tuple(known))
        for lost in {number(text) for text in self.na_values}:  # -99 means -99.0 too
            values[values == lost] = np.nan
        return Numeric(values)

    def _reading(self, block: int, is_first: bool, by_threads: bool) -> arrow_csv.ReadOptions:
        import pyarrow.csv as arrow_csv

        dialect = self.dialect
        return arrow_csv.ReadOptions(
            block_size=block,
            use_threads=by_threads,
            column_names=list(dialect.names),
            skip_rows=dialect.skipped if is_first else 0,
            skip_rows_after_names=int(dialect.header and is_first),
        )

    def _conversion(self, missing: Collection[str]) -> arrow_csv.ConvertOptions:
        import pyarrow as pa
        import pyarrow.csv as arrow_csv

        texts = pa.dictionary(pa.int32(), pa.string())
        pads = (("", ""), (" ", ""), ("", " ")) if self.dialect.padded else (("", ""),)
        return arrow_csv.ConvertOptions(
            column_types={name: pa.float64() if name in self.numeric else texts for name in self.dialect.names},
            null_values=[f"{before}{text}{after}" for text in missing for before, after in pads],
            strings_can_be_null=False,  # of texts, `_Texts` knows which are missing
            quoted_strings_can_be_null=True,
            decimal_point=self.dialect.decimal,
            check_utf8=False,  # the scan has done it
        )


def _plain(block: pa.Array, kind: type[np.number]) -> np.ndarray:
    """The numbers of an array, whatever stands at missing ones. Its own `to_numpy` imports pandas, for 0.2 seconds."""
    return np.frombuffer(block.buffers()[1], kind, len(block), block.offset * np.dtype(kind).itemsize)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Python looks for no cycles meanwhile: there are none among thousands of blocks, and it would take a sixth of the
    time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_columns(file: TextFile, dialect: Dialect, na_values: Sequence[str] = ()) -> dict[str, Column]:
    """The columns by name. Raises NotPlain where the text needs another parser, DataError where it cannot be read."""
    import pyarrow as pa

    if file.scan.quotes % 2:
        raise NotPlain
    missing = frozenset({*MISSING, *na_values})
    numeric = _numeric(dialect, missing)
    block = _BLOCK
    while True:
        try:
            return _Reading(file, dialect, missing, na_values, numeric, block).columns()
        except pa.ArrowInvalid as error:
            text = str(error)
            wrong = _NO_NUMBER.search(text)
            if wrong is not None:
                numeric = numeric - {dialect.names[int(wrong[1])]}
            elif file.scan.quotes and "block" in text and block < _LARGEST_BLOCK:  # a row that is longer than one
                block = min(16 * block, _LARGEST_BLOCK)
            else:
                raise NotPlain from error


def _numeric(dialect: Dialect, missing: Collection[str]) -> frozenset[str]:
    """The columns whose first values are numbers or missing."""
    columns = zip(dialect.names, zip(*dialect.sample, strict=True), strict=bool(dialect.sample))
    texts = {name for name, cells in columns if not all(_is_number(cell, dialect.decimal, missing) for cell in cells)}
    return frozenset(dialect.names) - texts


def _is_number(cell: str, decimal: str, missing: Collection[str]) -> bool:
    bare = cell.strip()
    if decimal == ",":
        bare = bare.replace(".", "x").replace(",", ".")
    return bare in missing or bool(PLAIN_NUMBER.fullmatch(bare))
