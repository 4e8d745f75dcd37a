"""Real runs on small tables, trained in this process, for what is done with a net afterwards."""

from __future__ import annotations

import contextlib
import io
import json
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.cli.main import main
from dlrun.store import RunFolder, Store

BACKEND = os.environ.get("KERAS_BACKEND", "tensorflow")
KINDS = ("장미", "[/x]", "=1+1")
COLOURS = ("red", "green", "blue")


def flowers(rows: int = 150, seed: int = 0) -> str:
    """A CSV with a text that is different in every row, a number that is missing at times, a category and a label."""
    generator = np.random.default_rng(seed)
    lines = ["번호,length,colour,kind"]
    for row in range(rows):
        kind = int(generator.integers(0, 3))
        length = "" if row % 17 == 3 else f"{kind * 1.5 + generator.normal():.3f}"
        colour = COLOURS[kind if generator.random() < 0.7 else int(generator.integers(0, 3))]
        lines.append(f"r{row},{length},{colour},{KINDS[kind]}")
    return "\n".join(lines) + "\n"


def houses(rows: int = 120, seed: int = 0) -> str:
    """A CSV with a price around 300,000."""
    generator = np.random.default_rng(seed)
    size, rooms = generator.normal(100, 30, rows), generator.integers(1, 7, rows)
    price = 2000 * size + 15000 * rooms + generator.normal(0, 20000, rows) + 50000
    body = [f"{a:.1f},{b},{c:.0f}" for a, b, c in zip(size, rooms, price, strict=True)]
    return "\n".join(["size,rooms,price", *body]) + "\n"


def rare(rows: int = 200, seed: int = 0) -> str:
    """A CSV in which one row in ten is `yes`."""
    generator = np.random.default_rng(seed)
    body = []
    for row in range(rows):
        yes = row % 10 == 0
        body.append(f"{generator.normal() + 2 * yes:.3f},{generator.normal():.3f},{'yes' if yes else 'no'}")
    return "\n".join(["a,b,ill", *body]) + "\n"


def keep(root: Path, name: str, text: str | None, **config: Any) -> RunFolder:
    """Trains `name`.csv in the store at root / results; sections of the config update those of a small net.

    Args:
        text: of the CSV; None where `data.source` is given.
    """
    if text is not None:
        (root / f"{name}.csv").write_text(text, encoding="utf-8")
    data = {"source": f"{name}.csv", **config.pop("data", {})}
    sections = {"model": {"units": [8]}, "fit": {"epochs": 8, "batch_size": 16}} | config
    path = root / f"{name}.yaml"
    path.write_text(json.dumps({"name": name, "data": data, **sections}), encoding="utf-8")
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the backends say of each other while they load is theirs
        code = main(["train", str(path), "--backend", BACKEND, "-q", "--results", str(root / "results")])
    if code not in (0, 1):
        raise RuntimeError(told.getvalue())
    return Store(root / "results").newest()
