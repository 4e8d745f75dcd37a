"""Which runs become members: those that are named, or the best of them; and why some cannot be joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from dlrun.errors import DlrunError, UsageError
from dlrun.runner.stored_run import kind_of, refuse_unusable, stored_experiment
from dlrun.spec import Experiment
from dlrun.spec.names import greater_is_better
from dlrun.store import Record, RunFolder
from dlrun.store.configuration import configuration_of

FEWEST = 2


@dataclass(frozen=True)
class Candidate:
    """A finished run that may become a member; nothing of it is opened yet."""

    folder: RunFolder
    record: Record

    @property
    def name(self) -> str:
        return self.folder.path.name

    @property
    def fold(self) -> int | None:
        return self.record.get("fold")

    @cached_property
    def experiment(self) -> Experiment:
        return stored_experiment(self.folder)

    @property
    def column(self) -> str:
        """Equal for the folds of one configuration and seed; other runs have one of their own."""
        if self.fold is None:
            return self.folder.id
        return f"{configuration_of(self.record)} {self.record.get('seed')}"

    @property
    def value(self) -> float | None:
        """By which it is better or worse than others: its monitored curve at the kept epoch."""
        return self.record.get("metrics", {}).get(self.record.get("monitor") or "val_loss")


class Choice(NamedTuple):
    """The members, and what a user should know of how they were chosen."""

    members: tuple[Candidate, ...]
    notes: tuple[str, ...]


def choose(named: Sequence[Sequence[RunFolder]], top: int | None = None) -> Choice:
    """The members among the runs that are named, in an order that does not depend on how they were named.

    Args:
        named: per reference the runs that answer to it; of several those that came to no usable end are left out.
        top: the best so many of them alone, by the monitored curve; the folds of one run count as one.

    Raises:
        UsageError: too few are left, or they cannot be joined.
        StoreError, StoreBusy: a run is damaged or being trained.
    """
    found: dict[str, Candidate] = {}
    left_out: list[DlrunError] = []
    for group in named:
        for folder in group:
            candidate = Candidate(folder, folder.record())
            try:
                refuse_unfit(candidate)
            except UsageError as error:
                if len(group) == 1:
                    raise
                left_out.append(error)
                continue
            found[folder.id] = candidate
    are = "is" if len(left_out) == 1 else "are"
    notes = [f"{len(left_out)} of the runs named {are} left out: {left_out[0]}."] if left_out else []
    members, chosen = best_of(list(found.values()), top)
    refuse_few(members, left_out)
    ordered = sorted(members, key=lambda one: (configuration_of(one.record), one.record.get("seed") or 0,
                                               -1 if one.fold is None else one.fold, one.folder.id))  # fmt: skip
    refuse_apart(ordered)
    return Choice(tuple(ordered), (*notes, *chosen))


def refuse_unfit(candidate: Candidate) -> None:
    """Raises UsageError where a run cannot be a member."""
    refuse_unusable(candidate.folder, candidate.record)
    if kind_of(candidate.record) == "ensemble":
        raise UsageError(f"{candidate.name} is an ensemble itself. Name its members: `dlrun show` lists them")


def refuse_few(members: Sequence[Candidate], left_out: Sequence[DlrunError]) -> None:
    if len(members) < FEWEST:
        why = f" {left_out[0]}." if left_out else ""
        raise UsageError(
            f"ensemble: needs at least {FEWEST} runs to join. Received: {len(members)}.{why} "
            "`dlrun train CONFIG --seeds 5` trains some"
        )


def best_of(candidates: Sequence[Candidate], top: int | None) -> tuple[list[Candidate], list[str]]:
    """The best by their monitored curve, with a note; all where no number is given.

    Raises:
        UsageError: they are not monitored by one curve, or there are fewer.
    """
    if top is None:
        return list(candidates), []
    columns: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        columns.setdefault(candidate.column, []).append(candidate)
    monitors = Counter(one.record.get("monitor") or "val_loss" for one in candidates)
    if len(monitors) > 1:
        raise UsageError(f"--top: needs runs that are monitored by one curve. Received: {', '.join(monitors)}")
    if top > len(columns):
        raise UsageError(f"--top: there are {len(columns)} runs to choose from. Received: {top}")
    (monitor,) = monitors
    sign = -1 if greater_is_better(monitor) else 1
    ranked = sorted(columns.values(), key=lambda some: order(some, sign))
    note = (
        f"Members are the best {top} of {len(columns)} runs by {monitor}. Chosen by these rows, their values flatter "
        "a little, and so do the ensemble's."
    )
    chosen_by_validation = monitor.startswith("val_") and top < len(columns)
    return [one for some in ranked[:top] for one in some], [note] if chosen_by_validation else []


def order(some: Sequence[Candidate], sign: int) -> tuple[bool, float]:
    """Sorts the best first; those without a number last."""
    values = [one.value for one in some]
    known = [value for value in values if value is not None]
    return len(known) < len(values), sign * sum(known) / len(known) if known else 0.0


# --- what must be the same -------------------------------------------------------------------------------------------


def refuse_apart(members: Sequence[Candidate]) -> None:
    """Raises UsageError, naming two members and what differs between them, as far as their records tell."""
    first = members[0]
    for other in members[1:]:
        for what, by, shown in SAME:
            if by(first) != by(other):
                refuse_pair(first.name, other.name, what, shown(first), shown(other))
    if first.fold is not None:
        refuse_incomplete(members)


def refuse_pair(one: str, other: str, what: str, first: str, second: str) -> None:
    raise UsageError(
        f"{one} and {other} cannot be members of one ensemble: {what}: {first} and {second}. "
        "Members must have the same rows, classes and split; train them from configs with the same `data`"
    )


def content(member: Candidate) -> str:
    """The same for the same rows, wherever they lie."""
    return str(member.record.get("data", {}).get("fingerprint"))


def content_shown(member: Candidate) -> str:
    return f"{member.record.get('data', {}).get('source')} (fingerprint {content(member)[:12]})"


def predicted(member: Candidate) -> tuple[str, ...]:
    """The classes in their order, or what the amount is called."""
    classes, target = member.record.get("classes"), member.record.get("target")
    return ("classes", *classes) if classes else ("amount", str(target["name"] if target else None))


def predicted_shown(member: Candidate) -> str:
    kind, *names = predicted(member)
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return f"{'classes' if kind == 'classes' else 'the amount'} {', '.join(map(repr, names[:6]))}{more}"


def split(member: Candidate) -> str:
    data = member.experiment.data
    return "no folds" if data.folds is None else f"{data.folds} folds of split seed {data.split_seed}"


READING = ("separator", "decimal", "na_values", "header")
"""Keys of `data` by which a file is read: new rows are read once for all members. The encoding is found anew."""


def reading(member: Candidate) -> dict[str, Any]:
    """Those of the keys that are given."""
    given = {key: getattr(member.experiment.data, key) for key in READING}
    plain = {key: sorted(map(str, value)) if isinstance(value, tuple) else value for key, value in given.items()}
    return {key: value for key, value in plain.items() if value is not None}


def reading_shown(member: Candidate) -> str:
    return ", ".join(f"data.{key} {value!r}" for key, value in reading(member).items()) or "as is found in the file"


def image_size(member: Candidate) -> str:
    size = member.experiment.data.image_size
    if size is None:
        return "data.image_size is not given"
    return f"data.image_size {list(size) if isinstance(size, tuple) else [size, size]}"


SAME: tuple[tuple[str, Callable[[Candidate], object], Callable[[Candidate], str]], ...] = (
    ("their data differ", content, content_shown),
    ("what they predict differs", predicted, predicted_shown),
    ("their splits differ", split, split),
    ("they read missing values and numbers in different ways", reading, reading_shown),
    ("they scale images to different sizes", image_size, image_size),
)
"""What must be the same in all members: in words, what is compared, and how it is shown."""


def refuse_incomplete(members: Sequence[Candidate]) -> None:
    """Raises UsageError where a fold of a run is absent: nobody could judge its rows."""
    folds: dict[str, list[Candidate]] = {}
    for member in members:
        folds.setdefault(member.column, []).append(member)
    for some in folds.values():
        wanted = some[0].experiment.data.folds or 0
        missing = sorted(set(range(wanted)) - {one.fold for one in some})
        if missing:
            name, seed = some[0].record["name"], some[0].record.get("seed")
            raise UsageError(
                f"ensemble: runs with data.folds join with all of their folds. Of {name!r}, seed {seed}, fold"
                f"{'s' if len(missing) > 1 else ''} {', '.join(map(str, missing))} of {wanted} "
                f"{'are' if len(missing) > 1 else 'is'} not among those named. Name all runs: `dlrun ensemble {name}`"
            )
