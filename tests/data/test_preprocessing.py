import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from dlrun.data.prepared import Task
from dlrun.data.preprocessing import Preprocessing, fit
from dlrun.data.table import Numeric, Table, Text
from dlrun.errors import DataError

TASK = Task("binary", "y", ("[/x]", "예"))


def table(name="a.csv", **columns):
    made = {
        key: Text.of(values) if any(isinstance(value, str) for value in values) else Numeric(np.array(values, float))
        for key, values in columns.items()
    }
    return Table(name, made, np.arange(len(next(iter(columns.values())))))


def fitted(train, scaling="standard"):
    return fit(train, list(train.columns), scaling, TASK)


def test_numbers_are_imputed_and_scaled_on_train_rows():
    preprocessing, notes = fitted(table(a=[1, 2, np.nan, 6], b=[1, 2, 3, 4]))
    assert preprocessing.inputs == ("a", "a is missing", "b")
    assert notes == ()
    x = preprocessing.apply(table(a=[2, np.nan], b=[np.nan, 2.5]))
    filled = np.array([1, 2, 2, 6])
    np.testing.assert_allclose(x[:, 0], (2 - filled.mean()) / filled.std(), rtol=1e-6)
    assert x[:, 1].tolist() == [0, 1]
    assert x[:, 2].tolist() == [0, 0]  # complete in train: the median 2.5, and no input for missing ones
    assert x.dtype == np.float32
    assert x.flags.c_contiguous


def test_categories_of_train_rows():
    preprocessing, _ = fitted(table(c=["b", "a", None, "b"], d=["u", "v", "u", "u"]))
    assert preprocessing.inputs == ("c=a", "c=b", "c is missing", "d=u", "d=v")
    x = preprocessing.apply(table(c=["b", "new", None], d=["new", None, "v"]))
    assert x.tolist() == [[0, 1, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 1]]


def test_rare_categories_share_an_input():
    common = [f"c{n:02}" for n in range(50)]
    preprocessing, notes = fitted(table(c=[*common, *common, "rare", "[/x]"]))
    assert preprocessing.inputs == (*(f"c={name}" for name in common), "c is another")
    assert notes == ("Column 'c' has 52 categories: the 50 most frequent have an input each, the others share one.",)
    x = preprocessing.apply(table(c=["rare", "[/x]", "unseen", "c07"]))
    assert x[:, -1].tolist() == [1, 1, 1, 0]
    assert x.sum(axis=1).tolist() == [1, 1, 1, 1]


def test_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    a = np.where(rng.random(80) < 0.2, np.nan, rng.normal(5, 3, 80))
    c = rng.choice(["x", "y", "z"], 80)
    train, new = slice(0, 60), slice(60, 80)
    frame = pd.DataFrame({"a": a, "c": c})
    oracle = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), ["a"]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["c"]),
    ).fit(frame[train])
    preprocessing, _ = fitted(table(a=a[train], c=c[train].tolist()))
    found = preprocessing.apply(table(a=a[new], c=c[new].tolist()))
    np.testing.assert_allclose(np.delete(found, 1, axis=1), oracle.transform(frame[new]), atol=1e-6)


def test_columns_that_say_nothing_are_left_out():
    preprocessing, notes = fitted(
        table(a=[1, 2], same=[0.1, 0.1], none=[np.nan, np.nan], word=["x", "x"], maybe=["x", None])
    )
    assert preprocessing.inputs == ("a", "maybe=x", "maybe is missing")
    assert notes == (
        "Column 'same' is left out: it is 0.1 in every train row.",
        "Column 'none' is left out: the train rows have no values in it.",
        "Column 'word' is left out: it is 'x' in every train row.",
    )


def test_constant_inputs_written_on_purpose_stay():
    bias = replace(table(one=[1, 1], a=[0, 1]), keep_constant=True)
    preprocessing, _ = fitted(bias, "none")
    assert preprocessing.apply(bias).tolist() == [[1, 0], [1, 1]]


def test_pixels_are_divided_by_white():
    image = replace(table(p=[0, 16, 4], q=[0, 0, 0]), white=16.0)
    preprocessing, notes = fitted(image)
    assert preprocessing.apply(image).tolist() == [[0, 0], [1, 0], [0.25, 0]]
    assert notes == ()


def test_categories_that_were_read_as_numbers():
    preprocessing, _ = fitted(table(c=["1", "2", "x"]))
    assert preprocessing.apply(table(c=[2, np.nan])).tolist() == [[0, 1, 0], [0, 0, 0]]


def test_columns_are_found_by_name():
    train = table(a=[1, 2], c=["x", "y"])
    preprocessing, _ = fitted(train)
    other = table(more=[9, 9], c=["x", "y"], a=[1, 2])
    np.testing.assert_array_equal(preprocessing.apply(other), preprocessing.apply(train))


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ({"A": [1]}, "new.csv: has no column 'a', which was trained on. Did you mean 'A'? It has: 'A'"),
        ({"a": ["1", "x"]}, "new.csv: column 'a' must hold numbers, as in the train rows. Received: 'x' in row 2"),
        ({"a": [1, np.inf]}, "new.csv: column 'a' must hold numbers, as in the train rows. Received: 'inf' in row 2"),
        ({"a": [1e308]}, "new.csv: column 'a' has numbers too large for training; rescale or exclude it"),
    ],
)
def test_new_rows_that_do_not_fit(new, message):
    preprocessing, _ = fitted(table(a=[1, 2]))
    with pytest.raises(DataError) as raised:
        preprocessing.apply(table("new.csv", **new))
    assert str(raised.value) == message


def test_no_column_left():
    with pytest.raises(DataError) as raised:
        fitted(table(a=[1, 1]))
    assert str(raised.value) == (
        "a.csv: no column is left to learn from. Column 'a' is left out: it is 1 in every train row."
    )


def test_numbers_too_large_to_scale():
    with pytest.raises(DataError) as raised:
        fitted(table(a=[-1e308, 1e308]))
    assert str(raised.value) == ("a.csv: column 'a' has numbers too large to be scaled; rescale or exclude it")


NUMBERS = st.floats(-1e6, 1e6) | st.just(np.nan)
TEXTS = st.text(max_size=3) | st.none()


@given(
    rows=st.lists(st.tuples(NUMBERS, TEXTS), min_size=2, max_size=20),
    scaling=st.sampled_from(["standard", "minmax", "robust", "none"]),
)
def test_kept_as_json_without_loss(rows, scaling):
    numbers, texts = zip(*rows, strict=True)
    train = Table("a.csv", {"[/x]": Numeric(np.array(numbers)), "열": Text.of(texts)}, np.arange(len(rows)))
    try:
        preprocessing, _ = fit(train, ["[/x]", "열"], scaling, TASK, {"a.": "a"})
    except DataError:  # nothing in either column
        return
    stored = json.dumps(preprocessing.to_json(), allow_nan=False)
    again = Preprocessing.from_json(json.loads(stored))
    assert again == preprocessing
    x = preprocessing.apply(train)
    assert np.isfinite(x).all()
    np.testing.assert_array_equal(again.apply(train), x)


def test_a_format_of_the_future():
    stored = {**fitted(table(a=[1, 2]))[0].to_json(), "format": 2}
    with pytest.raises(DataError) as raised:
        Preprocessing.from_json(stored)
    assert str(raised.value) == "preprocessing: must have format 1; a newer dlrun wrote it. Received: 2"
