"""What two curves say: under- or overfit, and what to try next. Standard library only.

Its names are loaded when they are asked for: a table that shows remembered verdicts needs none of the rules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlrun.insight.verdict.diagnosis import VERDICTS, Diagnosis, NextExperiment, Told
    from dlrun.insight.verdict.next_step import next_experiment
    from dlrun.insight.verdict.rules import diagnose
    from dlrun.insight.verdict.stored import configuration_verdict, verdicts

_PLACES = {
    "VERDICTS": "diagnosis",
    "Diagnosis": "diagnosis",
    "NextExperiment": "diagnosis",
    "Told": "diagnosis",
    "configuration_verdict": "stored",
    "diagnose": "rules",
    "next_experiment": "next_step",
    "verdicts": "stored",
}

__all__ = [
    "VERDICTS",
    "Diagnosis",
    "NextExperiment",
    "Told",
    "configuration_verdict",
    "diagnose",
    "next_experiment",
    "verdicts",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
