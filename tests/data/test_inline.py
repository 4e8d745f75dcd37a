import numpy as np
import pytest

from dlrun.data.inline import inline_table
from dlrun.data.table import Numeric, Text
from dlrun.errors import DataError
from dlrun.spec.experiment import Inline


def test_numbers_become_columns():
    table = inline_table(Inline.model_validate({"x": [[0, 3], [1, 4.5]], "y": [0, 1]}))
    assert list(table.columns) == ["x1", "x2", "y"]
    assert table.columns["x2"].values.tolist() == [3, 4.5]
    assert isinstance(table.columns["y"], Numeric)


@pytest.mark.parametrize(
    ("y", "levels"), [(["no", "[/x]"], ("no", "[/x]")), ([True, False], ("true", "false")), ([1, "one"], ("1", "one"))]
)
def test_other_labels_become_texts(y, levels):
    column = inline_table(Inline.model_validate({"x": [[0], [1]], "y": y})).columns["y"]
    assert isinstance(column, Text)
    assert column.levels == levels
    np.testing.assert_array_equal(column.codes, [0, 1])


@pytest.mark.parametrize(
    ("inline", "message"),
    [
        (
            {"x": [[0, 1], [2]], "y": [0, 1]},
            "data.inline.x: every row needs as many numbers as the first, and at least one. "
            "Received: 1 in row 2, 2 in row 1",
        ),
        (
            {"x": [[], []], "y": [0, 1]},
            "data.inline.x: every row needs as many numbers as the first, and at least one. "
            "Received: 0 in row 1, 0 in row 1",
        ),
        (
            {"x": [[0], [2]], "y": [0, 1, 1]},
            "data.inline: needs one y per row of x. Received: 3 in y, 2 rows in x",
        ),
    ],
)
def test_rows_that_do_not_fit(inline, message):
    with pytest.raises(DataError) as raised:
        inline_table(Inline.model_validate(inline))
    assert str(raised.value) == message
