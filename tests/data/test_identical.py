import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dlrun.data.identical import copies
from dlrun.data.table import Numeric, Text

NUMBERS = st.sampled_from([0.0, -0.0, 1.0, 2.0, -1.0, float("nan")])
TEXTS = st.sampled_from(["a", "b", None])


@given(st.lists(st.tuples(NUMBERS, NUMBERS, TEXTS), min_size=1, max_size=30))
def test_the_first_equal_row_of_each(rows):
    first, second, third = zip(*rows, strict=True)
    found = copies([Numeric(np.array(first)), Numeric(np.array(second)), Text.of(third)], len(rows))
    known: dict[tuple[str, ...], int] = {}
    keys = [tuple(repr(value + 0.0 if isinstance(value, float) else value) for value in row) for row in rows]
    assert found.tolist() == [known.setdefault(key, place) for place, key in enumerate(keys)]


def test_a_hundred_thousand_different_rows_do_not_fall_together():
    grid = np.arange(100_000)
    found = copies([Numeric(grid % 300), Numeric(grid // 300)], len(grid))
    np.testing.assert_array_equal(found, grid)
