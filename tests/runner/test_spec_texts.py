from __future__ import annotations

from typing import Any

from hypothesis import given

from dlrun.runner.spec_texts import SpecTexts
from dlrun.spec import Experiment
from dlrun.spec.write import to_yaml
from tests.spec.experiments import trees

TEXTS = SpecTexts()


@given(trees)
def test_it_writes_what_to_yaml_writes(tree: dict[str, Any]) -> None:
    experiment = Experiment.model_validate(tree)
    assert TEXTS.of(experiment) == to_yaml(experiment)
    assert TEXTS.of(experiment.with_seed(7)) == to_yaml(experiment.with_seed(7))
