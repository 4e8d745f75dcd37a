import numpy as np
import pandas as pd
import pytest

from dlrun.data.dates import calendar, format_of, is_ambiguous, is_compact, moments, times_of
from dlrun.data.table import Numeric, Table, Text
from dlrun.errors import DataError

NO_VALUE = "data.time: column 'when' must have a value in every row. Received: none in row {}"


def table(column):
    return Table("a.csv", {"when": column}, np.arange(len(column)))


def as_iso(column, format):
    return [str(np.datetime64(round(second), "s")) for second in moments(column, format)]


@pytest.mark.parametrize(
    ("texts", "format", "read"),
    [
        (["2024-01-31", "2024-2-1"], "year-month-day", ["2024-01-31T00:00:00", "2024-02-01T00:00:00"]),
        (["2024/01/31 09:30", "2024/1/1 9:05:07"], "year-month-day", ["2024-01-31T09:30:00", "2024-01-01T09:05:07"]),
        (["2024.01.31", "2024. 2. 1."], "year-month-day", ["2024-01-31T00:00:00", "2024-02-01T00:00:00"]),
        (["31.01.2024", "01.02.2024"], "day/month/year", ["2024-01-31T00:00:00", "2024-02-01T00:00:00"]),
        (["02.01.2024", "01.02.2024"], "day/month/year", ["2024-01-02T00:00:00", "2024-02-01T00:00:00"]),
        (["01/02/2024", "12/31/24"], "month/day/year", ["2024-01-02T00:00:00", "2024-12-31T00:00:00"]),
        (["01/02/2024", "02/01/2024"], "month/day/year", ["2024-01-02T00:00:00", "2024-02-01T00:00:00"]),
        (["2024년 1월 31일", "2024년 12월 1일"], "year-month-day", ["2024-01-31T00:00:00", "2024-12-01T00:00:00"]),
        (["2024년 5월", "2024년 6월"], "year-month-day", ["2024-05-01T00:00:00", "2024-06-01T00:00:00"]),
        (["Jan 31, 2024", "February 1, 2024"], "month day, year", ["2024-01-31T00:00:00", "2024-02-01T00:00:00"]),
        (["31-Jan-24", "1 Feb 1999"], "day month year", ["2024-01-31T00:00:00", "1999-02-01T00:00:00"]),
        (["1/31/2024 3:45 PM", "1/3/2024 12:05 am"], "month/day/year", ["2024-01-31T15:45:00", "2024-01-03T00:05:00"]),
        (["2024-01-31 오후 3:20"], "year-month-day", ["2024-01-31T15:20:00"]),
        (["2024-01-31 오전 12:00"], "year-month-day", ["2024-01-31T00:00:00"]),
        (["2024-01-31T09:30+09:00"], "year-month-day", ["2024-01-31T00:30:00"]),
        (["2024-01-31T09:30:00Z"], "year-month-day", ["2024-01-31T09:30:00"]),
        (["09:30", "23:15:10"], "hour:minute", ["1970-01-01T09:30:00", "1970-01-01T23:15:10"]),
    ],
)  # fmt: skip
def test_formats(texts, format, read):
    column = Text.of(texts)
    assert format_of(column) == format
    assert as_iso(column, format) == read


@pytest.mark.parametrize(
    "texts",
    [
        ["2009-10", "2010-11", "2012-13"],
        ["1-2-3", "4-5-6"],
        ["a", "b"],
        ["2024-02-31", "2024-13-01"],
        ["25:61", "1:99"],
        [],
    ],
)
def test_texts_that_are_no_dates(texts):
    assert format_of(Text.of(texts)) is None


def test_pandas_reads_the_same():
    stamps = pd.date_range("1995-12-29", periods=500, freq="37h13min")
    for written in ("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d %b %Y %H:%M:%S"):
        column = Text.of(stamps.strftime(written))
        oracle = pd.to_datetime(pd.Series(stamps.strftime(written)), format=written)
        np.testing.assert_array_equal(
            moments(column, format_of(column)), oracle.to_numpy("datetime64[s]").astype(float)
        )


def test_the_calendar_of_pandas():
    stamps = pd.date_range("1960-02-27", periods=800, freq="61h30min")
    parts = calendar(stamps.to_numpy("datetime64[s]").astype(float))
    np.testing.assert_array_equal(parts["month"][0], stamps.month - 1)
    np.testing.assert_array_equal(parts["weekday"][0], stamps.day_of_week)
    np.testing.assert_array_equal(parts["hour"][0], stamps.hour + stamps.minute / 60)
    assert np.isnan(calendar(np.array([np.nan]))["month"][0]).all()


def test_a_tenth_may_be_no_dates():
    good = [f"2024-01-{day:02}" for day in range(1, 19)]
    column = Text.of([*good, "0000-00-00", None])
    assert format_of(column) == "year-month-day"
    assert np.isnan(moments(column, "year-month-day")[-2:]).all()
    assert format_of(Text.of([*good[:8], "unknown"])) is None


def test_day_and_month_that_can_be_changed_over():
    assert is_ambiguous(Text.of(["01/02/2024", "03/04/2024"]), "month/day/year")
    assert not is_ambiguous(Text.of(["01/02/2024", "03/14/2024"]), "month/day/year")


@pytest.mark.parametrize(
    ("name", "values", "dates"),
    [
        ("order_date", [20240131, 20231231], True),
        ("기준일자", [20240131, 20240201], True),
        ("order_date", [20240132, 20231231], False),
        ("amount", [20240131, 20231231], False),
        ("order_date", [1.5, 20231231], False),
        ("date", [np.nan], False),
    ],
)
def test_whole_numbers_that_are_dates(name, values, dates):
    assert is_compact(name, Numeric(np.array(values, float))) is dates


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
            "data.time: column 'when' must hold numbers, or dates such as 2026-11-20 or 2026-11-20T09:30, all in one "
            "format. Received: '20.11.2026' in row 2",
        ),
        (Text.of(["2026-11-20", None]), NO_VALUE.format(2)),
        (Numeric(np.array([np.nan, 1])), NO_VALUE.format(1)),
    ],
)
def test_bad_times(column, message):
    with pytest.raises(DataError) as raised:
        times_of(table(column), "when")
    assert str(raised.value) == message
