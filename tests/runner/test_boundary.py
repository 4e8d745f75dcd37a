"""Decision boundaries of real runs against Keras itself: the loaded `.keras` file, trained in this process."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from dlrun.cli.main import main
from dlrun.errors import DataError, StoreError, UsageError
from dlrun.insight.explore.boundary import answers, boundaries, document, findings, summary
from dlrun.insight.explore.boundary_terminal import boundary_lines
from dlrun.insight.figures.boundary import chart
from dlrun.insight.figures.saving import png
from dlrun.runner.boundary import ALIKE_FUSED, boundary, epochs_of, strip
from dlrun.runner.ensemble.candidates import choose
from dlrun.runner.ensemble.making import EnsembleMaker
from dlrun.runner.stored_run import StoredRun, open_run
from dlrun.store import RunFolder, Store
from tests.kept_runs import BACKEND, flowers, houses, keep


def hangul(rows: int = 80) -> str:
    """Two numbers with Hangul names, one of them missing at times, and an amount."""
    rng = np.random.default_rng(4)
    lines = ["면적,층수,가격"]
    for row in range(rows):
        area, floor = rng.uniform(30, 200), int(rng.integers(1, 30))
        lines.append(f"{area:.1f},{'' if row % 13 == 5 else floor},{3 * area + 10 * floor:.1f}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunFolder]:
    root = tmp_path_factory.mktemp("boundary")
    moons = {"source": "moons", "rows": 120, "noise": 0.2}
    return {
        "moons": keep(root, "moons", None, data=moons, optimizer={"name": "adam", "learning_rate": 0.02}),
        "blobs": keep(root, "blobs", None, data={"source": "blobs", "rows": 90}, fit={"epochs": 4, "batch_size": 16}),
        "xor": keep(root, "xor", None, data={"source": "xor", "validation_split": 0}, fit={"epochs": 3}),
        "hinge": keep(root, "hinge", None, data=moons, fit={"epochs": 3, "batch_size": 16, "loss": "hinge"}),
        "집": keep(root, "집", hangul(), data={"target": "가격"}),
        "flowers": keep(root, "flowers", flowers(), data={"target": "kind"}),
        "houses": keep(root, "houses", houses(), data={"target": "price"}),
    }


def run_of(runs: dict[str, RunFolder], name: str) -> StoredRun:
    return open_run(runs[name])


def kerass_outputs(folder: RunFolder, x: np.ndarray) -> np.ndarray:
    import keras

    model = keras.models.load_model(folder.model_path, compile=False)
    return np.asarray(model.predict(x.astype("float32"), verbose=0))


def scaled(folder: RunFolder, places: np.ndarray) -> np.ndarray:
    """By hand, from the preprocessing that the run has written."""
    stored = json.loads(folder.preprocessing_path.read_text(encoding="utf-8"))["features"]
    columns = []
    for place, one in enumerate(stored):
        columns.append((places[:, place] - one["center"]) / one["scale"])
        if one["indicator"]:
            columns.append(np.zeros(len(places)))
    return np.stack(columns, axis=1)


def grid_of(found: dict[str, list[float]]) -> np.ndarray:
    across, up = np.meshgrid(found["x"], found["y"])
    return np.stack([across.ravel(), up.ravel()], axis=1)


@pytest.mark.parametrize("name", ["moons", "hinge"])
def test_the_plane_of_two_classes_is_what_keras_predicts(runs: dict[str, RunFolder], name: str) -> None:
    found = boundary(run_of(runs, name), points=15)
    expected = kerass_outputs(runs[name], scaled(runs[name], grid_of(found)))[:, 0]
    np.testing.assert_allclose(np.ravel(found["panels"][0]["values"]), expected, rtol=1e-4, atol=1e-5)
    level = 0.0 if name == "hinge" else 0.5
    assert (found["level"], found["low"], found["high"]) == (level, level * 2 - 1 if name == "hinge" else 0.0, 1.0)
    first = [place for row in answers(found, found["panels"][0]) for place, _ in row]
    assert first == (expected > level).astype(int).tolist()


def test_the_plane_of_three_classes_is_what_keras_predicts(runs: dict[str, RunFolder]) -> None:
    found = boundary(run_of(runs, "blobs"), points=12)
    expected = kerass_outputs(runs["blobs"], scaled(runs["blobs"], grid_of(found)))
    values = np.array(found["panels"][0]["values"])
    np.testing.assert_allclose(values.reshape(3, -1).T, expected, rtol=1e-4, atol=1e-5)
    chosen = [place for row in answers(found, found["panels"][0]) for place, _ in row]
    assert chosen == expected.argmax(axis=1).tolist()
    assert boundaries(found, found["panels"][0])


def test_an_amount_is_in_its_own_unit(runs: dict[str, RunFolder]) -> None:
    found = boundary(run_of(runs, "집"), points=9)
    task = run_of(runs, "집").task
    expected = task.mean + task.spread * kerass_outputs(runs["집"], scaled(runs["집"], grid_of(found)))[:, 0]
    np.testing.assert_allclose(np.ravel(found["panels"][0]["values"]), expected, rtol=1e-3)
    assert found["features"] == ["면적", "층수"]
    assert "mean_absolute_error" in summary(found, found["panels"][0])["validation"]


def test_points_are_the_rows_of_the_file(runs: dict[str, RunFolder]) -> None:
    found = boundary(run_of(runs, "집"), points=5)
    lines = [line.split(",") for line in hangul().splitlines()[1:]]
    middle = float(np.median([float(floor) for _, floor, _ in lines if floor]))
    assert len(found["points"]) == len(lines)
    rows = sorted((float(area), float(price), floor) for area, floor, price in lines)
    drawn = sorted((point["x"], point["true"], point["y"]) for point in found["points"])
    for (area, price, floor), (x, true, y) in zip(rows, drawn, strict=True):
        assert (x, true) == (area, pytest.approx(price, rel=1e-4))
        assert y == (float(floor) if floor else pytest.approx(middle, abs=3))


def test_wrong_points_are_those_of_the_record(runs: dict[str, RunFolder]) -> None:
    found = boundary(run_of(runs, "moons"))
    told = summary(found, found["panels"][0])
    record = runs["moons"].record()
    right = 1 - told["validation"]["wrong"] / told["validation"]["points"]
    assert right == pytest.approx(record["metrics"]["val_accuracy"])
    assert told["train"]["points"] + told["validation"]["points"] == 120


def test_validation_points_are_all_rows_of_their_source(tmp_path: Path) -> None:
    """Also of a source that has train and test rows of its own: all of them were validated on."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 2))
    y = (x.sum(axis=1) > 0).astype(int)
    other = rng.normal(size=(20, 2))
    np.savez(tmp_path / "a.npz", x=x, y=y)
    np.savez(tmp_path / "b.npz", x_train=other[:14], y_train=y[:14], x_test=other[14:], y_test=y[14:20])
    folder = keep(tmp_path, "a", None, data={"source": "a.npz", "validation_source": "b.npz", "validation_split": 0})
    found = boundary(open_run(folder), points=5)
    drawn = [(point["x"], point["y"]) for point in found["points"] if point["side"] == "validation"]
    np.testing.assert_allclose(drawn, other)
    told = summary(found, found["panels"][0])["validation"]
    assert 1 - told["wrong"] / told["points"] == pytest.approx(folder.record()["metrics"]["val_accuracy"])
    np.savez(tmp_path / "b.npz", x=other[:10], y=y[:10])
    with pytest.raises(DataError, match="its rows are not those"):
        boundary(open_run(folder), points=5)


@pytest.mark.parametrize("kind", ["baseline", "ensemble"])
def test_strips_are_of_nets(runs: dict[str, RunFolder], kind: str) -> None:
    run = run_of(runs, "moons")
    other = replace(run, record={**run.record, "kind": kind})
    with pytest.raises(UsageError, match=f"is a run of the kind {kind}, which has no epochs: without --strip"):
        strip(other)


def test_a_baseline_answers_what_scikit_learn_does(runs: dict[str, RunFolder]) -> None:
    root = runs["moons"].path.parents[2]
    config = ["baselines", str(root / "moons.yaml"), "--only", "linear_model", "--results", str(root / "results")]
    assert main([*config, "-q"]) == 0
    (folder,) = Store(root / "results").find_all("logistic regression")
    found = boundary(open_run(folder), points=15)
    train = [point for point in found["points"] if point["side"] == "train"]
    places = np.array([(point["x"], point["y"]) for point in train])
    model = LogisticRegression(max_iter=1000).fit(scaled(folder, places), [point["true"] for point in train])
    expected = model.predict_proba(scaled(folder, grid_of(found)))[:, 1]
    np.testing.assert_allclose(np.ravel(found["panels"][0]["values"]), expected, atol=2e-4)
    assert found["panels"][0]["epoch"] is None
    assert findings(found)[0].text("en").endswith("validation points")
    assert "epoch" not in findings(found)[0].text("en")
    chart(found).to_dict()


def joined(root: Path, folders: list[RunFolder]) -> RunFolder:
    maker = EnsembleMaker(Store(root / "results"), lambda text: None, BACKEND)
    return maker.make(choose([folders]), "mean").folder


def test_an_ensemble_answers_what_its_members_do_together(tmp_path: Path) -> None:
    """Each through its own preprocessing; a missing value is where each takes it to be."""
    pair = [keep(tmp_path, "집", hangul(), data={"target": "가격", "scaling": one}) for one in ("standard", "minmax")]
    found = boundary(open_run(joined(tmp_path, pair)), points=9)
    each = [np.array(boundary(open_run(folder), points=9)["panels"][0]["values"]) for folder in pair]
    np.testing.assert_allclose(found["panels"][0]["values"], np.mean(each, axis=0), rtol=1e-4)
    assert found["points"] == boundary(open_run(pair[0]), points=9)["points"]


def test_points_of_an_ensemble_of_folds_are_all_validation_points(tmp_path: Path) -> None:
    moons = {"source": "moons", "rows": 90, "noise": 0.3, "folds": 3}
    keep(tmp_path, "moons", None, data=moons)
    folds = Store(tmp_path / "results").find_all("moons")
    found = boundary(open_run(joined(tmp_path, folds)), points=5)
    assert {point["side"] for point in found["points"]} == {"validation"}
    assert len(found["points"]) == 90


def test_members_must_look_at_the_same_two_columns(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    lines = [f"{a:.3f},{b:.3f},{c:.3f},{int(a + b + c > 0)}" for a, b, c in rng.normal(size=(80, 3))]
    text = "\n".join(["a,b,c,y", *lines])
    pair = [keep(tmp_path, "x", text, data={"target": "y", "features": ["a", one]}) for one in "bc"]
    with pytest.raises(UsageError, match=r"must look at the same 2 features\. x-\w+ has a, b; x-\w+ has a, c"):
        boundary(open_run(joined(tmp_path, pair)))


def test_a_net_of_the_fused_engine_may_differ_by_rounding(
    runs: dict[str, RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    import dlrun.training.snapshots as module

    real = module.snapshots

    def shifted(*args: Any) -> Any:
        found, *rest = real(*args)
        return ({epoch: values + 0.9 * ALIKE_FUSED for epoch, values in found.items()}, *rest)

    monkeypatch.setattr(module, "snapshots", shifted)
    run = run_of(runs, "moons")
    with pytest.raises(StoreError, match="came out differently \\(another engine, other versions"):
        strip(run, [0], points=5)
    fused = replace(run, record={**run.record, "engine": "fused"})
    assert any(panel["kept"] for panel in strip(fused, [0], points=5)["panels"])


def test_a_strip_ends_with_the_kept_net(runs: dict[str, RunFolder]) -> None:
    run = run_of(runs, "moons")
    found, alone = strip(run, points=21), boundary(run, points=21)
    kept = [panel for panel in found["panels"] if panel["kept"]]
    assert [panel["epoch"] for panel in kept] == [runs["moons"].record()["kept_epoch"]]
    np.testing.assert_allclose(np.ravel(kept[0]["values"]), np.ravel(alone["panels"][0]["values"]), rtol=1e-4)
    assert kept[0]["predicted"] == alone["panels"][0]["predicted"]
    assert found["panels"][0]["epoch"] == 0


def test_a_strip_shows_the_epochs_that_training_to_there_shows(runs: dict[str, RunFolder], tmp_path: Path) -> None:
    """Without a schedule, three epochs of eight are a run of three epochs."""
    data, fit = {"source": "moons", "rows": 120, "noise": 0.2}, {"epochs": 3, "batch_size": 16, "keep": "last"}
    short = keep(tmp_path, "short", None, data=data, optimizer={"name": "adam", "learning_rate": 0.02}, fit=fit)
    found = strip(run_of(runs, "moons"), [3], points=11)
    panel = next(panel for panel in found["panels"] if panel["epoch"] == 3)
    expected = kerass_outputs(short, scaled(short, grid_of(found)))[:, 0]
    np.testing.assert_allclose(np.ravel(panel["values"]), expected, rtol=1e-3, atol=1e-4)


def test_epochs_that_the_run_has_not_are_refused(runs: dict[str, RunFolder]) -> None:
    run = run_of(runs, "moons")
    assert epochs_of(run, [0, 2])[:2] == [0, 2]
    with pytest.raises(UsageError, match=r"--epochs: must be from 0 to 8, .* Received: 9"):
        epochs_of(run, [9])


def test_other_features_are_named(runs: dict[str, RunFolder]) -> None:
    with pytest.raises(
        UsageError, match=r"exactly 2 numeric features\. flowers-\w{12} has 2: length, colour \(category"
    ):
        boundary(run_of(runs, "flowers"))


def test_rows_that_changed_are_noticed(runs: dict[str, RunFolder]) -> None:
    source = runs["집"].path.parents[2] / "집.csv"
    text = source.read_text(encoding="utf-8")
    try:
        source.write_text(text + "1,2,3\n", encoding="utf-8")
        with pytest.raises(DataError, match="its rows are not those that 집-"):
            boundary(run_of(runs, "집"))
    finally:
        source.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", ["moons", "blobs", "xor", "집"])
def test_every_kind_can_be_shown(runs: dict[str, RunFolder], name: str) -> None:
    found = boundary(run_of(runs, name), points=31)
    json.dumps(document(found), allow_nan=False)
    for language in ("en", "ko"):
        assert findings(found)[0].text(language)
        for color in (False, True):
            lines = boundary_lines(found, found["panels"][0], 80, color, language)
            assert len({len(line) for line in lines[1:25]}) == 1 or color
        chart(found, language).to_dict()
    assert png(chart(found))[:4] == b"\x89PNG"
