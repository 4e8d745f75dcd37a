"""`dlrun data`: what was understood of a file or of a config's data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlrun.cli.options import Target
from dlrun.cli.terminal import AsJson, bold, print_json, terminal_width

if TYPE_CHECKING:
    from dlrun.data.overview import ColumnFacts, Overview
    from dlrun.spec import Loaded

MOST_LINES = 150
"""Columns shown one by one; of more, only the first."""
MOST_CLASSES = 12
LONGEST_VALUE = 14
"""Cells of a terminal for one text."""


def data(
    source: Annotated[
        str | None, typer.Argument(help="A data file, a config (.yaml), or a built-in name such as digits.")
    ] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Override a key, such as data.task=regression."),
    ] = None,
    target: Target = None,
    augmented: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a picture (.png) of train images and their augmentation.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what was understood of a table: each column, the target, the split, and what looks wrong.

    Example: dlrun data titanic.csv --target Survived
    """
    from dlrun.cli.configs import load_config, show_warnings
    from dlrun.data.overview import overview

    loaded = load_config(source, sets or [], target)
    show_warnings(loaded)
    if augmented is not None:
        draw_augmented(loaded, augmented)
        return
    found = overview(loaded.experiment)
    if as_json:
        print_json(found.to_json())
        return
    for line, heading in page(found, source or "", terminal_width()):
        print(bold(line) if heading else line)


def draw_augmented(loaded: Loaded, path: Path) -> None:
    """Writes the picture and says where it is."""
    from dlrun.cli.configs import judge
    from dlrun.cli.terminal import say
    from dlrun.data import prepare
    from dlrun.runner import facts_of
    from dlrun.runner.augmented_picture import save_augmented
    from dlrun.spec import rules_of_data

    experiment = loaded.experiment
    prepared = prepare(experiment, None if experiment.data.folds is None else 0)
    judge(loaded, rules_of_data(experiment, facts_of(prepared)))
    save_augmented(experiment, prepared, path)
    say(f"wrote {path}")


def page(found: Overview, source: str, width: int | None) -> list[tuple[str, bool]]:
    """The lines for the terminal, and whether each is a heading."""
    from dlrun.store.names import visible

    head = [(f"{found.name}: {counted(found.rows, 'row')}, {counted(width_of(found), 'column')}", True)]
    head += [(line, False) for line in [*target_lines(found), *split_lines(found)]]
    told = [(f"warning: {text}", False) for text in found.warnings] + [(f"note: {text}", False) for text in found.notes]
    lines = [*head, ("", False), *table_lines(found, width), *([("", False)] if told else []), *told]
    if found.task is None:
        lines += [("", False), (f"Which column is to be predicted? dlrun data {quoted(source)} --target NAME", False)]
    return [(visible(line), heading) for line, heading in lines]


def counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def width_of(found: Overview) -> int:
    return sum(column.inputs if column.kind == "pixels" else 1 for column in found.columns)


def quoted(source: str) -> str:
    from shlex import quote

    return quote(source)


def target_lines(found: Overview) -> list[str]:
    """What is predicted, with the classes or the range."""
    from dlrun.data.overview import share_text
    from dlrun.insight.numbers import value

    if found.task is None:
        return []
    if found.task.kind == "regression":
        parts = ", ".join(f"{key} {value(number)}" for key, number in found.amounts.items())
        return [f"target: {found.task.target}, a number (regression): {parts}"]
    rows = sum(found.classes.values())
    shown = [
        f"{label} {count:,} ({share_text(count / rows)})" for label, count in list(found.classes.items())[:MOST_CLASSES]
    ]
    more = f" and {len(found.classes) - MOST_CLASSES} more" if len(found.classes) > MOST_CLASSES else ""
    return [f"target: {found.task.target}, {len(found.classes)} classes: {', '.join(shown)}{more}"]


def split_lines(found: Overview) -> list[str]:
    if not found.split:
        return []
    parts = ", ".join(f"{rows:,} {part}" for part, rows in found.split.items() if rows or part != "test")
    folds = f" in the first of {found.folds} folds" if found.folds else ""
    return [f"rows: {parts}{folds}; {counted(found.inputs, 'input')} of the net"]


def table_lines(found: Overview, width: int | None) -> list[tuple[str, bool]]:
    """One line per column of the table."""
    from dlrun.data.overview import folded
    from dlrun.insight.table import Column, Table
    from dlrun.insight.terminal_table import lines

    columns = (
        Column("name", "column", "text", rank=9),
        Column("kind", "kind", "text", rank=8),
        Column("distinct", "distinct", "count", rank=5),
        Column("missing", "missing", "count", rank=6),
        Column("values", "values", "text", rank=4),
        Column("becomes", "becomes", "text", rank=7),
    )
    all_columns = folded(found.columns)
    shown = all_columns[:MOST_LINES]
    rows = [
        {
            "name": column.name,
            "kind": column.kind,
            "distinct": column.distinct or None,
            "missing": column.missing or None,
            "values": values_text(column),
            "becomes": becomes_text(column),
        }
        for column in shown
    ]
    head, *body = lines(Table(columns, rows), width)[0]
    rest = [f"... and {len(all_columns) - len(shown):,} more columns; --json lists all"] * (shown != all_columns)
    return [(head, True), *((line, False) for line in [*body, *rest])]


def values_text(column: ColumnFacts) -> str:
    """The range of numbers and dates, or the most frequent texts."""
    from dlrun.insight.terminal_table import cut

    if column.low is not None:
        if column.low == column.high:
            return plain(column.low)
        middle = "" if column.median is None or isinstance(column.median, str) else f", median {plain(column.median)}"
        return f"{plain(column.low)} … {plain(column.high)}{middle}"
    if column.kind in ("id", "text"):
        return ", ".join(cut(value, 2 * LONGEST_VALUE) for value, _ in column.top[:1]) + ", …"
    parts = [f"{cut(value, LONGEST_VALUE)} {rows:,}" for value, rows in column.top[:3]]
    return ", ".join(parts) + (", …" if column.distinct > len(parts) else "")


def plain(value: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e12 else f"{value:.6g}"


def becomes_text(column: ColumnFacts) -> str:
    if column.becomes == "input":
        return counted(column.inputs, "input") if column.inputs else "input"
    if column.becomes in ("group", "time"):
        return f"splits the rows ({column.becomes})"
    return f"{column.becomes}: {column.reason}" if column.reason else column.becomes
