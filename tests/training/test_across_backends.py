"""What must hold between backends and processes; each backend needs a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlrun.errors import BackendError
from dlrun.training.backend import choose, current

ROOT = Path(__file__).parents[2]
OTHER = "jax" if current() == "tensorflow" else "tensorflow"

TRAIN = """
import json, sys
from dlrun.training import Job, load_engine
backend, sections = sys.argv[1], json.loads(sys.argv[2])
engine = load_engine(backend)
from tests.training.cases import digits, experiment
(outcome,) = engine.run([Job("job", experiment(**sections), digits())], lambda job, row: None)
print(json.dumps([outcome.status, outcome.curves]))
"""

INTERRUPTED = """
import sys, threading
from dlrun.training import Job, load_engine
engine = load_engine(sys.argv[1])
from tests.training.cases import digits, experiment
told, stop = [], threading.Event()
def on_epoch(job, row):
    told.append(row)
    if len(told) == 3:
        threading.Timer(0.02, stop.set).start()
spec = experiment(fit={"epochs": 100000}, model={"batch_normalization": True, "dropout": 0.1})
(outcome,) = engine.run([Job("job", spec, digits())], on_epoch, stop.is_set)
assert outcome.status == "interrupted", outcome
assert len(outcome.curves) >= 3 and outcome.kept_epoch is not None
assert outcome.network.outputs(digits().validation.x).shape == (120, 10)
print("ok")
"""


def python(code: str, *words: str) -> str:
    """Its stdout."""
    clean = {key: value for key, value in os.environ.items() if key != "KERAS_BACKEND"}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=ROOT, env=clean, timeout=200
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def curves(backend: str, **sections: Any) -> list[dict[str, float]]:
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    status, rows = json.loads(python(TRAIN, backend, json.dumps(sections)))
    assert status == "completed"
    return [{key: value for key, value in row.items() if key != "seconds"} for row in rows]


WITHOUT_DROPOUT = {"model": {"units": [16, 12], "batch_normalization": True, "l2": 0.001}, "fit": {"epochs": 5}}


@pytest.mark.slow
def test_backends_agree_without_dropout() -> None:
    one, other = (curves(backend, **WITHOUT_DROPOUT) for backend in ("tensorflow", "jax"))
    for column in ("loss", "train_loss", "val_loss", "penalty"):
        np.testing.assert_allclose([row[column] for row in one], [row[column] for row in other], rtol=1e-3)


CHANGED = {"flip": "horizontal", "rotation": 0.05, "shift": 0.1, "zoom": 0.1, "cutout": 0.3, "mixup": 0.4}


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_augmentation_is_the_same_on_all_backends(backend: str) -> None:
    """All but noise, which each backend draws itself: images are changed and mixed as numpy drew it."""
    sections = {**WITHOUT_DROPOUT, "data": {"augmentation": CHANGED}}
    one, other = (curves(which, **sections) for which in ("tensorflow", backend))
    assert one != curves("tensorflow", **WITHOUT_DROPOUT)
    for column in ("loss", "train_loss", "val_loss"):
        np.testing.assert_allclose([row[column] for row in one], [row[column] for row in other], rtol=1e-3)


@pytest.mark.slow
def test_torch_agrees_too() -> None:
    one, other = (curves(backend, **WITHOUT_DROPOUT) for backend in ("torch", "tensorflow"))
    for column in ("loss", "train_loss", "val_loss", "penalty"):
        np.testing.assert_allclose([row[column] for row in one], [row[column] for row in other], rtol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_two_processes_give_the_same_curves(backend: str) -> None:
    sections = {
        "data": {"augmentation": {**CHANGED, "noise": 0.1}},
        "model": {"units": [64, 64], "dropout": 0.2, "batch_normalization": True},
        "fit": {"epochs": 4},
    }
    assert curves(backend, **sections) == curves(backend, **sections)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_ctrl_c_in_the_middle(backend: str) -> None:
    assert python(INTERRUPTED, backend) == "ok\n"


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_nothing_is_written_to_the_terminal(backend: str) -> None:
    code = "import sys; from dlrun.training import load_engine; load_engine(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", code, backend], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_process_has_one_backend() -> None:
    with pytest.raises(BackendError, match=f"Keras already runs on {current()} in this process"):
        choose(OTHER)


def test_unknown_backend() -> None:
    with pytest.raises(BackendError) as caught:
        choose("theano")
    assert str(caught.value) == "--backend must be one of tensorflow, jax, torch. Received: 'theano'."


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_a_missing_backend_names_the_way_out() -> None:
    with pytest.raises(BackendError, match=r"the torch backend needs the package torch: pip install dlrun\[torch\]"):
        choose("torch")
