"""Rows of a table -> inputs of a net: fitted on train rows only, kept as JSON, so that new rows are treated alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from dlrun.data.dates import DAY, TIME_OF_DAY, calendar
from dlrun.data.features import (
    Category,
    Feature,
    Flag,
    Moment,
    Number,
    Pixels,
    feature_from_json,
    feature_to_json,
    numbers_of,
    seconds_in,
    texts_of,
    unreadable,
)
from dlrun.data.prepared import Task
from dlrun.data.scaling import center_and_scale, limit_of, outlier_scale
from dlrun.data.table import Numeric, Table, Text, image_size
from dlrun.data.understanding import Meaning, plain
from dlrun.errors import DataError

FORMAT = 1
LITTLE_CONTRAST = 0.5
"""Spread of all pixels, as a share of their mean, below which images are centred. Measured: MNIST 2.4,
Fashion-MNIST 1.2, crops of colour photographs 0.7, of grey textures 0.3, whose validation loss
stayed at the trivial one uncentred."""
_ROWS_FOR_CONTRAST = 1000
MOST_CATEGORIES = 50
"""A column with more categories keeps the most frequent ones; the others share one input."""


@dataclass(frozen=True)
class Preprocessing:
    """All that was fitted."""

    features: tuple[Feature, ...]
    """In the order of the net's inputs."""
    scaling: str
    task: Task
    label_map: dict[str, str] | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The name of each input of the net."""
        return tuple(name for feature in self.features for name in feature.inputs)

    @property
    def image(self) -> tuple[int, int, int] | None:
        """(height, width, colours) where the inputs are the pixels of whole images; else None."""
        size = image_size(self.inputs) if isinstance(self.features[0], Pixels) else None
        return None if size is None else (size[0], size[1], size[2] if len(size) == 3 else 1)

    @property
    def numeric(self) -> np.ndarray | None:
        """bool (inputs,): those that hold an amount; None where all do."""
        found = np.array([amount for feature in self.features for amount in amounts_in(feature)])
        return None if found.all() else found

    def apply(self, table: Table) -> np.ndarray:
        """float32 (rows, inputs), C-contiguous: the inputs for these rows.

        Columns are found by name; further columns are not looked at. Raises DataError where one is not there, does not
        hold numbers as the train rows did, or holds numbers beyond float32.
        """
        x = np.empty((len(table), len(self.inputs)), np.float32)
        place = 0
        for feature in self.features:
            width = len(feature.inputs)
            with np.errstate(over="ignore"):
                feature.apply(table, x[:, place : place + width])
            place += width
        finite = np.isfinite(x).all(axis=0)
        if not finite.all():
            name = self.inputs[int(np.argmin(finite))]
            raise DataError(f"{table.name}: column {name!r} has numbers too large for training; rescale or exclude it")
        return x

    def unreadable(self, table: Table) -> tuple[str, ...]:
        """A note for each column of numbers or dates of which some texts are taken as missing."""
        notes = []
        for feature in self.features:
            column = table.columns.get(getattr(feature, "name", ""))
            if isinstance(column, Text) and isinstance(feature, Number | Moment):
                wrong = unreadable(column, feature.values(table))
                if wrong.any():
                    first = column.levels[column.codes[int(np.argmax(wrong))]]
                    many = f"{int(wrong.sum()):,} values" if wrong.sum() > 1 else "1 value"
                    notes.append(
                        f"{table.name}: {many} of column {feature.name!r} cannot be read, taken as missing "
                        f"(the first is {first!r})."
                    )
        return tuple(notes)

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and texts; no NaN or infinity."""
        return {
            "format": FORMAT,
            "scaling": self.scaling,
            "features": [feature_to_json(feature) for feature in self.features],
            "task": {**asdict(self.task), "classes": list(self.task.classes), "shares": list(self.task.shares)},
            "label_map": self.label_map,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Preprocessing:
        """The inverse of `to_json`. Raises DataError for a format that this version does not know."""
        if stored.get("format") != FORMAT:
            raise DataError(
                f"preprocessing: must have format {FORMAT}; a newer dlrun wrote it. Received: {stored.get('format')!r}"
            )
        lists = {key: tuple(stored["task"].get(key, ())) for key in ("classes", "shares")}
        task = Task(**{**stored["task"], **lists})
        features = tuple(feature_from_json(feature) for feature in stored["features"])
        return cls(features, stored["scaling"], task, stored["label_map"])


def amounts_in(feature: Feature) -> list[bool]:
    """Which of a column's inputs hold an amount: not a category, a truth value, a missing value's mark or a cycle."""
    if isinstance(feature, Pixels):
        return [True] * len(feature.inputs)
    first = isinstance(feature, Moment) or type(feature) is Number
    return [first, *[False] * (len(feature.inputs) - 1)]


def fit(
    train: Table,
    features: Sequence[str],
    scaling: str,
    task: Task,
    label_map: dict[str, str] | None = None,
    meanings: Mapping[str, Meaning] | None = None,
) -> tuple[Preprocessing, tuple[str, ...]]:
    """The preprocessing of the train rows' columns, and notes on columns that were left out or shortened.

    Args:
        meanings: what each column is taken for; a column that is not in it is used as it is.

    Raises DataError where no column is left.
    """
    if train.white is not None:
        pixels, pixel_notes = _fit_pixels(train, tuple(features), train.white, scaling)
        return Preprocessing((pixels,), scaling, task, label_map), pixel_notes
    fitted: list[Feature] = []
    notes: list[str] = []
    for name in features:
        meaning = (meanings or {}).get(name) or plain(train.columns[name])
        feature, note = _fit_column(train, name, scaling, meaning)
        fitted += [] if feature is None else [feature]
        notes += [] if note is None else [note]
    if not fitted:
        raise DataError(f"{train.name}: no column is left to learn from. {' '.join(notes)}")
    return Preprocessing(tuple(fitted), scaling, task, label_map), tuple(notes)


def _fit_pixels(train: Table, names: tuple[str, ...], white: float, scaling: str) -> tuple[Pixels, tuple[str, ...]]:
    """Pixels between 0 and 1. Where the images are of little contrast, so that all inputs are about the same positive
    number, a net would hardly learn: then their common mean becomes 0 and their common spread 1.
    """
    every = 1 + (len(train) - 1) // _ROWS_FOR_CONTRAST
    shown = np.array([numbers_of(train, name)[::every] for name in names])
    mean, spread = float(shown.mean() / white), float(shown.std() / white)
    if scaling != "standard" or not 0 < spread < LITTLE_CONTRAST * mean:
        return Pixels(names, white), ()
    note = (
        f"{train.name}: its pixels are close together (mean {mean:.2f}, spread {spread:.2f} of white), so they are "
        "centred and scaled (data.scaling: none leaves them from 0 to 1)."
    )
    return Pixels(names, white, mean, spread), (note,)


def _fit_column(train: Table, name: str, scaling: str, meaning: Meaning) -> tuple[Feature | None, str | None]:
    column = train.columns[name]
    if column.missing.all():
        return None, f"Column {name!r} is left out: the train rows have no values in it."
    if meaning.kind == "category":
        return _fit_category(train, name)
    if meaning.format is not None:
        return _fit_moment(train, name, scaling, meaning.format)
    kind = Flag if meaning.kind == "boolean" and not isinstance(column, Numeric) else Number
    return _fit_number(train, kind(name, 0.0, 0.0, 1.0, False, meaning.spelling), scaling)


def _fit_number(train: Table, raw: Number, scaling: str) -> tuple[Feature | None, str | None]:
    """The feature with what its train rows tell put in the place of its numbers."""
    values = raw.values(train)
    missing = np.isnan(values)
    present = values[~missing]
    if not len(present):
        return None, f"Column {raw.name!r} is left out: the train rows have no number in it."
    if present.min() == present.max() and not missing.any() and not train.keep_constant:
        return None, f"Column {raw.name!r} is left out: it is {present[0]:g} in every train row."
    median = float(np.median(present))
    center, scale = center_and_scale(scaling, np.where(missing, median, values))
    guarded = scaling == "standard" and not train.keep_constant
    robust = outlier_scale(present) if guarded else None
    center, scale = robust or (center, scale)
    if not np.isfinite([center, scale]).all():
        raise DataError(f"{train.name}: column {raw.name!r} has numbers too large to be scaled; rescale or exclude it")
    limit = limit_of((present - center) / scale, robust is not None) if guarded else None
    return replace(raw, fill=median, center=center, scale=scale, indicator=bool(missing.any()), limit=limit), None


def _fit_moment(train: Table, name: str, scaling: str, format: str) -> tuple[Feature | None, str | None]:
    seconds = seconds_in(train, name, format)
    missing = np.isnan(seconds)
    present = seconds[~missing]
    if not len(present):
        return None, f"Column {name!r} is left out: the train rows have no date in it."
    if present.min() == present.max() and not missing.any():
        return None, f"Column {name!r} is left out: it is the same in every train row."
    origin = 0.0 if format == TIME_OF_DAY else float(np.floor(present.min() / DAY) * DAY)
    days = (present - origin) / DAY
    median = float(np.median(days))
    center, scale = center_and_scale(scaling, np.append(days, np.full(int(missing.sum()), median)))
    parts = calendar(present)
    cycles = tuple(part for part, (values, _) in parts.items() if values.min() != values.max())
    return Moment(name, format, origin, median, center, scale, cycles, bool(missing.any())), None


def _fit_category(train: Table, name: str) -> tuple[Feature | None, str | None]:
    text = texts_of(train, name)
    counts = {level: int(count) for level, count in zip(text.levels, text.counts(), strict=True) if count}
    missing = bool(text.missing.any())
    if len(counts) == 1 and not missing:
        return None, f"Column {name!r} is left out: it is {next(iter(counts))!r} in every train row."
    by_frequency = sorted(counts, key=lambda level: (-counts[level], level))
    kept = tuple(sorted(by_frequency[:MOST_CATEGORIES]))
    others = len(counts) > MOST_CATEGORIES
    note = (
        f"Column {name!r} has {len(counts)} categories: the {MOST_CATEGORIES} most frequent have an input each, "
        "the others share one."
    )
    return Category(name, kept, others, missing), note if others else None
