"""`dlrun diagnose`, in this process: what it prints, writes and refuses; and what it writes, trained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dlrun.store import Store
from tests.command import dlrun, train_json
from tests.stored import HOSTILE, keep_run

Run = Any

COMMAND = "diagnose"


def test_the_newest_run_when_none_is_named(store: Store, run: Run) -> None:
    keep_run(store, "old")
    keep_run(store, "new", finished="2026-11-21T16:00:00+00:00")
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out.startswith("new-")
    assert "best epoch 3 of 5" in out
    assert "Next: " in out


def test_korean(store: Store, run: Run) -> None:
    keep_run(store, "하나")
    out = run("--lang", "ko")[1]
    assert "다음 실험" in out
    assert "에포크" in out


def test_json(store: Store, run: Run) -> None:
    folder = keep_run(store, "one")
    document = json.loads(run("one", "--json")[1])
    assert document["format"] == 1
    (found,) = document["runs"]
    assert (found["id"], found["name"]) == (folder.id, "one")
    assert found["evidence"]["best_epoch"] == 3
    assert set(found["next"]) == {"kind", "patch", "why"}


def test_several_configurations_have_a_line_each(store: Store, run: Run) -> None:
    for width in (8, 16):
        for seed in range(2):
            keep_run(store, f"w{width}", seed=seed, changed={"model.units": [width]})
    code, out, err = run("w8", "w16")
    assert code == 0
    assert len(out.splitlines()) == 3
    assert "(2 of 2)" in out
    assert "Configurations: 2" in err
    document = json.loads(run("w8", "w16", "--json")[1])
    assert len(document["runs"]) == 4
    assert [group["share"] for group in document["configurations"]] == [1.0, 1.0]


def test_the_seeds_of_one_configuration_are_told_together_and_one_in_full(store: Store, run: Run) -> None:
    for seed in range(3):
        keep_run(store, "one", seed=seed)
    out = run("one")[1]
    assert "(3 of 3)" in out
    assert "Next: " in out


def test_damaged_runs_are_listed_and_the_rest_shown(store: Store, run: Run) -> None:
    keep_run(store, "whole", changed={"model.units": [8]})
    broken = keep_run(store, "broken")
    broken.result_path.write_text("{")
    code, out, _ = run("whole", "broken")
    assert code == 0
    assert f"{broken.path.name}: damaged" in out
    assert "whole" in out
    code, out, _ = run("broken")
    assert "damaged" in out
    assert code == 0


def test_hostile_names(store: Store, run: Run) -> None:
    for place, name in enumerate(HOSTILE):
        keep_run(store, name, seed=place)
    for folder in store.folders():
        code, out, _ = run(folder.id)
        assert code == 0
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_no_runs_and_no_such_run(store: Store, run: Run) -> None:
    code, _, err = run()
    assert (code, err.count("\n")) == (4, 1)
    keep_run(store, "one")
    assert run("two")[0] == 4


def test_write(store: Store, run: Run, tmp_path: Path) -> None:
    folder = keep_run(store, "one")
    child = tmp_path / "next.yaml"
    assert run("one", "--write", child)[0] == 0
    text = child.read_text()
    assert f'base: "results/runs/{folder.path.name}/spec.yaml"' in text
    code, _, err = run("one", "--write", child)
    assert code == 2
    assert "is there already" in err
    assert child.read_text() == text
    assert run("one", "--write", child, "--force")[0] == 0


def test_write_refuses(store: Store, run: Run, tmp_path: Path) -> None:
    keep_run(store, "w8", changed={"model.units": [8]})
    keep_run(store, "w16", changed={"model.units": [16]})
    code, _, err = run("w8", "w16", "--write", tmp_path / "next.yaml")
    assert code == 2
    assert "one configuration" in err
    assert run("w8", "--write", tmp_path)[0] == 2
    assert run("w8", "--write", tmp_path / "absent" / "next.yaml")[0] == 6
    assert run("w8", "--lang", "de")[0] == 2
    assert not list(tmp_path.glob("*.yaml"))


def test_nothing_heavy_is_loaded(store: Store) -> None:
    import subprocess
    import sys

    keep_run(store, "one")
    code = (
        "import sys; from dlrun.cli.main import main; main(['diagnose', 'one']); "
        "print(sorted({'numpy', 'pydantic', 'rich', 'altair', 'keras', 'pandas', 'plotext'} & sys.modules.keys()))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.endswith("[]\n")


@pytest.mark.slow
def test_what_is_written_can_be_trained(tmp_path: Path) -> None:
    (tmp_path / "configs" / "rows").mkdir(parents=True)
    lines = ["a,b,y", *(f"{n % 7},{n * 3 % 11},{'yes' if n % 3 else 'no'}" for n in range(60))]
    (tmp_path / "configs" / "rows" / "table.csv").write_text("\n".join(lines) + "\n")
    config = tmp_path / "configs" / "base.yaml"
    config.write_text("data: {source: rows/table.csv, target: y}\nmodel: {units: [4]}\nfit: {epochs: 4}\n")
    results = tmp_path / "store"
    (first,) = train_json(config, "--backend", "jax", "--results", results)
    child = tmp_path / "elsewhere.yaml"
    done = dlrun("diagnose", first["id"][:6], "--write", child, "--results", results, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    patch = json.loads(done.stdout)["runs"][0]["next"]["patch"]
    (second,) = train_json(child, "--backend", "jax", "--results", results, cwd=tmp_path / "configs")
    assert second["name"] == "elsewhere"
    assert second["id"] != first["id"]
    record = json.loads(Path(second["path"], "result.json").read_text())
    assert patch.items() <= record["spec"].items()
