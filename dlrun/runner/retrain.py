"""Weights that a sweep did not keep, made again when a command asks for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing

from dlrun.errors import DataError, Interrupted, StoreError
from dlrun.runner.run_data import RunData
from dlrun.runner.stored_run import kind_of, member_folder, stored_experiment
from dlrun.runner.weights import add_weights, has_net, is_as_recorded
from dlrun.store import Record, RunFolder, Store
from dlrun.store.ensemble_file import read_ensemble
from dlrun.training import Job, Outcome, Stopping, never
from dlrun.training.layout import layout

BACKEND = "jax"
"""What the runs of sweeps were trained on; others keep their weights."""


def bring_weights(
    store: Store, folders: RunFolder | Sequence[RunFolder], tell: Callable[[str], None], stopping: Stopping = never
) -> None:
    """Trains finished runs of a sweep once more where their weights were not kept, and puts them beside their records.
    Of an ensemble its members. Does nothing for any other run.

    Args:
        folders: one, or several, which are trained together.
        tell: hears that they are trained, which takes seconds.

    Raises:
        DataError: their rows are not there any more, or are others.
        StoreError: the training did not come to the same end.
        NoSuchRun: a member of an ensemble is gone.
        Interrupted: after Ctrl-C.
    """
    named = [folders] if isinstance(folders, RunFolder) else folders
    single = dict.fromkeys(one for folder in named for one in with_members(store, folder))
    records = {folder.id: (folder, folder.record()) for folder in single if lacks_weights(folder)}
    if not records:
        return
    data = RunData(all_folds=True)
    jobs = [job_again(folder, record, data) for folder, record in records.values()]
    tell(told([folder for folder, _ in records.values()]))
    from dlrun.training.crew import LocalCrew

    workers = min(len(jobs), max(1, os.cpu_count() or 1))
    with closing(LocalCrew(workers)) as crew:  # processes of their own: this one may compute on another backend
        for outcomes in crew.run(layout(jobs, workers), lambda block: block, lambda rows: None, stopping):
            for outcome in outcomes:
                keep(store, records[outcome.job.id][0], outcome, records[outcome.job.id][1])
    if stopping():
        raise Interrupted("interrupted: the same command goes on from there")


def told(folders: Sequence[RunFolder]) -> str:
    if len(folders) == 1:
        return f"{folders[0].path.name} was trained without keeping its weights; training it once more"
    return f"{len(folders)} runs were trained without keeping their weights; training them once more"


def with_members(store: Store, folder: RunFolder) -> list[RunFolder]:
    """The run itself, or the members of an ensemble."""
    if not folder.finished or kind_of(folder.record()) != "ensemble":
        return [folder]
    return [member_folder(store, folder, row) for row in read_ensemble(folder)["members"]]


def lacks_weights(folder: RunFolder) -> bool:
    """Whether it is a finished run on JAX with a net, of which no file was kept."""
    if not folder.finished or folder.model_path.is_file() or folder.preprocessing_path.is_file():
        return False
    return has_net(folder) and folder.record().get("backend") == BACKEND and kind_of(folder.record()) == "mlp"


def job_again(folder: RunFolder, record: Record, data: RunData) -> Job:
    """The job that comes to the same end."""
    experiment, fold = stored_experiment(folder), record.get("fold")
    rows = data.of(experiment, fold)
    origin = record.get("data", {})
    if rows.fingerprint != origin.get("fingerprint", rows.fingerprint):
        raise DataError(f"{origin.get('source')}: its rows are not those that {folder.path.name} was trained on")
    return Job(folder.id, experiment, rows, fold, record.get("epochs") if record["status"] == "pruned" else None)


def keep(store: Store, folder: RunFolder, outcome: Outcome, record: Record) -> None:
    """Puts the net beside the record, if it is the record's."""
    if outcome.status == "interrupted":
        raise Interrupted("interrupted: nothing was changed")
    if not is_as_recorded(outcome, record):
        raise StoreError(
            f"{folder.path}: trained again it came out differently (other versions or another machine). "
            "`dlrun sweep CONFIG --force --keep all` trains all of its sweep anew"
        )
    add_weights(store, folder, outcome)
