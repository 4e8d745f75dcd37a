from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlrun.errors import ConfigError
from dlrun.spec import load
from dlrun.spec.layers import lay
from dlrun.spec.load import build
from dlrun.spec.points import Points, in_words
from dlrun.spec.problems import flow
from dlrun.spec.rules import rules_of_spec
from dlrun.spec.swept import points_layer, without_sweep
from tests.spec.experiments import trees

BASE = """
data: {source: digits}
model: {units: [8, 32], activation: relu}
optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.5}
"""


def points(tmp_path, grid, base=BASE):
    (tmp_path / "g.yaml").write_text(f"{base}\nsweep: {{grid: {grid}}}\n")
    return Points(load(tmp_path / "g.yaml"))


def full_path(loaded, values):
    """The experiment as a config file would give it: one layer on another, everything validated."""
    return build(lay(without_sweep(loaded.layer), points_layer(values, "")))


SWEPT = {
    "model.width": [1, 8, 64],
    "model.depth": [0, 1, 3],
    "model.widen": [1, 2],
    "model.deepen": [1, 3],
    "model.dropout": [0, 0.5],
    "model.units": [[], [4], [4, 8]],
    "model.kernel_initializer": ["he_normal", {"name": "random_normal", "stddev": 0.1}],
    "optimizer": ["adam", {"name": "sgd", "momentum": 0.9}, "lion"],
    "optimizer.name": ["adam", "rmsprop"],
    "optimizer.learning_rate": [1e-3, 1],
    "schedule": ["constant", "cosine", {"name": "step", "every": 2}],
    "fit.batch_size": [1, 32, "full"],
    "fit.early_stopping": [None, {"patience": 3}],
    "fit.class_weight": [None, "balanced"],
    "data.train_fraction": [0.5, 1],
    "data.source": ["digits", "iris"],
    "data.folds": [None, 3],
}
TOGETHER = [
    ("model.width", "model.depth", "optimizer.learning_rate"),
    ("model.units", "model.dropout", "schedule"),
    ("model.widen", "model.deepen", "optimizer.name"),
    ("optimizer", "fit.batch_size", "fit.early_stopping"),
    ("data.train_fraction", "data.source", "fit.class_weight"),
    ("model.kernel_initializer", "model.depth", "data.folds"),
]


@pytest.mark.parametrize("keys", TOGETHER, ids=" ".join)
def test_a_point_is_the_config_with_its_values_in_it(keys, tmp_path):
    (tmp_path / "base.yaml").write_text(BASE)
    built = points(tmp_path, flow({key: SWEPT[key] for key in keys}).replace("'", ""))
    for values in product(*(SWEPT[key] for key in keys)):
        point = dict(zip(keys, values, strict=True))
        sets = [f"{key}={value if isinstance(value, str) else flow(value)}" for key, value in point.items()]
        expected = load(tmp_path / "base.yaml", sets).experiment
        assert built.at(point).experiment == expected.model_copy(update={"name": "g"})


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(trees, st.sampled_from([1, 9]), st.sampled_from([0, 2]))
def test_any_base_gives_what_the_full_path_gives(tree, width, depth):
    tree = {**tree, "sweep": {"grid": {"model.width": [1, 9], "model.depth": [0, 2]}}}
    values = {"model.width": width, "model.depth": depth}
    try:
        loaded = load(None, [], tree)
        expected = full_path(loaded, values)
    except ConfigError:  # a per-layer list beside a swept depth, say
        return
    errors = [finding.path for finding in rules_of_spec(expected) if finding.is_error]
    if errors:
        with pytest.raises(ConfigError, match=errors[0]):
            Points(loaded).at(values)
    else:
        assert Points(loaded).at(values).experiment.to_dict() == expected.to_dict()


def test_width_and_depth_take_the_missing_one_from_the_base(tmp_path):
    assert points(tmp_path, "{model.width: [5]}").at({"model.width": 5}).experiment.model.units == (5, 5)
    assert points(tmp_path, "{model.depth: [3]}").at({"model.depth": 3}).experiment.model.units == (32, 32, 32)


def test_another_optimizer_keeps_what_it_shares(tmp_path):
    built = points(tmp_path, "{optimizer.name: [adam, rmsprop]}")
    assert built.at({"optimizer.name": "adam"}).experiment.optimizer.learning_rate == 0.1
    assert built.at({"optimizer.name": "rmsprop"}).experiment.optimizer.momentum == 0.5


def test_an_argument_goes_only_where_it_is_taken(tmp_path):
    built = points(tmp_path, "{optimizer.name: [adam, sgd], optimizer.momentum: [0.1, 0.9]}")
    adam = [built.at({"optimizer.name": "adam", "optimizer.momentum": momentum}) for momentum in (0.1, 0.9)]
    assert [point.values for point in adam] == [{"optimizer.name": "adam"}] * 2
    assert adam[0].identity == adam[1].identity
    sgd = [built.at({"optimizer.name": "sgd", "optimizer.momentum": momentum}) for momentum in (0.1, 0.9)]
    assert [point.experiment.optimizer.momentum for point in sgd] == [0.1, 0.9]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ({"model.width": 8, "model.depth": 2}, {"model.units": [8, 8]}, True),
        ({"model.units": [4, 2], "model.widen": 2}, {"model.units": [8, 4], "model.widen": 1}, True),
        ({"model.depth": 0, "model.dropout": 0.5}, {"model.depth": 0, "model.dropout": 0.1}, True),
        ({"data.source": "digits"}, {"data.source": "iris"}, False),
        ({"data.train_fraction": 1}, {"data.train_fraction": 1.0}, True),
        ({"fit.batch_size": 32}, {"fit.batch_size": "full"}, False),
    ],
)
def test_one_experiment_said_in_two_ways_is_one(a, b, same, tmp_path):
    built = points(tmp_path, "{data.train_fraction: [0.5]}")
    assert (built.at(a).identity == built.at(b).identity) == same


def test_equal_data_are_one_object(tmp_path):
    grid = "{data.train_fraction: [0.5, 1], model.width: [4, 8]}"
    built = points(tmp_path, grid)
    found = [
        built.at({"data.train_fraction": share, "model.width": width}).experiment.data
        for share in (0.5, 1)
        for width in (4, 8)
    ]
    assert found[0] is found[1]
    assert found[2] is found[3] is built.loaded.experiment.data
    assert found[0] != found[2]
    assert built.at({"model.width": 3}).experiment.data is built.loaded.experiment.data


def test_experiments_are_without_a_sweep(tmp_path):
    assert points(tmp_path, "{model.width: [8]}").at({"model.width": 8}).experiment.sweep is None


def test_what_does_not_hold_names_the_point(tmp_path):
    built = points(tmp_path, "{schedule: [{name: cosine, warmup_epochs: 9}], fit.epochs: [5, 50]}")
    with pytest.raises(ConfigError) as raised:
        built.at({"schedule": {"name": "cosine", "warmup_epochs": 9}, "fit.epochs": 5})
    assert str(raised.value) == (
        f"{tmp_path}/g.yaml:6: sweep.grid: schedule={{name: 'cosine', warmup_epochs: 9}}, fit.epochs=5: "
        "schedule.warmup_epochs must be below fit.epochs 5. Received: 9."
    )


def test_lists_per_layer_must_fit_the_depth_of_their_point(tmp_path):
    built = points(tmp_path, "{model.units: [[8], [8, 4]], model.dropout: [[0.1, 0.2], 0]}")
    assert built.at({"model.units": [8, 4], "model.dropout": [0.1, 0.2]}).experiment.model.dropout == (0.1, 0.2)
    with pytest.raises(ConfigError, match=r"model.units=\[8\], model.dropout=\[0.1, 0.2\]: model.dropout must be one"):
        built.at({"model.units": [8], "model.dropout": [0.1, 0.2]})


def test_a_point_without_validation_rows_cannot_be_judged_by_them(tmp_path):
    built = points(tmp_path, "{data.validation_split: [0, 0.2]}")
    assert built.monitor == "val_loss"
    with pytest.raises(ConfigError, match=r"no rows are held out, but val_loss decides"):
        built.at({"data.validation_split": 0})


def test_warnings_come_with_the_point(tmp_path):
    point = points(tmp_path, "{model.activation: [relu, linear]}").at({"model.activation": "linear"})
    assert [finding.path for finding in point.warnings] == ["model.activation"]


def test_values_in_words():
    values = {"model.units": [8, 4], "optimizer.name": "adam", "model.l2": 1e-4, "fit.early_stopping": None}
    assert in_words({**values, "data.source": "a\nb"}) == (
        "model.units=[8, 4], optimizer.name=adam, model.l2=0.0001, fit.early_stopping=null, data.source='a\\nb'"
    )


def test_a_config_without_a_sweep_has_no_points(tmp_path):
    (tmp_path / "g.yaml").write_text(BASE)
    with pytest.raises(ConfigError, match="sweep is required"):
        Points(load(tmp_path / "g.yaml"))
