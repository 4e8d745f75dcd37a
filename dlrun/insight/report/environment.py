"""What runs were made with: equal parts once, others with how many runs each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dlrun.insight import numbers
from dlrun.insight.words import said
from dlrun.store import Entry

_PARTS = ("engine", "backend", "device", "git_commit")
_FIRST = ("dlrun", "python", "platform")
MOST = 6
"""Values named where runs differ; more are counted."""
Pair = tuple[str, list[str]]
"""What, and its values; several where the runs differ."""


def environment(entries: Sequence[Entry], language: str) -> list[Pair]:
    """Engine, backend, device, commit, machine and versions of some runs; parts that no record knows are left out."""
    records = [entry.record for entry in entries]
    found = [(said(f"report.{part}", language), [record.get(part) for record in records]) for part in _PARTS]
    versions = [record.get("versions", {}) for record in records]
    packages = dict.fromkeys([*_FIRST, *(package for version in versions for package in version)])
    for package in packages:
        title = said("report.platform", language) if package == "platform" else package
        found.append((title, [version.get(package) for version in versions]))
    return [(what, values) for what, column in found if (values := told_apart(column, language))]


def told_apart(column: Sequence[object], language: str) -> list[str]:
    """The values as texts, the most frequent first; with how many runs each where there are several."""
    counts = Counter(str(value) for value in column if value not in (None, ""))
    if len(counts) == 1:
        return list(counts)
    found = [
        said("report.of_runs", language, value=value, runs=numbers.count(count))
        for value, count in counts.most_common(MOST)
    ]
    rest = len(counts) - MOST
    return [*found, said("report.more_values", language, count=rest)] if rest > 0 else found
