"""`dlrun curves` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dlrun.store import Store
from tests.stored import HOSTILE, curves_of, keep_run

COMMAND = "curves"


def keep_widths(store: Store, *widths: int, seeds: int = 2) -> None:
    for width in widths:
        for seed in range(seeds):
            rows = curves_of(lowest=0.1 + 1 / width + seed / 100)
            keep_run(store, "x", seed=seed, changed={"model.units": [width]}, rows=rows)


def test_without_a_reference_the_newest_configuration_is_drawn(run: Any, store: Store) -> None:
    keep_widths(store, 8, 16)
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out.startswith("x: loss (cross-entropy, nats)\n")
    assert "best epoch 3 (median of 2): validation 0.1675, train 0.3333" in out


def test_seeds_are_one_line_or_each_its_own(run: Any, store: Store) -> None:
    keep_widths(store, 8, 16)
    assert "x: 2 configurations" in run("x")[1]
    out = run("x", "--each")[1]
    assert "x: 4 runs" in out
    assert "width 8, seed 1" in out


def test_the_gap(run: Any, store: Store) -> None:
    keep_widths(store, 8)
    assert "validation minus train" in run("--gap")[1]
    code, _, err = run("--gap", "--log")
    assert code == 2
    assert "--gap" in err


def test_parallel(run: Any, store: Store) -> None:
    keep_widths(store, 8, 16, 32)
    code, out, _ = run("x", "--parallel", "--metric", "accuracy")
    assert code == 0
    assert "1 width         from below: 8, 16, 32" in out
    assert "a width 32: 86.38% (2 of 2 runs)" in out
    assert run("x", "--parallel", "--each")[0] == 2


def test_pictures_of_all_kinds(run: Any, store: Store, tmp_path: Path) -> None:
    keep_widths(store, 8, 16)
    assert run("x", "--png", "c.png", "--svg", "c.svg")[1] == "c.png\nc.svg\n"
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    assert "width 16" in (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert run("x", "--parallel", "--svg", "p.svg")[1] == "p.svg\n"
    assert "val loss" in (tmp_path / "p.svg").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_page(run: Any, store: Store, tmp_path: Path) -> None:
    keep_run(store, "<script>alert(1)</script>")
    assert run("--html", "c.html")[1] == "c.html\n"
    text = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "Content-Security-Policy" in text
    assert "alert(1)</script>" not in text


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--png", "c.svg"), 2, "--png: must name a file that ends in .png. Received: 'c.svg'"),
        (("--html", "c"), 2, "--html: must name a file that ends in .html"),
        (("--metric", "f1"), 2, "--metric: must be one of loss, accuracy. Received: f1"),
        (("nothing",), 4, "nothing"),
        (("--parallel",), 2, "--parallel: needs two configurations"),
        (("--parallel", "--log"), 2, "--parallel has no use for"),
    ],
)
def test_bad_requests(run: Any, store: Store, words: tuple[str, ...], code: int, message: str) -> None:
    keep_widths(store, 8)
    found, out, err = run(*words)
    assert (found, out) == (code, "")
    assert message in err
    assert len(err.splitlines()) == 1 or code == 4


def test_parallel_takes_many_configurations_by_itself(run: Any, store: Store) -> None:
    keep_widths(store, 8, 16, 32)
    code, out, _ = run("--parallel", "--json")
    assert code == 0
    assert len(json.loads(out)["lines"]) == 3


def test_an_empty_store(run: Any) -> None:
    code, out, err = run()
    assert (code, out) == (4, "")
    assert "no runs yet" in err


def test_a_run_without_epochs_is_no_picture(run: Any, store: Store, tmp_path: Path) -> None:
    folder = keep_run(store, "x", rows=[], finish=False)
    code, _, err = run("--png", "c.png")
    assert code == 2
    assert f"there is no finite value to draw; {folder.path.name}: no epochs yet" in err
    assert not (tmp_path / "c.png").exists()
    assert run()[0] == 0


def test_json(run: Any, store: Store) -> None:
    keep_widths(store, 8, 16)
    found = json.loads(run("x", "--json")[1])
    assert found["format"] == 1
    assert [line["label"] for line in found["lines"]] == ["width 8", "width 16"]
    assert {point["curve"] for point in found["points"]} == {"train", "validation"}
    found = json.loads(run("x", "--parallel", "--json")[1])
    assert [line["label"] for line in found["lines"]] == ["width 16", "width 8"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(run: Any, store: Store, name: str) -> None:
    for seed in range(2):
        keep_run(store, name, seed=seed, changed={"model.activation": name} if seed else None)
    for words in (("--each",), ("--each", "--json"), ("--parallel",)):
        references = [folder.id for folder in store.folders()]
        code, out, err = run(*references, *words)
        assert code == 0, err
        assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(out + err)
