import numpy as np
import pytest

from dlrun.data.prepared import Task
from dlrun.data.table import Numeric, Table, Text
from dlrun.data.task import amounts, class_indices, decide, standard, targets, with_labels
from dlrun.errors import DataError
from dlrun.spec import Experiment


def table(values, name="a.csv"):
    numeric = not any(isinstance(value, str) for value in values)
    if numeric:
        column = Numeric(np.array([np.nan if value is None else value for value in values], float))
    else:
        column = Text.of(values)
    return Table(name, {"y": column}, np.arange(len(values)))


def spec(task="auto"):
    return Experiment.model_validate({"data": {"source": "a.csv", "task": task}})


@pytest.mark.parametrize(
    ("values", "given", "kind", "classes"),
    [
        ([0, 1, 1, 0], "auto", "binary", ("0", "1")),
        ([-1, 1], "auto", "binary", ("-1", "1")),
        (["no", "yes", "no"], "auto", "binary", ("no", "yes")),
        (["b", "a", "c"], "auto", "multiclass", ("a", "b", "c")),
        (["10", "9", "x"], "auto", "multiclass", ("10", "9", "x")),
        (["10", "9", "100"], "auto", "multiclass", ("9", "10", "100")),
        ([3, 10, 5] * 5, "auto", "multiclass", ("3", "5", "10")),
        ([3, 10, 5] * 4, "auto", "regression", ()),
        (list(range(20)) * 5, "auto", "multiclass", tuple(str(n) for n in range(20))),
        (list(range(21)) * 9, "auto", "regression", ()),
        ([0.5, 1.5] * 20, "auto", "regression", ()),
        ([0.5, 1.5] * 20, "classification", "binary", ("0.5", "1.5")),
        ([3, 10, 5], "classification", "multiclass", ("3", "5", "10")),
        ([0, 1, 1, 0], "regression", "regression", ()),
        (["0", "1"], "regression", "regression", ()),
        (["<script>", "[/x]", "예"], "auto", "multiclass", ("<script>", "[/x]", "예")),
    ],
)
def test_the_task(values, given, kind, classes):
    task = decide(table(values), "y", spec(given))
    assert (task.kind, task.classes) == (kind, classes)


@pytest.mark.parametrize(
    ("values", "given", "message"),
    [
        ([7, 7], "auto", "a.csv: the column to predict, 'y', has one value only, '7': nothing can be learned"),
        (["x"] * 3, "auto", "a.csv: the column to predict, 'y', has one value only, 'x': nothing can be learned"),
        (
            [str(n) + "x" for n in range(30)],
            "auto",
            "a.csv: the column to predict, 'y', has 30 classes in 30 rows. "
            "Choose another data.target, or data.task: regression for numbers",
        ),
        (
            ["1", "two", "3"],
            "regression",
            "a.csv: 'y' must be a number for data.task: regression. Received: 'two' in row 2",
        ),
        (
            [1.5, np.inf, 2.5],
            "auto",
            "a.csv: 'y' must be a number for data.task: regression. Received: inf in row 2",
        ),
    ],
)
def test_no_task(values, given, message):
    with pytest.raises(DataError) as raised:
        decide(table(values), "y", spec(given))
    assert str(raised.value) == message


def test_class_indices_follow_the_classes():
    task = Task("multiclass", "y", ("9", "10", "100"))
    assert class_indices(table([100, 9, 10]), task).tolist() == [2, 0, 1]
    found = class_indices(table(["010", "9.0", "1e2"]), task)
    assert found.tolist() == [1, 0, 2]
    assert found.dtype == np.int32


def test_a_label_that_no_train_row_has():
    task = Task("binary", "y", ("<=50K", ">50K"))
    with pytest.raises(DataError) as raised:
        class_indices(table(["<=50K", "<=50K."], "test.csv"), task)
    assert str(raised.value) == (
        "test.csv: 'y' in row 2 must be a class of the train file: '<=50K', '>50K'. Received: '<=50K.'. "
        "Perhaps data.label_map: {'<=50K.': '<=50K'}"
    )


@pytest.mark.parametrize(
    ("values", "label_map", "expected"),
    [
        (["a.", "a", "b"], {"a.": "a", "zzz": "b"}, ["a", "a", "b"]),
        ([0, 1, 1], {"0": "no", "1": "yes"}, ["no", "yes", "yes"]),
        (["zero", "one", "one"], {"zero": "0", "one": "1"}, [0, 1, 1]),
    ],
)
def test_renamed_labels(values, label_map, expected):
    column = with_labels(table(values), "y", label_map)[0].columns["y"]
    found = column.values if isinstance(column, Numeric) else [column.levels[code] for code in column.codes]
    assert list(found) == expected


def test_rows_without_a_target_are_left_out_and_counted():
    kept, notes = with_labels(table(["a", None, "b", None]), "y", None)
    assert kept.numbers.tolist() == [0, 2]
    assert notes == ("a.csv: 2 rows are left out: no value in the column to predict, 'y'.",)
    with pytest.raises(DataError, match=r"a\.csv: the column to predict, 'y', has no values"):
        with_labels(table([None, None]), "y", None)


def test_standardised_targets_come_back():
    values = np.array([3.0, 5.0, 10.0])
    task = standard(Task("regression", "y"), values, "auto")
    assert (task.mean, task.spread) == (values.mean(), values.std())
    found = targets(table(values), task)
    assert found.dtype == np.float32
    np.testing.assert_allclose(task.mean + task.spread * found, values, rtol=1e-6)


@pytest.mark.parametrize("loss", ["mean_absolute_percentage_error", "mean_squared_logarithmic_error", "poisson"])
def test_some_losses_keep_the_unit(loss):
    task = standard(Task("regression", "y"), np.array([3.0, 5.0]), loss)
    assert (task.mean, task.spread) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("values", "loss", "message"),
    [
        ([2.0, 2.0], "auto", "the column to predict, 'y', is 2 in every train row: nothing can be learned"),
        (
            [-1.5, 2.0],
            "poisson",
            "fit.loss: poisson needs targets of 0 or more. Received: -1.5 in 'y'",
        ),
        (
            [-1e308, 1e308],
            "auto",
            "the column to predict, 'y', has values too large or too close to be standardised",
        ),
    ],
)
def test_targets_that_cannot_be_trained_on(values, loss, message):
    with pytest.raises(DataError) as raised:
        standard(Task("regression", "y"), np.array(values), loss)
    assert str(raised.value) == message


def test_amounts_of_numbers_kept_as_text():
    assert amounts(table(["1.5", "2"]), "y").tolist() == [1.5, 2]
