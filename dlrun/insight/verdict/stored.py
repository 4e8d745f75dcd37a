"""Verdicts of many stored runs, remembered by the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dlrun.errors import StoreError
from dlrun.insight.verdict.diagnosis import GOOD_FIT, VERDICTS, Told
from dlrun.insight.words import said
from dlrun.store import Entry, Store
from dlrun.store.run_folder import DAMAGED

VERSION = 2
"""Grows when a rule or a threshold changes, so that no store shows a verdict of older rules. 2: what 1 kept may be the
`no verdict` of curves that could not be read once."""


def verdicts(store: Store, entries: Sequence[Entry]) -> list[Told | None]:
    """One per run; None where there is nothing to judge by, or its record or curves are damaged."""
    found = store.remembered("verdict", VERSION, entries, _told)
    return [None if told is None else Told(told[0], told[1]) for told in found]


def _told(entry: Entry) -> list[Any] | None:
    """Raises StoreError where its curves cannot be read: they may be readable again next time."""
    from dlrun.insight.verdict.rules import diagnose  # of most runs the verdict is remembered

    if entry.record["status"] == DAMAGED:
        return None
    diagnosis = diagnose(entry.record, entry.folder.curves())
    return None if diagnosis.verdict is None else [diagnosis.verdict, diagnosis.turns]


def in_words(told: Told | None) -> str | None:
    """`good fit, would overfit from epoch 12`; None for None."""
    if told is None:
        return None
    word = said(f"verdict.{told.verdict.replace(' ', '_')}")
    if told.turns is None or told.verdict != GOOD_FIT:  # what is overfit does not say again that it would be
        return word
    return f"{word}, {said('verdict.turns', turns=told.turns)}"


def verdict_of_run(entry: Entry) -> str | None:
    """The verdict of one run in words; None where there is none."""
    try:
        told = _told(entry)
    except StoreError:
        return None
    return None if told is None else in_words(Told(told[0], told[1]))


def configuration_verdict(told: Sequence[Told | None]) -> tuple[str, float] | None:
    """The verdict of most of a configuration's runs, and their share of those that have one.

    Of two that are equally frequent, the one that stands first in `VERDICTS`.
    """
    words = [one.verdict for one in told if one is not None]
    if not words:
        return None
    counts = Counter(words)
    first = min(counts, key=lambda word: (-counts[word], VERDICTS.index(word)))
    return first, counts[first] / len(words)
