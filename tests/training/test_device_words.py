"""The words of `--device`: what is read in them, and every message."""

from __future__ import annotations

import pytest

from dlrun.errors import BackendError
from dlrun.training.device_words import EXAMPLES, HIDING, Wish, listed, parse

CPU = ("cpu", "cpu")
GPU = ("gpu", "gpu NVIDIA H200")
FORMS = "--device must be one of auto, cpu, gpu, gpu:1, gpus, gpus:2, tpu, tpu:1, tpus, cpus:2."


@pytest.mark.parametrize(
    ("word", "wish"),
    [
        ("auto", Wish("auto", "auto")),
        ("cpu", Wish("cpu", "cpu")),
        ("cpu:0", Wish("cpu:0", "cpu", False, 0)),
        ("gpu", Wish("gpu", "gpu")),
        ("gpu:1", Wish("gpu:1", "gpu", False, 1)),
        ("gpus", Wish("gpus", "gpu", True)),
        ("gpus:2", Wish("gpus:2", "gpu", True, 2)),
        ("tpu", Wish("tpu", "tpu")),
        ("tpus:4", Wish("tpus:4", "tpu", True, 4)),
        ("cpus:2", Wish("cpus:2", "cpu", True, 2)),
    ],
)
def test_words(word: str, wish: Wish) -> None:
    assert parse(word, "jax") == wish


@pytest.mark.parametrize("word", EXAMPLES)
def test_every_example_is_a_word(word: str) -> None:
    assert parse(word, "jax").word == word


@pytest.mark.parametrize(
    ("word", "backend", "message"),
    [
        ("gpuu", "jax", f"{FORMS} Received: 'gpuu'. Did you mean gpu?"),
        ("GPU", "jax", f"{FORMS} Received: 'GPU'. Did you mean gpu?"),
        ("gpu1", "jax", f"{FORMS} Received: 'gpu1'. Did you mean gpu:1?"),
        ("gpu:-1", "jax", f"{FORMS} Received: 'gpu:-1'. Did you mean gpu:1?"),
        ("gpu:1 ", "jax", f"{FORMS} Received: 'gpu:1 '. Did you mean gpu:1?"),
        ("gpu:१", "jax", f"{FORMS} Received: 'gpu:१'. Did you mean gpu:1?"),
        ("", "jax", f"{FORMS} Received: ''."),
        ("\x1b[31m", "jax", f"{FORMS} Received: '\\x1b[31m'."),
        (
            "tpu",
            "tensorflow",
            "--device tpu: only JAX computes on a TPU; add --backend jax. Received: --backend tensorflow.",
        ),
        ("tpus", "torch", "--device tpus: only JAX computes on a TPU; add --backend jax. Received: --backend torch."),
        (
            "gpus",
            "torch",
            "--device gpus: PyTorch trains on one device here; several need --backend jax or --backend tensorflow.",
        ),
        (
            "cpus",
            "jax",
            "--device cpus: needs how many virtual devices the CPU is split into, 1 to 64, such as cpus:2.",
        ),
        (
            "cpus:65",
            "jax",
            "--device cpus:65: needs how many virtual devices the CPU is split into, 1 to 64, such as cpus:2.",
        ),
        ("cpu:1", "jax", "--device cpu:1: there is one CPU. Two virtual ones are cpus:2."),
        ("gpus:0", "jax", "--device gpus:0: needs at least 1, such as gpus:2; gpus takes all."),
    ],
)  # fmt: skip
def test_refused(word: str, backend: str, message: str) -> None:
    with pytest.raises(BackendError) as caught:
        parse(word, backend)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("word", "taken"),
    [("gpu", [0]), ("gpu:0", [0]), ("gpu:1", [1]), ("gpus", [0, 1]), ("gpus:1", [0]), ("gpus:2", [0, 1])],
)
def test_which_are_taken(word: str, taken: list[int]) -> None:
    assert parse(word, "jax").among([CPU, GPU, GPU], "jax") == taken


INSTALL = "An NVIDIA GPU needs: pip install dlrun[gpu]"


@pytest.mark.parametrize(
    ("word", "there", "backend", "message"),
    [
        ("gpu", [CPU], "jax", f"--device gpu: JAX sees no GPU here. There is: cpu. {INSTALL}"),
        ("gpus", [CPU], "tensorflow", f"--device gpus: TensorFlow sees no GPU here. There is: cpu. {INSTALL}"),
        ("gpu", [CPU], "torch", "--device gpu: PyTorch sees no GPU here. There is: cpu"),
        ("tpu", [CPU], "jax", "--device tpu: JAX sees no TPU here. There is: cpu. A TPU needs: pip install dlrun[tpu]"),
        ("gpu:1", [CPU, GPU], "jax", "--device gpu:1: JAX sees only 1 GPU here. There is: cpu, gpu:0 (NVIDIA H200)"),
        (
            "gpus:3",
            [CPU, GPU, ("gpu", "gpu A")],
            "tensorflow",
            "--device gpus:3: TensorFlow sees only 2 GPUs here. There is: cpu, gpu:0 (NVIDIA H200), gpu:1 (A)",
        ),
    ],
)
def test_what_is_not_there(
    word: str, there: list[tuple[str, str]], backend: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in HIDING:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(BackendError) as caught:
        parse(word, backend).among(there, backend)
    assert str(caught.value) == message


def test_a_setting_that_hides_devices_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.delenv("JAX_PLATFORMS", raising=False)
    with pytest.raises(BackendError, match=r"There is: cpu\. CUDA_VISIBLE_DEVICES='' may hide some\.$"):
        parse("gpu", "tensorflow").among([CPU], "tensorflow")


def test_a_device_without_a_model() -> None:
    assert listed([CPU, ("gpu", "gpu"), ("tpu", "tpu v5"), ("gpu", "gpu B")]) == "cpu, gpu:0, tpu:0 (v5), gpu:1 (B)"
