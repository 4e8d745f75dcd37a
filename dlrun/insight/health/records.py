"""`health.json` of a run, as the rules and figures read it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from dlrun.errors import StoreError, UsageError
from dlrun.store import RunFolder

FORMAT = 1
WAY_OUT = "`dlrun train CONFIG --health` adds them"


@dataclass(frozen=True)
class Layer:
    """What a layer is."""

    name: str
    activation: str
    inputs: int
    units: int


@dataclass(frozen=True)
class Bins:
    """A histogram of a layer's activations."""

    low: float
    high: float
    counts: Sequence[int]


@dataclass(frozen=True)
class Health:
    """Numbers of each layer over the epochs; what they mean: `docs/health.md`."""

    layers: tuple[Layer, ...]
    """The output last."""
    epochs: tuple[int, ...]
    """Those that were measured; 0 is the start."""
    measures: Mapping[str, Sequence[Sequence[float | None]]]
    """Name -> per layer a value per epoch."""
    histograms: tuple[tuple[int, tuple[Bins | None, ...]], ...]
    """At the start, in the middle and at the end: the epoch, and a histogram per layer."""
    rows: int
    """That were looked at."""
    steps_per_epoch: int
    batch_normalization: bool

    @property
    def hidden(self) -> range:
        """The places of the hidden layers."""
        return range(len(self.layers) - 1)

    def values(self, measure: str, place: int) -> Sequence[float | None]:
        """A layer's numbers over the epochs; empty where it was not measured."""
        columns = self.measures.get(measure, ())
        return columns[place] if place < len(columns) else ()

    def start(self, measure: str, place: int) -> float | None:
        """Before the first step; None where that is not known."""
        values = self.values(measure, place)
        return values[0] if values and self.epochs[0] == 0 else None

    def end(self, measure: str, place: int) -> float | None:
        """At the last epoch that was measured."""
        values = self.values(measure, place)
        return values[-1] if values else None

    def typical(self, measure: str, place: int) -> float | None:
        """The median over the epochs."""
        known = [value for value in self.values(measure, place) if value is not None]
        return median(known) if known else None


def refuse_other_kinds(folder: RunFolder) -> None:
    """Raises UsageError for a baseline or an ensemble; StoreError where the record is damaged."""
    kind = folder.record().get("kind") or "mlp"
    if kind != "mlp":
        raise UsageError(f"{folder.path.name} is a run of the kind {kind}: it has no layers to look at")


def read_health(folder: RunFolder) -> Health:
    """The records of a run.

    Raises:
        UsageError: it has none, or is no net.
        StoreError: they are damaged.
    """
    path = folder.health_path
    if not path.is_file():
        refuse_other_kinds(folder)
        raise UsageError(f"{folder.path.name} has no health records. {WAY_OUT}")
    try:
        return health_from(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read as health records. Remove the file; {WAY_OUT}") from error


def health_from(document: Mapping[str, Any]) -> Health:
    """The records in a document. Raises KeyError, TypeError or ValueError where it is none."""
    if document["format"] != FORMAT:
        raise ValueError(document["format"])
    layers = tuple(
        Layer(str(one["name"]), str(one["activation"]), int(one["inputs"]), int(one["units"]))
        for one in document["layers"]
    )
    epochs = tuple(int(epoch) for epoch in document["epochs"])
    measures = {
        str(name): [[None if value is None else float(value) for value in column] for column in columns]
        for name, columns in document["measures"].items()
    }
    if any(len(columns) != len(layers) or any(len(c) != len(epochs) for c in columns) for columns in measures.values()):
        raise ValueError("layers and epochs")
    histograms = tuple(
        (int(one["epoch"]), tuple(None if bins is None else _bins(bins) for bins in one["layers"]))
        for one in document["histograms"]
    )
    return Health(
        layers, epochs, measures, histograms, int(document["rows"]), int(document["steps_per_epoch"]),
        bool(document["batch_normalization"]),
    )  # fmt: skip


def _bins(document: Mapping[str, Any]) -> Bins:
    return Bins(float(document["low"]), float(document["high"]), [int(count) for count in document["counts"]])
