"""Jobs -> engine -> store. Serves `train` and `sweep`."""

from dlrun.runner.budget import Budget
from dlrun.runner.scores import Score, Standings, Unit
from dlrun.runner.sweep import SweepListener, SweepTrainer
from dlrun.runner.train import Listener, Planned, Trainer, facts_of, plan

__all__ = [
    "Budget",
    "Listener",
    "Planned",
    "Score",
    "Standings",
    "SweepListener",
    "SweepTrainer",
    "Trainer",
    "Unit",
    "facts_of",
    "plan",
]
