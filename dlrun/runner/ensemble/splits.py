"""Which rows members were trained, validated and tested on: the same for all, or each its fold of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dlrun.data import Prepared, Rows, Task, read
from dlrun.data.table import Numeric
from dlrun.errors import DataError, UsageError
from dlrun.runner.ensemble.candidates import Candidate, refuse_pair
from dlrun.runner.ensemble.opened import in_unit
from dlrun.runner.run_data import RunData
from dlrun.spec import Experiment
from dlrun.store import RowCounts

PARTS = ("train", "validation", "test")
CLOSE = 1e-4
"""Standardised amounts of one row that are so near are the same amount."""


@dataclass(frozen=True)
class Split:
    """The rows of one member, without their inputs."""

    task: Task
    numbers: dict[str, np.ndarray]
    """Part -> int64 (rows,): places in the source."""
    y: dict[str, np.ndarray]
    """Part -> (rows,): class indices, or values standardised as the member's are."""


@dataclass(frozen=True)
class SharedRows:
    """The rows that an ensemble is measured on."""

    splits: tuple[Split, ...]
    """Per member."""
    prepared: Prepared
    """As a run has them, without inputs. Validation rows are those that members were not trained on. With folds these
    are all rows, and so are the train rows: each of them is judged by those that were trained on it."""
    out_of_fold: bool

    @property
    def task(self) -> Task:
        """Of the first member; its unit is the ensemble's."""
        return self.prepared.task

    @property
    def sides(self) -> dict[str, Rows]:
        """Part of a member -> rows that are measured."""
        held_out = self.prepared.validation
        return {"train": self.prepared.measured_train} | ({} if held_out is None else {"validation": held_out})

    def counts(self) -> RowCounts:
        """As a record has them; `train` is what one member was trained on."""
        first = self.splits[0].numbers
        return {
            "train": len(first["train"]),
            "measured_train": len(self.sides["train"]),
            "validation": len(self.sides.get("validation", ())),
            "test": len(first["test"]),
        }


def shared_rows(members: Sequence[Candidate], data: RunData) -> SharedRows:
    """The rows of these runs, once it is sure that they are the same.

    Raises:
        UsageError: two members have other rows; names them. Or they have no train row in common.
        DataError: the data are not there any more, or are others.
    """
    order = sorted(range(len(members)), key=lambda place: members[place].fold or 0)  # each fold is prepared once
    by_place = {place: split_of(members[place], data) for place in order}
    splits = tuple(by_place[place] for place in range(len(members)))
    refuse_other_rows(members, splits)
    first, out_of_fold = data.of(members[0].experiment, members[0].fold), members[0].fold is not None
    numbers = {
        "train": joined([split.numbers["train"] for split in splits], np.union1d if out_of_fold else np.intersect1d),
        "validation": joined([split.numbers["validation"] for split in splits], np.union1d),
    }
    if not len(numbers["train"]):
        raise UsageError(
            f"ensemble: its {len(members)} members have no train row in common, so it has no train values. "
            "Train them with the same data.split_seed, or with a larger data.train_fraction"
        )
    train, held_out = (rows_without_inputs(part, numbers[part], splits) for part in PARTS[:2])
    return SharedRows(splits, replace(first, train=train, validation=held_out if len(held_out) else None), out_of_fold)


def split_of(member: Candidate, data: RunData) -> Split:
    prepared = data.of(member.experiment, member.fold)
    refuse_other_data(member, prepared)
    parts = {name: getattr(prepared, name) for name in PARTS}
    none = np.zeros(0, np.int64)
    return Split(
        prepared.task,
        {name: none if rows is None else rows.numbers for name, rows in parts.items()},
        {name: none if rows is None else rows.y for name, rows in parts.items()},
    )


def refuse_other_data(member: Candidate, prepared: Prepared) -> None:
    origin = member.record.get("data", {})
    if prepared.fingerprint != origin.get("fingerprint", prepared.fingerprint):
        raise DataError(
            f"{origin.get('source')}: the data have changed since {member.name} was trained, so it cannot be measured "
            "on its own rows. Train it again"
        )


def refuse_other_rows(members: Sequence[Candidate], splits: Sequence[Split]) -> None:
    """Raises UsageError where two members were not validated or tested on the same rows, or these mean other things."""
    first: dict[int | None, int] = {}
    for place, member in enumerate(members):
        like = first.setdefault(member.fold, place)
        for part, other in (("validation", like), ("test", 0)):
            one, two = splits[other], splits[place]
            pair = members[other].name, member.name
            if not np.array_equal(one.numbers[part], two.numbers[part]):
                came = f"{len(one.numbers[part]):,} rows", f"{len(two.numbers[part]):,} rows"
                refuse_pair(*pair, f"their {part} rows are not the same", *came)
            if not same_targets(one, two, part):
                refuse_pair(*pair, f"the same {part} rows mean other things", "one target", "another")


def same_targets(one: Split, two: Split, part: str) -> bool:
    if one.task.kind != "regression":
        return np.array_equal(one.y[part], two.y[part])
    return np.allclose(in_unit(two.y[part], two.task, one.task), one.y[part], rtol=CLOSE, atol=CLOSE)


def joined(numbers: Sequence[np.ndarray], join: np.ufunc | object) -> np.ndarray:
    """int64, rising: all numbers made one by a set operation of numpy."""
    found = np.unique(numbers[0])
    for other in numbers[1:]:
        found = join(found, other)  # type: ignore[operator]
    return found


def rows_without_inputs(part: str, numbers: np.ndarray, splits: Sequence[Split]) -> Rows:
    """The rows with these numbers, with what is true in the unit of the first member."""
    task = splits[0].task
    y = np.zeros(len(numbers), np.float32 if task.kind == "regression" else np.int32)
    for split in splits:
        here, places = found_in(numbers, split.numbers[part])
        y[here] = in_unit(split.y[part][places], split.task, task)
    return Rows(np.zeros((len(numbers), 0), np.float32), y, numbers)


def found_in(wanted: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the numbers that both have stand in each.

    Args:
        wanted: different numbers, rising.
        numbers: different numbers.
    """
    _, here, places = np.intersect1d(wanted, numbers, assume_unique=True, return_indices=True)
    return here, places


def blocks_of(experiment: Experiment, prepared: Prepared, numbers: np.ndarray) -> np.ndarray:
    """int (rows,): validation rows that belong together have the same number: those of a group, else copies.

    Args:
        prepared: of the first member, inputs included.
        numbers: of the rows, rising.
    """
    if experiment.data.group is not None and experiment.data.validation_source is None:
        return groups_of(experiment, numbers)
    rows = prepared.validation
    if rows is None:
        return np.zeros(0, np.int64)
    _, places = found_in(numbers, rows.numbers)
    _, block = np.unique(rows.x[places], axis=0, return_inverse=True)
    return block.reshape(-1)


def groups_of(experiment: Experiment, numbers: np.ndarray) -> np.ndarray:
    """int (rows,): the group of each row; a row without one is a group of its own."""
    source = read(experiment)
    column = source.table.columns[source.chosen.group or ""]
    codes = (column.as_text() if isinstance(column, Numeric) else column).codes
    order = np.argsort(source.table.numbers)
    place = order[np.searchsorted(source.table.numbers[order], numbers)]
    found = codes[place].astype(np.int64)
    return np.where(found < 0, codes.max(initial=0) + 1 + place, found)
