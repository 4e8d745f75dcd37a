"""Verdicts of many stored runs, remembered by the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dlrun.errors import StoreError
from dlrun.insight.verdict.diagnosis import VERDICTS, Told
from dlrun.insight.verdict.rules import diagnose
from dlrun.store import Entry, Store

VERSION = 1
"""Grows when a rule or a threshold changes, so that no store shows a verdict of older rules."""


def verdicts(store: Store, entries: Sequence[Entry]) -> list[Told | None]:
    """One per run; None where there is nothing to judge by, or its curves are damaged."""
    found = store.remembered("verdict", VERSION, entries, _told)
    return [None if told is None else Told(told[0], told[1]) for told in found]


def _told(entry: Entry) -> list[Any] | None:
    try:
        diagnosis = diagnose(entry.record, entry.folder.curves())
    except StoreError:
        return None
    return None if diagnosis.verdict is None else [diagnosis.verdict, diagnosis.turns]


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
