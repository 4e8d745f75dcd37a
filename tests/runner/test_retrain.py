"""Weights that were not kept come back when they are asked for, and only if they are the record's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlrun.errors import DataError, StoreError
from dlrun.runner.retrain import bring_weights, lacks_weights
from dlrun.runner.stored_run import open_run
from dlrun.store import RunFolder, Store
from tests.command import dlrun


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two runs of a sweep, of which the better one has its weights."""
    root = tmp_path_factory.mktemp("retrain")
    done = dlrun(
        *("sweep", "iris", "--grid", "model.width=2,8", "--set", "fit.epochs=4", "--results", root, "-q", "--jobs", "1")
    )
    assert done.returncode == 0, done.stderr
    return Store(root)


def bare(store: Store) -> RunFolder:
    (folder,) = [folder for folder in store.folders() if lacks_weights(folder)]
    return folder


@pytest.mark.slow
def test_a_run_gets_the_weights_of_its_record(swept: Store) -> None:
    folder = bare(swept)
    before = folder.result_path.read_bytes()
    told: list[str] = []
    bring_weights(swept, folder, told.append)
    assert told == [f"{folder.path.name} was trained without keeping its weights; training it once more"]
    assert folder.result_path.read_bytes() == before
    assert open_run(folder).folder == folder
    assert not lacks_weights(folder)
    bring_weights(swept, folder, told.append)
    assert len(told) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "error", "message"),
    [
        ("data", DataError, "iris: its rows are not those that"),
        ("metrics", StoreError, "trained again it came out differently"),
    ],
)
def test_other_rows_and_other_numbers_are_refused(
    swept: Store, field: str, error: type[Exception], message: str
) -> None:
    folder = next(one for one in swept.folders() if one.model_path.is_file())
    text = folder.result_path.read_text(encoding="utf-8")
    kept = {path: path.read_bytes() for path in folder.path.iterdir() if path.suffix in (".keras", ".npz", ".json")}
    record = json.loads(text)
    record[field] = {"source": "iris", "fingerprint": "0" * 16} if field == "data" else {"val_loss": 1e-9}
    folder.model_path.unlink()
    folder.preprocessing_path.unlink()
    folder.result_path.write_text(json.dumps(record), encoding="utf-8")
    try:
        with pytest.raises(error, match=message):
            bring_weights(swept, folder, lambda text: None)
        assert not folder.model_path.exists()
    finally:
        for path, content in kept.items():
            path.write_bytes(content)


def test_other_runs_are_left_alone(tmp_path: Path) -> None:
    from tests.stored import keep_run

    store = Store(tmp_path)
    folder = keep_run(store, "x")
    folder.model_path.unlink()
    folder.preprocessing_path.unlink(missing_ok=True)
    assert folder.record()["backend"] == "tensorflow"
    bring_weights(store, folder, pytest.fail)
    assert not folder.model_path.exists()
