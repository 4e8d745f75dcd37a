"""Settings beside results: rows and the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlrun.errors import UsageError
from dlrun.insight.curve_document import parallel_document
from dlrun.insight.parallel_rows import MOST_AXES, best_words, parallel_rows
from dlrun.insight.terminal_parallel import terminal_parallel
from dlrun.insight.terminal_table import cells
from dlrun.store import Store
from tests.stored import HOSTILE, curves_of, keep_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def keep_grid(store: Store) -> None:
    for width, lowest in ((8, 0.4), (16, 0.2), (32, 0.1), (128, 0.8)):
        for activation in ("relu", "tanh"):
            for seed in range(2):
                rows = curves_of(lowest=lowest + (activation == "tanh") + 0.02 * seed)
                changed = {"model.units": [width], "model.activation": activation}
                keep_run(store, "x", seed=seed, changed=changed, rows=rows)


def test_a_line_per_configuration_the_best_first_and_on_top(store: Store) -> None:
    keep_grid(store)
    rows = parallel_rows(store.entries())
    assert [axis.title for axis in rows.axes] == ["width", "activation", "val loss"]
    assert [line.label for line in rows.lines[:2]] == ["width 32, activation relu", "width 16, activation relu"]
    assert rows.lines[0].value == pytest.approx(0.11)
    assert rows.lines[0].places[-1] == 1
    assert rows.lines[-1].places[-1] == 0
    assert best_words(rows) == "best: width 32, activation relu: 0.1100 (2 of 2 runs)"
    assert len(rows.lines) == 8


def test_numbers_stand_by_their_ratio_words_evenly(store: Store) -> None:
    keep_grid(store)
    width, activation, _ = parallel_rows(store.entries()).axes
    assert width.log
    assert width.ticks == ((0, "8"), (pytest.approx(0.25), "16"), (pytest.approx(0.5), "32"), (1, "128"))
    assert activation.ticks == ((0.25, "relu"), (0.75, "tanh"))


def test_0_beside_powers_of_ten_is_a_category(store: Store) -> None:
    for place, l2 in enumerate((0.0, 1e-5, 1e-3, 1e-1)):
        keep_run(store, "x", changed={"model.l2": l2}, rows=curves_of(lowest=0.1 + place))
    axis = parallel_rows(store.entries()).axes[0]
    assert [text for _, text in axis.ticks] == ["0", "1e-05", "0.001", "0.1"]
    assert [place for place, _ in axis.ticks] == [0.125, 0.375, 0.625, 0.875]


def test_a_metric_of_which_more_is_better(store: Store) -> None:
    keep_grid(store)
    rows = parallel_rows(store.entries(), "accuracy")
    assert rows.percent
    assert rows.lines[0].value == max(line.value for line in rows.lines)
    assert rows.lines[0].places[-1] == 1
    assert all(text.endswith("%") for _, text in rows.axes[-1].ticks)


def test_what_came_to_no_number_is_said(store: Store) -> None:
    keep_grid(store)
    keep_run(store, "x", changed={"model.units": [64]}, rows=[], status="diverged", metrics={})
    rows = parallel_rows(store.entries())
    assert len(rows.lines) == 8
    assert rows.notes == ["1 configurations came to no val_loss"]


def test_bad_requests(store: Store) -> None:
    keep_run(store, "x")
    with pytest.raises(UsageError, match="--parallel: needs two configurations"):
        parallel_rows(store.entries())
    with pytest.raises(UsageError, match=r"--metric: must be one of loss, accuracy\. Received: f1"):
        parallel_rows(store.entries(), "f1")


def test_too_many_settings_are_named(store: Store) -> None:
    keys = [f"model.k{place}" for place in range(MOST_AXES + 2)]
    for place in range(2):
        keep_run(store, "x", changed=dict.fromkeys(keys, place), rows=curves_of(lowest=0.1 + place))
    rows = parallel_rows(store.entries())
    assert len(rows.axes) == MOST_AXES + 1
    assert rows.notes == ["No room for: k10, k11"]


@pytest.mark.parametrize("width", [30, 80, 200])
@pytest.mark.parametrize("color", [False, True])
def test_the_terminal_shows_the_best_and_every_axis(store: Store, width: int, color: bool) -> None:
    keep_grid(store)
    for name in HOSTILE[:8]:
        keep_run(store, name, changed={"model.activation": name})
    rows = parallel_rows(store.entries())
    lines = terminal_parallel(rows, width, color)
    text = "\n".join(lines)
    assert ("\x1b[" in text) is color
    assert "activation" in text
    if width >= 80:
        assert "width 64, depth 2, activation" in text
        assert "from below: 8, 16, 32, 64, 128" in text
    if not color:
        assert all(cells(line) <= max(width, 40) for line in lines)


def test_the_document_holds_places(store: Store) -> None:
    keep_grid(store)
    found = parallel_document(parallel_rows(store.entries()))
    assert [axis["key"] for axis in found["axes"]] == ["model.width", "model.activation", "val_loss"]
    assert len(found["lines"]) == 8
