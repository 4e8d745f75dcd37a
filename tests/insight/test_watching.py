"""What is seen of training while it goes on: runs and sweeps that this process holds open, as training does."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from dlrun.errors import NoSuchRun
from dlrun.insight.watching import Watcher, document, run_line, run_table, sweep_line
from dlrun.store import RunWriter, Store
from dlrun.store.sweep_folder import at_work, write_sweep
from tests.stored import COLUMNS, HOSTILE, curves_of, keep_run, record_of, run_id, spec_text

SWEEP = "5eeb00000001"


class Training:
    """Runs that are being trained, as another process would: their locks are held."""

    def __init__(self, store: Store, held: ExitStack):
        self.store = store
        self.held = held

    def begin(self, identity: str, name: str = "x", epochs: int = 5, **changed: object) -> RunWriter:
        writer = self.held.enter_context(self.store.writer(identity, name))
        writer.begin(spec_text(name, 0, {"fit.epochs": epochs, **changed}), COLUMNS)
        return writer

    def epochs(self, writer: RunWriter, upto: int, since: int = 0) -> None:
        for row in curves_of(upto, best=2)[since:]:
            writer.append(row)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


@pytest.fixture
def training(store: Store) -> Iterator[Training]:
    with ExitStack() as held:
        yield Training(store, held)


def test_an_empty_store(store: Store) -> None:
    seen = Watcher(store).look()
    assert (seen.runs, seen.sweeps, seen.alive) == ((), (), False)
    assert not store.root.exists()


def test_a_run_from_its_begin_to_its_end(store: Store, training: Training) -> None:
    keep_run(store, "idle")
    identity = run_id("busy")
    writer, watcher = training.begin(identity, "busy"), Watcher(store)
    (run,) = watcher.look().runs
    assert (run.id, run.name, run.status, run.epoch, run.epochs, run.best) == (identity, "busy", "running", 0, 5, None)
    training.epochs(writer, 3)
    (run,) = watcher.look().runs
    assert (run.epoch, run.train_loss, run.val_loss) == (3, 1 / 3, 0.1 + 0.05)
    assert (run.monitor, run.best, run.best_epoch) == ("val_loss", 0.1, 2)
    training.epochs(writer, 5, since=3)
    assert [one.epoch for one in watcher.look().runs] == [5]
    writer.finish(record_of(identity, "busy", curves_of(5, best=2)))
    (run,) = watcher.look().runs
    assert (run.status, run.epoch, run.best, run.best_epoch, run.running) == ("completed", 5, 0.1, 2, False)
    assert watcher.look().alive, "its process may go on with another run: it holds the lock"
    training.held.close()
    assert not watcher.look().alive
    assert [one.status for one in watcher.look().runs] == ["completed"]


def test_the_best_is_that_of_the_monitor(store: Store, training: Training) -> None:
    writer = training.begin(run_id(1), **{"fit.monitor": "val_accuracy"})
    training.epochs(writer, 4)
    (run,) = Watcher(store).look().runs
    assert (run.monitor, run.best, run.best_epoch) == ("val_accuracy", 0.9, 2)


def test_time_left_is_by_the_clock(store: Store, training: Training) -> None:
    writer = training.begin(run_id(1), epochs=10)
    training.epochs(writer, 2)
    os.utime(writer.folder.spec_path, (1000.0, 1000.0))
    os.utime(writer.folder.curves_path, (1006.0, 1006.0))
    watcher = Watcher(store, clock=lambda: 1007.0)
    (run,) = watcher.look().runs
    assert (run.seconds_per_epoch, run.seconds_left) == (3.0, 3.0 * 8 - 1)
    training.epochs(writer, 6, since=2)
    os.utime(writer.folder.curves_path, (1008.0, 1008.0))
    (run,) = watcher.look().runs
    assert (run.seconds_per_epoch, run.seconds_left) == (0.5, 0.5 * 4), "four epochs in the two seconds since"


def test_numbers_that_are_none(store: Store, training: Training) -> None:
    writer = training.begin(run_id(1))
    writer.append(curves_of(1)[0] | {"train_loss": math.nan, "val_loss": math.inf})
    (run,) = Watcher(store).look().runs
    assert (run.epoch, run.train_loss, run.val_loss, run.best) == (1, None, None, None)


def test_a_finished_run_that_is_trained_again_is_followed_aside(store: Store, training: Training) -> None:
    folder = keep_run(store, "x")
    writer = training.begin(folder.id, "x", epochs=7)
    training.epochs(writer, 2)
    (run,) = Watcher(store).look().runs
    assert (run.id, run.status, run.epoch, run.epochs, run.path) == (folder.id, "running", 2, 7, folder.path)


def test_it_is_followed_also_under_another_name(store: Store, training: Training) -> None:
    folder, watcher = keep_run(store, "x"), Watcher(store)
    leftover = store.runs / f".tmp-crashed-{folder.id}"
    leftover.mkdir()
    os.utime(leftover, (1000.0, 1000.0))
    writer = training.begin(folder.id, "renamed", epochs=7)
    training.epochs(writer, 2)
    (run,) = watcher.look().runs
    assert (run.id, run.name, run.status, run.epoch, run.epochs) == (folder.id, "renamed", "running", 2, 7)
    training.epochs(writer, 3, since=2)
    assert [one.epoch for one in watcher.look().runs] == [3]
    training.held.close()
    store.remove(folder)
    assert not any(name.endswith(folder.id) for name in os.listdir(store.runs)), "nothing of it is left"


def test_curves_begun_again_are_no_longer_damaged(store: Store, training: Training) -> None:
    writer, watcher = training.begin(run_id(1)), Watcher(store)
    text = writer.folder.curves_path.read_text()
    writer.folder.curves_path.write_text(text + "x,y\n")
    assert "curves.csv" in (watcher.look().runs[0].problem or "")
    writer.folder.curves_path.write_text(text)
    assert watcher.look().runs[0].problem is None
    training.epochs(writer, 2)
    (run,) = watcher.look().runs
    assert (run.problem, run.epoch) == (None, 2)


def test_damaged_curves_are_named(store: Store, training: Training) -> None:
    writer = training.begin(run_id(1))
    writer.folder.curves_path.write_text("epoch,val_loss\nx,y\n")
    seen = Watcher(store).look()
    assert "curves.csv" in (seen.runs[0].problem or "")
    assert "curves.csv" in run_line(seen.runs[0])


def test_a_run_that_was_interrupted(store: Store, training: Training) -> None:
    training.epochs(training.begin(run_id(1)), 2)
    watcher = Watcher(store)
    assert watcher.look().alive
    training.held.close()
    seen = watcher.look()
    assert ([run.status for run in seen.runs], [run.epoch for run in seen.runs], seen.alive) == (
        ["interrupted"],
        [2],
        False,
    )
    assert run_line(seen.runs[0]).endswith("interrupted after 2 epochs, train loss 0.5000, val loss 0.1000")


def sweep(store: Store, number: int = 4, extra: str = "") -> list[str]:
    """Plans a sweep of so many runs; their ids."""
    ids = [run_id("swept", place) for place in range(number)]
    write_sweep(store.root, "grid", SWEEP, f"name: grid\n{extra}", ids)
    return ids


def test_a_sweep_counts_its_runs(store: Store, training: Training) -> None:
    first, second, third, _ = sweep(store)
    training.held.enter_context(at_work(store.root, SWEEP))
    watcher = Watcher(store)
    (state,) = watcher.look().sweeps
    assert (state.running, state.runs, state.done, state.in_training, state.best) == (True, 4, 0, 0, None)
    for identity, status, width in ((first, "completed", 8), (second, "diverged", 16)):
        keep_run(store, "grid", identity=identity, status=status, changed={"model.units": [width]})
    training.epochs(training.begin(third, "grid", epochs=4), 2)
    seen = watcher.look()
    (state,) = seen.sweeps
    assert (state.done, state.in_training, state.failed, state.diverged) == (2, 1, 0, 1)
    assert (state.share, state.best and state.best.value) == (2.5 / 4, 0.1)
    assert state.best is not None
    assert dict(state.best.settings) == {"width": "8"}
    assert [(run.id, run.sweep) for run in seen.runs] == [(third, SWEEP)]
    assert sweep_line(state).startswith("grid-5eeb00: 2 of 4 runs, 1 in training, 1 diverged")
    assert "best so far: width 8: val_loss 0.1000" in sweep_line(state)


def test_the_leader_is_not_that_of_the_luckiest_split(store: Store) -> None:
    first, second, third, fourth = sweep(store)
    for identity, units, split, lowest in (
        (first, 8, 1, 0.1),
        (second, 8, 2, 0.5),
        (third, 16, 1, 0.2),
        (fourth, 16, 2, 0.2),
    ):
        changed = {"model.units": [units], "data.split_seed": split}
        keep_run(store, "grid", identity=identity, changed=changed, rows=curves_of(lowest=lowest))
    (state,) = Watcher(store, ["grid"]).look().sweeps
    assert state.best is not None
    assert (state.best.value, state.best.runs, dict(state.best.settings)) == (0.2, 2, {"width": "16"})


def test_a_sweep_lives_between_its_runs_and_ends(store: Store, training: Training) -> None:
    (only,) = sweep(store, 1)
    watcher = Watcher(store)
    assert not watcher.look().alive
    with at_work(store.root, SWEEP):
        assert watcher.look().alive
        keep_run(store, "grid", identity=only)
    seen = watcher.look()
    assert not seen.alive
    assert sweep_line(seen.sweeps[0]) == "grid-5eeb00: 1 of 1 run, done; best: val_loss 0.1000"


def test_a_sweep_without_its_lock_is_seen_by_its_runs(store: Store, training: Training) -> None:
    """The process that held the lock has ended; another one trains the rest."""
    ids = sweep(store)
    training.begin(ids[2], "grid")
    seen = Watcher(store).look()
    assert [(state.id, state.running, state.in_training) for state in seen.sweeps] == [(SWEEP, True, 1)]


def test_a_run_of_two_sweeps_is_counted_where_it_is_trained(store: Store, training: Training) -> None:
    ids = sweep(store)
    write_sweep(store.root, "older", "01d000000001", "name: older\n", ids)
    training.held.enter_context(at_work(store.root, SWEEP))
    training.begin(ids[0], "grid")
    assert [state.id for state in Watcher(store).look().sweeps] == [SWEEP]


def test_a_search_may_plan_more(store: Store) -> None:
    sweep(store, extra="sweep: {search: {name: tpe}}")
    (state,) = Watcher(store, ["grid"]).look().sweeps
    assert state.open_end
    assert "0 of 4 runs planned so far, not being trained" in sweep_line(state)


def test_only_what_is_named_is_followed(store: Store, training: Training) -> None:
    ids = sweep(store)
    training.begin(ids[0], "grid")
    training.begin(run_id("other"), "other")
    done = keep_run(store, "done")
    seen = Watcher(store, ["grid"]).look()
    assert ([run.id for run in seen.runs], [one.id for one in seen.sweeps], seen.alive) == ([ids[0]], [SWEEP], True)
    seen = Watcher(store, ["other", "done"]).look()
    assert [(run.name, run.status) for run in seen.runs] == [("other", "running"), ("done", "completed")]
    seen = Watcher(store, [done.id]).look()
    assert ([run.id for run in seen.runs], seen.alive) == ([done.id], False)
    with pytest.raises(NoSuchRun):
        Watcher(store, ["nothing"])


def test_a_damaged_list_of_runs_is_named(store: Store) -> None:
    sweep(store)
    store.sweeps()[0].runs_path.write_text("{")
    (state,) = Watcher(store, ["grid"]).look().sweeps
    assert "runs.json" in sweep_line(state)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(store: Store, training: Training, name: str) -> None:
    training.epochs(training.begin(run_id(1), name), 1)
    write_sweep(store.root, name, SWEEP, f"name: {json.dumps(name)}\n", [])
    with at_work(store.root, SWEEP):
        seen = Watcher(store).look()
    (run,), (state,) = seen.runs, seen.sweeps
    (cells,) = run_table(seen.runs).texts()
    text = "".join([run_line(run), sweep_line(state), *cells])
    assert not {"\x1b", "\x9b", "\u202e", "\r", "\n"} & set(text)
    assert json.loads(json.dumps(document(seen), allow_nan=False))["runs"][0]["name"] == run.name
    assert run.name in (name, run.path.name.rpartition("-")[0]), "YAML has no escapes like JSON's for emoji"
