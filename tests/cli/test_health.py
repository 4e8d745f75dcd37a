"""`dlrun health`, and `dlrun train --health` as a user types it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dlrun.cli.main import main
from dlrun.insight.health.telling import COLUMNS
from dlrun.store import RunFolder, Store
from tests.command import dlrun
from tests.stored import HOSTILE, keep_run

Run = Any

COMMAND = "health"


def document(layers: int = 3, epochs: int = 4) -> dict[str, Any]:
    """A deep sigmoid net whose gradients vanish."""
    names = [*(f"hidden_{place + 1}" for place in range(layers - 1)), "output"]
    values = {name: 0.1 for name, _ in COLUMNS if not name.endswith("_start")}
    measures = {name: [[value] * epochs for _ in names] for name, value in values.items()}
    measures["signal"] = [[10.0 ** (place - 6)] * epochs for place in range(layers)]
    measures["update"] = [[0.001] * epochs for _ in names]
    measures["weight"] = [[3.0] * epochs for _ in names]
    bins = {"low": 0.0, "high": 1.0, "counts": list(range(40))}
    return {
        "format": 1, "rows": 1234, "steps_per_epoch": 9, "batch_normalization": False,
        "layers": [{"name": name, "activation": "sigmoid", "inputs": 8, "units": 8} for name in names],
        "epochs": list(range(epochs)), "measures": measures,
        "histograms": [{"epoch": at, "layers": [bins] * layers} for at in sorted({0, epochs // 2, epochs - 1})],
    }  # fmt: skip


def watched(store: Store, name: str = "deep", **shape: int) -> RunFolder:
    folder = keep_run(store, name, changed={"model.activation": "sigmoid"})
    folder.health_path.write_text(json.dumps(document(**shape)), encoding="utf-8")
    return folder


def test_the_newest_run_when_none_is_named(store: Store, run: Run) -> None:
    folder = watched(store, layers=6)
    code, out, err = run()
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == f"{folder.path.name}: layer health on 1,234 train rows, epochs 0 to 3"
    assert [line.split()[0] for line in lines[1:8]] == ["layer", *(f"hidden_{n}" for n in range(1, 6)), "output"]
    assert lines[8].startswith("Vanishing gradients: at the start, what comes back to hidden_1 is 10,000 times smaller")
    assert lines[-3:] == ["    model:", "      activation: relu", "      kernel_initializer: he_normal"]


def test_json_and_korean(store: Store, run: Run) -> None:
    folder = watched(store)
    found = json.loads(run("deep", "--json")[1])
    assert (found["format"], found["id"], found["rows"]) == (1, folder.id, 1234)
    assert [layer["layer"] for layer in found["layers"]] == ["hidden_1", "hidden_2", "output"]
    assert found["measures"]["signal"][0] == [1e-6] * 4
    assert found["findings"][0]["kind"] == "well"
    assert "건강" in run("deep", "--lang", "ko")[1]


@pytest.mark.slow
@pytest.mark.parametrize("shape", [{"layers": 1}, {"layers": 51}, {"epochs": 1}], ids=str)
def test_pictures_of_few_and_of_many_layers(store: Store, run: Run, tmp_path: Path, shape: dict[str, int]) -> None:
    watched(store, **shape)
    code, out, _ = run("--svg", tmp_path / "a.svg", "--png", tmp_path / "a.png", "--lang", "ko")
    assert code == 0
    assert out.splitlines() == [str(tmp_path / "a.png"), str(tmp_path / "a.svg")]
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "NaN" not in text
    assert "활성값" in text
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_diagnose_points_at_it(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    folder = watched(store, layers=6)
    assert main(["diagnose"]) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == f"Layer health: Vanishing gradients. `dlrun health {folder.path.name}` says more"
    folder.health_path.write_text("{", encoding="utf-8")
    assert main(["diagnose"]) == 0
    assert "Layer health" not in capsys.readouterr().out


def test_a_run_without_records(store: Store, run: Run) -> None:
    folder = keep_run(store, "plain")
    code, out, err = run()
    assert (code, out) == (2, "")
    assert err == f"dlrun: {folder.path.name} has no health records. `dlrun train CONFIG --health` adds them\n"


def test_bad_words(store: Store, run: Run) -> None:
    folder = watched(store)
    assert run("nobody")[0] == 4
    assert run("--png", "x.svg")[0] == 2
    folder.health_path.write_text("{", encoding="utf-8")
    code, _, err = run()
    assert code == 5
    assert "Remove the file" in err
    assert len(err.splitlines()) == 1


def test_another_kind_of_run_has_no_layers(store: Store, run: Run) -> None:
    keep_run(store, "forest", kind="baseline")
    keep_run(store, "trees", kind="ensemble")
    for words in (["forest", "--data", "digits"], ["forest"], ["trees", "--data", "digits"], []):
        code, _, err = run(*words)
        assert code == 2
        assert re.search("is a run of the kind (baseline|ensemble): it has no layers to look at", err)


@pytest.mark.parametrize("name", [name for name in HOSTILE if max(name) < "\U00010000"])
def test_hostile_names(store: Store, run: Run, name: str) -> None:
    """Those beyond the basic plane need a YAML writer, which the tests' store does not have."""
    watched(store, name)
    code, out, _ = run()
    assert code == 0
    assert "\x1b" not in out


# --- real runs -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_train_look_and_look_at_other_rows(tmp_path: Path) -> None:
    words = ("iris", "--set", "model.units=[8,4]", "--set", "fit.epochs=3", "--results", tmp_path / "results")
    done = dlrun("train", *words, "-q")
    assert done.returncode == 0, done.stderr
    refused = dlrun("health", "--results", tmp_path / "results")
    assert (refused.returncode, refused.stdout) == (2, "")
    done = dlrun("train", *words, "--health")
    assert done.returncode == 0, done.stderr
    assert "is done, but without health records; training it once more to add them" in done.stderr
    found = json.loads(dlrun("health", "--json", "--results", tmp_path / "results").stdout)
    assert (found["epochs"], found["rows"]) == ([0, 1, 2, 3], 30)
    other = dlrun("health", "--data", "iris", "--json", "--results", tmp_path / "results", "-q")
    assert other.returncode == 0, other.stderr
    seen = json.loads(other.stdout)
    assert seen["rows"] == 150
    assert seen["layers"][0]["gradient"] is None
    assert seen["layers"][0]["dead"] is not None
    assert seen["layers"][0]["weight"] == pytest.approx(found["layers"][0]["weight"], rel=1e-3)
    missing = dlrun("health", "--data", "nowhere.csv", "--results", tmp_path / "results")
    assert missing.returncode == 2
    assert "Traceback" not in missing.stderr


@pytest.mark.slow
def test_several_seeds_on_jax_take_the_keras_engine(tmp_path: Path) -> None:
    words = ("iris", "--set", "fit.epochs=2", "--backend", "jax", "--seeds", "2", "--results", tmp_path / "results")
    done = dlrun("train", *words, "--health", "--json")
    assert done.returncode == 0, done.stderr
    assert "--health: seeds are trained one after the other, not as one program" in done.stderr
    runs = json.loads(done.stdout)["runs"]
    assert [run["engine"] for run in runs] == ["keras", "keras"]
    assert all((Path(run["path"]) / "health.json").is_file() for run in runs)
