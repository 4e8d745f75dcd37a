"""T2: seconds per epoch of one 784-256-256-10 run, 40,000 train and 8,000 validation rows, batch 128, dropout 0.2."""

from __future__ import annotations

from bench.processes import HERE, PYTHON, in_turns, report, run

ROUNDS = 3


def main() -> None:
    found = in_turns(
        {
            "plain Keras on TensorFlow": lambda: epoch_seconds("plain_t2.py", "tensorflow"),
            "plain Keras on JAX": lambda: epoch_seconds("plain_t2.py", "jax"),
            "dlrun on TensorFlow": lambda: epoch_seconds("our_t2.py", "tensorflow"),
            "dlrun on JAX": lambda: epoch_seconds("our_t2.py", "jax"),
        },
        ROUNDS,
    )
    limits = {"dlrun on TensorFlow": 0.65, "dlrun on JAX": 0.40}
    report("T2: one epoch, honest train loss included", found, "plain Keras on TensorFlow", limits)


def epoch_seconds(script: str, backend: str) -> float:
    """The script prints the median over its epochs, the first left out."""
    return float(run([PYTHON, str(HERE / script)], {"KERAS_BACKEND": backend, "PYTHONPATH": str(HERE.parent)}))
