"""`dlrun learning-curve`: table, plot and words, JSON, pictures, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dlrun.store import Store
from tests.cli.swept_store import keep_fractions, keep_sweep

Run = Callable[..., tuple[int, str, str]]


def test_table_plot_and_words(run: Run, store: Store) -> None:
    keep_fractions(store)
    code, out, err = run("learning-curve", "rows")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[1:5]] == ["50", "100", "200", "400"]
    assert "validation" in out
    assert "More rows would help: twice as many (800)" in out
    assert "\x1b" not in out


def test_json_and_korean(run: Run, store: Store) -> None:
    keep_fractions(store)
    document = json.loads(run("learning-curve", "rows", "--json", "--lang", "ko")[1])
    (series,) = document["series"]
    assert (series["more_rows"], len(series["points"])) == ("rows_help", 4)
    assert series["outlook"]["gain"] == pytest.approx(1 - 2**-0.6, abs=0.02)
    assert series["findings"][0].startswith("데이터를 더 모으면 좋아집니다")


@pytest.mark.slow
def test_a_picture(run: Run, store: Store, tmp_path: Path) -> None:
    keep_fractions(store)
    code, out, _ = run("learning-curve", "rows", "--svg", tmp_path / "rows.svg")
    assert (code, out.strip()) == (0, str(tmp_path / "rows.svg"))
    assert (tmp_path / "rows.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_sweep_of_other_keys_is_refused(run: Run, store: Store) -> None:
    keep_sweep(store)
    code, _, err = run("learning-curve", "grid")
    assert code == 2
    assert "must differ in data.train_fraction. They differ in: model.width, model.depth" in err
