"""Weights that a sweep did not keep, made again when a command asks for them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from dlrun.data import prepare
from dlrun.errors import DataError, Interrupted, StoreError
from dlrun.runner.stored_run import stored_experiment
from dlrun.runner.weights import add_weights, has_net, is_as_recorded
from dlrun.store import Record, RunFolder, Store
from dlrun.training import Job, Outcome, Stopping, never
from dlrun.training.layout import layout

BACKEND = "jax"
"""What the runs of sweeps were trained on; others keep their weights."""


def bring_weights(store: Store, folder: RunFolder, tell: Callable[[str], None], stopping: Stopping = never) -> None:
    """Trains a finished run of a sweep once more where its weights were not kept, and puts them beside its record.
    Does nothing for any other run.

    Args:
        tell: hears that it is trained, which takes seconds.

    Raises:
        DataError: its rows are not there any more, or are others.
        StoreError: the training did not come to the same end.
        Interrupted: after Ctrl-C.
    """
    if not lacks_weights(folder):
        return
    record = folder.record()
    job = job_again(folder, record)
    tell(f"{folder.path.name} was trained without keeping its weights; training it once more")
    from dlrun.training.crew import LocalCrew

    with closing(LocalCrew(1)) as crew:  # a process of its own: this one may compute on another backend
        for outcomes in crew.run(layout([job], 1), lambda block: block, lambda rows: None, stopping):
            for outcome in outcomes:
                keep(store, folder, outcome, record)


def lacks_weights(folder: RunFolder) -> bool:
    """Whether it is a finished run on JAX with a net, of which no file was kept."""
    if not folder.finished or folder.model_path.is_file() or folder.preprocessing_path.is_file():
        return False
    return has_net(folder) and folder.record().get("backend") == BACKEND and folder.record().get("kind") == "mlp"


def job_again(folder: RunFolder, record: Record) -> Job:
    """The job that comes to the same end."""
    experiment, fold = stored_experiment(folder), record.get("fold")
    data = prepare(experiment, fold)
    origin = record.get("data", {})
    if data.fingerprint != origin.get("fingerprint", data.fingerprint):
        raise DataError(f"{origin.get('source')}: its rows are not those that {folder.path.name} was trained on")
    return Job(folder.id, experiment, data, fold, record.get("epochs") if record["status"] == "pruned" else None)


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
