"""How the runs are made again: commands, and the configs they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dlrun.insight.words import said
from dlrun.store import Entry, SweepFolder


@dataclass(frozen=True)
class Step:
    """One thing to do."""

    words: str
    command: str
    """Empty where there is none."""


@dataclass(frozen=True)
class Config:
    """A file that a command takes."""

    name: str
    text: str


@dataclass(frozen=True)
class Reproduction:
    """What to do, and what for."""

    steps: list[Step]
    configs: list[Config]


def reproduction(sweeps: Sequence[SweepFolder], best: Entry | None, language: str) -> Reproduction:
    """Commands that train the sweeps again, and the best run alone.

    Configs that cannot be read are left out with their commands.
    """
    steps: list[Step] = _data(best, language)
    configs: list[Config] = []
    for place, sweep in enumerate(sweeps):
        name = "sweep.yaml" if place == 0 else f"sweep-{place + 1}.yaml"
        text = _text(sweep.spec_path)
        if text:
            steps.append(Step(said("report.step_sweep", language, file=name), f"dlrun sweep {name}"))
            configs.append(Config(name, text))
    text = _text(best.folder.spec_path) if best else ""
    if best and text:
        steps.append(Step(said("report.step_best", language, file="best.yaml"), "dlrun train best.yaml"))
        configs.append(Config("best.yaml", text))
        steps.append(Step(said("report.step_look", language), f"dlrun curves {best.folder.id}"))
    return Reproduction(steps, configs)


def _data(best: Entry | None, language: str) -> list[Step]:
    """Which rows are needed."""
    fingerprint = best.record.get("data", {}).get("fingerprint") if best else None
    return [Step(said("report.step_data", language, fingerprint=fingerprint), "")] if fingerprint else []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
