"""Swept runs with known values, without a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dlrun.insight.configurations import Configuration
from dlrun.insight.maps.swept import Swept
from dlrun.insight.table import Column
from dlrun.store import Entry, Record, RunFolder


def made(
    rows: Sequence[tuple[Mapping[str, Any], Sequence[float | None]]],
    monitor: str = "val_loss",
    same_seeds: bool = True,
    train: Sequence[Sequence[float]] | None = None,
    sizes: Sequence[int] | None = None,
    by_split: bool = False,
) -> Swept:
    """Configurations of settings and one value of the monitor per seed; None is a run that diverged.

    Args:
        same_seeds: without it no two runs share a seed.
        train: train losses of the same shape.
        sizes: train rows of each.
        by_split: values are of one seed on several splits, each with half as many validation rows as train rows.
    """
    configurations = []
    for place, (_, values) in enumerate(rows):
        entries = [
            _entry(place, seed if same_seeds else 100 * place + seed, monitor, value,
                   train[place][seed] if train else None, sizes[place] if sizes else 100, by_split)
            for seed, value in enumerate(values)
        ]  # fmt: skip
        configurations.append(Configuration(tuple(entries), monitor, len(entries)))
    names = list(dict.fromkeys(key for settings, _ in rows for key in settings))
    keys = tuple(Column(name, name.rpartition(".")[2], "amount") for name in names)
    settings = tuple(dict(settings) for settings, _ in rows)
    seeds = max(len(values) for _, values in rows)
    return Swept(tuple(configurations), settings, keys, monitor, tuple(None for _ in rows), (), seeds)


def _entry(
    place: int, seed: int, monitor: str, value: float | None, train: float | None, size: int, by_split: bool
) -> Entry:
    record = Record(
        name="made",
        status="completed" if value is not None else "diverged",
        seed=0 if by_split else seed,
        fold=None,
        monitor=monitor,
        metrics={monitor: value} | ({"train_loss": train} if train is not None else {}),
        rows={"train": size} | ({"validation": size // 2} if by_split else {}),
        trivial={monitor: 2.3},
        spec={"data.split_seed": seed} if by_split else {},
    )
    return Entry(RunFolder(Path(f"/nowhere/made-{place:06x}{seed:06x}")), record, 0.0)
