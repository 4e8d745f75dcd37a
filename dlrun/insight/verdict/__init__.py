"""What two curves say: under- or overfit, and what to try next. Standard library only."""

from dlrun.insight.verdict.diagnosis import VERDICTS, Diagnosis, NextExperiment, Told
from dlrun.insight.verdict.next_step import next_experiment
from dlrun.insight.verdict.rules import diagnose
from dlrun.insight.verdict.stored import configuration_verdict, verdicts

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
