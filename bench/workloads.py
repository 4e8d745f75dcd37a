"""The sweeps that every speed claim names (docs/design.md, section 10): said once here, for all sides."""

from __future__ import annotations

import gzip
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

Source = Literal["digits", "fashion_mnist", "random"]
Split = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""x_train, y_train, x_val, y_val: float32 (rows, features) and int32 (rows,)."""


@dataclass(frozen=True)
class Shape:
    """How large the rows of a source are."""

    train: int
    validation: int
    features: int
    classes: int = 10


SHAPES: dict[Source, Shape] = {
    "digits": Shape(1_438, 359, 64),  # what dlrun's split of 0.2 leaves: identical rows stay on one side
    "fashion_mnist": Shape(48_000, 12_000, 784),  # its 10,000 test rows are opened by no side
    "random": Shape(6_400, 1_600, 784),
}
DATA = Path(os.environ.get("DLRUN_DATA") or Path(__file__).parents[2] / "shared" / "data")
"""The folder above fashion-mnist/."""


@dataclass(frozen=True)
class Run:
    """One network of a workload."""

    depth: int
    width: int
    learning_rate: float
    seed: int


@dataclass(frozen=True)
class Workload:
    """A grid of networks: relu, dropout after each hidden layer, softmax, Adam, a constant learning rate."""

    name: str
    source: Source
    widths: tuple[int, ...]
    depths: tuple[int, ...]
    seeds: int
    learning_rates: tuple[float, ...] = (1e-3,)
    epochs: int = 20
    batch: int = 32
    dropout: float = 0.2

    @property
    def shape(self) -> Shape:
        return SHAPES[self.source]

    def runs(self) -> list[Run]:
        """All of them; the depth changes slowest, the seed fastest."""
        return [
            Run(depth, width, rate, seed)
            for depth in self.depths
            for width in self.widths
            for rate in self.learning_rates
            for seed in range(self.seeds)
        ]

    def config(self, source: str | None = None) -> dict[str, Any]:
        """The same as dlrun's config; `source` names the rows where they lie in a file."""
        grid: dict[str, list[float]] = {"model.width": list(self.widths), "model.depth": list(self.depths)}
        if len(self.learning_rates) > 1:
            grid["optimizer.learning_rate"] = list(self.learning_rates)
        return {
            "name": self.name.lower(),
            "data": {"source": source or self.source},
            "model": {"width": self.widths[0], "depth": self.depths[0], "dropout": self.dropout},
            "optimizer": {"name": "adam", "learning_rate": self.learning_rates[0]},
            "fit": {"epochs": self.epochs, "batch_size": self.batch},
            "sweep": {"grid": grid, "seeds": self.seeds},
        }


G1 = Workload("G1", "digits", (16, 32, 64, 128), (1, 2, 3, 4), seeds=3)
G2 = Workload(
    "G2", "digits", (8, 16, 32, 64, 128), (1, 2, 3, 4), seeds=5, learning_rates=(1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
)
G3 = Workload("G3", "fashion_mnist", (128, 256, 512), (1, 2, 3, 4), seeds=1, epochs=10, batch=128)
_MOST_RATES = 10


def members(count: int) -> Workload:
    """So many networks of 784-128-10 that differ in learning rate and seed, on random pixels.

    Args:
        count: up to 10 it is all learning rates; above, a multiple of 10: ten rates, the rest seeds.
    """
    rates = min(count, _MOST_RATES)
    if count % rates:
        raise ValueError(f"above {_MOST_RATES} the members must be a multiple of {_MOST_RATES}. Received: {count}")
    learning_rates = tuple(float(f"{rate:.3g}") for rate in np.geomspace(1e-4, 1e-2, rates))
    return Workload(f"members:{count}", "random", (128,), (1,), count // rates, learning_rates, epochs=3, batch=128)


def workload(name: str) -> Workload:
    """G1, G2, G3, or `members:100`."""
    if name.startswith("members:"):
        return members(int(name.removeprefix("members:")))
    return {"G1": G1, "G2": G2, "G3": G3}[name]


def spread(runs: Sequence[Run], every: int) -> list[Run]:
    """Every n-th run. 5 of G1's and 10 or 20 of G2's give every width and every depth nearly equally often."""
    return list(runs[::every])


def rows(source: Source) -> Split:
    """The rows as a user's script prepares them: as many on each side as dlrun has, pixels from 0 to 1."""
    return {"digits": _digits, "fashion_mnist": _fashion_mnist, "random": _random}[source]()


def _digits() -> Split:
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    x, y = load_digits(return_X_y=True)
    held_out = SHAPES["digits"].validation
    x_train, x_val, y_train, y_val = train_test_split(
        (x / 16).astype("float32"), y.astype("int32"), test_size=held_out, random_state=0, stratify=y
    )
    return x_train, y_train, x_val, y_val


def _fashion_mnist() -> Split:
    folder, train = DATA / "fashion-mnist", SHAPES["fashion_mnist"].train
    with gzip.open(folder / "train-images-idx3-ubyte.gz") as images, gzip.open(
        folder / "train-labels-idx1-ubyte.gz"
    ) as labels:  # fmt: skip
        x = (np.frombuffer(images.read(), np.uint8, offset=16).reshape(-1, 784) / 255).astype("float32")
        y = np.frombuffer(labels.read(), np.uint8, offset=8).astype("int32")
    return x[:train], y[:train], x[train:], y[train:]


def random_pixels() -> dict[str, np.ndarray]:
    """Bytes and labels that mean nothing, as only the time counts; the arrays of an .npz file for dlrun."""
    shape, rng = SHAPES["random"], np.random.default_rng(0)
    arrays: dict[str, np.ndarray] = {}
    for part, count in {"train": shape.train, "val": shape.validation}.items():
        arrays[f"x_{part}"] = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        arrays[f"y_{part}"] = rng.integers(0, shape.classes, count).astype(np.int32)
    return arrays


def _random() -> Split:
    made = random_pixels()
    x_train, x_val = ((made[key].reshape(-1, 784) / 255).astype("float32") for key in ("x_train", "x_val"))
    return x_train, made["y_train"], x_val, made["y_val"]
