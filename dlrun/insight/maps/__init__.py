"""What a sweep says as a whole: the map of two keys, the effect of each key, the learning curve."""

from dlrun.insight.maps.capacity import CapacityMap, capacity_map
from dlrun.insight.maps.effect import Effects
from dlrun.insight.maps.effects import effects
from dlrun.insight.maps.learning_curve import LearningCurve, learning_curve
from dlrun.insight.maps.swept import Swept, swept

__all__ = [
    "CapacityMap",
    "Effects",
    "LearningCurve",
    "Swept",
    "capacity_map",
    "effects",
    "learning_curve",
    "swept",
]
