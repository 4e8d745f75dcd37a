"""How numbers are written for people."""

from __future__ import annotations

import math
from datetime import datetime

ABSENT = "–"


def number(value: float | None) -> str:
    """A measured value with four digits after the point, two from ten and one from a hundred on, three significant ones
    where that says too little: 0.1235, 66.01, 737.6."""
    if value is None or math.isnan(value):
        return ABSENT
    if 99.995 <= abs(value) < 1e9:
        return f"{value:,.1f}"
    if 9.99995 <= abs(value) < 99.995:
        return f"{value:.2f}"
    if value == 0 or 0.001 <= abs(value) < 10:
        return f"{value:.4f}"
    return f"{value:.3g}"


def count(value: int | float | None) -> str:
    """A whole number with its thousands apart: 86,794."""
    return ABSENT if value is None else f"{value:,.0f}"


def seconds(value: float | None) -> str:
    """A time span: 5.4 s, 3 min 20 s, 2 h 05 min."""
    if value is None or not math.isfinite(value):
        return ABSENT
    if value < 99.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def moment(value: float | None) -> str:
    """A time given in seconds since 1970, on this machine's clock: 2026-11-20 16:05."""
    if value is None:
        return ABSENT
    return datetime.fromtimestamp(value).astimezone().strftime("%Y-%m-%d %H:%M")


def size(octets: int) -> str:
    """A file's size: 812 B, 14.2 kB, 3.1 MB."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if octets >= scale:
            return f"{octets / scale:.1f} {unit}"
    return f"{octets} B"


def setting(value: object) -> str:
    """A value of a config on one line, the way YAML would show it: 0.001, relu, [64, 64], true, null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(setting(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {setting(item)}' for key, item in value.items())}}}"
    return str(value)


def value(cell: object) -> str:
    """Anything: a measured number with six significant digits, else as a setting."""
    return f"{cell:.6g}" if isinstance(cell, float) else setting(cell)
