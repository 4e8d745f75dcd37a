"""What each member says of the rows that an ensemble is measured on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from dlrun.data import Rows
from dlrun.data.task import OWN_UNIT_LOSSES
from dlrun.errors import Interrupted, UsageError
from dlrun.runner.ensemble.opened import in_unit
from dlrun.runner.ensemble.splits import SharedRows, found_in
from dlrun.runner.own_rows import prepared_again
from dlrun.runner.run_data import RunData
from dlrun.runner.single_run import SingleRun, open_single
from dlrun.runner.stored_run import StoredRun
from dlrun.training.combining.opinions import Opinions
from dlrun.training.job import Stopping, never
from dlrun.training.objective import SIGNED_LOSSES, UNIT_RANGE, Objective


def ask_all(
    members: Sequence[StoredRun],
    columns: tuple[int, ...],
    shared: SharedRows,
    backend: str,
    data: RunData,
    stopping: Stopping = never,
) -> dict[str, Opinions]:
    """Opens the members one after the other and asks each about its own rows: `train` rows those that were trained on
    them, `validation` rows those that were not. Outputs are in the unit of the first member.

    Raises:
        UsageError: outputs of two members do not mean the same.
        BackendError, StoreError: a member cannot be opened.
        Interrupted: after Ctrl-C.
    """
    sides = shared.sides
    outputs = {side: np.zeros((len(members), len(rows), shared.task.outputs)) for side, rows in sides.items()}
    counted = {side: np.zeros((len(members), len(rows)), bool) for side, rows in sides.items()}
    objectives: dict[str, Objective] = {}
    for place in sorted(range(len(members)), key=lambda place: members[place].record.get("fold") or 0):
        if stopping():
            raise Interrupted("interrupted: nothing was changed")
        run, single = members[place], open_single(members[place], backend)
        objectives[run.folder.id] = single.objective
        refuse_other_meaning(members, objectives)
        for side, rows in sides.items():
            here, said = ask(single, side, rows, data)
            outputs[side][place, here], counted[side][place, here] = in_unit(said, run.task, shared.task), True
    return {side: Opinions(outputs[side], counted[side], columns) for side in sides}


def ask(single: SingleRun, side: str, rows: Rows, data: RunData) -> tuple[np.ndarray, np.ndarray]:
    """The positions of those of the rows that the member has on this side, and its outputs for them."""
    own: Rows = getattr(prepared_again(single.run, data), side)
    here, places = found_in(rows.numbers, own.numbers)
    return here, single.model.outputs(own.x[places])


def refuse_other_meaning(members: Sequence[StoredRun], objectives: Mapping[str, Objective]) -> None:
    """Raises UsageError where outputs of two of the members that were opened cannot be put together."""
    opened = [(run, objectives[run.folder.id]) for run in members if run.folder.id in objectives]
    (first, one), *others = opened
    for other, two in others:
        if meaning(one) != meaning(two):
            raise UsageError(
                f"{first.name} and {other.name} cannot be members of one ensemble: their outputs mean different "
                f"things: {meaning(one)} (fit.loss {one.loss}) and {meaning(two)} (fit.loss {two.loss})"
            )


MEANINGS: tuple[tuple[str, Callable[[Objective], bool]], ...] = (
    (
        "amounts in the target's own unit",
        lambda objective: objective.task.kind == "regression" and objective.loss in OWN_UNIT_LOSSES,
    ),
    ("standardised amounts", lambda objective: objective.task.kind == "regression"),
    ("values of both signs", lambda objective: objective.loss in SIGNED_LOSSES and objective.threshold == 0),
    ("probabilities", lambda objective: objective.activation in UNIT_RANGE),
)


def meaning(objective: Objective) -> str:
    """What outputs are, in words. Losses that are computed in the target's own unit have no value on standardised
    targets, so such members are measured among themselves alone."""
    return next((words for words, holds in MEANINGS if holds(objective)), "outputs without a range")
