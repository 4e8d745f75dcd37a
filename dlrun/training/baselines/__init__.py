"""Classical methods on a net's own rows: fitted, kept and opened again. scikit-learn is imported where it is used."""

from dlrun.training.baselines.engine import BaselineEngine
from dlrun.training.baselines.fitted import FittedBaseline
from dlrun.training.baselines.left_out import left_out
from dlrun.training.baselines.methods import ENGINE, METHODS, Method
from dlrun.training.baselines.restored import restore_baseline

__all__ = ["ENGINE", "METHODS", "BaselineEngine", "FittedBaseline", "Method", "left_out", "restore_baseline"]
