"""What is said to users about their curves, in one table of messages per language and topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

LANGUAGES = ("en", "ko")
TOPICS = (
    "baselines",
    "compare",
    "ensemble",
    "explore",
    "gallery",
    "gallery_descent",
    "gallery_generalisation",
    "gallery_network",
    "gallery_perceptron",
    "health",
    "maps",
    "report",
    "verdict",
)


@dataclass(frozen=True)
class Said:
    """A message that is not yet in any language."""

    key: str
    """`<topic>.<name>`."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What fills its fields: texts, or messages in their turn."""

    def text(self, language: str = "en") -> str:
        """The message in a language."""
        return said(self.key, language, **self.values)


def said(key: str, /, language: str = "en", **values: Any) -> str:
    """A message in a language.

    Args:
        key: `<topic>.<name>`.
        language: one of `LANGUAGES`.
        values: what fills its fields; a `Said` is put into the same language.
    """
    topic, _, name = key.partition(".")
    filled = {field: value.text(language) if isinstance(value, Said) else value for field, value in values.items()}
    return messages(language, topic)[name].format(**filled)


@cache
def messages(language: str, topic: str) -> dict[str, str]:
    """Name -> template of one topic."""
    found: dict[str, str] = import_module(f"dlrun.insight.words.{language}.{topic}").MESSAGES
    return found
