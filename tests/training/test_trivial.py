"""Against scikit-learn's dummy predictors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.metrics import log_loss, root_mean_squared_error

from dlrun.data import Prepared
from dlrun.insight.statistics.rows import row_values
from dlrun.training import curve_columns, trivial_metrics
from dlrun.training.objective import objective_of
from dlrun.training.trivial import row_losses
from tests.training.cases import amounts, digits, experiment, signs


@pytest.mark.parametrize("data", [digits(), signs()], ids=["multiclass", "binary"])
def test_class_shares(data: Prepared) -> None:
    found = trivial_metrics(experiment(), data)
    dummy = DummyClassifier(strategy="prior").fit(data.train.x, data.train.y)
    for side, rows in (("train", data.measured_train), ("val", data.validation)):
        assert rows is not None
        wanted = log_loss(rows.y, dummy.predict_proba(rows.x), labels=range(len(data.task.classes)))
        assert found[f"{side}_loss"] == pytest.approx(wanted, rel=1e-6)
        assert found[f"{side}_accuracy"] == pytest.approx(dummy.score(rows.x, rows.y))


def test_the_mean() -> None:
    data = amounts()
    found = trivial_metrics(experiment(), data)
    assert data.validation is not None
    dummy = DummyRegressor().fit(data.train.x, data.train.y)
    root = root_mean_squared_error(data.validation.y, dummy.predict(data.validation.x)) * data.task.spread
    assert found["val_root_mean_squared_error"] == pytest.approx(root, rel=1e-6)
    assert found["val_loss"] == pytest.approx(root**2, rel=1e-6)


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (digits(), {"loss": "categorical_hinge"}),
        (digits(), {"loss": "kl_divergence"}),
        (signs(), {"loss": "binary_focal_crossentropy"}),
        (signs(), {"loss": "hinge"}),
        (amounts(), {"loss": "huber"}),
        (amounts(), {"metrics": ["r2"]}),
    ],
)
def test_columns_are_those_of_the_curves(data: Prepared, keys: dict[str, Any]) -> None:
    spec = experiment(fit=keys)
    others = ("epoch", "learning_rate", "loss", "penalty", "seconds")
    assert set(trivial_metrics(spec, data)) == set(curve_columns(spec, data.task)) - set(others)
    assert all(value is not None for value in trivial_metrics(spec, data).values())


@pytest.mark.parametrize("data", [digits(), signs()], ids=["multiclass", "binary"])
def test_a_wrong_certainty_costs_as_much_as_the_docs_say(data: Prepared) -> None:
    """Of float32 outputs too, and the same where the rows are read back from `predictions.npz`."""
    objective = objective_of(experiment(), data.task)
    y = np.array([0, 1, 0, 1])
    said = np.zeros((4, data.task.outputs), np.float32)
    if data.task.kind == "binary":
        said[:, 0] = [0, 1, 1, 0]
    else:
        said[np.arange(4), [0, 1, 1, 0]] = 1
    losses = row_losses(objective, y, said)
    np.testing.assert_allclose(losses, [1e-7, 1e-7, -np.log(1e-7), -np.log(1e-7)], rtol=1e-6)
    loss = "binary_crossentropy" if data.task.kind == "binary" else "categorical_crossentropy"
    kept = row_values("loss", loss, {"targets": y, "outputs": said}, None)
    assert kept is not None
    np.testing.assert_allclose(losses, kept, rtol=1e-12)
