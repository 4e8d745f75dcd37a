"""Which keys of a config the range test sweeps, and the command that trains at the rate it suggests."""

from __future__ import annotations

import pytest

from dlrun.insight.explore.lr_range_config import highest_rate, keys_for, train_again
from tests.training.cases import experiment


@pytest.mark.parametrize(
    ("sections", "highest", "keys"),
    [
        ({"optimizer": {"name": "sgd", "learning_rate": 0.2}}, 0.2, {"optimizer.learning_rate": 0.01}),
        (
            {"optimizer": {"name": "sgd", "learning_rate": 0.2}, "schedule": {"name": "cosine"}},
            0.2,
            {"optimizer.learning_rate": 0.01},
        ),
        ({"schedule": {"name": "piecewise", "boundaries": [2, 4], "values": [0.1, 0.3, 0.2]}}, 0.3, {}),
        (
            {
                "schedule": {"name": "one_cycle", "max_learning_rate": 0.5},
                "optimizer": {"name": "sgd", "learning_rate": 0.001},
            },
            0.5,
            {"schedule.max_learning_rate": 0.01},
        ),
        (
            {
                "schedule": {"name": "one_cycle", "max_learning_rate": 0.5},
                "optimizer": {"name": "sgd", "learning_rate": 0.1},
            },
            0.5,
            {"schedule.max_learning_rate": 0.01, "optimizer.learning_rate": 0.001},
        ),
    ],
    ids=["constant", "cosine", "piecewise", "one_cycle", "one_cycle from above"],
)
def test_the_rate_is_that_of_the_schedule(
    sections: dict[str, dict[str, object]], highest: float, keys: dict[str, float]
) -> None:
    spec = experiment(**sections)
    assert highest_rate(spec) == highest
    assert keys_for(spec, 0.01) == pytest.approx(keys)


def test_the_command_trains_as_the_test_did() -> None:
    sets = ["optimizer.learning_rate=5", "data.noise = 0.1"]
    words = train_again("a b.csv", "집", sets, {"optimizer.learning_rate": 0.02})
    expected = ["--target", "집", "--set", "data.noise = 0.1", "--set", "optimizer.learning_rate=0.02"]
    assert words == ["dlrun", "train", "a b.csv", *expected]
