"""Small data and experiments, put together by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from dlrun.data import Prepared, Rows, Task
from dlrun.spec import Experiment
from dlrun.training import EpochRow, Job, Outcome, load_engine
from dlrun.training.backend import current

DIGIT = Task("multiclass", "digit", tuple("0123456789"))
AMOUNT = Task("regression", "amount", mean=150.0, spread=77.0)
BINARY = Task("binary", "sign", ("no", "yes"))


def rows_of(x: np.ndarray, y: np.ndarray) -> Rows:
    return Rows(x.astype(np.float32), y, np.arange(len(x), dtype=np.int64))


def prepared(train: Rows, validation: Rows | None, task: Task) -> Prepared:
    names = tuple(f"x{column}" for column in range(train.x.shape[1]))
    return Prepared(train, validation, None, task, names, {}, "0" * 16)


@cache
def digits(train: int = 300, validation: int = 120) -> Prepared:
    """300 digits to train on, 120 to validate: neither a multiple of 32."""
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    both = rows_of(x / 16, y.astype(np.int32))
    inside, outside = np.arange(train), np.arange(train, train + validation)
    found = prepared(both.take(inside), both.take(outside) if validation else None, DIGIT)
    return replace(found, image=(8, 8, 1))


@cache
def amounts(rows: int = 90) -> Prepared:
    """A noisy linear target in its standardised form."""
    generator = np.random.default_rng(1)
    x = generator.normal(size=(rows, 3))
    y = (x @ [0.6, -0.5, 0.3] + 0.3 * generator.normal(size=rows)).astype(np.float32)
    both = rows_of(x, y)
    return prepared(both.take(np.arange(60)), both.take(np.arange(60, rows)), AMOUNT)


@cache
def signs(rows: int = 100, validation: bool = True) -> Prepared:
    """Two classes, 3 to 1."""
    generator = np.random.default_rng(2)
    x = generator.normal(size=(rows, 4))
    y = (x[:, 0] + 0.3 * generator.normal(size=rows) > 0.7).astype(np.int32)
    both = rows_of(x, y)
    held_out = both.take(np.arange(70, rows)) if validation else None
    return prepared(both.take(np.arange(70)) if validation else both, held_out, BINARY)


def experiment(**sections: Any) -> Experiment:
    """An experiment on digits with one layer of 16 units, 3 epochs, batches of 32; sections update it."""
    tree: dict[str, Any] = {
        "data": {"source": "digits"},
        "model": {"units": [16]},
        "fit": {"epochs": 3, "batch_size": 32},
    }
    for name, content in sections.items():
        known = tree.get(name)
        tree[name] = {**known, **content} if isinstance(known, dict) and isinstance(content, Mapping) else content
    return Experiment.model_validate(tree)


def train(spec: Experiment, data: Prepared) -> Outcome:
    """Trains it here."""
    (outcome,) = load_engine(current()).run([Job("job", spec, data)], lambda job, row: None)
    return outcome


def without_seconds(rows: tuple[EpochRow, ...]) -> list[EpochRow]:
    return [{key: value for key, value in row.items() if key != "seconds"} for row in rows]
