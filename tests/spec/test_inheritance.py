from pathlib import Path

import pytest

from dlrun.errors import ConfigError
from dlrun.spec import load
from dlrun.spec.layers import lay
from dlrun.spec.load import build
from dlrun.spec.swept import point_layer
from tests.spec.written import loaded


@pytest.mark.parametrize(
    ("texts", "sets", "units"),
    [
        # width with depth is short for units; each alone takes the other from the default
        (["model: {width: 256, depth: 3}"], [], (256, 256, 256)),
        (["model: {width: 256}"], [], (256, 256)),
        (["model: {depth: 4}"], [], (64, 64, 64, 64)),
        (["model: {depth: 0}"], [], ()),
        (["model: {width: 5, depth: 0}"], [], ()),
        (["model: {units: [8, 4]}"], [], (8, 4)),
        (["model: {units: []}"], [], ()),
        # a file over a base with units: depth is the number of layers, width the widest
        (["model: {units: [8, 32, 16]}", "model: {width: 5}"], [], (5, 5, 5)),
        (["model: {units: [8, 32, 16]}", "model: {depth: 2}"], [], (32, 32)),
        (["model: {units: []}", "model: {depth: 2}"], [], (64, 64)),
        (["model: {units: []}", "model: {width: 9}"], [], ()),
        # a file over a base with width and depth
        (["model: {width: 16, depth: 3}", "model: {width: 5}"], [], (5, 5, 5)),
        (["model: {width: 16, depth: 3}", "model: {depth: 1}"], [], (16,)),
        (["model: {width: 16, depth: 3}", "model: {units: [7]}"], [], (7,)),
        # three files
        (["model: {units: [8, 32]}", "model: {depth: 3}", "model: {width: 5}"], [], (5, 5, 5)),
        (["model: {width: 8, depth: 1}", "model: {units: [7, 9]}", "model: {depth: 3}"], [], (9, 9, 9)),
        # --set is one more layer, and so is the next one
        (["model: {units: [8, 32, 16]}"], ["model.width=5"], (5, 5, 5)),
        (["model: {units: [8, 32, 16]}"], ["model.depth=1"], (32,)),
        (["model: {units: [8, 32, 16]}"], ["model.depth=1", "model.width=5"], (5,)),
        (["model: {width: 5, depth: 1}"], ["model.units=[3, 4]"], (3, 4)),
        (["model: {width: 5, depth: 1}"], ["model.units=[3, 4]", "model.depth=3"], (4, 4, 4)),
        (["model: {width: 5}"], ["model={depth: 3}"], (5, 5, 5)),
    ],
)
def test_width_depth_and_units(texts, sets, units, tmp_path):
    assert loaded(tmp_path, *texts, sets=sets).model.units == units


@pytest.mark.parametrize(("key", "value", "units"), [("model.width", 5, (5, 5)), ("model.depth", 3, (32, 32, 32))])
def test_a_point_of_a_grid_is_a_layer_too(key, value, units, tmp_path):
    (tmp_path / "a.yaml").write_text("data: {source: digits}\nmodel: {units: [8, 32]}\n")
    below = load(tmp_path / "a.yaml").layer
    assert build(lay(below, point_layer(key, value, "the grid"))).model.units == units


def test_widen_and_deepen(tmp_path):
    model = loaded(tmp_path, "model: {units: [8, 4], widen: 3, deepen: 2, dropout: [0.1, 0.2]}").model
    assert model.hidden == (24, 24, 12, 12)
    assert model.each_layer(model.dropout) == (0.1, 0.1, 0.2, 0.2)
    assert model.each_layer(model.activation) == ("relu",) * 4


def test_a_file_wins_key_by_key(tmp_path):
    low = "seed: 3\nmodel: {width: 8, l2: 0.1}\nfit: {epochs: 7, early_stopping: {patience: 3, min_delta: 0.5}}"
    got = loaded(tmp_path, low, "seed: 4", "fit: {early_stopping: {patience: 9}}\nmodel: {l2: 0.2}")
    assert (got.seed, got.model.l2, got.model.units, got.fit.epochs) == (4, 0.2, (8, 8), 7)
    assert (got.fit.early_stopping.patience, got.fit.early_stopping.min_delta) == (9, 0.5)


def test_null_takes_a_section_away_and_an_empty_section_changes_nothing(tmp_path):
    low = "model: {width: 8}\noptimizer: sgd\nschedule: cosine\nfit: {epochs: 7, early_stopping: {patience: 3}}"
    got = loaded(tmp_path, low, "data:\nmodel:\noptimizer:\nschedule:\nfit:\n  early_stopping:\n")
    assert (got.model.units, got.optimizer.name, got.schedule.name) == ((8, 8), "sgd", "cosine")
    assert (got.fit.epochs, got.fit.early_stopping) == (7, None)
    assert loaded(tmp_path, low, "fit:").fit.epochs == 7


def test_another_optimizer_keeps_the_arguments_it_shares(tmp_path):
    low = "optimizer: {name: sgd, learning_rate: 0.3, momentum: 0.9, nesterov: true, clipnorm: 1}"
    adam = loaded(tmp_path, low, "optimizer: adam").optimizer
    assert (adam.name, adam.learning_rate, adam.clipnorm, adam.beta_1) == ("adam", 0.3, 1, 0.9)
    rms = loaded(tmp_path, low, "optimizer: {name: rmsprop, rho: 0.8}").optimizer
    assert (rms.learning_rate, rms.momentum, rms.rho) == (0.3, 0.9, 0.8)
    assert loaded(tmp_path, low, "optimizer: {momentum: 0.5}").optimizer.momentum == 0.5
    assert loaded(tmp_path, "optimizer: sgd", "optimizer: {momentum: 0.5}").optimizer.momentum == 0.5
    assert loaded(tmp_path, low, sets=["optimizer.name=adam"]).optimizer.learning_rate == 0.3
    back = loaded(tmp_path, low, "optimizer: adam", "optimizer: sgd").optimizer
    assert (back.learning_rate, back.momentum) == (0.3, 0.0)


def test_another_schedule_keeps_the_arguments_it_shares(tmp_path):
    low = "schedule: {name: cosine, alpha: 0.2, warmup_epochs: 3}"
    restarts = loaded(tmp_path, low, "schedule: cosine_restarts").schedule
    assert (restarts.alpha, restarts.warmup_epochs) == (0.2, 3)
    assert loaded(tmp_path, low, "schedule: reduce_lr_on_plateau").schedule.name == "reduce_lr_on_plateau"


def test_arguments_without_a_name_are_of_the_default(tmp_path):
    got = loaded(tmp_path, "optimizer: {learning_rate: 0.5}\nschedule: {warmup_epochs: 2}")
    assert (got.optimizer.name, got.optimizer.learning_rate) == ("adam", 0.5)
    assert (got.schedule.name, got.schedule.warmup_epochs) == ("constant", 2)
    assert loaded(tmp_path, "seed: 1", sets=["optimizer.learning_rate=0.5"]).optimizer.learning_rate == 0.5


def test_one_of_two_ways_replaces_the_other(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    table = "data: {source: t.csv, exclude: [a]}"
    assert loaded(tmp_path, table, "data: {features: [a]}").data.exclude is None
    assert loaded(tmp_path, table, "data: {inline: {x: [[0]], y: [1]}, exclude: null}").data.source is None
    back = loaded(tmp_path, "data: {inline: {x: [[0]], y: [1]}}", "data: {source: digits}").data
    assert (back.source, back.inline) == ("digits", None)


def test_what_is_replaced_whole(tmp_path):
    low = """
model: {kernel_initializer: {name: random_normal, stddev: 0.5}}
sweep: {grid: {model.width: [8, 16]}, seeds: 3}
"""
    top = "model: {kernel_initializer: {name: random_uniform, maxval: 1}}\nsweep: {grid: {model.depth: [1]}}"
    got = loaded(tmp_path, low, top)
    assert got.model.kernel_initializer.arguments() == {"maxval": 1}
    assert got.sweep.grid == {"model.depth": (1,)}
    assert got.sweep.seeds == 1


def test_set_reaches_into_what_a_file_replaces_whole(tmp_path):
    low = "model: {kernel_initializer: {name: random_normal, mean: 1}}\nsweep: {grid: {model.width: [8]}, seeds: 3}"
    got = loaded(tmp_path, low, sets=["sweep.seeds=5", "model.kernel_initializer.stddev=0.1"])
    assert (got.sweep.grid, got.sweep.seeds) == ({"model.width": (8,)}, 5)
    assert got.model.kernel_initializer.arguments() == {"mean": 1, "stddev": 0.1}


def test_a_problem_stands_at_the_file_that_brought_the_value(tmp_path):
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, "fit:\n  epochs: -1\n  batch_size: 0", "fit: {batch_size: 8}", "seed: -1", sets=["name="])
    assert [problem.where for problem in raised.value.problems] == [
        "--set name=",
        f"{tmp_path}/0.yaml:3",
        f"{tmp_path}/2.yaml:2",
    ]


def test_paths_start_at_the_file_that_writes_them(tmp_path, monkeypatch):
    for name in ("one", "two", "here"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.csv").write_text("a,b\n1,2\n")
    (tmp_path / "one" / "low.yaml").write_text("data: {source: t.csv}\n")
    (tmp_path / "two" / "mid.yaml").write_text("base: ../one/low.yaml\ndata: {test_source: t.csv}\n")
    (tmp_path / "top.yaml").write_text(
        "base: two/mid.yaml\nsweep: {grid: {data.source: [digits, one/t.csv, two/t.csv]}}\n"
    )
    monkeypatch.chdir(tmp_path / "here")
    got = load(Path("../top.yaml"), ["data.validation_source=t.csv"]).experiment
    assert got.data.source == str(tmp_path / "one" / "t.csv")
    assert got.data.test_source == str(tmp_path / "two" / "t.csv")
    assert got.data.validation_source == str(tmp_path / "here" / "t.csv")
    assert got.sweep.grid["data.source"] == ("digits", *(str(tmp_path / name / "t.csv") for name in ("one", "two")))


def test_neither_layer_is_changed(tmp_path):
    (tmp_path / "a.yaml").write_text("data: {source: digits}\nmodel: {units: [8, 32]}\noptimizer: sgd\n")
    below = load(tmp_path / "a.yaml").layer
    before = repr(below)
    lay(below, point_layer("model.units", [1], "")).tree["model"]["units"].append(2)
    lay(below, point_layer("optimizer", "adam", ""))
    assert repr(below) == before
