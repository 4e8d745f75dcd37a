"""evaluate and predict on real runs: against Keras' own loading, scikit-learn and the recorded validation metrics."""

from __future__ import annotations

import csv
import io
import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as oracle

from dlrun.data import prepare
from dlrun.errors import DataError, StoreBusy, StoreError, UsageError
from dlrun.runner.evaluation import Evaluated, evaluate, means
from dlrun.runner.prediction import Predictions, predict, save
from dlrun.runner.stored_run import open_run
from dlrun.store import RunFolder, Store
from dlrun.store.evaluations import read_evaluations
from tests.kept_runs import BACKEND, KINDS, flowers, houses, keep, rare

NEW = "colour,kind,length,번호,extra\nred,?,0.5,q1,1\nviolet,x,,q2,2\n,y,1.5,q3,3\ngreen,z,2.5,=q4,4\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("use")


@pytest.fixture(scope="module")
def three(root: Path) -> RunFolder:
    return keep(root, "flowers", flowers(), data={"target": "kind", "test_split": 0.2})


@pytest.fixture(scope="module")
def amount(root: Path) -> RunFolder:
    return keep(root, "houses", houses(), data={"target": "price", "test_split": 0.2})


@pytest.fixture(scope="module")
def two(root: Path) -> RunFolder:
    return keep(root, "rare", rare(), data={"target": "ill", "test_split": 0.2})


@pytest.fixture
def copy(three: RunFolder, tmp_path: Path) -> tuple[Store, RunFolder]:
    """A store of its own with the run of `three`, never evaluated."""
    store = Store(tmp_path / "results")
    shutil.copytree(three.path, store.runs / three.path.name, ignore=shutil.ignore_patterns("evaluations.json"))
    return store, RunFolder(store.runs / three.path.name)


def look(folder: RunFolder, source: str | None = None) -> Evaluated:
    (found,) = evaluate(Store(folder.path.parents[1]), [folder], source)
    return found


def rows(found: Evaluated) -> dict[str, Any]:
    return {row["metric"]: row for row in found.evaluation["metrics"]}


def keras_outputs(folder: RunFolder, x: np.ndarray) -> np.ndarray:
    """What Keras' own `load_model` makes of the run's file."""
    import keras

    return np.asarray(keras.models.load_model(folder.model_path).predict(x, verbose=0))


# --- evaluate --------------------------------------------------------------------------------------------------------


def test_the_net_is_the_one_that_keras_loads(three: RunFolder, amount: RunFolder) -> None:
    for folder in (three, amount):
        run = open_run(folder)
        x = prepare(run.experiment).train.x
        np.testing.assert_allclose(run.network().outputs(x), keras_outputs(folder, x), atol=1e-6)


def test_test_metrics_are_scikit_learns(three: RunFolder) -> None:
    found = rows(look(three))
    test = prepare(open_run(three).experiment).test
    assert test is not None
    outputs = keras_outputs(three, test.x)
    chosen = outputs.argmax(axis=1)
    assert found["loss"]["value"] == pytest.approx(oracle.log_loss(test.y, outputs), rel=1e-5)
    assert found["accuracy"]["value"] == oracle.accuracy_score(test.y, chosen)
    assert found["f1"]["value"] == pytest.approx(oracle.f1_score(test.y, chosen, average="macro"))
    assert all(row["low"] <= row["value"] <= row["high"] for row in found.values())
    evaluation = look(three).evaluation
    assert evaluation["confusion"] == oracle.confusion_matrix(test.y, chosen).tolist()
    recalls = oracle.recall_score(test.y, chosen, average=None)
    assert [row["recall"] for row in evaluation["classes"]] == pytest.approx(recalls.tolist())
    assert [row["label"] for row in evaluation["classes"]] == sorted(KINDS)


def test_validation_beside_it_is_the_recorded_one(three: RunFolder, amount: RunFolder, two: RunFolder) -> None:
    for folder in (three, amount, two):
        record, found = folder.record(), rows(look(folder))
        for key, value in record["metrics"].items():
            if key.startswith("val_"):
                row = found[key.removeprefix("val_")]
                assert row["validation"] == pytest.approx(value, rel=1e-5)
                assert row["difference"] == pytest.approx(row["value"] - value, rel=1e-4, abs=1e-6)


def test_an_unbalanced_run_has_measured_more(two: RunFolder) -> None:
    record = two.record()
    assert {"val_auc", "val_balanced_accuracy", "train_auc"} <= set(record["metrics"])
    assert any("unbalanced" in note for note in record["notes"])
    assert {"auc", "average_precision", "balanced_accuracy"} <= set(rows(look(two)))
    assert rows(look(two))["accuracy"]["trivial"] == 0.9


def test_errors_of_a_regression(amount: RunFolder) -> None:
    found = look(amount)
    prepared = prepare(open_run(amount).experiment)
    assert prepared.test is not None
    task = prepared.task
    true = task.mean + task.spread * prepared.test.y
    given = task.mean + task.spread * keras_outputs(amount, prepared.test.x)[:, 0]
    measured = rows(found)
    assert measured["root_mean_squared_error"]["value"] == pytest.approx(
        oracle.root_mean_squared_error(true, given), rel=1e-4
    )
    assert measured["r2"]["value"] == pytest.approx(oracle.r2_score(true, given), rel=1e-4)
    assert measured["bias"]["value"] == pytest.approx(np.mean(given - true), rel=1e-3)
    assert found.evaluation["quantiles"]["median"] == pytest.approx(np.median(given - true), rel=1e-3)
    largest = found.evaluation["largest"][0]
    place = int(np.argmax(np.abs(given - true)))
    assert largest["row"] == prepared.test.numbers[place] + 1
    assert largest["true"] == pytest.approx(true[place], rel=1e-5)


def test_rows_are_opened_once(copy: tuple[Store, RunFolder]) -> None:
    store, folder = copy
    (first,) = evaluate(store, [folder])
    folder.model_path.write_bytes(b"no net is needed to show it again")
    (second,) = evaluate(store, [folder])
    assert (first.again, second.again) == (False, True)
    assert second.evaluation == json.loads(json.dumps(first.evaluation))
    assert len(read_evaluations(folder)) == 1


def test_other_rows_are_another_look(copy: tuple[Store, RunFolder], tmp_path: Path) -> None:
    store, folder = copy
    file = tmp_path / "more.csv"
    file.write_text(flowers(40, seed=1), encoding="utf-8")
    evaluate(store, [folder])
    (found,) = evaluate(store, [folder], str(file))
    assert (found.again, found.evaluation["rows"], found.evaluation["rows_from"]) == (False, 40, "FILE")
    (again,) = evaluate(store, [folder], str(file))
    assert again.again
    assert [one["rows"] for one in read_evaluations(folder)] == [30, 40]


def test_training_again_does_not_close_the_rows(root: Path, copy: tuple[Store, RunFolder]) -> None:
    store, folder = copy
    evaluate(store, [folder])
    with store.writer(folder.id, "flowers") as writer:
        writer.begin(folder.spec_path.read_text(encoding="utf-8"), ("epoch",))
        writer.finish(folder.record())
    assert len(read_evaluations(folder)) == 1
    assert not folder.model_path.exists()


def test_choosing_among_configurations_is_told(root: Path, three: RunFolder) -> None:
    other = keep(
        root, "flowers", None, data={"target": "kind", "test_split": 0.2, "source": "flowers.csv"}, model={"units": [4]}
    )
    seed = keep(root, "flowers", None, data={"target": "kind", "test_split": 0.2, "source": "flowers.csv"}, seed=1)
    look(three)
    assert look(other).others == (three.path.name,)
    assert look(seed).others == (other.path.name,)


def test_several_runs_have_a_mean(root: Path, three: RunFolder) -> None:
    other = keep(root, "flowers", None, data={"target": "kind", "test_split": 0.2, "source": "flowers.csv"}, seed=1)
    found = evaluate(Store(root / "results"), [three, other])
    values = [rows(one)["accuracy"]["value"] for one in found]
    mean = next(row for row in means(found) if row["metric"] == "accuracy")
    half = 12.7062047 * np.std(values, ddof=1) / np.sqrt(2)
    assert (mean["mean"], mean["runs"]) == (np.mean(values), 2)
    assert mean["high"] == pytest.approx(np.mean(values) + half)


def test_a_test_file_of_the_config(tmp_path: Path) -> None:
    (tmp_path / "held.csv").write_text(flowers(50, seed=2), encoding="utf-8")
    folder = keep(tmp_path, "flowers", flowers(100), data={"target": "kind", "test_source": "held.csv"})
    found = look(folder)
    assert (found.evaluation["rows"], found.evaluation["rows_from"]) == (50, "data.test_source")
    assert look(folder, str(tmp_path / "held.csv")).again
    (tmp_path / "flowers.csv").unlink()
    folder.path.joinpath("evaluations.json").unlink()
    assert look(folder).evaluation["metrics"] == found.evaluation["metrics"]


# --- predict ---------------------------------------------------------------------------------------------------------


def predictions(folder: RunFolder, tmp_path: Path, text: str, **more: Any) -> Predictions:
    file = tmp_path / "new.csv"
    file.write_text(text, encoding="utf-8")
    return predict(open_run(folder), str(file), **more)


def test_predictions_are_those_of_keras(three: RunFolder, tmp_path: Path) -> None:
    found = predictions(three, tmp_path, NEW)
    outputs = keras_outputs(three, open_run(three).preprocessing.apply(found.rows.table))
    np.testing.assert_allclose(found.outputs, outputs, atol=1e-6)
    assert found.names == ("row", "prediction", "probability_=1+1", "probability_[/x]", "probability_장미")
    for (row, label, *probabilities), wanted in zip(found.table(), outputs, strict=True):
        assert label == sorted(KINDS)[int(wanted.argmax())]
        assert sum(probabilities) == pytest.approx(1, abs=1e-6)
        assert row in (1, 2, 3, 4)


def test_what_is_odd_is_told(three: RunFolder, tmp_path: Path) -> None:
    found = predictions(three, tmp_path, NEW)
    notes = "\n".join(found.rows.notes)
    assert "Column 'kind' is what is predicted; its values are not looked at." in notes
    assert "Not looked at, as in training: '번호', 'extra'." in notes
    assert "Column 'colour' holds categories that no train row had, taken as none, in 1 row: 'violet' (1)." in notes
    assert "Column 'colour' has no value in 1 row: taken as no category (none was missing in the train rows)." in notes
    assert "Column 'length' has no value in 1 row: taken as the median of the train rows, " in notes
    assert "and marked as missing." in notes


def test_values_that_cannot_be_read_are_named(three: RunFolder, tmp_path: Path) -> None:
    found = predictions(three, tmp_path, "length,colour\n" + "1.5,red\n" * 20 + "1.5cm?,red\n")
    assert any("(1 cannot be read; the first is '1.5cm?' in row 21)" in note for note in found.rows.notes)


def test_probabilities_of_two_classes(two: RunFolder, tmp_path: Path) -> None:
    found = predictions(two, tmp_path, "b,a\n0,3\n0,-3\n")
    assert found.names == ("row", "prediction", "probability_no", "probability_yes")
    assert found.outputs.sum(axis=1) == pytest.approx([1, 1])
    for _, label, no, yes in found.table():
        assert label == ("yes" if yes > no else "no")


def test_amounts_are_in_their_own_unit(amount: RunFolder, tmp_path: Path) -> None:
    found = predictions(amount, tmp_path, "rooms,size\n3,100\n6,150\n")
    task, x = open_run(amount).task, open_run(amount).preprocessing.apply(found.rows.table)
    wanted = task.mean + task.spread * keras_outputs(amount, x)[:, 0].astype(float)
    assert [value for _, value in found.table()] == pytest.approx(wanted.tolist(), rel=1e-6)
    assert found.names == ("row", "prediction")


def test_the_csv_keeps_labels_and_ids_exactly(three: RunFolder, tmp_path: Path) -> None:
    found = predictions(three, tmp_path, NEW, keep=["번호", "length"])
    save(found, tmp_path / "out.csv")
    read = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert [row["번호"] for row in read] == ["q1", "q2", "q3", "=q4"]
    assert [row["length"] for row in read] == ["0.5", "", "1.5", "2.5"]
    assert {row["prediction"] for row in read} <= set(KINDS)
    np.testing.assert_array_equal(np.array([row["probability_장미"] for row in read], np.float32), found.outputs[:, 2])


def test_nothing_of_the_training_data_is_needed(
    copy: tuple[Store, RunFolder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = json.loads(json.dumps(copy[1].spec())) | {}
    spec["data"]["source"] = "gone/away.csv"
    copy[1].spec_path.write_text(json.dumps(spec), encoding="utf-8")
    assert len(predictions(copy[1], tmp_path, NEW).rows) == 4


# --- runs without a net ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"status": "diverged", "reason": "epoch 3: loss is nan"},
         "{name} diverged (epoch 3: loss is nan): it has no usable net. Try a lower optimizer.learning_rate"),
        ({"status": "failed", "reason": "out of memory"},
         "{name} failed (out of memory): it has no net. `dlrun train CONFIG` tries it again"),
        ({"kind": "forest"},
         "{name} is a run of the kind 'forest', which this dlrun does not know. A newer one made it"),
    ],
)  # fmt: skip
def test_a_run_that_came_to_nothing(copy: tuple[Store, RunFolder], changes: dict[str, Any], message: str) -> None:
    folder = copy[1]
    folder.result_path.write_text(json.dumps({**folder.record(), **changes}), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        open_run(folder)
    assert str(caught.value) == message.format(name=folder.path.name)


@pytest.mark.parametrize("missing", ["model.keras", "preprocessing.json"])
def test_a_run_without_weights(copy: tuple[Store, RunFolder], missing: str) -> None:
    (copy[1].path / missing).unlink()
    with pytest.raises(UsageError, match=f"has no weights: {missing} is not in its folder"):
        open_run(copy[1])


def test_an_interrupted_and_a_running_run(copy: tuple[Store, RunFolder]) -> None:
    store, folder = copy
    folder.result_path.unlink()
    with pytest.raises(UsageError, match="was interrupted before its end"):
        open_run(folder)
    with store.writer(folder.id, "flowers"), pytest.raises(StoreBusy, match="is being trained now"):
        open_run(folder)


@pytest.mark.parametrize(
    "name", ["preprocessing.json", "spec.yaml", "model.keras", "evaluations.json", "predictions.npz"]
)
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"format": 99}', bytes(range(256))])
def test_damaged_files_are_named(copy: tuple[Store, RunFolder], name: str, content: bytes) -> None:
    store, folder = copy
    (folder.path / name).write_bytes(content)
    with pytest.raises((StoreError, DataError)) as caught:
        evaluate(store, [folder])
    if not isinstance(caught.value, DataError):
        assert name in str(caught.value)


def test_changed_data_are_refused(tmp_path: Path) -> None:
    folder = keep(tmp_path, "rare", rare(), data={"target": "ill", "test_split": 0.2})
    with (tmp_path / "rare.csv").open("a") as file:
        file.write("1,2,no\n")
    with pytest.raises(DataError, match=r"the data have changed since rare-\w+ was trained"):
        look(folder)


def test_the_backend_of_the_run_is_its_default(two: RunFolder) -> None:
    assert open_run(two).backend == BACKEND
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert look(two).evaluation["backend"] == BACKEND


# --- images and arrays -----------------------------------------------------------------------------------------------


def test_images_are_predicted_by_name(tmp_path: Path) -> None:
    from PIL import Image

    for label, level in (("밝음", 220), ("어두움", 30)):
        (tmp_path / "set" / label).mkdir(parents=True)
        for n in range(12):
            Image.fromarray(np.full((4, 4), level + n, np.uint8)).save(tmp_path / "set" / label / f"{n}.png")
    run = open_run(keep(tmp_path, "set", None, data={"source": "set", "image_size": 3}))
    whole = predict(run, str(tmp_path / "set"), keep=["label"])
    assert whole.names[:4] == ("row", "file", "label", "prediction")
    assert [row[1] for row in whole.table()][:2] == ["밝음/0.png", "밝음/1.png"]
    one = predict(run, str(tmp_path / "set" / "어두움" / "3.png"))
    assert one.table()[0][:2] == (1, "3.png")
    row = next(row for row in whole.table() if row[1] == "어두움/3.png")
    assert one.table()[0][2:] == pytest.approx(row[3:], abs=1e-6)
    np.savez(tmp_path / "floats.npz", x=np.zeros((2, 9)))
    with pytest.raises(DataError, match="holds numbers; the run was trained on images of bytes"):
        predict(run, str(tmp_path / "floats.npz"))


def test_arrays_without_answers_are_predicted(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(60, 3))
    np.savez(tmp_path / "a.npz", x=x, y=(x[:, 0] > 0).astype(int))
    run = open_run(keep(tmp_path, "a", None, data={"source": "a.npz"}))
    np.savez(tmp_path / "new.npz", x=x[:5])
    np.save(tmp_path / "new.npy", x[:5])
    known = predict(run, str(tmp_path / "a.npz")).table(0, 5)
    for name in ("new.npz", "new.npy"):
        for found, wanted in zip(predict(run, str(tmp_path / name)).table(), known, strict=True):
            assert found[:2] == wanted[:2]
            assert found[2:] == pytest.approx(wanted[2:], abs=1e-6)
    np.savez(tmp_path / "bytes.npz", x=np.zeros((2, 1, 3), np.uint8))
    with pytest.raises(DataError, match="holds images of bytes; the run was trained on numbers"):
        predict(run, str(tmp_path / "bytes.npz"))
