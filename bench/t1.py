"""T1: one digits run, 64x2, 20 epochs, as a whole process: dlrun beside a hand-written Keras script."""

from __future__ import annotations

from pathlib import Path

from bench.processes import DLRUN, HERE, PYTHON, in_turns, report, scratch, seconds

ROUNDS = 5


def main() -> None:
    with scratch() as folder:
        found = in_turns(
            {
                "plain Keras on TensorFlow": lambda: plain("tensorflow"),
                "plain Keras on JAX": lambda: plain("jax"),
                "dlrun on TensorFlow": lambda: ours("tensorflow", folder),
                "dlrun on JAX": lambda: ours("jax", folder),
            },
            ROUNDS,
        )
    limits = {"dlrun on TensorFlow": 0.85, "dlrun on JAX": 0.65}
    report("T1: one digits run, whole process", found, "plain Keras on TensorFlow", limits)


def plain(backend: str) -> float:
    return seconds([PYTHON, str(HERE / "plain_t1.py")], {"KERAS_BACKEND": backend})


def ours(backend: str, folder: str) -> float:
    """Everything done: honest train loss, store, model file. `--force`, as the run is there from round two on."""
    config = str(Path(HERE) / "t1.yaml")
    return seconds([DLRUN, "train", config, "--backend", backend, "--results", folder, "--force", "-q"])
