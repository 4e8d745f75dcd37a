import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from dlrun.errors import ConfigError
from dlrun.spec import Experiment, json_schema, load
from dlrun.spec.expectation import resolve
from dlrun.spec.yaml_text import parse
from tests.spec.experiments import trees
from tests.spec.written import loaded

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    jsonschema.Draft7Validator.check_schema(json_schema())
    return jsonschema.Draft7Validator(json_schema())


def test_the_schema_says_what_it_is():
    schema = json.loads(json.dumps(json_schema()))
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert list(schema["properties"])[:3] == ["base", "name", "seed"]
    assert "required" not in schema


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_our_own_configs_are_valid(path, validator):
    validator.validate(parse(path.read_text(encoding="utf-8"), path.name).tree)


GOOD = [
    "base: other.yaml",
    "model: {width: 8}",
    "model: {units: []}",
    "model: {activation: [relu, step]}",
    "model: {kernel_initializer: {name: random_normal, stddev: 0.5}}",
    "optimizer: adam",
    "optimizer: {learning_rate: 0.5, beta_1: 0.5}",
    "optimizer: {name: sgd, momentum: 0.5}",
    "schedule: {warmup_epochs: 3}",
    "schedule: {name: piecewise, boundaries: [1], values: [1, 2]}",
    "fit: {batch_size: full}",
    "fit: {class_weight: {a: 1}}",
    "data: {inline: {x: [[0, 1]], y: [a]}}",
    "data: {source: t.csv, na_values: [-1, none], label_map: {a: 1}}",
    "sweep: {grid: {model.width: [1]}, seeds: [1, 2]}",
    "sweep: {search: {name: tpe}, space: {model.l2: {low: 0, high: 1}, model.width: [3]}}",
]

BAD = [
    "sede: 1",
    "seed: -1",
    "seed: true",
    "seed: 1.5",
    "seed: 10000000000",
    "name: 3",
    "name: ''",
    "data: digits",
    "data: {sorce: digits}",
    "data: {source: digits, validation_split: 1}",
    "data: {source: digits, scaling: std}",
    "data: {source: digits, na_values: [true]}",
    "data: {inline: {x: [1], y: [1]}}",
    "data: {inline: {x: [[1]]}}",
    "model: {width: 0}",
    "model: {depth: 1001}",
    "model: {units: 64}",
    "model: {units: [0]}",
    "model: {activation: reul}",
    "model: {dropout: 1}",
    "model: {dropout: [0.5, 1]}",
    "model: {kernel_initializer: he}",
    "model: {kernel_initializer: {stddev: 1}}",
    "optimizer: adan",
    "optimizer: {name: adan}",
    "optimizer: {momentum: 0.5}",
    "optimizer: {name: adam, momentum: 0.5}",
    "optimizer: {learning_rate: 0}",
    "optimizer: [adam]",
    "schedule: {factor: 0.5}",
    "schedule: {name: step, every: 0}",
    "schedule: piecewise2",
    "fit: {epochs: ten}",
    "fit: {batch_size: all}",
    "fit: {batch_size: 0}",
    "fit: {metrics: accuracy}",
    "fit: {metrics: [acc]}",
    "fit: {loss: cross}",
    "fit: {early_stopping: true}",
    "fit: {early_stopping: {patience: -1}}",
    "sweep: {grid: {model.width: 3}}",
    "sweep: {grid: {model.width: []}}",
    "sweep: {search: {name: bayes}}",
    "sweep: {seeds: 0}",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_holds_is_valid(text, validator, tmp_path):
    validator.validate(parse(text, "x.yaml").tree)
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    if "base" not in text:
        loaded(tmp_path, text)


@pytest.mark.parametrize("text", BAD)
def test_what_the_schema_refuses_the_loader_refuses(text, validator, tmp_path):
    assert not validator.is_valid(parse(text, "x.yaml").tree)
    with pytest.raises(ConfigError):
        loaded(tmp_path, text)


@settings(max_examples=50, deadline=None)
@given(trees)
def test_what_is_stored_is_valid(tree):
    stored = json.loads(json.dumps(Experiment.model_validate(tree).to_dict()))
    jsonschema.Draft7Validator(json_schema()).validate(stored)


def test_every_key_is_explained():
    """So that an editor shows what a key means; the arguments of Keras' optimizers are explained by Keras."""
    definitions = json_schema()["definitions"]
    optimizers = [branch["$ref"].rsplit("/")[-1] for branch in json_schema()["properties"]["optimizer"]["oneOf"][1:]]
    for name, node in definitions.items():
        if name not in (*optimizers, "KernelInitializer"):
            silent = [key for key, value in node["properties"].items() if key != "name" and "description" not in value]
            assert not silent, name
    assert all("description" in resolve(node, definitions) for node in json_schema()["properties"].values())


def test_editors_find_the_schema_beside_a_config(tmp_path):
    """The comment that editors read is only a comment to us."""
    text = "# yaml-language-server: $schema=../schema.json\ndata: {source: digits}\n"
    (tmp_path / "a.yaml").write_text(text)
    assert load(tmp_path / "a.yaml").experiment.data.source == "digits"


def test_keys_are_described_by_the_docstring_below_them():
    definitions = json_schema()["definitions"]
    assert definitions["SGD"]["properties"]["weight_decay"]["description"].startswith("Decoupled weight decay")
    assert "description" not in definitions["SGD"]["properties"]["learning_rate"]  # given again, without one
    assert json_schema()["properties"]["seed"]["description"].startswith("Initial weights")
