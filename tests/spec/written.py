"""Configs written into a folder and loaded from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dlrun.spec import Experiment, load

DIGITS = "data: {source: digits}\n"


def loaded(folder: Path, *texts: str, sets: Sequence[str] = ()) -> Experiment:
    """The experiment of the last of these files, each of which has the one before as its base. The first one's data
    are digits where it names none."""
    base = ""
    for number, text in enumerate(texts):
        data = DIGITS if number == 0 and "data:" not in text else ""
        (folder / f"{number}.yaml").write_text(f"{base}{data}{text}\n", encoding="utf-8")
        base = f"base: {number}.yaml\n"
    return load(folder / f"{len(texts) - 1}.yaml", sets).experiment
