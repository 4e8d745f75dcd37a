import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.data.spellings import MixedUnits, Spelling, by_level, spelling_of, taken_apart
from dlrun.data.table import Text


@pytest.mark.parametrize(
    ("texts", "spelling", "values"),
    [
        (["12 kg", "13.5kg", "7 KG"], Spelling("kg"), [12, 13.5, 7]),
        (["35%", "12.5 %", "0"], Spelling("%"), [35, 12.5, 0]),
        (["$1,200", "$900.50", "-$3", "$-4", "($20)"], Spelling("$", ".", ","), [1200, 900.5, -3, -4, -20]),
        (["1,200", "900", "1,000,000"], Spelling("", ".", ","), [1200, 900, 1e6]),
        (["3,14", "2,5"], Spelling("", ","), [3.14, 2.5]),
        (["1.234,5", "1.000.000,0", "7"], Spelling("", ",", "."), [1234.5, 1e6, 7]),
        (["1 200", "3\u00a0400,5", "12"], Spelling("", ",", " "), [1200, 3400.5, 12]),
        (["1'200.5", "1’000"], Spelling("", ".", "'"), [1200.5, 1000]),
        (["€110.5M", "€300K", "€0"], Spelling("€"), [110.5e6, 3e5, 0]),
        (["3만원", "1억원", "500원"], Spelling("원"), [3e4, 1e8, 500]),
        (["1,000원", "5원"], Spelling("원", ".", ","), [1000, 5]),
        (["1 year", "2 years"], Spelling("year"), [1, 2]),
        (["160 km/h", "2 km/h"], Spelling("km/h"), [160, 2]),
        (["54.6㎡", "80㎡"], Spelling("㎡"), [54.6, 80]),
        (["5 m2", "6 m2"], Spelling("m2"), [5, 6]),
        (["36.6 °C", "37"], Spelling("°c"), [36.6, 37]),
        (["1", "-2.5", "1e3", "+4"], Spelling(), [1, -2.5, 1000, 4]),
        (["−5", "5"], Spelling(), [-5, 5]),
    ],
)
def test_numbers_written_as_texts(texts, spelling, values):
    column = Text.of([*texts, None])
    assert spelling_of(column) == spelling
    np.testing.assert_allclose(by_level(column, spelling.values), [*values, np.nan])


@pytest.mark.parametrize(
    "texts",
    [
        ["C85", "C12"],
        ["12A", "13B"],
        ["0", "1", "2", "3+"],
        ["10.0.0.1", "10.0.0.2"],
        ["3-5", "6-8"],
        ["1,2,3", "4,5,6"],
        ["red", "blue"],
        ["1st", "2nd", "3rd"],
        ["010-1234-5678", "010-9999-0000"],
        ["<5", "7"],
        [],
    ],
)
def test_texts_that_are_no_numbers(texts):
    assert spelling_of(Text.of(texts)) is None


@pytest.mark.parametrize(
    ("texts", "examples"),
    [
        (["12 kg", "30 lb", "13 kg"], ("12 kg", "30 lb")),
        (["0.35", "35%"], ("0.35", "35%")),
        (["$5", "€6", "$7", "$8"], ("$5", "€6")),
    ],
)
def test_a_mix_of_units_is_told(texts, examples):
    assert spelling_of(Text.of(texts)) == MixedUnits(examples)


def test_a_few_slips_are_no_categories():
    numbers = [f"{n} cm" for n in range(99)]
    assert spelling_of(Text.of([*numbers, "n/a yet"])) == Spelling("cm")
    assert spelling_of(Text.of([*numbers[:20], *["many"] * 9])) is None, "a tenth at most"
    assert spelling_of(Text.of([*numbers[:18], "many"])) is None, "few different texts are categories"
    assert spelling_of(Text.of([*numbers[:18], "many"]), few=0) == Spelling("cm")


def test_commas_that_can_be_either():
    column = Text.of(["1,200", "2,500"])
    assert spelling_of(column) == Spelling("", ".", ",")
    assert spelling_of(column, comma_first=True) == Spelling("", ",")


STYLES = st.sampled_from([(".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (".", "'")])


@given(
    numbers=st.lists(st.integers(10_000, 10**9), min_size=1, max_size=20),
    style=STYLES,
    unit=st.sampled_from(["", " kg", "%"]),
)
def test_what_is_written_is_read(numbers, style, unit):
    """Cents written in a style with both marks in sight come back as they were."""
    decimal, thousands = style
    texts = [f"{n // 100:,}".replace(",", thousands) + decimal + f"{n % 100:02}" + unit for n in numbers]
    column = Text.of([*texts, f"1{thousands}000{thousands}000{decimal}25{unit}"])
    found = spelling_of(column)
    assert isinstance(found, Spelling)
    np.testing.assert_allclose(by_level(column, found.values), [*(n / 100 for n in numbers), 1_000_000.25])


@given(st.text(max_size=12))
def test_any_text_can_be_taken_apart_or_not(text):
    parts = taken_apart(text)
    assert parts is None or any(char.isdigit() for char in parts.body)
