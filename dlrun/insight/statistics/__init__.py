"""Statistics over seeds, folds and splits: intervals, differences, corrections. Standard library only."""

from dlrun.insight.statistics.difference import Difference, difference, paired_difference, welch_difference
from dlrun.insight.statistics.interval import Interval, half_width, interval_of, mean_interval
from dlrun.insight.statistics.many import LEVEL, holm, pairs_of, too_good_by
from dlrun.insight.statistics.sample import Sample, Unit
from dlrun.insight.statistics.student import t_quantile, two_sided

__all__ = [
    "LEVEL",
    "Difference",
    "Interval",
    "Sample",
    "Unit",
    "difference",
    "half_width",
    "holm",
    "interval_of",
    "mean_interval",
    "paired_difference",
    "pairs_of",
    "t_quantile",
    "too_good_by",
    "two_sided",
    "welch_difference",
]
