"""Reading `health.json`: what is no such document is refused in one clear message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import StoreError, UsageError
from dlrun.insight.health import read_health
from dlrun.store import Store
from tests.stored import keep_run


def document() -> dict[str, Any]:
    return {
        "format": 1, "rows": 9, "steps_per_epoch": 2, "batch_normalization": False,
        "layers": [{"name": "output", "activation": "softmax", "inputs": 4, "units": 3}],
        "epochs": [0, 1], "measures": {"spread": [[0.1, None]]},
        "histograms": [{"epoch": 0, "layers": [None]}],
    }  # fmt: skip


def test_a_run_without_records(tmp_path: Path) -> None:
    folder = keep_run(Store(tmp_path), "x")
    with pytest.raises(UsageError) as caught:
        read_health(folder)
    assert str(caught.value) == f"{folder.path.name} has no health records. `dlrun train CONFIG --health` adds them"


@pytest.mark.parametrize("kind", ["baseline", "ensemble"])
def test_another_kind_of_run(tmp_path: Path, kind: str) -> None:
    folder = keep_run(Store(tmp_path), "x", kind=kind)
    with pytest.raises(UsageError, match=f"is a run of the kind {kind}: it has no layers to look at"):
        read_health(folder)


def test_records_come_back(tmp_path: Path) -> None:
    folder = keep_run(Store(tmp_path), "x")
    folder.health_path.write_text(json.dumps(document()), encoding="utf-8")
    health = read_health(folder)
    assert (health.start("spread", 0), health.end("spread", 0), health.typical("spread", 0)) == (0.1, None, 0.1)
    assert health.end("nothing of the kind", 0) is None


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"format": 2}', json.dumps({**document(), "epochs": [0]}),
     json.dumps({**document(), "measures": {"spread": [["x", 1]]}}), "{" * 5000, "\udcff".encode("utf-8", "replace")],
)  # fmt: skip
def test_damaged_records(tmp_path: Path, text: str | bytes) -> None:
    folder = keep_run(Store(tmp_path), "x")
    folder.health_path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(StoreError, match=r"health\.json: cannot be read as health records\. Remove the file"):
        read_health(folder)
