"""Jobs -> engine -> store. Serves `train` and `sweep`."""

from dlrun.runner.train import Listener, Planned, Trainer, facts_of, plan

__all__ = ["Listener", "Planned", "Trainer", "facts_of", "plan"]
