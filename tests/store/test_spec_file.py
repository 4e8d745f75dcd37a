from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import StoreError
from dlrun.spec import Data, Experiment
from dlrun.spec.write import to_yaml
from dlrun.store.spec_file import flatten, read_spec


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("1e-3", 0.001),
        ("1.0e-05", 1e-5),
        ("010", 10),
        ("12:30", "12:30"),
        ("no", "no"),
        ("true", True),
        ("null", None),
        ("2020-01-01", "2020-01-01"),
        ('"1"', "1"),
        (".inf", math.inf),
        ("한글", "한글"),
        ("[1, 2.5, a]", [1, 2.5, "a"]),
    ],
)
def test_scalars_are_those_of_yaml_1_2(tmp_path: Path, scalar: str, value: Any) -> None:
    (tmp_path / "spec.yaml").write_text(f"key: {scalar}\n", encoding="utf-8")
    found = read_spec(tmp_path / "spec.yaml")["key"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("name", ["no", "1e-3", "[/x]", "한글 이름", "two\nlines", "null", "~", "0x10", "#", "12:30"])
def test_what_the_spec_writes_is_read_as_it_was(tmp_path: Path, name: str) -> None:
    experiment = Experiment(name=name, data=Data(source="digits"))
    (tmp_path / "spec.yaml").write_text(to_yaml(experiment), encoding="utf-8")
    assert read_spec(tmp_path / "spec.yaml") == experiment.to_dict()


@pytest.mark.parametrize("text", ["", "- a", "a: [", "a: !!python/object:os.system x", "\x00"])
def test_what_is_no_mapping_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "spec.yaml").write_text(text)
    with pytest.raises(StoreError, match=r"spec\.yaml"):
        read_spec(tmp_path / "spec.yaml")


def test_flatten() -> None:
    spec = {"seed": 1, "model": {"units": [8, 8], "x": {"y": None}}, "empty": {}}
    assert flatten(spec) == {"seed": 1, "model.units": [8, 8], "model.x.y": None, "empty": {}}
