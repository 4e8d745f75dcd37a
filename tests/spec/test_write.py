import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlrun.spec import Experiment, load
from dlrun.spec.experiment import Data
from dlrun.spec.write import dump, to_yaml
from dlrun.spec.yaml_text import parse
from tests.spec.experiments import NASTY, texts, trees


@settings(max_examples=150, deadline=None)
@given(trees)
def test_what_is_written_is_read_as_it_was(tree):
    experiment = Experiment.model_validate(tree)
    text = to_yaml(experiment)
    assert Experiment.model_validate(parse(text, "spec.yaml").tree) == experiment
    assert yaml.safe_load(text) == experiment.to_dict()


def test_what_is_written_can_be_loaded(tmp_path):
    experiment = Experiment.model_validate({"data": {"source": "digits"}, "name": "1e-3", "model": {"units": [8, 4]}})
    (tmp_path / "other.yaml").write_text(to_yaml(experiment), encoding="utf-8")
    assert load(tmp_path / "other.yaml").experiment == experiment


@pytest.mark.parametrize("text", NASTY)
def test_texts_stay_texts(text):
    for tree in ({"a": text}, {text: 1}, [text, text], {"a": [text]}):
        assert parse(dump(tree), "x.yaml").tree == tree
        assert yaml.safe_load(dump(tree)) == tree


values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts


@settings(max_examples=150, deadline=None)
@given(st.recursive(values, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)))
@example([1e-7, 1e16, 1e22, 123456789.123456789, 5e-324, -0.0])
def test_any_tree_comes_back(tree):
    assert parse(dump(tree), "x.yaml").tree == tree


def test_the_text_is_pleasant_to_read():
    experiment = Experiment(data=Data(source="digits"), name="넓게")
    lines = to_yaml(experiment).splitlines()
    assert lines[:3] == ["name: 넓게", "seed: 0", "data:"]
    assert "  units: [64, 64]" in lines
    assert "  learning_rate: 0.001" in lines
    assert max(map(len, lines)) < 120
