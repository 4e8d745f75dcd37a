"""What a run was worth on its test rows, as plain rows and as a page for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.table import Column, Table
from dlrun.insight.terminal_table import cut, lines
from dlrun.store import RunFolder
from dlrun.store.evaluations import Evaluation, MetricRow, read_evaluations
from dlrun.store.names import visible

MOST_CLASSES = 12
"""A confusion matrix of more does not fit a screen; then the most frequent confusions are listed."""
MOST_ROWS = 30
"""A per-class table of more shows the worst classes only."""
WORST = 10
LABEL_WIDTH = 12
LOWER_IS_BETTER = ("loss", "mean_absolute_error", "root_mean_squared_error")
MAIN = ("accuracy", "root_mean_squared_error", "loss")

Lines = list[tuple[str, bool]]
"""Lines of a page, and whether each is a heading."""


def page(name: str, evaluation: Evaluation, again: bool, others: Sequence[str] = ()) -> Lines:
    """The page for a terminal.

    Args:
        name: of the run.
        again: whether the rows were opened before this command.
        others: runs of other configurations that were tested on the same rows.
    """
    title = f"{name} on {numbers.count(evaluation['rows'])} rows ({evaluation['rows_from']}: {evaluation['source']})"
    found: Lines = [(visible(title), True), *((f"  {line}", False) for line in history(evaluation, again, others))]
    found += block("", metric_table(evaluation))
    found += [(f"  {visible(line)}", False) for line in [*optimism(evaluation), *evaluation["notes"]]]
    if evaluation["classes"]:
        found += block(*class_table(evaluation))
        found += block(*confusion_table(evaluation))
    if evaluation["quantiles"]:
        found += block("errors (predicted - true)", quantile_table(evaluation))
        found += block("largest errors", residual_table(evaluation))
    return found


def block(title: str, table: Table) -> Lines:
    if not table.rows:
        return []
    heading: Lines = [("", False), *([(title, True)] if title else [])]
    return [*heading, *((f"  {line}", False) for line in lines(table, None)[0])]


def history(evaluation: Evaluation, again: bool, others: Sequence[str]) -> list[str]:
    """When the rows were opened, and what that means for them."""
    opened = moment(evaluation["opened"])
    found = [f"opened {opened}"]
    if again:
        found = [
            f"opened before, on {opened}: nothing was measured now, this is that result again.",
            "A net that is chosen by its test result looks better than it is; choose by validation.",
        ]
    if others:
        named = ", ".join(visible(name) for name in others[:5]) + (", ..." if len(others) > 5 else "")
        many = "1 run" if len(others) == 1 else f"{len(others)} runs"
        found.append(f"{many} of other configurations saw these rows too ({named}): do not choose among them by it.")
    return found


def moment(iso: str) -> str:
    """A time in ISO 8601 on this machine's clock: 2026-11-20 16:05."""
    try:
        return numbers.moment(datetime.fromisoformat(iso).timestamp())
    except ValueError:
        return iso


def metric_table(evaluation: Evaluation) -> Table:
    """One row per metric: on the test rows with its 95 % interval, on the validation rows, the trivial predictor's."""
    rows = [
        {**row, "metric": row["metric"].replace("_", " "), "interval": interval(row["low"], row["high"])}
        for row in evaluation["metrics"]
    ]
    held_out = any(row["validation"] is not None for row in evaluation["metrics"])
    columns = (
        Column("metric", "", "text"),
        Column("value", "test"),
        Column("interval", "95 % interval", "text"),
        *((Column("validation", "validation"), Column("difference", "test - validation")) if held_out else ()),
        Column("trivial", "trivial predictor"),
    )
    return Table(columns, rows)


def interval(low: float | None, high: float | None) -> str | None:
    """`[0.9528, 0.9889]`."""
    return None if low is None or high is None else f"[{numbers.number(low)}, {numbers.number(high)}]"


def main_row(evaluation: Evaluation) -> MetricRow | None:
    """The metric that stands for all: accuracy, the root mean squared error, else the loss."""
    by_name = {row["metric"]: row for row in evaluation["metrics"]}
    return next((by_name[name] for name in MAIN if name in by_name), None)


def optimism(evaluation: Evaluation) -> list[str]:
    """What the difference between test and validation means, in one line; nothing where it is not known."""
    row = main_row(evaluation)
    if row is None or row["difference"] is None:
        return []
    around = interval(row["difference_low"], row["difference_high"])
    name = row["metric"].replace("_", " ")
    return ["", f"test - validation: {name} {numbers.number(row['difference'])} {around or ''}: {meaning(row)}"]


def meaning(row: MetricRow) -> str:
    low, high = row["difference_low"], row["difference_high"]
    if low is None or high is None:
        return "its interval is not known"
    if low <= 0 <= high:
        return "within chance; the validation rows did not flatter the net"
    worse = (low > 0) == (row["metric"] in LOWER_IS_BETTER)
    if worse:
        return "worse than on the validation rows, which flattered the net; report the test value"
    return "better than on the validation rows, beyond chance: the test rows are easier, or of another kind"


def class_table(evaluation: Evaluation) -> tuple[str, Table]:
    """A title, and precision, recall, F1 and rows per class; of many classes the worst."""
    classes = evaluation["classes"]
    title = "per class"
    if len(classes) > MOST_ROWS:
        classes = sorted(classes, key=lambda row: row["f1"])[:WORST]
        title = f"the {WORST} classes with the lowest F1, of {len(evaluation['classes'])}"
    columns = (
        Column("label", "class", "text"),
        Column("precision", "precision"),
        Column("recall", "recall"),
        Column("f1", "F1"),
        Column("support", "rows", "count"),
    )
    return title, Table(columns, [{**row} for row in classes])


def confusion_table(evaluation: Evaluation) -> tuple[str, Table]:
    """A title, and the confusion matrix; of many classes the most frequent confusions."""
    matrix = evaluation["confusion"]
    if matrix is None or len(matrix) > MOST_CLASSES:
        columns = (
            Column("true", "true class", "text"),
            Column("given", "predicted", "text"),
            Column("rows", "rows", "count"),
            Column("share", "share of the class"),
        )
        return "most frequent confusions", Table(columns, [{**row} for row in evaluation["confused"]])
    labels = [visible(row["label"]) for row in evaluation["classes"]]
    counts = tuple(Column(str(place), cut(label, LABEL_WIDTH), "count") for place, label in enumerate(labels))
    rows = [
        {"true": label, **{str(place): count for place, count in enumerate(row)}}
        for label, row in zip(labels, matrix, strict=True)
    ]
    return "confusion: true class by row, predicted class by column", Table((Column("true", "", "text"), *counts), rows)


def quantile_table(evaluation: Evaluation) -> Table:
    quantiles = evaluation["quantiles"]
    return Table(tuple(Column(name, name) for name in quantiles), [dict(quantiles)])


def residual_table(evaluation: Evaluation) -> Table:
    columns = (
        Column("row", "row", "count"),
        Column("true", "true"),
        Column("given", "predicted"),
        Column("error", "error"),
    )
    return Table(columns, [{**row} for row in evaluation["largest"]])


def mean_page(means: Sequence[Mapping[str, Any]]) -> Lines:
    """The mean of several runs."""
    rows = [
        {**row, "metric": row["metric"].replace("_", " "), "interval": interval(row["low"], row["high"])}
        for row in means
    ]
    columns = (Column("metric", "", "text"), Column("mean", "mean"), Column("interval", "95 % interval", "text"))
    return block(f"mean of {means[0]['runs']} runs" if means else "", Table(columns, rows))


def headline(evaluation: Evaluation) -> str:
    """`test accuracy 0.9722 [0.9528, 0.9889], opened 2026-11-20 16:05`."""
    row = main_row(evaluation)
    opened = f"opened {moment(evaluation['opened'])}"
    if row is None:
        return opened
    rows = "test" if evaluation["rows_from"] != "FILE" else evaluation["source"]
    around = interval(row["low"], row["high"])
    value = " ".join(filter(None, [numbers.number(row["value"]), around]))
    return f"{rows} {row['metric'].replace('_', ' ')} {value}, {opened}"


def headlines(folder: RunFolder) -> list[str]:
    """One line per evaluation of a run, the oldest first.

    Raises:
        StoreError: its log is damaged.
    """
    return [headline(evaluation) for evaluation in read_evaluations(folder)]


def document(
    folder: RunFolder, name: str, evaluation: Evaluation, again: bool, others: Sequence[str]
) -> dict[str, Any]:
    """An evaluation in a JSON answer; `path` is absolute."""
    path = str(folder.path.absolute())
    return {"id": folder.id, "name": name, "path": path, "again": again, "others": list(others), **evaluation}
