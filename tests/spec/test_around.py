import pytest

from dlrun.errors import ConfigError
from dlrun.spec.around import around
from tests.spec.written import loaded

GRIDS = {
    "model: {width: 64}": {"model.width": [32, 64, 128, 256], "model.depth": [1, 2, 3, 4]},
    "model: {units: [8, 32, 16]}": {"model.width": [16, 32, 64, 128], "model.depth": [1, 2, 3, 4]},
    "model: {width: 1, depth: 9}": {"model.width": [1, 2, 4], "model.depth": [1, 2, 3, 4]},
    "model: {depth: 0}": {"model.width": [32, 64, 128, 256], "model.depth": [1, 2, 3, 4]},
    "model: {units: [8, 4], dropout: [0.1, 0]}": {"model.widen": [1, 2, 4], "model.deepen": [1, 2, 3, 4]},
}


@pytest.mark.parametrize("text", GRIDS)
def test_widths_and_depths_around_a_net(text, tmp_path):
    assert around(loaded(tmp_path, text)) == {"grid": GRIDS[text]}


def test_given_weights_leave_nothing_to_try(tmp_path):
    text = "data: {source: xor, validation_split: 0}\nmodel: {depth: 0, weights: [{kernel: [[1], [1]]}]}"
    with pytest.raises(ConfigError, match=r"^model.weights fix the net.*--grid"):
        around(loaded(tmp_path, text))
