"""The value of a config key in many runs, without opening every run's `spec.yaml`.

A record lists the values that differ from the defaults. Any other key has its default, which depends on nothing
but the choices that decide which keys there are (the optimizer, the schedule, whether an optional part is there
at all): it is read once for each such choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.errors import StoreError
from dlrun.store import Entry
from dlrun.store.spec_file import flatten

_CHOICES = ("optimizer.name", "schedule.name", "data.source")
_NOT_SETTINGS = ("name", "seed")
"""The name is decoration; the seed has a column of its own."""
_OF_NETS = ("model.", "optimizer.", "schedule.", "fit.")
_OF_ALL = ("fit.loss", "fit.metrics", "fit.monitor", "fit.class_weight")
"""What of `fit` decides how a run is measured, or how much rows count; the rest is about training a net."""
LAYERS = ("model.units", "model.widen", "model.deepen")
"""What the hidden layers are built from; shown as width and depth."""


class SpecValues:
    """Settings of some runs, by dotted key."""

    def __init__(self, entries: Sequence[Entry]):
        self._entries = entries
        self._nets = [(entry.record.get("kind") or "mlp") == "mlp" for entry in entries]
        self._changed = [_changed(entry) for entry in entries]
        self._specs: dict[int, dict[str, Any]] = {}
        self._sections = [_sections(changed) for changed in self._changed]
        self._choices = [repr([changed.get(key) for key in _CHOICES]) for changed in self._changed]
        self._defaults: dict[tuple[str, bool, str], Any] = {}
        self._columns: dict[str, list[Any]] = {}

    def changed_keys(self) -> list[str]:
        """All keys that some run sets to something else than its default, in the order they are met."""
        keys = dict.fromkeys(key for changed in self._changed for key in changed)
        return [key for key in keys if key not in _NOT_SETTINGS and not key.startswith("sweep")]

    def column(self, key: str) -> list[Any]:
        """The key's value in each run; None where the run has no such key: a forest has no learning rate."""
        if key not in self._columns:
            self._columns[key] = [self._value(place, key) for place in range(len(self._entries))]
        return self._columns[key]

    def differing(self) -> list[str]:
        """The keys whose values are not the same in all runs; a run of which nothing can be read counts for none."""
        return [key for key in self.changed_keys() if not self.alike(self.column(key))]

    def alike(self, column: Sequence[Any]) -> bool:
        """Whether the values, one per run, are the same in all runs of which something can be read, and that have such
        a value if they are no nets."""
        known = zip(column, self._changed, self._nets, strict=True)
        return all_equal([value for value, changed, net in known if changed and (net or value is not None)])

    def known_keys(self) -> list[str]:
        """All keys that some run sets, and all that the first readable run has, defaults included."""
        full = next((keys for place in range(len(self._entries)) if (keys := self._full(place))), {})
        return list(dict.fromkeys([*self.changed_keys(), *full]))

    def _value(self, place: int, key: str) -> Any:
        if not self._nets[place] and key.startswith(_OF_NETS) and not key.startswith(_OF_ALL):
            return None
        changed = self._changed[place]
        if key in changed:
            return changed[key]
        token = (key, key.rpartition(".")[0] in self._sections[place], self._choices[place])
        if token not in self._defaults:
            full = self._full(place)
            if not full:
                return None  # an unreadable file says nothing of other runs
            self._defaults[token] = full.get(key)
        return self._defaults[token]

    def _full(self, place: int) -> dict[str, Any]:
        if place not in self._specs:
            try:
                self._specs[place] = flatten(self._entries[place].folder.spec())
            except StoreError:
                self._specs[place] = {}
        return self._specs[place]


def _sections(changed: Mapping[str, Any]) -> frozenset[str]:
    """The sections, and parts of sections, in which something is set: `fit` and `fit.early_stopping`."""
    words = [key.split(".") for key in changed]
    return frozenset(".".join(word[:end]) for word in words for end in range(1, len(word)))


def all_equal(values: Sequence[Any]) -> bool:
    """Whether all values are the same; 1 and 1.0 are."""
    return all(value == values[0] and isinstance(value, bool) == isinstance(values[0], bool) for value in values)


def _changed(entry: Entry) -> dict[str, Any]:
    """The values that differ from the defaults; for a run without a final record all its values."""
    changed = entry.record.get("spec")
    if changed is not None:
        return dict(changed)
    try:
        return flatten(entry.folder.spec())
    except StoreError:
        return {}
