import numpy as np
import pytest
import sklearn.datasets

from dlrun.data import sklearn_sets
from dlrun.data.sklearn_sets import SETS
from dlrun.data.table import Text

NAMES = ("digits", "iris", "wine", "breast_cancer", "diabetes")


def sklearn_set(name):
    arguments = {"scaled": False} if name == "diabetes" else {}
    return getattr(sklearn.datasets, f"load_{name}")(**arguments)


@pytest.mark.parametrize("name", NAMES)
def test_equal_to_what_scikit_learn_loads(name):
    table, expected = SETS[name](), sklearn_set(name)
    target = table.columns[table.target]
    x = np.stack([column.values for key, column in table.columns.items() if key != table.target], axis=1)
    np.testing.assert_array_equal(x, expected.data)
    if isinstance(target, Text):
        np.testing.assert_array_equal(target.codes, expected.target)
        assert target.levels == tuple(str(label) for label in expected.target_names)
    else:
        np.testing.assert_array_equal(target.values, expected.target)
    assert tuple(table.columns)[:-1] == tuple(expected.feature_names)
    assert tuple(table.columns)[-1] == table.target


@pytest.mark.parametrize("name", NAMES)
def test_the_loaders_are_asked_where_the_files_have_moved(name, monkeypatch):
    packaged = SETS[name]()
    monkeypatch.setattr(sklearn_sets.importlib.util, "find_spec", lambda _: None)
    loaded = SETS[name]()
    assert loaded.columns.keys() == packaged.columns.keys()
    for column, expected in zip(loaded.columns.values(), packaged.columns.values(), strict=True):
        if isinstance(column, Text):
            np.testing.assert_array_equal(column.codes, expected.codes)
        else:
            np.testing.assert_array_equal(column.values, expected.values)
