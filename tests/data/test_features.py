import json

import numpy as np
import pandas as pd
import pytest

from dlrun.data.features import Flag, Moment, Number, feature_from_json, feature_to_json
from dlrun.data.prepared import Task
from dlrun.data.preprocessing import Preprocessing, fit
from dlrun.data.spellings import Spelling
from dlrun.data.table import Numeric, Table, Text
from dlrun.data.understanding import understand
from dlrun.errors import DataError

TASK = Task("regression", "y")


def table(name="a.csv", **columns):
    made = {
        key: Text.of(values) if any(isinstance(value, str) for value in values) else Numeric(np.array(values, float))
        for key, values in columns.items()
    }
    return Table(name, made, np.arange(len(next(iter(made.values())))))


def fitted(train, scaling="none"):
    return fit(train, list(train.columns), scaling, TASK, meanings=understand(train))


def test_words_for_true_and_false_are_one_input():
    preprocessing, notes = fitted(table(smoker=["yes", "no", None, "Yes"]))
    assert preprocessing.inputs == ("smoker", "smoker is missing")
    assert notes == ()
    new = table(smoker=["N", "true", None, "0"])
    assert preprocessing.apply(new).tolist() == [[0, 0], [1, 0], [1, 1], [0, 0]]
    numbers = table(smoker=[1, 0, np.nan, 1])
    assert preprocessing.apply(numbers).tolist() == [[1, 0], [0, 0], [1, 1], [1, 0]]


def test_numbers_with_units_are_read_alike_in_new_rows():
    preprocessing, _ = fitted(table(price=["$1,200", "$900", "$1,500"]))
    assert preprocessing.apply(table(price=["$2,000", "850", None])).ravel().tolist() == [2000, 850, 1200]
    assert preprocessing.apply(table(price=[2000.0])).ravel().tolist() == [2000]


def test_dates_are_days_and_where_they_stand_in_the_year():
    days = pd.date_range("2023-11-03 06:00", periods=90, freq="13h")
    preprocessing, _ = fitted(table(when=days.strftime("%Y-%m-%d %H:%M").tolist()))
    x = preprocessing.apply(table(when=["2023-11-04 12:00", None]))
    assert preprocessing.inputs == (
        "when", "when month (sin)", "when month (cos)", "when weekday (sin)", "when weekday (cos)", "when hour (sin)",
        "when hour (cos)",
    )  # fmt: skip
    month, weekday, hour = 2 * np.pi * 10 / 12, 2 * np.pi * 5 / 7, np.pi
    turns = [turn(angle) for angle in (month, weekday, hour) for turn in (np.sin, np.cos)]
    np.testing.assert_allclose(x[0], [1.5, *turns], atol=1e-6)
    assert x[1, 1:].tolist() == [0] * 6, "a missing date stands nowhere"
    median = (days.to_series().median() - pd.Timestamp("2023-11-03")) / pd.Timedelta("1D")
    assert x[1, 0] == pytest.approx(median)


def test_only_what_varies_is_an_input():
    same_hour = fitted(table(when=["2024-01-01", "2024-01-08", "2024-01-15"]))[0]
    assert same_hour.inputs == ("when",)
    clock = fitted(table(at=["09:00", "17:30", None]))[0]
    assert clock.inputs == ("at", "at hour (sin)", "at hour (cos)", "at is missing")
    assert clock.apply(table(at=["12:00"]))[0, :1].tolist() == [0.5]
    whole = table(a=[1, 2, 2], when=["2024-01-01", "2024-01-01", "2024-05-05"])
    _, notes = fit(whole.take(np.arange(2)), ["a", "when"], "none", TASK, meanings=understand(whole))
    assert notes == ("Column 'when' is left out: it is the same in every train row.",)


def test_whole_numbers_that_are_dates():
    preprocessing, _ = fitted(table(order_date=[20240101, 20240111, 20240121]))
    assert preprocessing.apply(table(order_date=[20240102.0]))[0, 0] == 1
    assert preprocessing.apply(table(order_date=["20240103"]))[0, 0] == 2


@pytest.mark.parametrize(
    ("train", "new", "message"),
    [
        (
            ["2024-01-01", "2024-02-01"],
            ["2024-01-03", "03.01.2024"],
            "new.csv: column 'c' must hold dates (year-month-day), as in the train rows. "
            "Received: '03.01.2024' in row 2",
        ),
        (
            ["2024-01-01", "2024-02-01"],
            [np.nan, 45000],
            "new.csv: column 'c' must hold dates (year-month-day), as in the train rows. Received: 45000 in row 2",
        ),
        (
            ["09:00", "10:00"],
            ["9 o'clock"],
            "new.csv: column 'c' must hold times such as 09:30, as in the train rows. Received: \"9 o'clock\" in row 1",
        ),
        (
            ["yes", "no"],
            ["maybe"],
            "new.csv: column 'c' must hold yes or no, as in the train rows. Received: 'maybe' in row 1",
        ),
        (
            ["5 kg", "7 kg"],
            ["5 lb"],
            "new.csv: column 'c' must hold numbers, as in the train rows. Received: '5 lb' in row 1",
        ),
    ],
)
def test_new_rows_that_do_not_fit(train, new, message):
    preprocessing, _ = fitted(table(c=train))
    with pytest.raises(DataError) as raised:
        preprocessing.apply(table("new.csv", c=new))
    assert str(raised.value) == message


def test_a_tenth_of_new_texts_may_be_slips():
    preprocessing, _ = fitted(table(a=[1.0, 2, 5]))
    new = table("new.csv", a=["oops", *["1", "2", "3"] * 4])
    assert preprocessing.apply(new)[0, 0] == 2, "the median of the train rows"
    assert preprocessing.unreadable(new) == (
        "new.csv: 1 value of column 'a' cannot be read, taken as missing (the first is 'oops').",
    )


def test_outliers_are_drawn_in():
    values = [*np.linspace(-1, 1, 99), 1e9]
    x = fitted(table(a=values), "standard")[0].apply(table(a=values)).ravel()
    assert x[:99].std() > 0.5
    assert x[99] < 30


@pytest.mark.parametrize(
    "feature",
    [
        Number("a", 1.5, 0.5, 2.0, True, Spelling("kg", ",", "."), 5.0),
        Number("a", 1.5, 0.5, 2.0, False),
        Flag("예", 1.0, 0.0, 1.0, False),
        Moment("when", "day/month/year", 86400.0, 3.5, 1.0, 2.0, ("month", "hour"), True),
    ],
)
def test_kept_as_json(feature):
    assert feature_from_json(json.loads(json.dumps(feature_to_json(feature)))) == feature


def test_records_of_the_first_version_can_be_read():
    stored = {"name": "a", "fill": 1.0, "center": 0.0, "scale": 1.0, "indicator": False, "kind": "number"}
    assert feature_from_json(stored) == Number("a", 1.0, 0.0, 1.0, False)


def test_a_whole_preprocessing_comes_back():
    train = table(
        w=["5 kg", "7 kg", None],
        when=["2024-01-01", "2024-02-03", "2024-05-05"],
        s=["yes", "no", "yes"],
        c=["u", "v", "u"],
    )
    preprocessing, _ = fitted(train, "standard")
    again = Preprocessing.from_json(json.loads(json.dumps(preprocessing.to_json(), allow_nan=False)))
    assert again == preprocessing
    np.testing.assert_array_equal(again.apply(train), preprocessing.apply(train))
