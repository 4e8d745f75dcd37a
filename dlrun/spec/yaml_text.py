"""Config text -> plain tree, with the line of every value. YAML 1.2 scalars, no tags, no aliases, no duplicate keys.

PyYAML finds the events; the scalars are read here, because its own rules are those of YAML 1.1, where `1e-3` is text,
`010` is 8, `12:30` is 750 and `no` is false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.reader import ReaderError

from dlrun.errors import ConfigError, Problem

Path = tuple[str | int, ...]
"""Where a value stands: keys of mappings and positions in lists, from the top."""

DEEPEST = 20
"""Levels of nesting that a config may have; the deepest key of an experiment stands on the sixth."""

INTEGER = re.compile(r"[-+]?[0-9]+")
OCTAL = re.compile(r"0o[0-7]+")
HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
LONGEST_NUMBER = 300
"""Characters; more could be no value of any key, and Python itself refuses integers of 4,300 digits."""
LONGEST_SHOWN = 60
"""Characters of a key or value that a message shows."""


@dataclass
class Document:
    """A parsed text."""

    tree: Any
    lines: dict[Path, int] = field(default_factory=dict)
    """Path -> line, from 1."""


def dotted(path: Path) -> str:
    """`model.units[1]`, fit to be printed."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{printable(part)}" if text else printable(part)
    return text


def printable(text: str) -> str:
    """A key as it is, or quoted where it is empty, very long or holds control characters."""
    if len(text) > LONGEST_SHOWN:
        return f"{text[:LONGEST_SHOWN]!r}..."
    return text if text and text.isprintable() else repr(text)


def scalar(text: str) -> Any:
    """The value of a plain (unquoted) scalar by the core schema of YAML 1.2."""
    if text in WORDS:
        return WORDS[text]
    if len(text) > LONGEST_NUMBER:
        return text
    if INTEGER.fullmatch(text):
        return int(text)
    if OCTAL.fullmatch(text) or HEXADECIMAL.fullmatch(text):
        return int(text, 0)
    if FLOAT.fullmatch(text):
        return float(text)
    return text


def parse(text: str, where: str) -> Document:
    """Reads one YAML document.

    Args:
        text: the document.
        where: the file's name, for messages.

    Raises:
        ConfigError: on anything that is not plain YAML, with all tags, aliases and duplicate keys it met.
    """
    try:
        return Composer(where).compose(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{where}:{mark.line + 1}" if mark else where
        raise ConfigError([Problem(place, f"is not valid YAML: {error.problem}.{hint(text, error)}")]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"must be plain text. Received: the control character U+{int(error.character):04X}."
        raise ConfigError([Problem(f"{where}:{line}", message)]) from None


HINTS = (
    ("mapping values are not allowed", "Put text with `: ` in it in quotes, and end the line of a section with `:`."),
    ("expected <block end>", "Indent the keys of one section alike."),
    ("expected '<document start>'", "The line does not belong to what stands above it."),
)


def hint(text: str, error: yaml.MarkedYAMLError) -> str:
    """What is mostly behind a syntax error, as a sentence after a space."""
    lines, mark, opened = text.splitlines(), error.problem_mark, error.context_mark
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    problem = str(error.problem)
    if "\t" in line:
        return " The line holds a tab; indent with spaces."
    if re.search(r"(^|[:{,\[-])\s*[*&!%@`]", line):
        return " Put text that begins with a special character in quotes."
    if opened and opened != mark and ("expected ',' or" in problem or "unexpected end" in problem):
        return f" `{lines[opened.line][opened.column]}` of line {opened.line + 1} is not closed."
    return next((f" {advice}" for sign, advice in HINTS if sign in problem), "")


class Composer:
    """Builds the tree from PyYAML's events; collects what a config may not hold."""

    def __init__(self, where: str):
        self.where = where
        self.problems: list[Problem] = []
        self.lines: dict[Path, int] = {}

    def compose(self, events: Iterator[Any]) -> Document:
        tree: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(event, "must hold one document. Received: a second one (`---`)")
                    break
            elif isinstance(event, yaml.NodeEvent):
                tree = self.node(event, events, ())
        if self.problems:
            raise ConfigError(list(dict.fromkeys(self.problems)))
        return Document(tree, self.lines)

    def node(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        self.lines.setdefault(path, event.start_mark.line + 1)
        if len(path) > DEEPEST:
            self.refuse(event, f"is nested deeper than {DEEPEST} levels")
            raise ConfigError(list(dict.fromkeys(self.problems)))
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, f"may not use aliases. Received: *{event.anchor}. Write the value out")
            return None
        if event.anchor is not None:
            self.refuse(event, f"may not use anchors. Received: &{event.anchor}. `base:` inherits from another file")
        if event.tag is not None:
            self.refuse(event, f"may not use tags. Received: {event.tag.replace('tag:yaml.org,2002:', '!!')}")
        if isinstance(event, yaml.ScalarEvent):
            return self.text(event) if event.style else scalar(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, path)
        return self.mapping(events, path)

    def sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.node(event, events, (*path, len(items))))
        return items

    def mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        items: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.key(event, events, path)
            inside = (*path, key)
            if key in items:
                first = self.lines[inside]
                before = "" if first == event.start_mark.line + 1 else f", first in line {first}"
                self.refuse(event, f"{dotted(inside)} is given twice{before}. Keep one of them")
            self.lines.setdefault(inside, event.start_mark.line + 1)
            items[key] = self.node(next(events), events, inside)
        return items

    def key(self, event: Any, events: Iterator[Any], path: Path) -> str:
        """A key is always text: `{0: 1.5}` names the label "0"."""
        if isinstance(event, yaml.ScalarEvent):
            return self.text(event)
        self.refuse(event, "must have plain text as keys. Received: a list or mapping as a key")
        self.node(event, events, (*path, "?"))
        return "?"

    def text(self, event: Any) -> str:
        """Quoted text; JSON's way to write an emoji, two halves as `\\ud83d\\ude00`, gives the emoji."""
        try:
            return str(event.value).encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.refuse(event, "must not hold half a character, such as \\ud83d without its other half")
            return ""

    def refuse(self, event: Any, text: str) -> None:
        self.problems.append(Problem(f"{self.where}:{event.start_mark.line + 1}", f"{text}."))
