from pathlib import Path

import pytest

from dlrun.errors import ConfigError
from dlrun.spec import load
from dlrun.spec.around import around
from dlrun.spec.sweep_words import SweepWords, grid_values, space_values, with_words
from dlrun.spec.yaml_text import parse

SEARCHED = "sweep: {search: {name: halving, factor: 4}, space: {model.width: {low: 1, high: 8}}, seeds: 3}"
GRID = "sweep: {grid: {model.width: [1]}, seeds: [4, 7]}"
SPACE = {"model.width": {"low": 1.0, "high": 8.0}}


def asked(folder, text, **words):
    """The sweep of a config with such words, as far as it differs from the defaults."""
    (folder / "c.yaml").write_text(f"data: {{source: digits}}\nmodel: {{width: 4}}\n{text}\n")
    found = load(Path("c.yaml"))
    done = with_words(found, SweepWords(**words), around(found.experiment))
    assert done.layer is not None
    return done.experiment.sweep.model_dump(exclude_defaults=True)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "words", "sweep"),
    [
        # nothing said
        (GRID, {}, {"grid": {"model.width": (1,)}, "seeds": (4, 7)}),
        (SEARCHED, {}, {"search": {"name": "halving", "factor": 4}, "space": SPACE, "seeds": 3}),
        # a config without a sweep
        ("", {}, {"grid": {"model.width": (2, 4, 8, 16), "model.depth": (1, 2, 3, 4)}}),
        ("sweep: null", {}, {"grid": {"model.width": (2, 4, 8, 16), "model.depth": (1, 2, 3, 4)}}),
        ("", {"seeds": 2}, {"grid": {"model.width": (2, 4, 8, 16), "model.depth": (1, 2, 3, 4)}, "seeds": 2}),
        ("", {"grids": ["model.width=3"]}, {"grid": {"model.width": (3,)}}),
        # what is searched is replaced whole, the seeds stay
        (GRID, {"grids": ["model.depth=1..3"]}, {"grid": {"model.depth": (1, 2, 3)}, "seeds": (4, 7)}),
        (SEARCHED, {"grids": ["model.depth=1..3"], "seeds": 5}, {"grid": {"model.depth": (1, 2, 3)}, "seeds": 5}),
        (GRID, {"spaces": ["model.depth=1..3"]},
         {"search": {"name": "random"}, "space": {"model.depth": {"low": 1.0, "high": 3.0}}, "seeds": (4, 7)}),
        (SEARCHED, {"spaces": ["model.depth=1..3"], "search": "tpe", "trials": 9},
         {"search": {"name": "tpe", "n_trials": 9}, "space": {"model.depth": {"low": 1.0, "high": 3.0}}, "seeds": 3}),
        # part of it
        (SEARCHED, {"seeds": 1}, {"search": {"name": "halving", "factor": 4}, "space": SPACE}),
        (SEARCHED, {"trials": 7},
         {"search": {"name": "halving", "n_trials": 7, "factor": 4}, "space": SPACE, "seeds": 3}),
        (SEARCHED, {"search": "random"}, {"search": {"name": "random"}, "space": SPACE, "seeds": 3}),
    ],
)  # fmt: skip
def test_the_command_line_over_the_config(text, words, sweep, folder):
    assert asked(folder, text, **words) == sweep


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("model.width=16,32,64", "model.width", [16, 32, 64]),
        (" model.width = 16 , 32 ", "model.width", [16, 32]),
        ("model.depth=1..4", "model.depth", [1, 2, 3, 4]),
        ("model.depth=0..0", "model.depth", [0]),
        ("model.depth=1..3,8", "model.depth", [1, 2, 3, 8]),
        ("fit.batch_size=16..48:16,full", "fit.batch_size", [16, 32, 48, "full"]),
        ("model.width=1..6:2", "model.width", [1, 3, 5]),
        ("model.units=[8],[16,8],[]", "model.units", [[8], [16, 8], []]),
        ("optimizer.learning_rate=1e-3,.01", "optimizer.learning_rate", [0.001, 0.01]),
        ("model.batch_normalization=true,false", "model.batch_normalization", [True, False]),
        ("fit.early_stopping=null,{patience: 3}", "fit.early_stopping", [None, {"patience": 3}]),
        ("optimizer={name: sgd, momentum: 0.9},adam", "optimizer", [{"name": "sgd", "momentum": 0.9}, "adam"]),
        ("data.source='a, b.csv',c=d.csv", "data.source", ["a, b.csv", "c=d.csv"]),
    ],
)
def test_values_of_a_grid(text, key, values):
    assert grid_values(text) == (key, values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("optimizer.learning_rate=1e-4..1e-1:log", {"low": 1e-4, "high": 0.1, "log": True}),
        ("model.dropout=0..0.5", {"low": 0, "high": 0.5}),
        ("model.dropout=.1...5", {"low": 0.1, "high": 0.5}),
        ("model.width=8..256:8", {"low": 8, "high": 256, "step": 8}),
        ("model.dropout=0..0.5:0.1", {"low": 0, "high": 0.5, "step": 0.1}),
        ("model.kernel_initializer.mean=-1..1", {"low": -1, "high": 1}),
        ("model.activation=relu,tanh", ["relu", "tanh"]),
        ("model.units=[8],[8,8]", [[8], [8, 8]]),
        ("model.dropout=0.5", [0.5]),
    ],
)
def test_values_of_a_space(text, values):
    assert space_values(text) == (text.partition("=")[0], values)


BAD = {
    "grids": {
        "model.width": "must have the form key=values, such as model.width=16,32,64 or model.depth=1..4.",
        "=3": "must have the form key=values, such as model.width=16,32,64 or model.depth=1..4.",
        "model.width=": "must have the form key=values, such as model.width=16,32,64 or model.depth=1..4.",
        "model..width=3": "must have the form key=values, such as model.width=16,32,64 or model.depth=1..4.",
        "model.width=1,,2": "must hold values with commas between them, such as 16,32 or [8],[16,8].",
        "model.width=[1": "must hold values with commas between them, such as 16,32 or [8],[16,8].",
        "model.width=1],[2": "must hold values with commas between them, such as 16,32 or [8],[16,8].",
        "model.width=4..1": "has a range whose first number is above the last. Received: 4..1.",
        "model.width=0..0.5": "has a range that is not of whole numbers, as 1..4 or 16..64:16. List its values.",
        "model.width=1..4:0": "has a range that is not of whole numbers, as 1..4 or 16..64:16. List its values.",
        "model.width=1..4:log": "has a range that is not of whole numbers, as 1..4 or 16..64:16. List its values.",
        "model.width=1..10000000": "has 10,000,000 values; at most 10,000 are taken. Draw from a --space.",
        "model.wdith=3": "sweep.grid: model.wdith is not a key of `model`. Did you mean `width`?",
        "model.width=0": "sweep.grid: model.width must be a whole number >= 1. Received: 0.",
        "model.width=a": "sweep.grid: model.width must be a whole number >= 1. Received: 'a'.",
        "seed=1,2": "sweep.grid: seed cannot be swept: use `sweep.seeds`.",
    },
    "spaces": {
        "model.width=8": None,
        "model.width": "must have the form key=values, such as optimizer.learning_rate=1e-4..1e-1:log or "
        "model.activation=relu,tanh.",
        "model.width=8..4": "sweep.space.model.width.low must be below high, 4. Received: 8.",
        "optimizer.learning_rate=0..1:log": "sweep.space.optimizer.learning_rate.low must be > 0 where log is true. "
        "Received: 0.",
        "model.width=1..8:lag": "must end in `:log` or in a step, such as 8..256:8.",
        "model.width=1..8:true": "must end in `:log` or in a step, such as 8..256:8.",
        "model.activation=1..8": "sweep.space: model.activation is not a number, so it has no range. Give a list of "
        "values.",
        "model.dropout=0..1": "sweep.space: model.dropout must be a number >= 0 and < 1, or a list of such. Received: "
        "1.",
    },
}


@pytest.mark.parametrize(("option", "text"), [(option, text) for option, texts in BAD.items() for text in texts])
def test_what_cannot_be_read_is_said(option, text, folder):
    message = BAD[option][text]
    if message is None:
        asked(folder, "", **{option: [text]})
        return
    with pytest.raises(ConfigError) as raised:
        asked(folder, "", **{option: [text]})
    assert str(raised.value) == f"--{option.removesuffix('s')} {text}: {message}"


DRAW = "Draw from --space, such as optimizer.learning_rate=1e-4..1e-1:log or model.activation=relu,tanh."
NEEDS = (
    "needs what to draw from: --space, such as optimizer.learning_rate=1e-4..1e-1:log or model.activation=relu,tanh."
)


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        (GRID, {"search": "tpe"}, f"--search tpe: is for a search, but `grid` runs every combination. {DRAW}"),
        (GRID, {"grids": ["model.width=1"], "trials": 3},
         f"--trials 3: is for a search, but `grid` runs every combination. {DRAW}"),
        ("", {"search": "zoom"}, f"--search zoom: {NEEDS}"),
        ("", {"trials": 3}, f"--trials 3: {NEEDS}"),
        ("", {"grids": ["model.width=1"], "spaces": ["model.depth=1,2"]},
         "--space: cannot stand beside --grid, which runs every combination. Keep one of them."),
        ("", {"grids": ["model.width=1", "model.width=2"]},
         "--grid model.width=2: gives model.width a second time. Write all its values into one option."),
        ("", {"grids": ["model.width=1..", "a\nb=[", "model.width"]},
         "--grid 'a\\nb=[': must hold values with commas between them, such as 16,32 or [8],[16,8].\n"
         "--grid model.width: must have the form key=values, such as model.width=16,32,64 or model.depth=1..4."),
        (GRID, {"grids": ["model.units=[8]", "model.depth=1,2"]},
         "--grid model.units=[8]: sweep.grid: model.units cannot be swept beside model.depth, which it contains or "
         "says in another way. Keep one of them."),
    ],
)  # fmt: skip
def test_words_that_do_not_go_together(text, words, message, folder):
    with pytest.raises(ConfigError) as raised:
        asked(folder, text, **words)
    assert str(raised.value) == message


def test_paths_start_at_the_folder_of_the_command(folder):
    (folder / "t.csv").write_text("a,b\n1,2\n")
    found = asked(folder, "", grids=["data.source=digits,t.csv"])
    assert found["grid"]["data.source"] == ("digits", str(folder / "t.csv"))


def test_the_same_grid_in_a_file_is_the_same_sweep(folder):
    texts = ["model.width=16,32", "optimizer.name=adam,sgd", "model.units=[8],[]"]
    for text in texts:
        key, values = grid_values(text)
        in_file = parse(f"[{text.partition('=')[2]}]", "").tree
        assert values == in_file, key
