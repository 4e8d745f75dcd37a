"""Large stores of plausible runs, written without training: `python -m bench.stores DIR --runs 10000`.

The layout is the real one: run folders with spec, curves and record, and the sweeps they belong to. The curves are
those of formulas with noise: small nets underfit, large ones overfit, large learning rates diverge.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dlrun.spec import Experiment, changed, flat
from dlrun.spec.identity import configuration, configuration_id, digest
from dlrun.spec.write import to_yaml
from dlrun.store import Record
from dlrun.store.names import folder_name
from dlrun.store.record import to_json
from dlrun.store.sweep_folder import write_sweep

WIDTHS = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512)
DEPTHS = (1, 2, 3, 4, 5)
RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)
DROPOUTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
L2 = (0.0, 1e-5, 1e-4, 3e-4, 1e-3, 1e-2)
BATCHES = (32, 64)
SEEDS, EPOCHS = 5, 20
CONFIGURATIONS_PER_SWEEP = len(WIDTHS) * len(DEPTHS)
UNFINISHED = 997
"""One run in so many was interrupted."""

FINGERPRINT = "1e4ba19e60b5105bf3ba77554dac581ba488ee5a05a1377f0d8aba009325748b"
COLUMNS = (
    *("epoch", "learning_rate", "loss", "train_loss", "val_loss"),
    *("train_accuracy", "val_accuracy", "penalty", "seconds"),
)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
TRIVIAL = {"train_loss": 2.3010, "train_accuracy": 0.1198, "val_loss": 2.3025, "val_accuracy": 0.1003}
VERSIONS = {
    "dlrun": "0.1.0",
    "python": "3.11.7",
    "platform": "Linux-6.1-x86_64-with-glibc2.36",
    "keras": "3.15.1",
    "numpy": "2.4.6",
    "jax": "0.10.2",
}

Curve = list[tuple[float, ...]]
"""Per epoch the values of `COLUMNS`."""


@dataclass(frozen=True)
class Point:
    """One configuration of a sweep."""

    name: str
    """Of the sweep."""
    width: int
    depth: int
    rate: float
    dropout: float
    l2: float
    batch: int

    def experiment(self) -> Experiment:
        content = {
            "name": self.name,
            "data": {"source": "digits"},
            "model": {"units": [self.width] * self.depth, "dropout": self.dropout, "l2": self.l2},
            "optimizer": {"name": "adam", "learning_rate": self.rate},
            "fit": {"epochs": EPOCHS, "batch_size": self.batch},
        }
        return Experiment.model_validate(content)

    def parameters(self) -> int:
        sizes = [64, *([self.width] * self.depth), 10]
        return sum((into + 1) * out for into, out in itertools.pairwise(sizes))


def points() -> Iterator[Point]:
    """All there are, in the order in which sweeps would try them."""
    settings = itertools.product(BATCHES, L2, DROPOUTS, RATES, DEPTHS, WIDTHS)
    for place, (batch, l2, dropout, rate, depth, width) in enumerate(settings):
        name = f"digits_{place // CONFIGURATIONS_PER_SWEEP:04d}"
        yield Point(name, width, depth, rate, dropout, l2, batch)


def curve(point: Point, seed: int) -> Curve:
    """What such a net might do: it learns faster with a larger rate, further with more weights, and overfits with many
    weights unless dropout or L2 hold it."""
    chance = random.Random(f"{point} {seed}")
    capacity = math.log10(point.parameters())
    held = point.dropout + 40 * point.l2
    speed = min(1.5, 900 * point.rate * math.sqrt(32 / point.batch))
    floor = max(0.004, 0.9 - 0.2 * capacity + 0.3 * held)
    turn = max(0.0, 0.012 * (capacity - 3.6) - 0.02 * held)
    rows: Curve = []
    for epoch in range(1, EPOCHS + 1):
        if point.rate >= 1.0 and epoch > 2:
            loss = train = val = math.nan
        else:
            train = floor + (2.3 - floor) * math.exp(-speed * epoch) * math.exp(chance.gauss(0, 0.03))
            val = (train + 0.03 + turn * epoch * min(speed, 1)) * math.exp(chance.gauss(0, 0.015))
            loss = train * (1 + held)
        right = (max(0.0, 1 - loss / 2.6) if math.isfinite(loss) else 0.1 for loss in (train, val))
        rows.append((epoch, point.rate, loss, train, val, *right, 3 * point.l2, 0.05 + 0.001 * chance.random()))
    return rows


def record(point: Point, shared: dict[str, Any], run_id: str, seed: int, rows: Curve, ended: datetime) -> Record:
    """The `result.json` of such a run."""
    finite = [row for row in rows if math.isfinite(row[4])]
    best = min(finite, key=lambda row: row[4])
    diverged = len(finite) < len(rows)
    spent = sum(row[8] for row in rows)
    return Record(
        format=1,
        id=run_id,
        name=point.name,
        kind="mlp",
        status="diverged" if diverged else "completed",
        reason="the train loss was no number in epoch 3" if diverged else None,
        seed=seed,
        fold=None,
        configuration=shared["configuration"],
        backend="jax",
        engine="fused",
        device="cpu",
        monitor="val_loss",
        best_epoch=int(best[0]),
        kept_epoch=int(best[0]),
        epochs=len(rows),
        parameters=point.parameters(),
        steps_per_epoch=math.ceil(1438 / point.batch),
        steps=math.ceil(1438 / point.batch) * len(rows),
        seconds={"import": 0.0, "build": 0.3, "train": spent, "total": spent + 0.3},
        metrics=measured(best),
        metrics_last=measured(rows[-1]),
        trivial=dict(TRIVIAL),
        rows={"train": 1438, "measured_train": 359, "validation": 359, "test": 0},
        classes={str(digit): 180 for digit in range(10)},
        target=None,
        features=64,
        versions=VERSIONS,
        data={"source": "digits", "fingerprint": FINGERPRINT},
        git_commit=None,
        started=(ended - timedelta(seconds=2)).isoformat(timespec="seconds"),
        finished=ended.isoformat(timespec="seconds"),
        notes=[],
        spec=shared["spec"] | ({"seed": seed} if seed else {}),
    )


def measured(row: Sequence[float]) -> dict[str, float | None]:
    return dict(zip(COLUMNS[3:7], row[3:7], strict=True))


def write_store(root: Path, runs: int, seeds: int = SEEDS) -> None:
    """Writes so many runs below `root`, the sweeps they belong to included. Raises ValueError for too many."""
    most = seeds * math.prod(map(len, (BATCHES, L2, DROPOUTS, RATES, DEPTHS, WIDTHS)))
    if runs > most:
        raise ValueError(f"there are at most {most:,} runs of {seeds} seeds. Received: {runs:,}")
    found = points()
    number = 0
    sweep: list[str] = []
    last: tuple[Experiment, str] | None = None
    while number < runs:
        point = next(found)
        experiment = point.experiment()
        if last is not None and last[1] != point.name:
            keep_sweep(root, last[0], sweep)
            sweep = []
        last = (experiment, point.name)
        sweep += write_configuration(root / "runs", point, experiment, range(min(seeds, runs - number)), number)
        number += min(seeds, runs - number)
    if last is not None:
        keep_sweep(root, last[0], sweep)


def write_configuration(
    runs: Path, point: Point, experiment: Experiment, seeds: Sequence[int], first: int
) -> list[str]:
    """Writes the runs of one configuration; their ids.

    Args:
        first: the number of its first run in the store.
    """
    content, text = configuration(experiment) | {"data_content": FINGERPRINT, "backend": "jax"}, to_yaml(experiment)
    shared = {"configuration": configuration_id(experiment, FINGERPRINT, "jax"), "spec": flat(changed(experiment))}
    ids = []
    for seed in seeds:
        run_id = digest(content | {"seed": seed, "fold": None})
        folder, rows = runs / folder_name(point.name, run_id), curve(point, seed)
        folder.mkdir(parents=True)
        (folder / "spec.yaml").write_text(text.replace("\nseed: 0\n", f"\nseed: {seed}\n", 1))
        (folder / "curves.csv").write_text(curves_text(rows))
        ended = BEGAN + timedelta(seconds=first + seed)
        if (first + seed) % UNFINISHED == UNFINISHED - 1:
            for path in (folder / "curves.csv", folder):
                os.utime(path, (ended.timestamp(), ended.timestamp()))
        else:
            (folder / "result.json").write_text(to_json(record(point, shared, run_id, seed, rows, ended)))
        ids.append(run_id)
    return ids


def curves_text(rows: Curve) -> str:
    lines = (f"{row[0]}," + ",".join(map(repr, row[1:])) for row in rows)
    return "\n".join([",".join(COLUMNS), *lines, ""])


def keep_sweep(root: Path, base: Experiment, ids: Sequence[str]) -> None:
    write_sweep(root, base.name, digest({"sweep": list(ids)}), to_yaml(base), ids)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.stores", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    asked = parser.parse_args()
    write_store(asked.folder, asked.runs, asked.seeds)


if __name__ == "__main__":
    main()
