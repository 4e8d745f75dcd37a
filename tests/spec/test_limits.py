import math

import pytest

from dlrun.spec.limits import Limits, limits_of

LIMITS = {
    "model.width": Limits(True, 1, 10**9),
    "model.depth": Limits(True, 0, 1000),
    "fit.batch_size": Limits(True, 1, 10**9),
    "model.dropout": Limits(False, 0, 1, open_high=True),
    "optimizer.learning_rate": Limits(False, 0, open_low=True),
    "data.train_fraction": Limits(False, 0, 1, open_low=True),
    "model.l2": Limits(False, 0),
    "model.kernel_initializer.mean": Limits(False, -math.inf, math.inf),
    "model.activation": None,
    "fit.early_stopping": None,
    "model.no_such_key": None,
}


@pytest.mark.parametrize("key", LIMITS)
def test_limits_are_those_of_the_key(key):
    assert limits_of(key, {}) == LIMITS[key]


def test_an_argument_has_the_limits_that_the_chosen_schedule_gives_it():
    key = "schedule.factor"
    assert limits_of(key, {"schedule": {"name": "step"}}) == Limits(False, 0, 1, open_low=True)
    assert limits_of(key, {"schedule": {"name": "reduce_lr_on_plateau"}}) == Limits(False, 0, 1, True, True)
