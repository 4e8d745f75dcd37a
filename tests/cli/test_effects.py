"""`dlrun effects`: levels, shares, JSON, pictures, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dlrun.store import Store
from tests.cli.swept_store import keep_sweep
from tests.stored import keep_run

Run = Callable[..., tuple[int, str, str]]


def test_every_key_has_its_levels(run: Run, store: Store) -> None:
    keep_sweep(store)
    code, out, err = run("effects", "grid")
    assert code == 0
    assert "depth: explains" in out
    assert "width: explains" in out
    assert "depth: 1 is best, × " in out
    assert "Full grid: intervals come from the spread of 2 seeds" in err
    assert "\x1b" not in out


def test_another_value_and_plain_numbers(run: Run, store: Store) -> None:
    keep_sweep(store)
    code, out, err = run("effects", "grid", "--value", "accuracy")
    assert (code, "depth: 1 is best, +0.1" in out) == (0, True)
    assert "Effects on validation accuracy as it is" in err
    assert "Effects on validation loss as it is" in run("effects", "grid", "--no-log")[2]


def test_json_and_korean(run: Run, store: Store) -> None:
    keep_sweep(store)
    document = json.loads(run("effects", "grid", "--json", "--lang", "ko")[1])
    assert [key["key"] for key in document["keys"]] == ["model.depth", "model.width"]
    assert document["findings"][0].startswith("depth: 1에서 가장 좋으며")


@pytest.mark.slow
def test_a_picture(run: Run, store: Store, tmp_path: Path) -> None:
    keep_sweep(store)
    code, out, _ = run("effects", "grid", "--png", tmp_path / "effects.png")
    assert (code, out.strip()) == (0, str(tmp_path / "effects.png"))
    assert (tmp_path / "effects.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_wrong_is_said(run: Run, store: Store) -> None:
    keep_run(store, "alone", rows=[], metrics={"val_loss": 0.5})
    code, _, err = run("effects", "alone")
    assert (code, "one configuration alone" in err) == (2, True)
    keep_sweep(store)
    code, _, err = run("effects", "grid", "--value", "auc")
    assert (code, "--value: must be one of train_loss, val_loss, val_accuracy. Received: 'auc'" in err) == (2, True)
