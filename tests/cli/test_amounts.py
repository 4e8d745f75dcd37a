from __future__ import annotations

import re
from typing import Any

import pytest

from dlrun.cli.amounts import duration, kept, size
from dlrun.errors import UsageError

DURATIONS = {"90s": 90, "10m": 600, "1h30m": 5400, "1h 30m 5s": 5405, "2H": 7200, "0.5h": 1800, ".5m": 30, "1d": 86400}
SIZES = {"4G": 4 * 2**30, "500M": 500 * 2**20, "1.5GiB": 3 * 2**29, "64kb": 65536, "1 T": 2**40, "2GB": 2**31}
KEPT = {"best": "best", "ALL": "all", "none": "none", "3": 3, " 10 ": 10}


@pytest.mark.parametrize("text", DURATIONS)
def test_durations(text: str) -> None:
    assert duration(text, "--budget") == DURATIONS[text]


@pytest.mark.parametrize("text", SIZES)
def test_sizes(text: str) -> None:
    assert size(text, "--memory") == SIZES[text]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_kept(text: str) -> None:
    assert kept(text, "--keep") == KEPT[text]


BAD = [
    (duration, "10", "must be a time such as 10m, 90s or 1h30m. Received: '10'. A unit must follow the number."),
    (duration, "", "must be a time such as 10m, 90s or 1h30m. Received: ''."),
    (duration, "ten", "must be a time such as 10m, 90s or 1h30m. Received: 'ten'."),
    (duration, "-5m", "must be a time such as 10m, 90s or 1h30m. Received: '-5m'."),
    (duration, "5m3", "must be a time such as 10m, 90s or 1h30m. Received: '5m3'."),
    (duration, "٣m3", "must be a time such as 10m, 90s or 1h30m. Received: '٣m3'."),
    (duration, "0s", "must be more than no time at all. Received: '0s'"),
    (size, "4", "must be a size such as 4G or 500M. Received: '4'. A unit must follow the number."),
    (size, "4X", "must be a size such as 4G or 500M. Received: '4X'."),
    (size, "4G1M", "must be a size such as 4G or 500M. Received: '4G1M'."),
    (size, "0M", "must be more than nothing. Received: '0M'"),
    (kept, "some", "must be best, all, none or a number of configurations. Received: 'some'"),
    (kept, "0", "must be best, all, none or a number of configurations. Received: '0'"),
    (kept, "²", "must be best, all, none or a number of configurations. Received: '²'"),
]


@pytest.mark.parametrize(("read", "text", "message"), BAD)
def test_what_is_no_amount(read: Any, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=f"^--option: {re.escape(message)}$"):
        read(text, "--option")
