import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier

from dlrun.data.giveaway import _stump, giveaways
from dlrun.data.prepared import Task
from dlrun.data.table import Numeric, Table, Text
from dlrun.data.understanding import understand

RNG = np.random.default_rng(1)
ROWS = 400
CLASSES = RNG.integers(0, 3, ROWS)
TWO = (CLASSES == 2).astype(np.int64)
AMOUNT = RNG.normal(size=ROWS)
NOISE = RNG.normal(size=ROWS)
MULTI = Task("multiclass", "y", ("a", "b", "c"))
BINARY = Task("binary", "y", ("no", "yes"))
REGRESSION = Task("regression", "y")


def found(task, targets, **columns):
    made = {
        name: Text.of(values) if isinstance(values[0], str) else Numeric(np.asarray(values, float))
        for name, values in columns.items()
    }
    table = Table("a.csv", made, np.arange(len(targets)))
    return giveaways(table, list(made), understand(table), task, np.asarray(targets))


@pytest.mark.parametrize(
    ("task", "targets", "column"),
    [
        (MULTI, CLASSES, [f"k{label}" for label in CLASSES]),
        (MULTI, CLASSES, CLASSES * 10 + RNG.random(ROWS)),
        (BINARY, TWO, NOISE + 100 * TWO),
        (BINARY, TWO, -NOISE - 100 * TWO),
        (BINARY, TWO, np.where(TWO == 1, np.nan, NOISE)),
        (BINARY, TWO, np.where(TWO == 1, "left on 3 May", "stays")),
        (REGRESSION, AMOUNT, 3 - 2 * AMOUNT),
        (REGRESSION, AMOUNT, AMOUNT + 0.001 * NOISE),
        (REGRESSION, 7.0 * CLASSES, [f"k{label}" for label in CLASSES]),
        (REGRESSION, AMOUNT, [f"{value:.3f} kg" for value in AMOUNT]),
    ],
)
def test_columns_that_tell_the_target(task, targets, column):
    (one,) = found(task, targets, leak=column, noise=NOISE)
    assert one.column == "leak"
    assert one.score > 0.99


@pytest.mark.parametrize(
    ("task", "targets", "column"),
    [
        (MULTI, CLASSES, NOISE),
        (MULTI, CLASSES, CLASSES + NOISE),
        (BINARY, TWO, TWO + 0.5 * NOISE),
        (BINARY, (np.arange(ROWS) == 7).astype(np.int64), NOISE),
        (REGRESSION, AMOUNT, AMOUNT + 0.1 * NOISE),
        (BINARY, TWO, [f"u{row}" for row in range(ROWS - 1)] + ["u0"]),
    ],
)
def test_other_columns(task, targets, column):
    assert found(task, targets, good=column, noise=NOISE) == ()


def test_few_rows_prove_nothing():
    assert found(BINARY, [0, 1] * 10, leak=[0.0, 1.0] * 10) == ()


def test_what_is_said():
    (one,) = found(BINARY, TWO, leak=TWO * 2.0)
    assert str(one) == (
        "Column 'leak' alone predicts the target with accuracy 1: was it made from it? If new rows will not have it, "
        "`exclude` it."
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_stump_is_a_decision_tree_of_depth_one(seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, 200)
    x = np.round(rng.normal(size=200) + y, 1)
    tree = DecisionTreeClassifier(max_depth=1).fit(x[:, None], y)
    assert _stump(x, y) >= tree.score(x[:, None], y) - 1e-12
    best = max(max(((x > cut) == y).mean(), ((x > cut) != y).mean()) for cut in [*np.unique(x), x.min() - 1])
    assert _stump(x, y) == pytest.approx(best)
