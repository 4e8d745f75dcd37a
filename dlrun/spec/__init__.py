"""What an experiment is: config text -> a frozen, validated `Experiment`, its rules and its identity."""

from dlrun.spec.experiment import Data, Experiment, Fit, Model
from dlrun.spec.findings import Facts, Finding
from dlrun.spec.identity import changed, flat, run_id
from dlrun.spec.load import Loaded, load
from dlrun.spec.rules import rules_of_data
from dlrun.spec.schema import json_schema
from dlrun.spec.task_rules import auto_metrics, resolved_loss

__all__ = [
    "Data",
    "Experiment",
    "Facts",
    "Finding",
    "Fit",
    "Loaded",
    "Model",
    "auto_metrics",
    "changed",
    "flat",
    "json_schema",
    "load",
    "resolved_loss",
    "rules_of_data",
    "run_id",
]
