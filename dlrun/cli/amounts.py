"""Amounts as people write them in options: 10m, 1h30m, 4G."""

from __future__ import annotations

import re

from dlrun.errors import UsageError

SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
BYTES = {"k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
NUMBER = r"\d+(?:\.\d+)?|\.\d+"
SPAN = re.compile(rf"({NUMBER})\s*([dhms])", re.IGNORECASE)
SIZE = re.compile(rf"({NUMBER})\s*([kmgt])(?:i?b)?", re.IGNORECASE)


def duration(text: str, option: str) -> float:
    """Seconds of `90s`, `10m`, `1h30m`.

    Raises:
        UsageError: it is none, or no time at all.
    """
    bare = text.strip()
    if not re.fullmatch(rf"(?:{SPAN.pattern}\s*)+", bare, re.IGNORECASE):
        unit = " A unit must follow the number." if re.fullmatch(NUMBER, bare) else ""
        raise UsageError(f"{option}: must be a time such as 10m, 90s or 1h30m. Received: {text!r}.{unit}")
    seconds = sum(float(number) * SECONDS[unit.lower()] for number, unit in SPAN.findall(bare))
    if seconds <= 0:
        raise UsageError(f"{option}: must be more than no time at all. Received: {text!r}")
    return seconds


def size(text: str, option: str) -> int:
    """Bytes of `4G`, `500M`, `1.5GiB`; 1K is 1,024 bytes.

    Raises:
        UsageError: it is none, or nothing.
    """
    bare = text.strip()
    match = SIZE.fullmatch(bare)
    if match is None:
        unit = " A unit must follow the number." if re.fullmatch(NUMBER, bare) else ""
        raise UsageError(f"{option}: must be a size such as 4G or 500M. Received: {text!r}.{unit}")
    octets = int(float(match[1]) * BYTES[match[2].lower()])
    if octets <= 0:
        raise UsageError(f"{option}: must be more than nothing. Received: {text!r}")
    return octets


def kept(text: str, option: str) -> str | int:
    """`best`, `all`, `none`, or how many.

    Raises:
        UsageError: it is none of these.
    """
    bare = text.strip().lower()
    if bare in ("best", "all", "none"):
        return bare
    if bare.isascii() and bare.isdecimal() and int(bare) > 0:
        return int(bare)
    raise UsageError(f"{option}: must be best, all, none or a number of configurations. Received: {text!r}")
