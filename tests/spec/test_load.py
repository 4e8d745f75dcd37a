from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlrun.errors import ConfigError, Problem
from dlrun.spec import load
from dlrun.spec.experiment import Model
from dlrun.spec.schema import json_schema
from dlrun.spec.write import dump
from tests.shared_data import SHARED, config_params
from tests.spec.written import loaded


@pytest.mark.parametrize("path", config_params())
def test_our_own_configs_hold(path, monkeypatch):
    monkeypatch.setenv("DLRUN_DATA", str(SHARED))
    expected = [] if path.stem != "deep_linear_xor" else ["model.activation"]
    assert [warning.text.split()[0] for warning in load(path).warnings] == expected
    assert load(path).experiment.name == path.stem


def test_a_config_of_one_line(tmp_path):
    got = loaded(tmp_path, "data: {source: digits}")
    assert got.name == "0"
    assert (got.model, got.optimizer.name, got.fit.epochs) == (Model(), "adam", 50)


def test_a_byte_order_mark_and_windows_line_ends(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfdata:\r\n  source: digits\r\nseed: 3\r\n")
    assert load(tmp_path / "a.yaml").experiment.seed == 3


@pytest.mark.parametrize(
    "name", ["[/x]", "../x", "<script>alert(1)</script>", "한글 😀", "a: b # c", "\x1b[31m", "1e-3"]
)
def test_names_are_labels(name, tmp_path):
    (tmp_path / "a.yaml").write_text(dump({"name": name, "data": {"source": "digits"}}), encoding="utf-8")
    assert load(tmp_path / "a.yaml").experiment.name == name


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("fit: {epochs: 010, batch_size: 0o17}", {"epochs": 10, "batch_size": 15}),
        ("fit: {epochs: 0x10, batch_size: full}", {"epochs": 16, "batch_size": "full"}),
        ("fit: {epochs: 0, label_smoothing: 1e-1}", {"epochs": 0, "label_smoothing": 0.1}),
        ("fit: {loss: mse, metrics: [accuracy, f1]}", {"loss": "mean_squared_error", "metrics": ("accuracy", "f1")}),
        ("fit: {class_weight: {0: 1, no: 2.5}}", {"class_weight": {"0": 1.0, "no": 2.5}}),
        ("fit: {class_weight: balanced, early_stopping: {}}", {"class_weight": "balanced"}),
    ],
)
def test_values(text, values, tmp_path):
    fit = loaded(tmp_path, text).fit
    assert {key: getattr(fit, key) for key in values} == values


def test_labels_and_missing_values_are_text(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    data = loaded(tmp_path, "data: {source: t.csv, na_values: [-1, '', no, 9.5], label_map: {2: 1, no: yes}}").data
    assert data.na_values == ("-1", "", "no", "9.5")
    assert data.label_map == {"2": "1", "no": "yes"}


@pytest.mark.parametrize(
    ("argument", "path", "value"),
    [
        ("name=123", "name", "123"),
        ("name=1e-3", "name", "1e-3"),
        ("name=a=b", "name", "a=b"),
        ("name=[x", "name", "[x"),
        ("name=true", "name", "true"),
        ("name= 한글 ", "name", " 한글 "),
        ("seed=010", "seed", 10),
        ("fit.epochs= 7", "fit.epochs", 7),
        (" fit.epochs =7", "fit.epochs", 7),
        ("fit.batch_size=full", "fit.batch_size", "full"),
        ("fit.metrics=[accuracy, auc]", "fit.metrics", ("accuracy", "auc")),
        ("optimizer=sgd", "optimizer.name", "sgd"),
        ("optimizer={name: sgd, momentum: 0.5}", "optimizer.momentum", 0.5),
        ("optimizer.learning_rate=1e-2", "optimizer.learning_rate", 0.01),
        ("model.activation=[relu, tanh]", "model.activation", ("relu", "tanh")),
        ("model.activation=tanh", "model.activation", "tanh"),
        ("fit.early_stopping.patience=4", "fit.early_stopping.patience", 4),
        ("fit.monitor=val_accuracy", "fit.monitor", "val_accuracy"),
        ("fit.class_weight={0: 2}", "fit.class_weight", {"0": 2.0}),
        ("data.train_fraction=.5", "data.train_fraction", 0.5),
    ],
)
def test_set_is_typed_by_the_key(argument, path, value, tmp_path):
    got = loaded(tmp_path, "seed: 1", sets=[argument])
    for part in path.split("."):
        got = getattr(got, part)
    assert got == value


def test_a_column_may_be_a_name_or_a_position(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    for argument, target in (("-1", -1), ("b", "b"), ("'1'", "1")):
        got = loaded(tmp_path, f"data: {{source: {tmp_path / 't.csv'}}}", sets=[f"data.target={argument}"])
        assert got.data.target == target


def test_the_last_set_wins(tmp_path):
    assert loaded(tmp_path, "seed: 1", sets=["seed=2", "seed=3"]).seed == 3


def test_an_experiment_without_a_file(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    monkeypatch.chdir(tmp_path)
    words = {"data": {"source": "t.csv"}}
    got = load(None, ["data.target=b"], words).experiment
    assert (got.data.source, got.data.target) == (str(tmp_path / "t.csv"), "b")
    assert words == {"data": {"source": "t.csv"}}


def test_warnings_stand_at_their_line(tmp_path):
    (tmp_path / "a.yaml").write_text("data: {source: digits}\nmodel:\n  depth: 0\n  dropout: 0.5\n")
    (warning,) = load(tmp_path / "a.yaml").warnings
    assert str(warning) == (
        f"{tmp_path}/a.yaml:4: model.dropout has no hidden layer to act on. Set model.depth to 1 or more."
    )


# --- any tree is loaded or refused, never a crash ---------------------------------------------------------------------


def keys(node):
    """Every key that stands anywhere in the schema."""
    if isinstance(node, dict):
        return {*node.get("properties", {}), *(key for inner in node.values() for key in keys(inner))}
    return {key for inner in node for key in keys(inner)} if isinstance(node, list) else set()


any_key = st.sampled_from(sorted(keys(json_schema()))) | st.text(max_size=3)
words = st.sampled_from(["adam", "digits", "xor", "relu", "auto", "cosine", "random", "val_loss", "model.width", "x"])
leaf = st.none() | st.booleans() | st.integers(-3, 10**12) | st.floats() | words | st.text(max_size=4)
trees = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_key, inner, max_size=4))
sections = st.fixed_dictionaries({}, optional={key: trees for key in json_schema()["properties"] if key != "base"})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sections, st.lists(any_key.filter(lambda key: "\0" not in key), max_size=2))
def test_any_tree_is_loaded_or_refused(tree, path):
    problems: tuple[Problem, ...] = ()
    try:
        load(None, [f"{'.'.join(path)}=1"] if path else [], {"data": {"source": "digits"}, **tree})
    except ConfigError as error:
        problems = error.problems
    assert all(str(problem).isprintable() and problem.where for problem in problems)


def test_a_child_without_a_name_is_called_what_its_file_is_called(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("name: the base\ndata: {source: digits}")
    (tmp_path / "child.yaml").write_text("base: base.yaml\nmodel: {width: 8}")
    assert load(tmp_path / "child.yaml").experiment.name == "child"
    assert load(tmp_path / "base.yaml").experiment.name == "the base"
