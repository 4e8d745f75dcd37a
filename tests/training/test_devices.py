"""Taking devices: names for the record, and the same curves on several as on one. GPUs are stood in for by virtual CPU
devices, in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlrun.errors import BackendError
from dlrun.training.backend import AS_NEEDED, choose, current
from dlrun.training.device_words import parse
from dlrun.training.devices import Devices, one_or_several, take
from tests.command import ROOT, dlrun

SECTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "dropout and penalty": {"model": {"units": [24, 16], "dropout": 0.3, "l2": 0.01, "l1": 0.001}},
    "sgd, batches of 1": {"fit": {"batch_size": 1, "epochs": 1}, "optimizer": {"name": "sgd"}},
    "one batch": {"fit": {"batch_size": "full"}},
    "class weights": {"fit": {"class_weight": {"1": 4.0}, "batch_size": 23}},
    "label smoothing": {"fit": {"label_smoothing": 0.1}},
    "schedule and clipping": {
        "optimizer": {"name": "adam", "global_clipnorm": 0.5},
        "schedule": {"name": "exponential", "decay_rate": 0.5, "decay_epochs": 1},
    },
    "batch normalization": {"model": {"units": [24, 16], "batch_normalization": True, "dropout": 0.2}},
    "augmentation": {
        "data": {
            "augmentation": {
                "flip": "horizontal",
                "rotation": 0.03,
                "shift": 0.1,
                "zoom": 0.1,
                "cutout": 0.2,
                "noise": 0.1,
                "mixup": 0.2,
            }
        },
        "fit": {"class_weight": {"1": 1.5}, "batch_size": 31, "epochs": 6},
    },
    "float64": {"model": {"batch_normalization": True, "dropout": 0.2}, "fit": {"precision": "float64"}},
    "float64, no dropout": {"model": {"batch_normalization": True}, "fit": {"precision": "float64"}},
    "mixed_float16": {"model": {"dropout": 0.2}, "fit": {"precision": "mixed_float16", "batch_size": 31}},
    "mixed_bfloat16": {"model": {"dropout": 0.2}, "fit": {"precision": "mixed_bfloat16", "batch_size": 31}},
}
"""Name -> sections of an experiment. 297 rows divide neither by the batches nor by the devices."""
CLOSE = {
    "batch normalization": 1e-4,  # Adam moves the bias in front of it, whose gradient is nothing but rounding
    "float64": 1e-9,
    "float64, no dropout": 1e-9,
    "mixed_float16": 1e-4,
    "mixed_bfloat16": 1e-3,
}
"""Relative; 1e-5 for the rest."""

TRAIN = """
import json, sys, warnings
from dlrun.training import Job, load_engine
backend, device, sections, folder = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
engine = load_engine(backend, device)
import keras, numpy as np
from pathlib import Path
from tests.training.cases import digits, experiment
found, data = {}, digits(297, 121)
for name, tree in sections.items():
    (outcome,) = engine.run([Job("job", experiment(**tree), data)], lambda job, row: None)
    outcome.network.save(Path(folder) / "model.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # plain Keras on JAX opens 64 bits as 32, and says so
        loaded = keras.models.load_model(Path(folder) / "model.keras")
        apart = np.abs(loaded.predict(data.validation.x, verbose=0) - outcome.network.outputs(data.validation.x)).max()
    layers = [[type(layer).__name__, layer.get_config()["dtype"]["config"]["name"]] for layer in loaded.layers]
    found[name] = [outcome.status, outcome.device, outcome.curves, float(apart), layers]
print(json.dumps(found))
"""


@cache
def trained(backend: str, device: str, folder: Path) -> dict[str, Any]:
    """Name of a section -> status, device, curves, how far plain Keras is from our outputs, its layers."""
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("KERAS_", "XLA_", "JAX_"))}
    words = [
        sys.executable,
        "-W",
        "error::UserWarning",
        "-c",
        TRAIN,
        backend,
        device,
        json.dumps(SECTIONS),
        str(folder),
    ]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, env=clean, timeout=300)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("devices")


@pytest.mark.slow
@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_two_devices_give_the_curves_of_one(backend: str, name: str, folder: Path) -> None:
    one, two = (trained(backend, device, folder)[name] for device in ("cpu", "cpus:2"))
    assert [one[:2], two[:2]] == [["completed", "cpu"], ["completed", "2 x cpu (virtual)"]]
    for column in one[2][0].keys() - {"seconds"}:
        values = ([row[column] for row in curves] for _, _, curves, *_ in (two, one))
        # a row between two classes may fall to either side where numbers are rounded to 8 bits, as each CPU does it
        rows_off = 0.02 if name == "mixed_bfloat16" and column.endswith("accuracy") else 0.0
        np.testing.assert_allclose(*values, rtol=CLOSE.get(name, 1e-5), atol=rows_off, err_msg=column)


@pytest.mark.slow
@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.parametrize(
    ("backend", "device"),
    [("tensorflow", "cpu"), ("tensorflow", "cpus:2"), ("jax", "cpu"), ("jax", "cpus:2"), ("torch", "cpu")],
)  # fmt: skip
def test_honest_finite_losses_and_a_plain_file(backend: str, device: str, name: str, folder: Path) -> None:
    status, _, curves, apart, layers = trained(backend, device, folder)[name]
    assert status == "completed"
    assert all(np.isfinite(list(row.values())).all() for row in curves)
    if len(curves) > 1:
        assert curves[-1]["train_loss"] < curves[0]["train_loss"]
    policy = SECTIONS[name].get("fit", {}).get("precision", "float32")
    assert apart < (5e-3 if policy.startswith("mixed") else 1e-6)
    assert {kind for kind, _ in layers} <= {"Dense", "BatchNormalization", "Activation", "Dropout"}
    assert {numbers for _, numbers in layers[:-1]} == {policy}


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_float64_is_64_bits_all_through(backend: str, folder: Path) -> None:
    """Without dropout, whose masks are each backend's own: batch normalization in 32 bits is 1e-5 away. The learning
    rate has 32 bits everywhere."""
    one, other = (trained(which, "cpu", folder)["float64, no dropout"][2] for which in (backend, "tensorflow"))
    for column in ("loss", "train_loss", "val_loss"):
        np.testing.assert_allclose([row[column] for row in one], [row[column] for row in other], rtol=2e-6)


def test_one_device_has_its_own_name_and_several_a_count() -> None:
    gpus = parse("gpus", "jax")
    assert one_or_several(gpus, ["gpu A"]) == Devices("gpu A")
    assert one_or_several(gpus, ["gpu A", "gpu A"]) == Devices("2 x gpu A", ("gpu:0", "gpu:1"))
    assert one_or_several(gpus, ["gpu A", "gpu B"]).name == "1 x gpu A, 1 x gpu B"
    assert one_or_several(parse("cpus:1", "jax"), ["cpu"]) == Devices("cpu")


@pytest.mark.parametrize("word", ["cpu", "cpu:0", "cpus:1"])
def test_the_cpu_can_be_taken_again_and_again(word: str) -> None:
    assert take(word, current()) == Devices("cpu")


def test_a_gpu_that_is_not_there() -> None:
    if take("auto", current()).name != "cpu":
        pytest.skip("there is an accelerator here")
    with pytest.raises(BackendError, match=r"^--device gpu:7: \w+ sees no GPU here. There is: cpu"):
        take("gpu:7", current())


@pytest.mark.skipif(current() == "torch", reason="PyTorch trains on one device here")
def test_a_process_that_computes_has_its_devices() -> None:
    import keras

    keras.ops.ones(()) + 1
    with pytest.raises(BackendError) as caught:
        take("cpus:3", current())
    name = {"tensorflow": "TensorFlow", "jax": "JAX"}[current()]
    text = f"--device cpus:3: {name} already computes on another device in this process. Start a new process."
    assert str(caught.value) == text


def test_memory_is_taken_as_needed_unless_the_user_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in AS_NEEDED:
        monkeypatch.delenv(name, raising=False)
    choose(current())
    assert {name: os.environ[name] for name in AS_NEEDED} == AS_NEEDED
    monkeypatch.setenv("XLA_PYTHON_CLIENT_PREALLOCATE", "true")
    choose(current())
    assert os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] == "true"


def test_a_malformed_word_is_said_before_anything_is_read() -> None:
    done = dlrun("train", "no_such_file.yaml", "--device", "gpuu")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("Received: 'gpuu'. Did you mean gpu?\n")


@pytest.mark.slow
@pytest.mark.skipif("CUDA_VISIBLE_DEVICES" in os.environ, reason="CUDA_VISIBLE_DEVICES is set")
def test_the_command_line_and_the_record(tmp_path: Path) -> None:
    words = ["train", "xor", "--set", "data.validation_split=0", "--set", "fit.epochs=2", "--results", tmp_path, "-q"]
    done = dlrun(*words, "--device", "cpus:2", "--backend", "jax", "--json")
    assert done.returncode == 0, done.stderr
    (run,) = json.loads(done.stdout)["runs"]
    assert json.loads((Path(run["path"]) / "result.json").read_text())["device"] == "2 x cpu (virtual)"
    again = dlrun(*words, "--device", "cpu", "--backend", "jax", "--json")
    assert json.loads(again.stdout)["runs"][0]["id"] == run["id"]
