"""Layer health laid out for people and for programs: a table, findings as lines, one document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dlrun.errors import StoreError
from dlrun.insight import numbers
from dlrun.insight.health.records import Health, read_health
from dlrun.insight.health.rules import Finding, findings
from dlrun.insight.table import Column, Table
from dlrun.insight.verdict.changes import patch_lines
from dlrun.insight.words import Said, said
from dlrun.store import RunFolder
from dlrun.store.names import visible

Line = tuple[str, bool]
"""A line, and whether it is a heading."""

SHARES = ("dead", "saturated")
COLUMNS = (
    ("spread_start", 6), ("spread", 8), ("mean", 2), ("dead", 9), ("saturated", 9), ("signal_start", 5), ("signal", 7),
    ("gradient", 4), ("weight", 1), ("update", 7), ("alike", 3),
)  # fmt: skip
"""What a table shows of a layer, and its rank; those that no layer has are left out."""


def health_rows(health: Health) -> list[dict[str, Any]]:
    """A flat row per layer: the numbers at the end, of some also at the start; the step's change as a median."""
    return [_row(health, place) for place in range(len(health.layers))]


def _row(health: Health, place: int) -> dict[str, Any]:
    layer = health.layers[place]
    row: dict[str, Any] = {"layer": layer.name, "activation": layer.activation, "units": layer.units}
    for name, _ in COLUMNS:
        measure = name.removesuffix("_start")
        if name.endswith("_start"):
            row[name] = health.start(measure, place) if len(health.epochs) > 1 else None
        elif name == "update":
            row[name] = health.typical(measure, place)
        else:
            row[name] = health.end(measure, place)
    return row


def health_table(health: Health, language: str = "en") -> Table:
    """A row per layer."""
    rows = health_rows(health)
    shown = [(name, rank) for name, rank in COLUMNS if any(row[name] is not None for row in rows)]
    columns = [
        Column("layer", said("health.column_layer", language), "text", rank=9),
        Column("activation", said("health.column_activation", language), "text", rank=2),
        Column("units", said("health.column_units", language), "count", rank=3),
        *(_column(name, rank, language) for name, rank in shown),
    ]
    for row in rows:
        row |= {f"{name}_text": _text(name, row[name]) for name, _ in shown}
    return Table(tuple(columns), rows)


def _column(name: str, rank: int, language: str) -> Column:
    return Column(name, said(f"health.column_{name}", language), "text", rank=rank, shown=f"{name}_text")


def _text(name: str, value: float | None) -> str:
    if value is None:
        return numbers.ABSENT
    return f"{value:.1%}".replace("%", " %") if name in SHARES else f"{value:.3g}"


def health_lines(found: Sequence[Finding], language: str = "en") -> Iterator[Line]:
    """The findings, each with its fix and the lines of the config that make it."""
    for finding in found:
        yield f"{title(finding, language)}: {finding.what.text(language)}", finding.kind != "well"
        if finding.fix is not None:
            yield f"  {said('health.fix', language, why=finding.fix)}", False
        for line in patch_lines(finding.patch):
            yield f"    {line}", False


def title(finding: Finding, language: str = "en") -> str:
    return said(f"health.title_{finding.kind}", language)


def heading(run: str, health: Health, source: str | None = None) -> Said:
    """What is shown.

    Args:
        source: of the rows, where it is not the run's own train rows.
    """
    values = {"run": visible(run), "rows": numbers.count(health.rows)}
    if source is not None:
        return Said("health.heading_data", {**values, "source": visible(source)})
    return Said("health.heading", {**values, "first": health.epochs[0], "last": health.epochs[-1]})


def health_document(health: Health, found: Sequence[Finding], language: str = "en") -> dict[str, Any]:
    """All of it as JSON can hold it."""
    return {
        "rows": health.rows,
        "epochs": list(health.epochs),
        "layers": [
            {**row, "inputs": layer.inputs} for row, layer in zip(health_rows(health), health.layers, strict=True)
        ],
        "findings": [
            {
                "kind": one.kind,
                "layers": list(one.layers),
                "text": one.what.text(language),
                "fix": None if one.fix is None else one.fix.text(language),
                "patch": dict(one.patch),
            }
            for one in found
        ],
        "measures": {name: [list(column) for column in columns] for name, columns in health.measures.items()},
        "histograms": [
            {
                "epoch": epoch,
                "layers": [
                    None if bins is None else {"low": bins.low, "high": bins.high, "counts": list(bins.counts)}
                    for bins in layers
                ],
            }
            for epoch, layers in health.histograms
        ],
    }


def hint(folder: RunFolder, language: str = "en") -> str | None:
    """One line on the layers of a run, for those who look at its curves; None where nothing was measured."""
    if not folder.health_path.is_file():
        return None
    try:
        found = findings(read_health(folder), folder.spec())
    except StoreError:  # `dlrun health` says what is damaged
        return None
    kinds = ", ".join(title(one, language) for one in found)
    return said("health.see_health", language, kinds=kinds, run=visible(folder.path.name))
