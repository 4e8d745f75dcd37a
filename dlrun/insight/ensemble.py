"""An ensemble beside its members: a table, and what it says in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.comparison import metric_words
from dlrun.insight.listing import run_document
from dlrun.insight.metrics import main_metric
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said
from dlrun.store import Entry
from dlrun.store.ensemble_file import DifferenceRow, EnsembleDocument, MemberRow, read_ensemble
from dlrun.store.names import visible
from dlrun.store.record import finite

_SAME = 1e-12
"""Smaller spreads are rounding."""


def title(document: EnsembleDocument, language: str = "en") -> str:
    """`mean of 5 runs`."""
    return said("ensemble.title", language, method=method_words(document["method"], language),
                members=len(document["members"]))  # fmt: skip


def method_words(method: str, language: str) -> str:
    known = ("vote", "mean", "weighted", "stack")
    return said(f"ensemble.method_{method}", language) if method in known else method


def member_table(entry: Entry, document: EnsembleDocument, language: str = "en") -> Table:
    """A row per run that was joined (the folds of one seed together), then one for the ensemble.

    Values are those on the rows that the ensemble is measured on.
    """
    metric = main_metric([entry.record])
    rows = [_member(document, place, language) for place in range(len(document["columns"]))]
    own = {key: value for key, value in entry.record.get("metrics", {}).items() if key.startswith("val_")}
    rows.append({"member": said("ensemble.the_ensemble", language), **own})
    columns = [
        Column("member", said("ensemble.title_member", language), "text", rank=9),
        Column("kind", said("ensemble.title_kind", language), "text", rank=2),
        Column("seed", said("ensemble.title_seed", language), "count", rank=4),
        Column("folds", said("ensemble.title_folds", language), "count", rank=3),
        Column("weight", said("ensemble.title_weight", language), rank=5),
        Column("val_loss", said("ensemble.title_val", language, metric=said("compare.title_loss", language)), rank=8),
        *([Column(f"val_{metric}", said("ensemble.title_val", language, metric=metric_words(metric)), rank=7)]
          if metric else []),
        Column("best", said("ensemble.title_best", language), "text", rank=1),
    ]  # fmt: skip
    return Table(tuple(column for column in columns if any(row.get(column.key) is not None for row in rows)), rows)


def _member(document: EnsembleDocument, place: int, language: str) -> dict[str, Any]:
    some = [member for member in document["members"] if member["column"] == place]
    weights = [member["weight"] for member in some if member["weight"] is not None]
    return {
        "member": _name(some),
        "kind": some[0]["kind"],
        "seed": some[0]["seed"],
        "folds": len(some) if some[0]["fold"] is not None else None,
        "weight": sum(weights) if weights else None,
        "best": said("ensemble.the_best", language) if place == document["best"] else None,
        **document["columns"][place]["metrics"],
    }


def _name(some: Sequence[MemberRow]) -> str:
    return some[0]["name"] if some[0]["fold"] is not None else f"{some[0]['name']}-{some[0]['id']}"


def findings(document: EnsembleDocument, amounts: bool, language: str = "en") -> list[str]:
    """Whether it is better than its best member, and how much members differ, in words.

    Args:
        amounts: whether its members give amounts, not classes.
    """
    if document["judged"] == "nothing":
        return [said("ensemble.no_rows", language)]
    if len(document["columns"]) == 1:
        return [said("ensemble.one_column", language)]
    found = [_compared(row, language) for row in document["differences"]]
    if document["best"] is not None:
        found.append(said("ensemble.chosen", language))
    return [*found, *_disagreement(document, amounts, language)]


def _compared(row: DifferenceRow, language: str) -> str:
    """Better, a tie or worse, by whether the interval leaves 0 out."""
    metric = said("compare.title_loss", language) if row["metric"] == "loss" else metric_words(row["metric"])
    value, low, high = row["value"], row["low"], row["high"]
    if value is None or low is None or high is None:
        return said("ensemble.unknown", language, metric=metric)
    gain = (-high, -low) if row["smaller_is_better"] else (low, high)
    word = "better" if gain[0] > 0 else "worse" if gain[1] < 0 else "tie"
    values = {"difference": signed(value), "low": signed(low), "high": signed(high)}
    return said(f"ensemble.{word}", language, metric=metric, **values)


def signed(value: float) -> str:
    """`+0.0123`, `-0.0123`."""
    text = numbers.number(abs(value))
    return f"-{text}" if value < 0 else f"+{text}"


def _disagreement(document: EnsembleDocument, amounts: bool, language: str) -> list[str]:
    spread = document["disagreement"]
    if spread is None:
        return []
    if spread < _SAME:
        return [said("ensemble.same", language)]
    if amounts:
        return [said("ensemble.disagree_amounts", language, spread=numbers.number(spread))]
    return [said("ensemble.disagree_classes", language, share=f"{spread:.1%}")]


def _gives_amounts(entry: Entry) -> bool:
    return entry.record.get("target") is not None


def page(entry: Entry, language: str = "en") -> tuple[str, Table, list[str]]:
    """Heading, table and findings of an ensemble.

    Raises:
        StoreError: `ensemble.json` is absent or damaged.
    """
    document = read_ensemble(entry.folder)
    heading = f"{entry.folder.path.name}: {title(document, language)}"
    return heading, member_table(entry, document, language), findings(document, _gives_amounts(entry), language)


def document_of(entry: Entry, again: bool, language: str = "en", notes: Sequence[str] = ()) -> dict[str, Any]:
    """An ensemble in a JSON answer, with notes beside those of its record. Raises as `page`."""
    document = read_ensemble(entry.folder)
    whole = {key: value for key, value in document.items() if key not in ("format", "combination")}
    return {
        **run_document(entry.folder, entry.record),
        "again": again,
        **finite(whole),
        "findings": findings(document, _gives_amounts(entry), language),
        "notes": [*entry.record.get("notes", []), *notes],
    }


def member_lines(entry: Entry) -> list[tuple[str, str]]:
    """A line per member for `show`: its name, then what it is, printable. Raises as `page`."""
    document = read_ensemble(entry.folder)
    return [
        (visible(f"{member['name']}-{member['id']}"), ", ".join(_facts(member, document)))
        for member in document["members"]
    ]


def _facts(member: MemberRow, document: EnsembleDocument) -> Iterator[str]:
    yield visible(member["kind"])
    for key in ("seed", "fold"):
        if member[key] is not None:
            yield f"{key} {member[key]}"
    if member["weight"] is not None:
        yield f"weight {numbers.number(member['weight'])}"
    if member["column"] == document["best"]:
        yield "the best by itself"
