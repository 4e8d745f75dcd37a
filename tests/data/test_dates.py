import numpy as np
import pytest

from dlrun.data.dates import times_of
from dlrun.data.table import Numeric, Table, Text
from dlrun.errors import DataError

NO_VALUE = "data.time: column 'when' must have a value in every row. Received: none in row {}"


def table(column):
    return Table("a.csv", {"when": column}, np.arange(len(column)))


def test_dates_rise_with_time():
    written = ["2026-11-20T09:30", "2025-12-31", "2026-11", "2026-11-20T09:30:00+09:00", "1969-07-20"]
    assert np.argsort(times_of(table(Text.of(written)), "when")).tolist() == [4, 1, 2, 3, 0]


def test_numbers_stay():
    assert times_of(table(Numeric(np.array([3, 1]))), "when").tolist() == [3, 1]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (
            Text.of(["2026-11-20", "20.11.2026"]),
            "data.time: column 'when' must hold numbers, or dates such as 2026-11-20 or 2026-11-20T09:30. "
            "Received: '20.11.2026' in row 2",
        ),
        (Text.of(["2026-11-20", None]), NO_VALUE.format(2)),
        (Numeric(np.array([np.nan, 1])), NO_VALUE.format(1)),
    ],
)
def test_bad_times(column, message):
    with pytest.raises(DataError) as raised:
        times_of(table(column), "when")
    assert str(raised.value) == message
