"""A foreign or damaged `model.keras` is never opened as Keras would open it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlrun.errors import StoreError
from dlrun.training.backend import current
from dlrun.training.restore import restore
from tests.training.cases import digits, experiment, signs, train

CASES: list[tuple[str, dict[str, Any], Any]] = [
    ("plain", {}, digits),
    ("no hidden layer", {"model": {"units": []}}, digits),
    ("all layers", {"model": {"units": [8, 4], "dropout": 0.2, "batch_normalization": True, "l2": 0.01}}, digits),
    ("step", {"model": {"units": [4], "activation": "step"}}, signs),
    ("two steps", {"model": {"units": [4, 3], "activation": "step", "output_activation": "step"}}, signs),
    ("float64", {"fit": {"precision": "float64"}}, signs),
    ("mixed", {"fit": {"precision": "mixed_bfloat16"}}, signs),
    ("hinge", {"model": {"output_activation": "tanh"}, "fit": {"loss": "hinge"}}, signs),
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("restore") / "model.keras"
    network = train(experiment(), digits()).network
    assert network is not None
    network.save(path)
    return path


def restored(path: Path, **sections: Any) -> Any:
    data = digits()
    return restore(path, experiment(**sections), data.task, data.train.x.shape[1], current())


@pytest.mark.parametrize(("sections", "rows"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_same_net_comes_back(sections: dict[str, Any], rows: Any, tmp_path: Path) -> None:
    data, spec = rows(), experiment(**sections)
    network = train(spec, data).network
    assert network is not None
    network.save(tmp_path / "model.keras")
    again = restore(tmp_path / "model.keras", spec, data.task, data.train.x.shape[1], current())
    np.testing.assert_allclose(again.outputs(data.train.x), network.outputs(data.train.x), atol=1e-6)


def test_no_rows_no_outputs(saved: Path) -> None:
    assert restored(saved).outputs(np.zeros((0, 64), np.float32)).shape == (0, 10)


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        (
            {"model": {"units": [17]}},
            "layer 2 must be Dense(name='hidden_1', units=17, use_bias=True, activation='linear'). "
            "Received: Dense(name='hidden_1', units=16, use_bias=True, activation='linear')",
        ),
        (
            {"model": {"activation": "tanh"}},
            "layer 3 must be Activation(name='hidden_1_activation', activation='tanh'). "
            "Received: Activation(name='hidden_1_activation', activation='relu')",
        ),
        (
            {"model": {"units": [16, 4]}},
            "layer 4 must be Dense(name='hidden_2', units=4, use_bias=True, activation='linear'). "
            "Received: Dense(name='output', units=10, use_bias=True, activation='linear')",
        ),
    ],
)
def test_another_net_is_refused(saved: Path, sections: dict[str, Any], message: str) -> None:
    with pytest.raises(StoreError) as caught:
        restored(saved, **sections)
    assert str(caught.value) == (
        f"{saved}: does not hold the net of its spec.yaml, and is not opened: {message}. "
        "Train the run again with --force"
    )


def rewritten(source: Path, target: Path, **files: bytes) -> Path:
    """The archive with some of its files replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, files.get(name.replace(".", "_"), old.read(name)))
    return target


def test_code_in_the_file_does_not_run(saved: Path, tmp_path: Path) -> None:
    """A Lambda layer carries code; `load_model(safe_mode=False)` would run it."""
    with zipfile.ZipFile(saved) as archive:
        config = json.loads(archive.read("config.json"))
    config["config"]["layers"][2]["class_name"] = "Lambda"
    path = rewritten(saved, tmp_path / "model.keras", config_json=json.dumps(config).encode())
    with pytest.raises(StoreError, match=r"layer 3 must be Activation\(.*Received: Lambda\("):
        restored(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", bytes(1000)])
def test_no_archive(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        restored(path)
    assert str(caught.value) == f"{path}: cannot be read as a Keras model. Train the run again with --force"


@pytest.mark.parametrize("config", [b"", b"[]", b"{}", b'{"config": {"layers": [1]}}', b'{"config": null}', b"\xff"])
def test_a_broken_description(saved: Path, config: bytes, tmp_path: Path) -> None:
    path = rewritten(saved, tmp_path / "model.keras", config_json=config)
    with pytest.raises(StoreError, match="cannot be read as a Keras model"):
        restored(path)


@pytest.mark.parametrize("weights", [b"", b"garbage", bytes(5000)])
def test_broken_weights(saved: Path, weights: bytes, tmp_path: Path) -> None:
    path = rewritten(saved, tmp_path / "model.keras", model_weights_h5=weights)
    with pytest.raises(StoreError, match="its weights cannot be read"):
        restored(path)


def test_weights_of_another_shape(saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.keras"
    network = train(experiment(model={"units": [5]}), digits()).network
    assert network is not None
    network.save(other)
    with zipfile.ZipFile(other) as archive:
        weights = archive.read("model.weights.h5")
    path = rewritten(saved, tmp_path / "model.keras", model_weights_h5=weights)
    with pytest.raises(StoreError, match="its weights cannot be read"):
        restored(path)
