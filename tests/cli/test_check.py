from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from dlrun.cli.main import main
from tests.command import ROOT
from tests.shared_data import SHARED, config_params

CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))


@pytest.mark.parametrize("config", config_params())
def test_every_config_of_the_repository_holds(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLRUN_DATA", str(SHARED))
    assert main(["check", str(config)]) == 0
    assert "steps: " in capsys.readouterr().out


def test_the_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check", str(ROOT / "configs" / "wide.yaml"), "--results", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    for text in ("units: [256, 256]", "(batch, 256)", "65,792", "parameters: 85,002 trained", "not trained yet"):
        assert text in shown


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ROOT / "configs" / "deep.yaml"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["format"] == 1
    assert found["spec"]["model"]["units"] == [64] * 6
    assert found["steps"] == {"batch_size": 32, "per_epoch": 45, "in_all": 1800}


def test_rules_that_need_the_data_point_into_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "wrong.yaml"
    config.write_text("data: {source: digits}\nfit:\n  loss: mean_absolute_percentage_error\n")
    assert main(["check", str(config)]) == 2
    assert f"{config}:3: fit.loss mean_absolute_percentage_error does not fit" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (
            "model.weights=[{kernel: [[1, 2]]}, {kernel: [[1], [1]]}, {kernel: [[1]]}]",
            "model.weights[0].kernel must be",
        ),
        ("fit.class_weight={low: 2}", "fit.class_weight has a label that is no class of 'digit'"),
    ],
)
@pytest.mark.parametrize("command", ["check", "train"])
def test_what_only_data_show_is_found_before_anything_is_written(
    command: str, key: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "digits", "--set", key, "--results", str(tmp_path / "results")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


def test_warnings_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ROOT / "configs" / "deep_linear_xor.yaml")]) == 0
    assert "warning: " in capsys.readouterr().err


def test_augmentation_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "digits", "--set", "data.augmentation={shift: 0.1, noise: 0.2}"]) == 0
    wanted = "augmentation: shift 0.1, noise 0.2; while training only, no loss is measured with it"
    assert wanted in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("source", "key", "message"),
    [
        ("iris", "data.augmentation.rotation=0.1", "is for images; these rows are a table"),
        ("moons", "data.augmentation={mixup: 0.2, flip: vertical}", "data.augmentation.flip is for images"),
    ],
)
def test_augmentation_that_does_not_fit(
    source: str, key: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", source, "--set", key]) == 2
    assert message in capsys.readouterr().err


def test_nothing_named_lists_the_configs_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["check"]) == 2
    assert "configs/wide.yaml" in capsys.readouterr().err


def test_schema_is_draft_7_and_fits_the_configs(capsys: pytest.CaptureFixture[str]) -> None:
    from dlrun.spec.yaml_text import parse

    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator.check_schema(schema)
    for config in CONFIGS:
        jsonschema.Draft7Validator(schema).validate(parse(config.read_text(), config.name).tree)
