"""What a rule says of a config, and what it may know of the data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found."""

    is_error: bool
    path: str
    """The dotted key it is about."""
    text: str
    """What is wrong and the way out; read after the path."""


def error(path: str, text: str) -> Finding:
    return Finding(True, path, text)


def warning(path: str, text: str) -> Finding:
    return Finding(False, path, text)


@dataclass(frozen=True)
class Facts:
    """What a rule may know of the data."""

    kind: str
    """binary, multiclass or regression."""
    train_rows: int
    has_validation: bool
    shares: tuple[float, ...] = ()
    """The share of each class; empty for regression or if unknown."""
    images: bool = False
    """Whether rows are images."""
    numeric: bool = True
    """Whether an input holds an amount, in place of a category or a truth value."""
