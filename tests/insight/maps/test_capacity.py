"""The map of two keys: cells, the best, the smallest net within one standard error, edges, what is refused."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from dlrun.errors import UsageError
from dlrun.insight.configuration_columns import INTERVAL
from dlrun.insight.configurations import compared
from dlrun.insight.maps.capacity import capacity_map, findings, grid_beyond, value_named
from dlrun.insight.maps.documents import map_document
from dlrun.insight.verdict import Told
from dlrun.store import Store
from tests.insight.maps.runs import all_runs, keep, layers, swept_in
from tests.stored import keep_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


GRID = {
    (16, 1): [0.50, 0.52, 0.54],
    (32, 1): [0.30, 0.33, 0.36],
    (64, 1): [0.31, 0.33, 0.35],
    (16, 2): [0.40, 0.42, 0.44],
    (32, 2): [0.29, 0.31, 0.36],
    (64, 2): [0.45, 0.47, 0.49],
}


def keep_grid(store: Store) -> None:
    for (width, depth), values in GRID.items():
        keep(store, layers(width, depth), values, [0.2, 0.2, 0.2], parameters=width * 10 * depth)


def test_cells_hold_the_means_of_their_seeds(store: Store) -> None:
    keep_grid(store)
    found = capacity_map(swept_in(store))
    assert (found.x.key, found.x.labels, found.y.labels) == ("model.width", ("16", "32", "64"), ("1", "2"))
    cells = {(int(cell["x"]), int(cell["y"])): cell for cell in found.cells}
    assert [(cell["x"], cell["y"]) for cell in found.cells[:4]] == [("16", "1"), ("32", "1"), ("64", "1"), ("16", "2")]
    for place, values in GRID.items():
        mean = statistics.fmean(values)
        assert cells[place]["val_loss"] == pytest.approx(mean)
        assert cells[place]["gap"] == pytest.approx(mean - 0.2)
        assert cells[place]["error"] == pytest.approx(statistics.stdev(values) / 3**0.5)
        assert (cells[place]["runs"], cells[place]["seconds"], cells[place]["state"]) == ("3 of 3", 3.5, "ok")


def test_the_best_and_the_smallest_within_one_standard_error(store: Store) -> None:
    keep_grid(store)
    found = capacity_map(swept_in(store))
    best, smallest = found.best, found.smallest
    assert best is not None
    assert smallest is not None
    assert (best["x"], best["y"]) == ("32", "2")  # 0.32, standard error 0.0208: 0.33 is within it
    assert (smallest["x"], smallest["y"], smallest["parameters"]) == ("32", "1", 320)
    assert found.error == pytest.approx(statistics.stdev(GRID[32, 2]) / 3**0.5)
    assert "50 % of the best" in findings(found)[1].text()


def test_one_run_per_cell_gives_no_standard_error(store: Store) -> None:
    for width in (16, 32):
        for depth in (1, 2):
            keep(store, layers(width, depth), [1 / width + depth], parameters=width)
    found = capacity_map(swept_in(store))
    assert (found.error, found.smallest) == (None, None)
    assert findings(found)[1].key == "maps.no_error"


def test_larger_is_better_for_accuracy(store: Store) -> None:
    for width, value in ((16, 0.3), (32, 0.2)):
        for depth in (1, 2):
            keep(store, layers(width, depth), [value, value + 0.01], monitor="val_accuracy")
    found = capacity_map(swept_in(store))
    assert found.best is not None
    assert found.best["x"] == "32"


def test_diverged_unfinished_and_missing_cells_are_told_apart(store: Store) -> None:
    keep(store, layers(16, 1), [0.5, 0.5])
    keep(store, layers(32, 1), [None, None])
    keep(store, layers(16, 2), [0.4, None])
    keep_run(store, "sweep", changed=layers(64, 1), rows=[], finish=False)
    found = capacity_map(swept_in(store))
    states = {(cell["x"], cell["y"]): cell["state"] for cell in found.cells}
    assert states["16", "1"] == states["16", "2"] == "ok"
    assert states["32", "1"] == "diverged"
    assert states["64", "1"] == "unfinished"
    assert states["32", "2"] == states["64", "2"] == "missing"
    assert found.best is not None
    assert (found.best["x"], found.best["y"]) == ("16", "1")  # 0.4 came from one seed of two
    assert [note.key for note in found.notes] == [
        "maps.cells_diverged",
        "maps.cells_unfinished",
        "maps.cells_missing",
        "maps.cells_partly",
    ]


def test_a_map_in_which_everything_diverged_says_so(store: Store) -> None:
    for width in (16, 32):
        for depth in (1, 2):
            keep(store, layers(width, depth), [None])
    found = capacity_map(swept_in(store))
    assert found.best is None
    assert [said.key for said in findings(found)] == ["maps.none_usable"]


def test_a_cell_takes_the_best_of_further_keys(store: Store) -> None:
    for width in (16, 32):
        for depth in (1, 2):
            for rate, better in ((0.001, 0.0), (0.01, -0.1)):
                keep(store, layers(width, depth) | {"optimizer.learning_rate": rate}, [0.5 + better, 0.52 + better])
    found = capacity_map(swept_in(store))
    assert {cell["tried"] for cell in found.cells} == {2}
    assert all(cell["val_loss"] == pytest.approx(0.41) for cell in found.cells)
    assert {cell["settings"]["optimizer.learning_rate"] for cell in found.cells} == {0.01}
    assert (
        found.notes[0].text() == "Also swept: learning rate. Each cell shows its best configuration by validation loss"
    )
    assert "learning rate 0.01" in findings(found)[0].text()


def test_any_two_keys_in_numeric_order(store: Store) -> None:
    for rate in (1e-2, 1e-4, 1e-3):
        for drop in (0, 0.5, 0.25):
            keep(store, {"optimizer.learning_rate": rate, "model.dropout": drop}, [rate * 10 + drop, 0.5])
    found = capacity_map(swept_in(store), "dropout", "learning_rate")
    assert found.x.labels == ("0", "0.25", "0.5")
    assert found.y.labels == ("0.0001", "0.001", "0.01")
    assert found.y.log
    assert not found.x.log


def test_many_values_become_ranges(store: Store) -> None:
    for place in range(40):
        keep(
            store,
            layers(16 if place % 2 else 32, 1) | {"optimizer.learning_rate": 10 ** (-5 + place / 10)},
            [0.5 + place],
        )
    found = capacity_map(swept_in(store), "learning rate", "width")
    assert len(found.x.levels) == 8
    assert sum(cell["tried"] for cell in found.cells) == 40
    lows = [low for low, _ in found.x.ranges]
    assert lows == sorted(lows)
    assert found.x.labels[0].startswith("≈")


def test_the_best_at_an_edge_says_how_to_go_on(store: Store) -> None:
    for width in (16, 32, 64):
        for depth in (1, 2, 3):
            noise = 0.001
            value = 1 / width + abs(depth - 2)
            keep(store, layers(width, depth), [value - noise, value, value + noise])
    found = capacity_map(swept_in(store))
    assert [(edge.key, edge.side, edge.values, edge.flat) for edge in found.edges] == [
        ("model.width", "high", (128, 256), False)
    ]
    assert grid_beyond(found) == "--grid model.width=64,128,256 --set model.depth=2 --seeds 3"
    assert findings(found, "dlrun sweep a.yaml")[-1].text().endswith("dlrun sweep a.yaml " + grid_beyond(found))


def test_an_edge_is_flat_where_something_inside_is_as_good(store: Store) -> None:
    for width, values in ((16, [0.5, 0.6, 0.7]), (32, [0.20, 0.31, 0.42]), (64, [0.2, 0.3, 0.4])):
        for depth in (1, 2, 3):
            keep(store, layers(width, depth), [value + abs(depth - 2) for value in values])
    (edge,) = capacity_map(swept_in(store)).edges
    assert edge.flat
    assert edge.said.key == "maps.edge_high_flat"


@pytest.mark.parametrize(
    ("key", "levels", "best", "beyond"),
    [
        ("model.dropout", (0, 0.2, 0.4), 0, ()),
        ("model.dropout", (0, 0.2, 0.4), 2, (0.6, 0.8)),
        ("model.dropout", (0.5, 0.7, 0.9), 2, ()),
        ("data.train_fraction", (0.25, 0.5, 1.0), 2, ()),
        ("optimizer.learning_rate", (0.001, 0.01, 0.1), 0, (1e-05, 0.0001)),
        ("model.batch_normalization", (False, True), 1, ()),
        ("optimizer.learning_rate", (0.01, 0.02, 0.03), 0, ()),
        ("optimizer.clipnorm", (1.0, 3.0, 5.0), 0, ()),
        ("optimizer.momentum", (0.5, 0.75), 1, ()),
        ("optimizer.momentum", (0.6, 0.8), 1, ()),
        ("optimizer.beta_2", (0.98, 0.99), 1, ()),
        ("optimizer.rho", (0.8, 0.9), 1, ()),
        ("data.test_split", (0.0, 0.5), 1, ()),
        ("model.l2", (0.1, 0.2, 0.3), 0, (0.0,)),
        ("fit.batch_size", (1, 2, 4), 0, ()),
    ],
)
def test_nothing_is_beyond_a_natural_end(
    store: Store, key: str, levels: tuple[float, ...], best: int, beyond: tuple[float, ...]
) -> None:
    for place, level in enumerate(levels):
        for width, worse in ((16, 0.2), (32, 0.0), (64, 0.2)):
            keep(
                store,
                layers(width, 1) | {key: level},
                [0.1 + abs(place - best) + worse, 0.11 + abs(place - best) + worse],
            )
    found = capacity_map(swept_in(store), key, "width")
    assert [edge.values for edge in found.edges] == ([beyond] if beyond else [])


def test_verdicts_of_most_seeds_are_marked(store: Store) -> None:
    keep_grid(store)
    entries = all_runs(store)
    told = [Told("overfit", None) if entry.record["spec"]["model.units"] == [64, 64] else None for entry in entries]
    found = capacity_map(swept_in(store, told=told))
    assert [(cell["x"], cell["y"]) for cell in found.cells if cell.get("verdict") == "overfit"] == [("64", "2")]
    assert "1 on the overfit side" in " ".join(said.text() for said in findings(found))


def test_values_go_by_their_names(store: Store) -> None:
    keep_grid(store)
    found = capacity_map(swept_in(store))
    assert [value_named(found, name) for name in ("val_loss", "gap", "accuracy", "train loss", "seconds")] == [
        "val_loss",
        "gap",
        "val_accuracy",
        "train_loss",
        "seconds",
    ]
    with pytest.raises(UsageError, match=r"--value: must be one of .*gap.* Received: 'nothing'"):
        value_named(found, "nothing")


def test_the_document_is_plain(store: Store) -> None:
    keep_grid(store)
    document = map_document(capacity_map(swept_in(store)))
    assert (len(document["cells"]), document["x"]["levels"]) == (6, [16, 32, 64])
    assert document["findings"][0].startswith("Best: width 32, depth 2: validation loss 0.3200")


# --- what is refused -------------------------------------------------------------------------------------------------


def test_one_configuration_has_no_map(store: Store) -> None:
    keep(store, layers(16, 1), [0.5, 0.6])
    with pytest.raises(UsageError, match=r"one configuration alone.*--grid model.width"):
        capacity_map(swept_in(store))


def test_one_key_has_no_map(store: Store) -> None:
    for width in (16, 32):
        keep(store, layers(width, 1), [0.5])
    with pytest.raises(UsageError, match=r"They differ in: model.width. `dlrun effects`"):
        capacity_map(swept_in(store))


def test_other_keys_are_named(store: Store) -> None:
    for width in (16, 32):
        for drop in (0.0, 0.5):
            for rate in (0.001, 0.01):
                keep(store, layers(width, 1) | {"model.dropout": drop, "optimizer.learning_rate": rate}, [0.5])
    with pytest.raises(UsageError, match=r"not differ in both width and depth.*--x model.width --y"):
        capacity_map(swept_in(store))
    with pytest.raises(UsageError, match=r"--x: must be a key .*'drpout'. Did you mean `dropout`"):
        capacity_map(swept_in(store), "drpout")
    with pytest.raises(UsageError, match=r"two keys\. Received: model.dropout twice"):
        capacity_map(swept_in(store), "dropout", "model.dropout")
    with pytest.raises(UsageError, match="needs two keys, --x and --y"):
        capacity_map(swept_in(store), "width")


def test_different_data_are_refused(store: Store) -> None:
    for width, mark in ((16, "aa"), (32, "bb")):
        for depth in (1, 2):
            data = {"source": f"{mark}.csv", "fingerprint": mark * 16}
            keep(store, layers(width, depth), [0.5], data=data)
    with pytest.raises(UsageError, match=r"same data.*aa\.csv.*bb\.csv.*--anyway"):
        swept_in(store)
    found = capacity_map(swept_in(store, anyway=True))
    assert found.notes[0].key == "maps.different_data"


def test_no_runs(store: Store) -> None:
    with pytest.raises(UsageError, match="no runs to look at"):
        swept_in(store)


def test_damaged_runs_are_left_out(store: Store) -> None:
    keep_grid(store)
    all_runs(store)[0].folder.result_path.write_text("{", encoding="utf-8")
    found = capacity_map(swept_in(store))
    assert found.notes[0].text() == "Damaged runs, left out: 1. `dlrun ls` names them"


def test_splits_share_rows_as_in_compare(store: Store) -> None:
    """`map` and `compare` show the same interval of a mean over splits, and so does what is within one error."""
    for width, values in ((16, [0.30, 0.34, 0.38]), (32, [0.31, 0.35, 0.39])):
        for depth in (1, 2):
            for split, value in enumerate(values):
                keep(store, layers(width, depth) | {"data.split_seed": split}, [value + depth / 10])
    found = capacity_map(swept_in(store))
    table = compared(all_runs(store)).table
    rows = {row["id"]: row for row in table.rows}
    assert len(rows) == len(found.cells) == 4
    for cell in found.cells:
        row = rows[cell["id"]]
        assert (cell["half"], cell["error"]) == (row[f"val_loss{INTERVAL}"], row["standard_error"])
    assert found.error == pytest.approx((1 / 3 + 360 / 1437) ** 0.5 * statistics.stdev([0.30, 0.34, 0.38]))


def test_a_best_net_of_unknown_size_has_none_that_is_smaller(store: Store) -> None:
    for width, values in ((16, [0.30, 0.34]), (32, [0.29, 0.33])):
        for depth in (1, 2):
            keep(store, layers(width, depth), values, parameters=None if width == 32 else 100 * depth)
    found = capacity_map(swept_in(store))
    assert found.best is not None
    assert found.best["parameters"] is None
    assert found.smallest is None
    assert findings(found)[0].key == "maps.best"
