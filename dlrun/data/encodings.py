"""Bytes of a text file -> text: the encoding that is given, or the one that the bytes show.

Found in this order: a byte-order mark; zero bytes at every second place (UTF-16); valid UTF-8; CP949, where the bytes
spell common Hangul (the 2,350 syllables of KS X 1001); CP1252 (Latin-1 with quotes and the euro), where they spell
single accented letters and signs among plain ones. What fits none is refused: a wrong guess would be mojibake.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import numpy as np

from dlrun.errors import DataError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
"""Byte-order mark, Python's codec, the name that people know."""
WAY_OUT = "Give data.encoding, for example cp949, latin-1 or utf-16"

_LOOKED_AT = 1 << 20
_MOSTLY = 0.85
_MOST_OTHER_ZEROS = 0.05
_FEWEST_ZEROS = 0.2
_FEWEST_PLAIN = 0.1
_ALL_ZEROS = 0.9
_DAMAGED = 0.5
_SIGNS = "°µ²³¹€£¥¢§±½¼¾·–—‘’“”„…•™®©«»ªº¿¡×÷‰†\u00a0\u00ad"
_ALIEN = re.compile(
    rf"""[\u00c0-\u00ff]{{3,}}                          # three accented letters in a row
    |(?<![A-Za-z])[^\x00-\x7f]{{2,}}(?![A-Za-z])        # a word without a plain letter
    |[£¥¢¤¨¸¼½¾]+(?=[A-Za-z\u00c0-\u00ff])              # a sign before a word
    |(?<=[a-z])[¹³¿¼½¾£¥¢¤¦§¨©«¬®±¶¸»]+(?=[a-z])         # a sign inside a word
    |[^\x00-\x7f\u00c0-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192{_SIGNS}]""",
    re.VERBOSE,
)
"""What western texts seldom hold."""


@dataclass(frozen=True)
class Decoded:
    """A text and how it was read."""

    text: str
    encoding: str | None
    """The name of the encoding that was found, where it is worth saying: neither given nor plain UTF-8."""


def decoded(source: str, raw: bytes, encoding: str | None = None) -> Decoded:
    """The text of a file. Raises DataError naming the byte and line that cannot be read, or what the file is."""
    if encoding is not None:
        return Decoded(_with(source, raw, encoding), None)
    for mark, codec, name in MARKS:
        if raw.startswith(mark):
            return Decoded(_with(source, raw, codec, name), None if codec == "utf-8-sig" else name)
    if b"\0" in raw:
        order = _utf16_without_mark(raw)
        if order is None:
            raise holds_nul(source, raw)
        return Decoded(_with(source, raw, order), f"{order.upper()} without byte-order mark")
    try:
        return Decoded(raw.decode("utf-8"), None)
    except UnicodeDecodeError as error:
        return _older(source, raw, error)


def holds_nul(source: str, raw: bytes) -> DataError:
    """The error for a file with a zero byte that is no UTF-16."""
    line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
    return DataError(f"{source}: line {line} holds a NUL character: this is no CSV text, or its encoding is another")


def _with(source: str, raw: bytes, encoding: str, name: str | None = None) -> str:
    try:
        text = raw.decode("utf-8-sig" if encoding.lower().replace("_", "-") == "utf-8" else encoding)
    except LookupError as error:
        raise DataError(
            f"data.encoding: must be an encoding that Python knows, such as utf-8 or cp949. Received: {encoding!r}"
        ) from error
    except UnicodeError as error:
        raise _not_decoded(source, raw, name or encoding, error) from error
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise holds_nul(source, text.encode("utf-8", "surrogatepass"))
    return text


def _not_decoded(source: str, raw: bytes, encoding: str, error: UnicodeError) -> DataError:
    place = ""
    if isinstance(error, UnicodeDecodeError):
        start = error.start
        place = f" (byte 0x{raw[start]:02x} in line {raw.count(10, 0, start) + 1})"  # 10 is the line feed
    return DataError(f"{source}: cannot be read as {encoding}{place}. {WAY_OUT}")


def _utf16_without_mark(raw: bytes) -> str | None:
    """The byte order of UTF-16 text without a mark: digits, separators and line ends have a zero byte each."""
    if len(raw) % 2:
        return None
    sample = np.frombuffer(raw[:_LOOKED_AT], np.uint8).reshape(-1, 2)
    zeros = (sample == 0).mean(axis=0)
    codec, share = ("utf-16-le", zeros[1]) if zeros[1] > zeros[0] else ("utf-16-be", zeros[0])
    if share < _FEWEST_ZEROS or zeros.min() > _MOST_OTHER_ZEROS:
        return None
    if share < _ALL_ZEROS and sample.tobytes().isascii():
        return None  # plain text with some zero bytes: as UTF-16 it would be Chinese
    text = raw.decode(codec, "replace")
    plain = sum(text.count(sign) for sign in ("\n", "\r", ",", ";", "\t", "|", " ", *"0123456789"))
    return codec if plain >= _FEWEST_PLAIN * len(text) and "\0" not in text and "\ufffd" not in text else None


# --- encodings from before Unicode -----------------------------------------------------------------------------------


def _older(source: str, raw: bytes, error: UnicodeDecodeError) -> Decoded:
    """CP949 or CP1252, by what the bytes spell."""
    if _mostly_utf8(raw):
        raise _not_decoded(source, raw, "UTF-8", error) from error
    if _is_korean(raw):
        return Decoded(_with(source, raw, "cp949"), "CP949")
    if _is_western(raw):
        return Decoded(_with(source, raw, "cp1252"), "CP1252 (Latin-1)")
    raise _not_decoded(source, raw, "UTF-8", error) from error


def _mostly_utf8(raw: bytes) -> bool:
    """Whether this is UTF-8 with a few damaged bytes."""
    text = raw.decode("utf-8", "replace")
    wrong, others = text.count("\ufffd"), sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))
    return others > 0 and others >= _DAMAGED * (others + wrong)


def _is_korean(raw: bytes) -> bool:
    """Whether the bytes are CP949 and spell common syllables; signs do not count, other characters count against it."""
    try:
        text = raw.decode("cp949")
    except UnicodeDecodeError:
        return False
    others_than_ascii = "".join(re.findall(r"[^\x00-\x7f]+", text))[:_LOOKED_AT]
    syllables = re.findall("[가-힣]", others_than_ascii)
    common = sum(min(syllable.encode("cp949")) >= 0xA1 for syllable in syllables)
    letters = sum(map(str.isalpha, others_than_ascii))
    return bool(common > 0 and common >= _MOSTLY * letters)


def _is_western(raw: bytes) -> bool:
    """Whether the bytes are CP1252 and spell letters that stand alone or in twos, as accents in western words do."""
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        return False
    alien = sum(map(len, _ALIEN.findall(text)))
    return bool(alien <= (1 - _MOSTLY) * len(re.findall(r"[^\x00-\x7f]", text)))
