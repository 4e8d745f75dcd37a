"""The report as one HTML page that needs nothing else: no network, no file beside it, and no script but its own."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any

from dlrun.insight.report import curve_data, still
from dlrun.insight.report.document import Report
from dlrun.insight.report.headline import verdict_text
from dlrun.insight.words import messages, said
from dlrun.store.names import visible

MARK = '<meta name="generator" content="dlrun report">'
"""By which a page is known as one of ours."""
SECTIONS = (
    *("short", "tried", "table", "curves", "map", "effects", "learning"),
    *("seeds", "settings", "environment", "reproduce"),
)
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""Inside a script element these could end it, or a line of it."""
_SCRIPT_WORDS = "script_"
"""Beginning of the names of the messages that the script needs."""


def to_html(report: Report) -> str:
    """The page."""
    style, script = _part("report.css"), _part("report.js")
    t: Callable[..., str] = partial(_message, report.language)
    page: str = (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            contents=contents(report),
            frame=still,
            t=t,
            verdict_text=partial(verdict_text, language=report.language),
            style=_trusted(style),
            script=_trusted(script),
            policy=policy(style, script),
            data=_trusted(embedded(script_data(report))),
        )
    )
    return page


def contents(report: Report) -> list[str]:
    """The names of the sections that the page has, in their order."""
    sometimes = {"map": report.map, "effects": report.effects, "learning": report.learning}
    return [name for name in SECTIONS if sometimes.get(name, True)]


def policy(style: str, script: str) -> str:
    """The content security policy: nothing may be loaded, and only these two may be carried out."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def script_data(report: Report) -> dict[str, Any]:
    """What the script needs: the curves, which runs make a configuration, what is drawn first, its words."""
    return {
        **curve_data.document(report.curves),
        "rows": [
            {"label": row.label, "runs": row.runs, "names": [run.name for run in row.values]} for row in report.rows
        ],
        "picked": report.picked,
        "words": {
            name.removeprefix(_SCRIPT_WORDS): text
            for name, text in messages(report.language, "report").items()
            if name.startswith(_SCRIPT_WORDS)
        },
    }


def embedded(value: Mapping[str, Any]) -> str:
    """JSON that may stand inside a script element, whatever its texts hold."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char, escape in _ESCAPED.items():
        text = text.replace(char, escape)
    return text


def _message(language: str, name: str, **values: Any) -> str:
    return said(f"report.{name}", language, **values)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _part(name: str) -> str:
    return files("dlrun.insight.report").joinpath("templates", name).read_text(encoding="utf-8")


def _trusted(text: str) -> Any:
    """Text of ours that is no text of the page."""
    from markupsafe import Markup

    return Markup(text)


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("dlrun.insight.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters["lines"] = _lines
    return environment


def _printable(value: Any) -> Any:
    """Texts with what would turn their direction, or hide in them, made visible."""
    return visible(value) if type(value) is str else value


def _lines(text: str) -> Any:
    """A text of several lines, escaped."""
    from markupsafe import escape

    return escape(visible(text, keep="\n"))
