from __future__ import annotations

import math

import pytest

from dlrun.insight import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (math.nan, "–"),
        (0, "0.0000"),
        (0.12345, "0.1235"),
        (-0.5, "-0.5000"),
        (1234.56, "1,234.6"),
        (737.5767, "737.6"),
        (99.996, "100.0"),
        (-66.0057, "-66.01"),
        (9.99996, "10.00"),
        (9.9999, "9.9999"),
        (1.5e12, "1.5e+12"),
        (0.00012345, "0.000123"),
        (math.inf, "inf"),
    ],
)
def test_number(value: float | None, text: str) -> None:
    assert numbers.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.04, "0.0 s"), (5.44, "5.4 s"), (200, "3 min 20 s"), (7500, "2 h 05 min"), (math.nan, "–")],
)
def test_seconds(value: float | None, text: str) -> None:
    assert numbers.seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, "null"),
        (1e-3, "0.001"),
        (0.30000000000000004, "0.30000000000000004"),
        ([64, 32], "[64, 32]"),
        ({"name": "constant", "value": 0.5}, "{name: constant, value: 0.5}"),
        ("relu", "relu"),
        (1000000, "1000000"),
    ],
)
def test_setting(value: object, text: str) -> None:
    assert numbers.setting(value) == text


@pytest.mark.parametrize(("octets", "text"), [(812, "812 B"), (14_200, "14.2 kB"), (3_100_000, "3.1 MB")])
def test_size(octets: int, text: str) -> None:
    assert numbers.size(octets) == text


def test_count() -> None:
    assert numbers.count(86794) == "86,794"
