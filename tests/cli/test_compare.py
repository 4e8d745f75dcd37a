"""`dlrun compare`, in this process: what it prints, what it refuses."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from dlrun.insight.terminal_table import cells
from dlrun.store import RunFolder, Store
from tests.stored import HOSTILE, curves_of, keep_run

Run = Any

COMMAND = "compare"


@pytest.fixture
def document(run: Run) -> Any:
    def carry_out(*words: object) -> dict[str, Any]:
        code, out, err = run(*words, "--json")
        assert code == 0, err
        found: dict[str, Any] = json.loads(out)
        return found

    return carry_out


def keep_width(store: Store, width: int, losses: Sequence[float | None], **fields: Any) -> list[RunFolder]:
    """One configuration, one run per loss; None diverged."""
    kept = []
    for seed, loss in enumerate(losses):
        status = {"status": "diverged", "reason": "epoch 2: loss is nan"} if loss is None else {}
        metrics = {"train_loss": 0.05, "val_loss": loss, "train_accuracy": 0.9, "val_accuracy": 0.9}
        given = {"metrics": metrics, "parameters": width, **status, **fields}
        kept.append(keep_run(store, "net", seed=seed, changed={"model.units": [width] * 2}, **given))
    return kept


@pytest.fixture
def three(store: Store) -> dict[int, list[RunFolder]]:
    """A clear loser, and two that cannot be told apart."""
    losses: Mapping[int, Sequence[float]] = {
        8: [0.90, 0.91, 0.92, 0.90, 0.91],
        16: [0.30, 0.33, 0.31, 0.32, 0.30],
        32: [0.31, 0.32, 0.31, 0.31, 0.30],
    }
    return {width: keep_width(store, width, values) for width, values in losses.items()}


def test_a_table_of_configurations(run: Run, three: object) -> None:
    code, out, err = run()
    assert code == 0
    head, *rows, line = out.splitlines()
    assert head.split()[:3] == ["best", "run", "width"]
    assert [row.split()[1] for row in rows] == ["32", "16", "8"]
    assert all("5 of 5" in row for row in rows)
    assert line == (
        "best: width 32: val_loss 0.3100 ± 0.0088 (5 of 5 runs); 1 cannot be told from it: width 16; "
        "the smallest within one standard error: width 16 (16 parameters)"
    )
    assert "over seeds on one split" in err
    assert run("-q")[2] == ""


def test_it_fits_the_terminal(run: Run, three: object, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_run(store, "한글 이름 " * 20, changed={"model.dropout": 0.5})
    monkeypatch.setattr("dlrun.cli.terminal.terminal_width", lambda: 80)
    code, out, err = run()
    assert code == 0
    assert all(cells(line) <= 80 for line in out.splitlines()[:-1])
    assert "No room for" in err


def test_json_keeps_every_value(document: Any, three: dict[int, list[RunFolder]]) -> None:
    found = document("--against", "best")
    assert found["format"] == 1
    assert found["metric"] == "val_loss"
    best = found["configurations"][0]
    assert {value["id"] for value in best["values"]} == {folder.id for folder in three[32]}
    assert [value["seed"] for value in sorted(best["values"], key=lambda value: value["seed"])] == [0, 1, 2, 3, 4]
    assert {"val_loss", "train_loss", "fold", "split_seed", "status"} <= best["values"][0].keys()
    assert found["against"]["chosen_as_best"] is True
    assert [row["outcome"] for row in found["against"]["differences"]] == ["reference", "tie", "worse"]
    assert set(found["columns"]) <= best.keys() | {"difference", "difference_interval", "p", "outcome"}


@pytest.mark.parametrize(("words", "parser"), [(["--csv"], csv.reader), (["--markdown"], None)])
def test_other_formats(run: Run, three: object, words: list[str], parser: Any) -> None:
    out = run("--against", "best", *words)[1]
    rows = list(parser(io.StringIO(out))) if parser else out.splitlines()
    assert len(rows) == 4 if parser else 5
    assert "best:" not in out


def test_against_a_run_means_its_configuration(document: Any, three: dict[int, list[RunFolder]]) -> None:
    found = document("--against", three[8][0].id[:8])
    outcomes = {row["parameters"]: row["outcome"] for row in found["configurations"]}
    assert outcomes == {8: "reference", 16: "better", 32: "better"}
    ones = found["against"]["differences"]
    assert [one["method"] for one in ones] == ["paired", "paired", None]
    assert all(one["p_corrected"] >= one["p"] for one in ones if one["p"] is not None)
    assert ones[0]["difference"] == pytest.approx(-0.598)
    assert ones[0]["low"] < ones[0]["difference"] < ones[0]["high"] < 0


def test_a_reference_is_added_to_the_table(document: Any, three: dict[int, list[RunFolder]]) -> None:
    chosen = [folder.id for folder in three[16]]
    found = document(*chosen, "--against", three[8][0].id)
    assert {row["parameters"] for row in found["configurations"]} == {16, 8}
    assert found["configurations"][0]["outcome"] == "better"  # all seeds of the one that was named


def test_the_best_of_many_comes_with_a_warning(run: Run, store: Store) -> None:
    draws = np.random.default_rng(4)
    for width in range(2, 12):
        keep_width(store, width, draws.normal(0.3, 0.05, 4).tolist())
    err = run("--against", "best")[2]
    assert "The best of 10 was chosen by these very numbers" in err
    assert "probably too good by 0.0" in err


def test_a_reference_chosen_by_looking_comes_with_a_hint(run: Run, three: dict[int, list[RunFolder]]) -> None:
    assert "--against best" in run("--against", three[32][0].id)[2]
    assert "--against best" not in run("--against", three[8][0].id)[2]


def test_what_diverged_is_not_better(document: Any, store: Store) -> None:
    keep_width(store, 8, [0.9, 0.91, 0.92, 0.9])
    first = keep_width(store, 16, [0.1, 0.11, 0.1, None])
    keep_width(store, 32, [0.1, 0.11, 0.1, 0.11])
    found = document("--against", keep_width(store, 8, [0.9])[0].id)
    outcomes = {row["parameters"]: row["outcome"] for row in found["configurations"]}
    assert outcomes == {8: "reference", 16: "cannot tell", 32: "better"}
    assert {row["parameters"]: row["runs"] for row in found["configurations"]}[16] == "3 of 4"
    assert first


def test_one_seed_cannot_tell(run: Run, document: Any, store: Store) -> None:
    keep_width(store, 8, [0.9])
    keep_width(store, 16, [0.1])
    found = document("--against", "best")
    assert [row["outcome"] for row in found["configurations"]] == ["reference", "cannot tell"]
    assert "one run each, so nothing says what is luck" in run()[1]


def test_greater_is_better_for_scores(document: Any, store: Store) -> None:
    for width, scores in ((8, [0.9, 0.91, 0.9, 0.92]), (16, [0.5, 0.52, 0.5, 0.51])):
        for seed, score in enumerate(scores):
            metrics = {"train_loss": 0.1, "val_loss": 1 - width / 100, "val_accuracy": score}
            keep_run(store, seed=seed, changed={"model.units": [width]}, metrics=metrics, parameters=width)
    found = document("--metric", "accuracy", "--against", "best")
    assert found["metric"] == "val_accuracy"
    assert [(row["parameters"], row["outcome"]) for row in found["configurations"]] == [(8, "reference"), (16, "worse")]
    assert [row["parameters"] for row in document()["configurations"]] == [16, 8]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--json", "--csv"), "compare: takes one of --json, --csv, --markdown"),
        (("--newest", "0"), "--newest: must be a whole number above 0, or all. Received: '0'"),
        (("--newest", "x"), "--newest: must be"),
        (("--lang", "de"), "--lang: must be one of en, ko. Received: 'de'"),
        (("--metric", "val_acuracy"), "--metric: must be a curve of the runs. Received: 'val_acuracy'. Did you mean"),
        (("--sort", "widht"), "--sort: must be a column of the table. Received: 'widht'. Did you mean `width`?"),
        (("--where", "widht > 3"), "--where: there is no column or setting `widht`. Did you mean `width`?"),
        (("--where", "val_loss = 3"), "--where: must be a comparison"),
        (("--where", "verdict > 3"), "--where: cannot put"),
        (("--runs", "--against", "best"), "compare: --runs shows single runs"),
        (("--against", "net"), "--against: must name one configuration. Received: `net`, which is 3 of them"),
        (("--where", "width > 8", "--against", "WIDTH8"), "--against: `"),
    ],
)
def test_bad_usage(run: Run, three: dict[int, list[RunFolder]], words: tuple[str, ...], message: str) -> None:
    code, out, err = run(*(three[8][0].id if word == "WIDTH8" else word for word in words))
    assert (code, out) == (2, "")
    assert err.startswith(f"dlrun: {message}"), err
    assert err.count("\n") == 1


def test_no_such_reference(run: Run, three: object) -> None:
    code, out, err = run("--against", "nothing")
    assert (code, out) == (4, "")
    assert "nothing" in err


def test_where(document: Any, three: object) -> None:
    assert [row["parameters"] for row in document("--where", "width >= 16")["configurations"]] == [32, 16]
    assert [row["parameters"] for row in document("--where", "optimizer.learning_rate == 0.001 and depth == 2 and val_loss > 0.5")["configurations"]] == [8]  # fmt: skip  # noqa: E501
    assert document("--where", "name == 'other'")["configurations"] == []
    assert {row["id"] for row in document("--runs", "--where", "val_loss < 0.305")["runs"]}


def test_where_leaves_the_best_of_what_is_left(run: Run, document: Any, three: object, store: Store) -> None:
    keep_width(store, 64, [0.1, 0.11, 0.1, None])
    keep_width(store, 128, [0.01, 0.012, 0.01, 0.011, 0.01])
    assert "Diverged" in run()[2]
    words = ("--where", "width <= 32")
    found = document(*words)
    standings = {row["parameters"]: row["against_best"] for row in found["configurations"]}
    assert standings == {32: "reference", 16: "tie", 8: "worse"}
    assert "1 cannot be told from it: width 16" in found["best"]
    assert "Diverged" not in run(*words)[2]


def test_where_nothing_is_left(run: Run, three: object) -> None:
    code, out, _ = run("--where", "val_loss > 100", "--against", "best")
    assert code == 0
    assert len(out.splitlines()) == 1


def test_sorting(document: Any, three: object) -> None:
    assert [row["parameters"] for row in document("--sort", "parameters")["configurations"]] == [8, 16, 32]


@pytest.mark.parametrize(("column", "widths"), [("difference", [32, 8, 16]), ("val_accuracy_last", [16, 32, 8])])
def test_the_better_differences_come_first(document: Any, store: Store, column: str, widths: list[int]) -> None:
    for width, scores in ((8, [0.7, 0.71]), (16, [0.9, 0.91]), (32, [0.8, 0.81])):
        for seed, score in enumerate(scores):
            metrics = {"train_loss": 0.1, "val_loss": 0.1, "val_accuracy": score}
            changed = {"model.units": [width]}
            keep_run(store, seed=seed, changed=changed, metrics=metrics, metrics_last=metrics, parameters=width)
    found = document("--metric", "accuracy", "--against", "best", "--all", "--sort", column)
    assert [row["parameters"] for row in found["configurations"]] == widths  # the reference has no difference


def test_single_runs(run: Run, document: Any, three: object) -> None:
    found = document("--runs", "--sort", "seed")
    assert len(found["runs"]) == 15
    assert [row["seed"] for row in found["runs"]][:3] == [0, 0, 0]
    assert "verdict" in found["columns"]
    assert len(run("--runs")[1].splitlines()) == 16


def test_the_newest_thirty_configurations_or_all(document: Any, store: Store) -> None:
    for width in range(1, 33):
        for seed in range(2):
            keep_run(store, seed=seed, changed={"model.units": [width]})
    assert len(document()["configurations"]) == 30
    assert len(document("--newest", "all")["configurations"]) == 32
    assert len(document("--newest", "3")["configurations"]) == 3
    assert len(document("--newest", "3", "--runs")["runs"]) == 6


def test_other_data_is_left_out_or_refused(run: Run, store: Store) -> None:
    iris = {"source": "iris", "fingerprint": "cd" * 16}
    keep_run(store, "flowers", data=iris, changed={"data.source": "iris"}, finished="2026-11-19T16:00:03+00:00")
    keep_run(store, "numbers")
    code, out, err = run()
    assert (code, len(out.splitlines())) == (0, 2)
    assert "Left out, as they are on other data than the newest run: 1 (iris)" in err
    code, out, err = run("flowers", "numbers")
    assert (code, out) == (2, "")
    assert "runs must be on the same data" in err
    assert "digits (1 run)" in err
    assert "iris (1 run)" in err
    code, out, err = run("flowers", "numbers", "--anyway")
    assert code == 0
    assert len(out.splitlines()) == 4
    assert "compared all the same" in err
    assert run("flowers")[0] == 0


def test_losses_in_different_units_are_refused(run: Run, store: Store) -> None:
    keep_run(store, "a", changed={"fit.loss": "auto"})
    keep_run(store, "b", changed={"fit.loss": "categorical_hinge"})
    keep_run(store, "c", changed={"fit.loss": "categorical_crossentropy", "model.dropout": 0.5})
    code, _, err = run("a", "b")
    assert code == 2
    assert "categorical_hinge" in err
    assert run("a", "b", "--metric", "accuracy")[0] == 0
    assert run("a", "c")[0] == 0


def test_damaged_and_unfinished_runs_are_listed(run: Run, store: Store) -> None:
    keep_width(store, 8, [0.1, 0.2])
    keep_run(store, "broken").result_path.write_text("{")
    keep_run(store, "open", changed={"model.dropout": 0.5}, finish=False)
    code, out, _ = run()
    assert code == 0
    assert "damaged" in out
    assert "interrupted" in out
    assert "2 of 2" in out


def test_running_runs_are_counted_but_not_in_the_mean(run: Run, store: Store) -> None:
    keep_width(store, 8, [0.1, 0.2])
    folder = keep_run(store, "net", seed=2, changed={"model.units": [8, 8]}, finish=False)
    with store.writer(folder.id, "net"):
        code, out, err = run()
    assert code == 0
    assert "2 of 3" in out
    assert "Still training, not in the means: 1" in err


def test_in_korean(run: Run, three: object) -> None:
    out, err = run("--lang", "ko", "--against", "best")[1:]
    assert "최고: width 32" in out
    assert "무승부" in out
    assert "신뢰구간" in err


def with_predictions(folder: RunFolder, seed: int) -> float:
    """Stores predictions of 200 rows and 3 classes; the loss that they come to."""
    draws = np.random.default_rng(seed)
    targets = draws.integers(0, 3, 200)
    scores = draws.normal(size=(200, 3)) + 2 * np.eye(3)[targets]
    outputs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.savez(folder.predictions_path, targets=targets, outputs=outputs.astype(np.float32))
    return float(-np.log(outputs[np.arange(200), targets]).mean())


def test_intervals_over_rows(run: Run, document: Any, store: Store) -> None:
    loss = with_predictions(keep_run(store, "b"), 1)
    with_predictions(keep_run(store, "a", metrics={"train_loss": 0.1, "val_loss": loss}, identity="0" * 12), 1)
    (row,) = document("--rows", "000000")["configurations"]
    with np.load(store.find("000000").predictions_path) as stored:
        losses = -np.log(stored["outputs"][np.arange(200), stored["targets"]])
    assert row["rows_interval"] == pytest.approx(1.96 * losses.std() / 200**0.5, rel=0.1)
    assert "bootstrap over rows" in run("--rows", "000000")[2]


@pytest.mark.parametrize("damage", ["data", "method"])
def test_damaged_predictions_are_not_used(run: Run, store: Store, damage: str) -> None:
    folder = keep_run(store, "a")
    np.savez_compressed(folder.predictions_path, targets=np.arange(99), outputs=np.ones((99, 3)))
    stored = bytearray(folder.predictions_path.read_bytes())
    if damage == "method":  # a way of compression that there is not, in the directory at the end
        stored[stored.index(b"PK\x01\x02") + 10] = 77
    else:
        start = stored.index(b"targets.npy") + len(b"targets.npy") + 20
        stored[start : start + 3] = b"\xff\xff\xff"
    folder.predictions_path.write_bytes(stored)
    code, _, err = run("--rows")
    assert code == 0
    assert "No intervals over rows" in err


def test_rows_that_do_not_give_the_recorded_loss_are_not_used(run: Run, store: Store) -> None:
    with_predictions(keep_run(store, "a"), 1)
    code, _, err = run("--rows")
    assert code == 0
    assert "No intervals over rows" in err


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(run: Run, store: Store, name: str) -> None:
    folder = keep_run(store, name, reason=name, data={"source": name, "fingerprint": "ab" * 16})
    keep_run(store, "other", changed={"model.activation": name}, data={"source": name, "fingerprint": "cd" * 16})
    for words in (
        (),
        ("--all",),
        ("--runs",),
        ("--anyway", "--against", folder.id),
        (folder.id, "other"),
        ("--where", name),
        ("--sort", f" {name}"),
        ("--metric", f" {name}"),
        ("--against", f" {name}"),
        ("--anyway", "--json"),
    ):
        code, out, err = run(*words)
        assert code in (0, 2, 4), err
        assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(out + err)


def test_a_curve_that_is_damaged_does_not_end_it(run: Run, store: Store) -> None:
    keep_run(store, "a", rows=curves_of(lowest=0.2)).curves_path.write_text("epoch,train_loss\nx,y\n1,2\n")
    keep_run(store, "b", changed={"model.dropout": 0.5})
    assert run()[0] == 0
