"""Settings of runs, read without opening every `spec.yaml`."""

from __future__ import annotations

from pathlib import Path

from dlrun.insight.spec_values import SpecValues
from dlrun.store import Store
from tests.stored import keep_run


def test_an_unreadable_spec_says_nothing_of_other_runs(tmp_path: Path) -> None:
    store = Store(tmp_path)
    torn = keep_run(store, "torn", changed={"model.dropout": 0.1})
    keep_run(store, "whole", changed={"model.dropout": 0.2})
    torn.spec_path.write_text("[", encoding="utf-8")
    entries = sorted(store.entries(), key=lambda entry: entry.record["name"])
    assert SpecValues(entries).column("optimizer.learning_rate") == [None, 0.001]
    assert SpecValues(entries[::-1]).column("optimizer.learning_rate") == [0.001, 0.001]
