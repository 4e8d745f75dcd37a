"""The report for a pull request: the table, the verdicts, the best one, the next step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from dlrun.insight.report.document import Report
from dlrun.insight.report.reproduction import Config
from dlrun.insight.table_formats import escaped
from dlrun.insight.words import said
from dlrun.store.names import visible

__all__ = ["MARK", "MOST_ROWS", "escaped", "to_markdown"]

MARK = "<!-- dlrun report -->"
"""The first line, by which a file is known as one of ours."""
MOST_ROWS = 50
"""Of the table; a pull request is no place for more."""


def to_markdown(report: Report) -> str:
    """The report as GitHub's Markdown; nothing in names is obeyed."""
    t = partial(_message, report.language)
    parts = [
        f"{MARK}\n## {escaped(report.title)}",
        escaped(report.subtitle),
        *(f"> {escaped(warning)}" for warning in report.warnings),
        f"**{escaped(report.headlines[0])}**",
        *map(escaped, report.headlines[1:]),
        "\n".join(f"- {escaped(one.text)}: {one.count}" for one in report.verdicts),
        _next(report),
        _table(report),
        *(f"<sub>{escaped(note)}</sub>" for note in report.notes),
        f"### {t('title_tried')}",
        "\n".join(f"- {escaped(what)}: {escaped(', '.join(values))}" for what, values in (*report.tried, *report.data)),
        f"### {t('title_reproduce')}",
        "\n".join(
            f"- {escaped(step.words)}{f' `{step.command}`' if step.command else ''}"
            for step in report.reproduction.steps
        ),
    ]
    parts += [_folded(config) for config in report.reproduction.configs]
    return "\n\n".join(part for part in parts if part) + "\n"


def _folded(config: Config) -> str:
    """A config that opens on a click, between fences longer than any in it."""
    longest = max((len(run) for run in re.findall("`+", config.text)), default=0)
    fence = "`" * max(3, longest + 1)
    text = visible(config.text.rstrip("\n"), keep="\n")
    return f"<details><summary>{escaped(config.name)}</summary>\n\n{fence}yaml\n{text}\n{fence}\n\n</details>"


def _message(language: str, name: str, **values: object) -> str:
    return said(f"report.{name}", language, **values)


def _next(report: Report) -> str:
    if report.next is None:
        return ""
    patch = "".join(f"\n- {escaped(key)}: {escaped(value)}" for key, value in report.next.patch)
    return f"> {escaped(report.next.words)}" + (f"\n{patch}" if patch else "")


def _table(report: Report) -> str:
    heads = [escaped(head.title) for head in report.heads]
    rule = ["---:" if head.numeric else ":---" for head in report.heads]
    shown = report.rows[:MOST_ROWS]
    body = [
        [f"{escaped(cell.text)}{f' ± {cell.around}' if cell.around else ''}" for cell in row.cells] for row in shown
    ]
    rest = len(report.rows) - len(shown)
    more = f"\n{_message(report.language, 'script_more', count=rest)}\n" if rest else ""
    return "".join(_line(cells) for cells in (heads, rule, *body)) + more


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
