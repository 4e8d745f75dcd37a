"""A stored ensemble that answers: its members do, each with its own preprocessing, and one answer is made of theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dlrun.data import Table, Task
from dlrun.errors import StoreError
from dlrun.runner.run_data import RunData
from dlrun.runner.single_run import SingleRun, open_single
from dlrun.runner.stored_run import StoredRun
from dlrun.store.ensemble_file import ensemble_path, read_ensemble
from dlrun.training.combining.combination import Combination, combination_from_json
from dlrun.training.combining.opinions import Opinions
from dlrun.training.objective import Objective, objective_of


@dataclass(frozen=True)
class OpenEnsemble:
    """Several runs as one. New rows, test rows too, are judged by all members: none was trained on them."""

    members: tuple[StoredRun, ...]
    columns: tuple[int, ...]
    combination: Combination
    objective: Objective
    backend: str

    def of_table(self, table: Table) -> np.ndarray:
        """float32 (rows, outputs) for raw rows."""
        return self._answer(lambda member: member.of_table(table))

    def of_test_rows(self, data: RunData) -> np.ndarray:
        """float32 (rows, outputs) for the test rows out of the members' own source, which are the same rows for all."""
        return self._answer(lambda member: member.of_test_rows(data))

    def _answer(self, ask: Callable[[SingleRun], np.ndarray]) -> np.ndarray:
        said = [in_unit(ask(open_single(run, self.backend)), run.task, self.objective.task) for run in self.members]
        return self.combination.answer(together(said, self.columns)).astype(np.float32)


def open_ensemble(run: StoredRun, backend: str) -> OpenEnsemble:
    """An ensemble, ready to answer; members are opened one after the other when they are asked.

    Raises:
        StoreError: `ensemble.json` is damaged.
    """
    document, objective = read_ensemble(run.folder), objective_of(run.experiment, run.task)
    columns = tuple(member["column"] for member in document["members"])
    try:
        combination = combination_from_json(document["combination"], objective, columns)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        why = str(error) if type(error) is ValueError else "keys are missing or have the wrong type"
        raise StoreError(
            f"{ensemble_path(run.folder)}: is no ensemble: `combination`: {why}. "
            "`dlrun ensemble RUN... --force` makes it again"
        ) from error
    return OpenEnsemble(run.members, columns, combination, objective, backend)


def together(said: Sequence[np.ndarray], columns: tuple[int, ...]) -> Opinions:
    """Opinions of members (rows, outputs) who are all asked about all rows."""
    outputs = np.stack([one.astype(np.float64) for one in said])
    return Opinions(outputs, np.ones(outputs.shape[:2], bool), columns)


def in_unit(outputs: np.ndarray, own: Task, task: Task) -> np.ndarray:
    """Outputs of a member in the unit of the ensemble: amounts are standardised by each member's own train rows."""
    if task.kind != "regression" or (own.mean, own.spread) == (task.mean, task.spread):
        return outputs
    return np.asarray((own.mean + own.spread * outputs.astype(np.float64) - task.mean) / task.spread)
