from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as oracle

from dlrun.training.tally import confusion_matrix, tally

TRUE = np.random.default_rng(0).integers(0, 4, 200)
GIVEN = np.where(np.random.default_rng(1).random(200) < 0.6, TRUE, 2)
CLASSES = 5
"""The last one never occurs."""


def test_each_class_is_scikit_learns():
    counted = tally(TRUE, GIVEN, CLASSES)
    wanted = oracle.precision_recall_fscore_support(TRUE, GIVEN, labels=range(CLASSES), zero_division=0)
    for found, one in zip((counted.precision, counted.recall, counted.f1, counted.support), wanted, strict=True):
        np.testing.assert_allclose(found, one)
    assert counted.seen.tolist() == [True, True, True, True, False]


def test_the_confusion_matrix_is_scikit_learns():
    assert (confusion_matrix(TRUE, GIVEN, CLASSES) == oracle.confusion_matrix(TRUE, GIVEN, labels=range(CLASSES))).all()


def test_counts_weigh_rows():
    counts = np.random.default_rng(2).integers(0, 4, (3, 200)).astype(np.uint8)
    many = tally(TRUE, GIVEN, CLASSES, counts)
    for place, weights in enumerate(counts):
        matrix = oracle.confusion_matrix(TRUE, GIVEN, labels=range(CLASSES), sample_weight=weights)
        assert many.support[place] == pytest.approx(matrix.sum(axis=1))
        assert many.given[place] == pytest.approx(matrix.sum(axis=0))
        assert many.hits[place] == pytest.approx(matrix.diagonal())
