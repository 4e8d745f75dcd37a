from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dlrun.insight.evaluation import (
    class_table,
    confusion_table,
    headline,
    history,
    mean_page,
    meaning,
    metric_table,
    optimism,
    page,
)
from dlrun.insight.summary import summary, summary_lines
from dlrun.store import Store
from dlrun.store.evaluations import Evaluation, add_evaluation, evaluations_path
from tests.store.test_evaluations import look
from tests.stored import HOSTILE, keep_run


def row(metric: str = "accuracy", **fields: Any) -> dict[str, Any]:
    known = {
        "metric": metric, "value": 0.97, "low": 0.95, "high": 0.98, "validation": 0.96, "difference": 0.01,
        "difference_low": -0.02, "difference_high": 0.03, "trivial": 0.1,
    }  # fmt: skip
    return known | fields


def evaluation(**fields: Any) -> Evaluation:
    return look(rows_from="data.test_split", source="digits", metrics=[row("loss"), row()], **fields)


def text(lines: list[tuple[str, bool]]) -> str:
    return "\n".join(line for line, _ in lines)


def classes(labels: tuple[str, ...]) -> dict[str, Any]:
    rows = [{"label": label, "precision": 0.5, "recall": 0.5, "f1": 1 / (2 + place), "support": 2}
            for place, label in enumerate(labels)]  # fmt: skip
    matrix = [[int(a == b) for b in labels] for a in labels]
    return {
        "classes": rows,
        "confusion": matrix,
        "confused": [{"true": labels[0], "given": labels[1], "rows": 1, "share": 0.5}],
    }


def test_the_headline() -> None:
    assert headline(evaluation()).startswith("test accuracy 0.9700 [0.9500, 0.9800], opened 2026-11-20 ")
    assert headline(look()).startswith("[/x] 한글.csv accuracy 0.5000, opened 2026-11-20 ")
    assert headline(look(metrics=[])).startswith("opened 2026-11-20 ")
    number = evaluation()
    number["metrics"] = [row("loss"), row("root_mean_squared_error", value=1234.5, low=1000, high=None)]  # type: ignore[list-item]
    assert headline(number).startswith("test root mean squared error 1,234.5, opened ")


def test_the_metric_table() -> None:
    found = metric_table(evaluation())
    assert [column.title for column in found.columns] == [
        "", "test", "95 % interval", "validation", "test - validation", "trivial predictor",
    ]  # fmt: skip
    assert found.texts()[1] == ["accuracy", "0.9700", "[0.9500, 0.9800]", "0.9600", "0.0100", "0.1000"]


def test_without_validation_rows_there_is_nothing_to_compare() -> None:
    alone = evaluation()
    alone["metrics"] = [row(validation=None, difference=None, difference_low=None, difference_high=None, trivial=None)]  # type: ignore[list-item]
    assert [column.key for column in metric_table(alone).columns] == ["metric", "value", "interval", "trivial"]
    assert metric_table(alone).texts()[0] == ["accuracy", "0.9700", "[0.9500, 0.9800]", "–"]
    assert optimism(alone) == []


@pytest.mark.parametrize(
    ("metric", "low", "high", "says"),
    [
        ("accuracy", -0.1, 0.1, "within chance"),
        ("accuracy", -0.2, -0.1, "flattered the net; report the test value"),
        ("accuracy", 0.1, 0.2, "better than on the validation rows"),
        ("loss", 0.1, 0.2, "flattered the net; report the test value"),
        ("root_mean_squared_error", -2.0, -1.0, "better than on the validation rows"),
        ("loss", None, None, "not known"),
    ],
)
def test_what_the_difference_means(metric: str, low: float | None, high: float | None, says: str) -> None:
    assert says in meaning(row(metric, difference_low=low, difference_high=high))  # type: ignore[arg-type]


def test_history() -> None:
    assert len(history(evaluation(), again=False, others=())) == 1
    assert "choose by validation" in history(evaluation(), again=True, others=())[1]
    told = history(evaluation(), again=False, others=("a-1", "b-2"))[1]
    assert told == "2 runs of other configurations saw these rows too (a-1, b-2): do not choose among them by it."


@pytest.mark.parametrize(("count", "matrix"), [(2, True), (12, True), (13, False), (100, False)])
def test_a_matrix_for_few_classes_and_a_list_for_many(count: int, matrix: bool) -> None:
    title, table = confusion_table(evaluation(**classes(tuple(f"c{n}" for n in range(count)))))
    assert title.startswith("confusion" if matrix else "most frequent confusions")
    assert len(table.rows) == (count if matrix else 1)


def test_of_many_classes_the_worst() -> None:
    title, table = class_table(evaluation(**classes(tuple(f"c{n}" for n in range(40)))))
    assert title == "the 10 classes with the lowest F1, of 40"
    assert table.rows[0]["label"] == "c39"
    assert len(class_table(evaluation(**classes(("a", "b"))))[1].rows) == 2


def test_the_page_of_a_number() -> None:
    number = evaluation(
        quantiles={"smallest": -2.0, "largest": 3.0}, largest=[{"row": 7, "true": 1.0, "given": 4.0, "error": 3.0}]
    )
    found = text(page("run-1", number, again=False))
    assert "errors (predicted - true)\n  smallest  largest\n   -2.0000   3.0000" in found
    assert "largest errors\n  row    true  predicted   error\n    7  1.0000     4.0000  3.0000" in found


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_labels_are_only_text(name: str) -> None:
    odd = evaluation(**classes((name, "b")), notes=[name])
    found = text(page(name, odd | {"source": name}, again=True, others=(name,)))  # type: ignore[arg-type]
    assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(found)
    assert len(found.splitlines()) == len(page(name, odd, again=True, others=(name,)))


def test_the_mean() -> None:
    found = text(mean_page([{"metric": "f1", "mean": 0.5, "low": 0.4, "high": 0.6, "runs": 3}]))
    assert found == "\nmean of 3 runs\n        mean  95 % interval\n  f1  0.5000  [0.4000, 0.6000]"
    assert mean_page([]) == []


def test_show_names_every_look(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = keep_run(store, "x")
    add_evaluation(folder, evaluation())
    add_evaluation(folder, look("other"))
    shown = text(summary_lines(summary(store.entry(folder))))
    assert "tested    test accuracy 0.9700 [0.9500, 0.9800], opened 2026-11-20" in shown
    assert "[/x] 한글.csv accuracy 0.5000" in shown
    evaluations_path(folder).write_text("{")
    assert "cannot be read as a log of evaluations" in text(summary_lines(summary(store.entry(folder))))
