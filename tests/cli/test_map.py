"""`dlrun map`: the grid, pictures, JSON, Korean, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dlrun.store import Store
from tests.cli.swept_store import SWEEP, keep_sweep
from tests.stored import HOSTILE, keep_run

Run = Callable[..., tuple[int, str, str]]


def test_the_newest_sweep_is_mapped(run: Run, store: Store) -> None:
    keep_sweep(store)
    code, out, err = run("map")
    assert code == 0
    assert f"The newest sweep: grid-{SWEEP}" in err
    assert "validation loss, width → × depth ↑" in out
    assert "Best: width 32, depth 1: validation loss 0.1318 ± " in out
    assert "\x1b" not in out


def test_the_way_beyond_the_edge_is_a_command(run: Run, store: Store) -> None:
    keep_sweep(store)
    _, out, _ = run("map", "grid")
    spec = store.root / "sweeps" / f"grid-{SWEEP}" / "sweep.yaml"
    assert f"dlrun sweep {spec} --grid model.width=32,64,128" in out


def test_values_may_be_chosen(run: Run, store: Store) -> None:
    keep_sweep(store)
    _, out, _ = run("map", "grid", "--value", "gap", "--value", "accuracy")
    assert [line.split(",")[0] for line in out.splitlines() if "→" in line] == ["gap", "validation accuracy"]


def test_json(run: Run, store: Store) -> None:
    keep_sweep(store)
    code, out, _ = run("map", SWEEP[:6], "--json")
    document = json.loads(out)
    assert (code, document["format"], document["x"]["labels"], len(document["cells"])) == (0, 1, ["16", "32"], 4)


def test_korean(run: Run, store: Store) -> None:
    keep_sweep(store)
    assert "최선: width 32, depth 1" in run("map", "grid", "--lang", "ko")[1]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["png", "svg", "html"])
def test_pictures(run: Run, store: Store, tmp_path: Path, ending: str) -> None:
    keep_sweep(store)
    path = tmp_path / f"map.{ending}"
    code, out, _ = run("map", "grid", f"--{ending}", path)
    assert (code, out.strip()) == (0, str(path))
    begins = {"png": b"\x89PNG", "svg": b"<svg", "html": b"<!DOCTYPE html>"}[ending]
    assert path.read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothing",), "no run answers to `nothing`"),
        (("grid", "--x", "dropout"), "--x: must be a key in which the runs differ. Received: 'dropout'"),
        (("grid", "--value", "weight"), "--value: must be one of"),
        (("grid", "--png", "map.svg"), "--png: a file's name must end in .png"),
        (("grid", "--lang", "de"), "--lang: must be one of en, ko"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run: Run, store: Store, words: tuple[str, ...], message: str) -> None:
    keep_sweep(store)
    code, _, err = run("map", *words)
    assert code in (2, 4)
    assert message in err
    assert "Traceback" not in err


def test_an_empty_store(run: Run) -> None:
    code, _, err = run("map")
    assert (code, "there are no runs to look at" in err) == (2, True)


def test_hostile_names_do_no_harm(run: Run, store: Store) -> None:
    for place, name in enumerate(HOSTILE[:8]):
        for depth in (1, 2):
            keep_run(
                store, name, changed={"model.units": [16 + place] * depth}, rows=[], metrics={"val_loss": 0.1 + place}
            )
    code, out, err = run("map", "--anyway")
    assert code == 0, err
    assert not set("\x1b\x9b\u202e") & set(out + err)
