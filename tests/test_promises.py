"""The promises of the README, tried from outside: whole processes, the store's files, plain Keras."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.command import ROOT, train_json

CONFIGS = ROOT / "configs"


def curves(path: str) -> list[dict[str, float]]:
    with (Path(path) / "curves.csv").open() as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def without_seconds(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{key: value for key, value in row.items() if key != "seconds"} for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_the_same_experiment_gives_the_same_curves(tmp_path: Path, backend: str) -> None:
    config = [CONFIGS / "baseline.yaml", "--set", "fit.epochs=8", "--backend", backend]
    first, second = (train_json(*config, "--results", tmp_path / name)[0] for name in ("one", "two"))
    assert first["id"] == second["id"]
    assert repr(without_seconds(curves(first["path"]))) == repr(without_seconds(curves(second["path"])))


@pytest.mark.slow
def test_tensorflow_and_jax_agree_without_dropout(tmp_path: Path) -> None:
    config = [CONFIGS / "baseline.yaml", "--set", "model.dropout=0", "--set", "fit.epochs=5", "--results", tmp_path]
    one, other = (curves(train_json(*config, "--backend", backend)[0]["path"]) for backend in ("tensorflow", "jax"))
    for key in ("loss", "train_loss", "val_loss"):
        np.testing.assert_allclose([row[key] for row in one], [row[key] for row in other], rtol=1e-3)


# What a doubter would write: nothing of dlrun's training, only Keras, the stored split and the rows themselves.
RECOMPUTE = """
import json, os, sys
import keras, numpy as np
from sklearn.datasets import load_digits
folder = sys.argv[1]
x, y = load_digits(return_X_y=True)
x = (x / 16).astype("float32")
model = keras.models.load_model(folder + "/model.keras")
model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
split = np.load(folder + "/predictions.npz")
found = {}
for side, rows in (("train", split["measured_train_rows"]), ("val", split["validation_rows"])):
    loss, accuracy = model.evaluate(x[rows], y[rows], batch_size=len(rows), verbose=0)
    penalty = float(sum(float(keras.ops.convert_to_numpy(part)) for part in model.losses))
    found[side + "_loss"], found[side + "_accuracy"] = loss - penalty, accuracy
outputs = model.predict(x[split["validation_rows"]], batch_size=4096, verbose=0)
found["outputs"] = float(np.abs(outputs - split["outputs"]).max())
found["dlrun"] = any(name.split(".")[0] == "dlrun" for name in sys.modules)
print(json.dumps(found))
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_plain_keras_finds_the_recorded_numbers(tmp_path: Path, backend: str) -> None:
    sets = ["fit.epochs=6", "model.l2=0.0001", "model.batch_normalization=true"]
    words = [word for text in sets for word in ("--set", text)]
    run = train_json(CONFIGS / "baseline.yaml", *words, "--backend", backend, "--results", tmp_path)[0]
    env = os.environ | {"KERAS_BACKEND": backend}
    answer = subprocess.run([sys.executable, "-c", RECOMPUTE, run["path"]], capture_output=True, text=True, env=env)
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert not found.pop("dlrun")
    assert found.pop("outputs") < 1e-6
    for key, value in found.items():
        assert value == pytest.approx(run["metrics"][key], abs=1e-6, rel=1e-6), key


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "least", "most"), [("xor", 1.0, 1.0), ("linear_xor", 0.0, 0.75), ("deep_linear_xor", 0.0, 0.75)]
)
def test_xor_needs_a_hidden_layer_that_bends(tmp_path: Path, config: str, least: float, most: float) -> None:
    runs = train_json(CONFIGS / f"{config}.yaml", "--seeds", 5, "--results", tmp_path)
    for run in runs:
        assert least <= run["metrics"]["train_accuracy"] <= most


@pytest.mark.slow
def test_wide_reaches_97_percent_on_digits(tmp_path: Path) -> None:
    runs = train_json(CONFIGS / "wide.yaml", "--seeds", 5, "--results", tmp_path)
    assert np.mean([run["metrics"]["val_accuracy"] for run in runs]) >= 0.97


@pytest.mark.slow
def test_diabetes_is_20_percent_below_the_mean_predictor(tmp_path: Path) -> None:
    runs = train_json(CONFIGS / "diabetes.yaml", "--seeds", 5, "--results", tmp_path)
    trivial = json.loads((Path(runs[0]["path"]) / "result.json").read_text())["trivial"]
    errors = [run["metrics"]["val_root_mean_squared_error"] for run in runs]
    assert np.mean(errors) <= 0.8 * trivial["val_root_mean_squared_error"]
