"""Sweeps written into a folder, and searches driven to their end by a function in place of training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dlrun.spec import Loaded, load
from dlrun.sweeps import Round, Scored, Search, Trial, search_of

Worth = Callable[[Mapping[str, Any]], float | None]
"""Values of a trial -> its score."""


def asked(folder: Path, sweep: str, base: str = "data: {source: digits}") -> Loaded:
    """The config with this sweep."""
    (folder / "sweep.yaml").write_text(f"{base}\nsweep: {sweep}\n", encoding="utf-8")
    return load(folder / "sweep.yaml")


def searched(folder: Path, sweep: str, base: str = "data: {source: digits}") -> Search:
    return search_of(asked(folder, sweep, base))


def driven(search: Search, worth: Worth) -> tuple[list[Round], list[Scored]]:
    """All rounds of a search, and what came of them."""
    rounds: list[Round] = []
    history: list[Scored] = []
    while (chosen := search.next_round(history)) is not None:
        assert len(rounds) < 100
        rounds.append(chosen)
        history += [Scored(trial, worth(trial.values)) for trial in chosen.trials]
    return rounds, history


def values_of(trials: list[Trial] | tuple[Trial, ...]) -> list[dict[str, Any]]:
    return [dict(trial.values) for trial in trials]
