from __future__ import annotations

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_sample_weight

from dlrun.data import Task
from dlrun.errors import ConfigError
from dlrun.training.class_weights import row_weights

CLASSES = Task("multiclass", "species", ("setosa", "[/x]", "붓꽃"))
Y = np.array([0, 0, 0, 0, 1, 2, 2, 0], dtype=np.int32)


def test_balanced_is_scikit_learns() -> None:
    np.testing.assert_allclose(row_weights("balanced", CLASSES, Y), compute_sample_weight("balanced", Y), rtol=1e-6)


def test_balanced_leaves_classes_without_rows_out() -> None:
    some = Y[Y != 1]
    np.testing.assert_allclose(row_weights("balanced", CLASSES, some), compute_sample_weight("balanced", some), 1e-6)


def test_a_mapping_names_labels_and_the_rest_weighs_one() -> None:
    weights = row_weights({"[/x]": 4.0, "붓꽃": 0.5}, CLASSES, Y)
    assert weights is not None
    assert weights.tolist() == [1, 1, 1, 1, 4, 0.5, 0.5, 1]


def test_none() -> None:
    assert row_weights(None, CLASSES, Y) is None


def test_unknown_labels_are_all_named_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as caught:
        row_weights({"Setosa": 1.0, "x": 1.0}, CLASSES, Y)
    assert str(caught.value).split("\n") == [
        "fit.class_weight has a label that is no class of 'species': 'setosa', '[/x]', '붓꽃'. Received: 'Setosa'. "
        "Did you mean 'setosa'?",
        "fit.class_weight has a label that is no class of 'species': 'setosa', '[/x]', '붓꽃'. Received: 'x'.",
    ]


def test_not_for_regression() -> None:
    with pytest.raises(ConfigError, match="is for classification"):
        row_weights("balanced", Task("regression", "y"), np.zeros(3, np.float32))
