"""Against scikit-learn, and resamples against the metric of the drawn rows themselves."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from dlrun.training.ranking import average_precision, roc_area

AREAS: list[tuple[Callable[..., np.ndarray], Callable[..., Any]]] = [
    (roc_area, oracle.roc_auc_score),
    (average_precision, oracle.average_precision_score),
]
ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])), min_size=2, max_size=40)


@pytest.mark.parametrize(("area", "wanted"), AREAS, ids=["roc", "precision-recall"])
@given(rows=ROWS)
def test_areas_with_ties(area: Callable[..., np.ndarray], wanted: Callable[..., Any], rows: Any) -> None:
    is_class, outputs = (np.array(part) for part in zip(*rows, strict=True))
    if 0 < is_class.sum() < len(is_class):
        assert float(area(is_class, outputs)) == pytest.approx(wanted(is_class, outputs), abs=1e-12)


@pytest.mark.parametrize("area", [roc_area, average_precision])
@given(rows=ROWS, seed=st.integers(0, 99))
def test_a_resample_is_the_metric_of_the_drawn_rows(area: Callable[..., np.ndarray], rows: Any, seed: int) -> None:
    is_class, outputs = (np.array(part) for part in zip(*rows, strict=True))
    drawn = np.random.default_rng(seed).integers(0, len(rows), (5, len(rows)))
    counts = np.stack([np.bincount(one, minlength=len(rows)) for one in drawn]).astype(np.uint8)
    wanted = [float(area(is_class[one], outputs[one])) for one in drawn]
    np.testing.assert_allclose(area(is_class, outputs, counts), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("outputs", [np.zeros(4), np.arange(4.0)])
def test_one_side_alone_is_not_defined_and_no_warning(outputs: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(roc_area(np.ones(4, bool), outputs))
        assert np.isnan(roc_area(np.zeros(4, bool), outputs))
        assert np.isnan(average_precision(np.zeros(4, bool), outputs))
        assert average_precision(np.ones(4, bool), outputs) == 1
