"""Some runs as configurations and the keys in which these differ: what maps and effects begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from dlrun.errors import UsageError
from dlrun.insight.comparable import comparable
from dlrun.insight.comparison import common_monitor, differing_settings
from dlrun.insight.configurations import Configuration, by_configuration, planned
from dlrun.insight.metrics import greater_is_better
from dlrun.insight.table import Column
from dlrun.insight.verdict import Told, configuration_verdict
from dlrun.insight.words import Said
from dlrun.store import Entry
from dlrun.store.names import visible
from dlrun.store.run_folder import DAMAGED

WIDTH, DEPTH, UNITS, FRACTION = "model.width", "model.depth", "model.units", "data.train_fraction"
_ROWS_FROM = ("data.source", "data.inline", "data.rows", "data.noise", "data.validation_source", "data.test_source")


@dataclass(frozen=True)
class Swept:
    """Configurations side by side."""

    configurations: tuple[Configuration, ...]
    settings: tuple[dict[str, Any], ...]
    """Per configuration: dotted key -> value, of the keys in which they differ. Layers are width and depth."""
    keys: tuple[Column, ...]
    """Those keys with their titles."""
    monitor: str
    """The curve that decides."""
    verdicts: tuple[tuple[str, float] | None, ...]
    """Per configuration the verdict of most of its runs, and their share."""
    notes: tuple[Said, ...] = field(default=())
    seeds: int = 1
    """The most that a configuration has."""

    @property
    def name(self) -> str:
        """What the runs are called, where all are called the same; else how many there are."""
        names = {entry.record["name"] for found in self.configurations for entry in found.entries}
        return visible(names.pop()) if len(names) == 1 else f"{len(self.configurations)} configurations"

    @property
    def sign(self) -> int:
        """1 where lower values of the monitor are better, else -1."""
        return -1 if greater_is_better(self.monitor) else 1

    def title(self, key: str) -> str:
        return next((column.title for column in self.keys if column.key == key), key)

    def column(self, key: str) -> list[Any]:
        """The key's value in each configuration."""
        return [settings.get(key) for settings in self.settings]


def swept(
    entries: Sequence[Entry],
    told: Sequence[Told | None] | None = None,
    monitor: str | None = None,
    anyway: bool = False,
) -> Swept:
    """The runs as configurations.

    Args:
        told: per run its verdict.
        monitor: the curve that decides; the one by which most of the runs choose their best epoch when not given.
        anyway: take runs of different data together all the same.
    Raises:
        UsageError: there are no runs, or they have different data.
    """
    whole = [entry for entry in entries if entry.record["status"] != DAMAGED]
    if not whole:
        raise UsageError(
            "there are no runs to look at. `dlrun sweep CONFIG` makes some; `dlrun ls` lists what there is"
        )
    notes = [Said("maps.damaged", {"count": len(entries) - len(whole)})] if len(whole) < len(entries) else []
    decides = monitor or common_monitor([entry.record for entry in whole])
    notes += _same_data(whole, decides, anyway)
    groups = by_configuration(whole)
    seeds = max(len({entry.record.get("seed") for entry in runs}) for runs in groups)
    found = tuple(Configuration(tuple(runs), decides, planned(runs, seeds)) for runs in groups)
    settings, columns = differing_settings([runs[0] for runs in groups], {})
    keys = tuple(column for column in columns if _is_choice(column.key, columns, anyway))
    return Swept(found, tuple(settings), keys, decides, _verdicts(groups, entries, told), tuple(notes), seeds)


def key_of(swept: Swept, name: str, option: str) -> str:
    """The key that a user means: in full, its last word, or its title.

    Raises:
        UsageError: no such key was swept.
    """
    names = {text: key.key for key in swept.keys for text in (key.title, key.key.rpartition(".")[2], key.key)}
    if name in names:
        return names[name]
    near = get_close_matches(name, names, n=1)
    hint = f"Did you mean `{near[0]}`? " if near else ""
    raise UsageError(
        f"{option}: must be a key in which the runs differ. Received: {visible(name)!r}. {hint}{differ(swept)}"
    )


def differ(swept: Swept) -> str:
    """The keys in which the runs differ, in words."""
    listed = ", ".join(visible(key.key) for key in swept.keys)
    return f"They differ in: {listed}" if listed else "They differ in no key but the seed"


def _is_choice(key: str, columns: Sequence[Column], anyway: bool) -> bool:
    """Whether a key says something of its own: where rows come from does not (the data are the same), and width and
    depth do not where the units are listed one by one."""
    if key in (WIDTH, DEPTH):
        return all(column.key != UNITS for column in columns)
    return anyway or not key.startswith(_ROWS_FROM)


def _same_data(entries: Sequence[Entry], monitor: str, anyway: bool) -> list[Said]:
    mixed = comparable(entries, monitor).mixed
    if not mixed:
        return []
    if anyway:
        return [Said("maps.different_data", {"mixed": mixed})]
    raise UsageError(
        f"the runs must be on the same data, with the same target and loss. Received: {mixed}. Name a sweep or runs of "
        "one of them; --anyway takes them all together"
    )


def _verdicts(
    groups: Sequence[Sequence[Entry]], entries: Sequence[Entry], told: Sequence[Told | None] | None
) -> tuple[tuple[str, float] | None, ...]:
    by_run = dict(zip([entry.folder.path for entry in entries], told or [None] * len(entries), strict=True))
    return tuple(configuration_verdict([by_run[entry.folder.path] for entry in runs]) for runs in groups)
