"""A `model.skops` from elsewhere: nothing of it is carried out, and no index in it is believed."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier

from dlrun.data import Task
from dlrun.errors import StoreError
from dlrun.spec import Experiment
from dlrun.training.baselines import restore_baseline
from dlrun.training.baselines.skops_file import load_estimator, problem_of, save_estimator, trees

GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(80, 3)).astype(np.float32)
Y = (X[:, 0] + X[:, 1] ** 2 > 0.5).astype(int)


def foreign(path: Path, value: Any) -> Path:
    skops.io.dump(value, path)
    return path


def test_a_type_that_is_not_on_the_list_is_refused(tmp_path: Path) -> None:
    path = foreign(tmp_path / "model.skops", Counter("abc"))
    with pytest.raises(StoreError, match=r"is not opened: collections\.Counter"):
        load_estimator(path, "LogisticRegression")


def test_a_function_in_the_place_of_a_type_is_refused(tmp_path: Path) -> None:
    """What pickle would carry out."""
    model = LogisticRegression().fit(X, Y)
    save_estimator(model, tmp_path / "model.skops")
    path = rewritten(tmp_path / "model.skops", '"__module__": "sklearn.linear_model._logistic"', '"__module__": "os"')
    with pytest.raises(StoreError, match=r"model\.skops"):
        load_estimator(path, "LogisticRegression", 3)


def rewritten(path: Path, old: str, new: str) -> Path:
    """The file with another schema."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    schema = content["schema.json"].decode()
    assert old in schema
    content["schema.json"] = schema.replace(old, new, 1).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "model.skops"
    save_estimator(LogisticRegression().fit(X, Y), path)
    path.write_bytes(path.read_bytes()[:200] if content is None else content)
    with pytest.raises(StoreError, match=r"model\.skops: cannot be read as a fitted baseline"):
        load_estimator(path, "LogisticRegression", 3)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    spec = Experiment.model_validate({"data": {"source": "wine"}, "baseline": {"name": "linear_model"}})
    with pytest.raises(StoreError, match=r"model\.skops"):
        restore_baseline(tmp_path, spec, Task("binary", "y", ("a", "b")))


def test_another_estimator_than_the_spec_says_is_refused(tmp_path: Path) -> None:
    save_estimator(SVC().fit(X, Y), tmp_path / "model.skops")
    with pytest.raises(StoreError, match=r"must be a LogisticRegression\. Received: SVC"):
        load_estimator(tmp_path / "model.skops", "LogisticRegression", 3)
    with pytest.raises(StoreError, match=r"must be for 4 columns\. Received: 3"):
        load_estimator(tmp_path / "model.skops", "SVC", 4)


def test_every_tree_is_looked_at() -> None:
    forest = RandomForestClassifier(7, random_state=0).fit(X, Y)
    boosted = HistGradientBoostingClassifier(max_iter=4, min_samples_leaf=2).fit(X, Y)
    assert len(list(trees(forest))) == 7
    assert len(list(trees(boosted))) == 4
    assert problem_of(forest, "RandomForestClassifier", 3) is None
    assert problem_of(boosted, "HistGradientBoostingClassifier", 3) is None


@pytest.mark.parametrize(("key", "value"), [("left", 10**6), ("left", 0), ("feature_idx", 3), ("right", 0)])
def test_a_boosted_tree_that_leads_nowhere_is_refused(key: str, value: int, tmp_path: Path) -> None:
    boosted = HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=2).fit(X, Y)
    boosted._predictors[1][0].nodes[key][0] = value
    save_estimator(boosted, tmp_path / "model.skops")
    with pytest.raises(StoreError, match="tree 2 has a branch that leads nowhere"):
        load_estimator(tmp_path / "model.skops", "HistGradientBoostingClassifier", 3)


@pytest.mark.parametrize(
    ("key", "value"), [("left_child", 10**6), ("left_child", -2), ("right_child", 0), ("feature", 3)]
)
def test_a_tree_that_leads_nowhere_is_refused(key: str, value: int, tmp_path: Path) -> None:
    tree = DecisionTreeClassifier(random_state=0).fit(X, Y)
    state = tree.tree_.__getstate__()
    state["nodes"][key][0] = value
    tree.tree_.__setstate__(state)
    save_estimator(tree, tmp_path / "model.skops")
    with pytest.raises(StoreError, match="tree 1 has a branch that leads nowhere"):
        load_estimator(tmp_path / "model.skops", "DecisionTreeClassifier", 3)


@pytest.mark.parametrize("machine", [SVC(), SVR()])
def test_support_vectors_must_fit(machine: Any) -> None:
    machine.fit(X, Y)
    name = type(machine).__name__
    assert problem_of(machine, name, 3) is None
    machine._n_support = machine._n_support + 5
    assert problem_of(machine, name, 3) == "its support vectors do not fit"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("_dual_coef_", np.zeros((1, 2))),
        ("_intercept_", np.zeros(0)),
        ("support_", np.zeros(500, np.int32)),
        ("support_vectors_", np.zeros((4, 3))),
        ("_n_support", np.array([10**6, 0], np.int32)),
        ("_n_support", np.array([4], np.int32)),
        ("_probA", np.zeros(1)),
        ("kernel", "precomputed"),
        ("_impl", "nu_svr"),
        ("_sparse", True),
        ("n_features_in_", 2),
    ],
)
@pytest.mark.parametrize("regression", [False, True])
def test_what_libsvm_is_given_is_looked_at(name: str, value: Any, regression: bool, tmp_path: Path) -> None:
    made = SVR().fit(X, X[:, 0]) if regression else calibrated()
    kind = type(made).__name__
    assert problem_of(made, kind, 3) is None
    setattr(made if regression else made.calibrated_classifiers_[0].estimator, name, value)
    save_estimator(made, tmp_path / "model.skops")
    with pytest.raises(StoreError, match="is not used"):
        load_estimator(tmp_path / "model.skops", kind, 3)


def calibrated() -> CalibratedClassifierCV:
    return CalibratedClassifierCV(SVC(), method="sigmoid", ensemble=False, cv=2).fit(X, Y)


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ([DecisionTreeClassifier()], "it must hold one SVC. Received: DecisionTreeClassifier"),
        ([], "it must hold one SVC. Received: 0"),
        ([SVC(), SVC()], "it must hold one SVC. Received: 2"),
    ],
)
def test_what_is_calibrated_is_looked_at(inner: list[Any], words: str, tmp_path: Path) -> None:
    made = calibrated()
    (first,) = made.calibrated_classifiers_
    made.calibrated_classifiers_ = [first for _ in inner]
    for one in inner:
        if not isinstance(one, SVC):
            first.estimator = one.fit(X, Y)
    save_estimator(made, tmp_path / "model.skops")
    with pytest.raises(StoreError, match=words):
        load_estimator(tmp_path / "model.skops", "CalibratedClassifierCV", 3)


def test_a_forest_is_made_of_trees(tmp_path: Path) -> None:
    forest = RandomForestClassifier(3, random_state=0).fit(X, Y)
    forest.estimators_[1] = SVC().fit(X, Y)
    save_estimator(forest, tmp_path / "model.skops")
    with pytest.raises(StoreError, match=r"it must hold some DecisionTreeClassifier\. Received: SVC"):
        load_estimator(tmp_path / "model.skops", "RandomForestClassifier", 3)


@pytest.mark.parametrize("bitset", [0, 10**6])
def test_a_boosted_tree_that_asks_about_categories_is_refused(bitset: int, tmp_path: Path) -> None:
    boosted = HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=2).fit(X, Y)
    boosted._predictors[2][0].nodes["is_categorical"][0] = 1
    boosted._predictors[2][0].nodes["bitset_idx"][0] = bitset
    save_estimator(boosted, tmp_path / "model.skops")
    with pytest.raises(StoreError, match="a tree asks about categories"):
        load_estimator(tmp_path / "model.skops", "HistGradientBoostingClassifier", 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("_y", np.full(80, 10**6)),
        ("_y", np.full(80, -1)),
        ("_y", np.zeros(5, np.int64)),
        ("_fit_X", X[:, :2]),
        ("n_neighbors", 81),
        ("metric", "precomputed"),
        ("_fit_method", "kd_tree"),
    ],
)
def test_neighbours_must_fit(name: str, value: Any, tmp_path: Path) -> None:
    """scikit-learn counts the neighbours' labels into an array without looking at its end."""
    for made in (KNeighborsClassifier(algorithm="brute"), KNeighborsRegressor(algorithm="brute")):
        made.fit(X, Y)
        kind = type(made).__name__
        assert problem_of(made, kind, 3) is None
        setattr(made, name, value)
        save_estimator(made, tmp_path / "model.skops")
        if isinstance(made, KNeighborsRegressor) and name == "_y" and len(value) == 80:
            continue  # any number will do
        with pytest.raises(StoreError, match="its rows do not fit"):
            load_estimator(tmp_path / "model.skops", kind, 3)


def test_the_file_holds_no_pickle(tmp_path: Path) -> None:
    save_estimator(RandomForestClassifier(3).fit(X, Y), tmp_path / "model.skops")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "model.skops").read_bytes())) as archive:
        names = archive.namelist()
        json.loads(archive.read("schema.json"))
    assert {name.rpartition(".")[2] for name in names} <= {"json", "npy"}
