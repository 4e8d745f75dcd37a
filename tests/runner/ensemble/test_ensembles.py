"""Real runs joined into one: what it answers is what numpy makes of its members' answers, on the rows it may."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as oracle

from dlrun.data import prepare
from dlrun.errors import DlrunError, NoSuchRun, StoreError, UsageError
from dlrun.runner.ensemble.candidates import choose
from dlrun.runner.ensemble.making import EnsembleMaker, Made
from dlrun.runner.evaluation import evaluate
from dlrun.runner.prediction import predict
from dlrun.runner.stored_run import open_run
from dlrun.spec.other_kinds import EnsembleMethod
from dlrun.store import RunFolder, Store
from dlrun.store.ensemble_file import read_ensemble
from tests.kept_runs import BACKEND, flowers, houses, keep, rare

NEW = "colour,length\nred,0.5\nviolet,\n,1.5\ngreen,2.5\n"
SPLIT = {"test_split": 0.2, "validation_split": 0.3}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ensembles")


@pytest.fixture(scope="module")
def store(root: Path) -> Store:
    return Store(root / "results")


@pytest.fixture(scope="module")
def three(root: Path) -> list[RunFolder]:
    """Three seeds; the last scales its columns in another way."""
    data = {"target": "kind", **SPLIT}
    plain = [keep(root, "flowers", flowers(), seed=seed, data=data) for seed in (0, 1)]
    return [*plain, keep(root, "flowers", flowers(), seed=2, data=data | {"scaling": "minmax"})]


@pytest.fixture(scope="module")
def folded(root: Path) -> list[RunFolder]:
    """Amounts in three folds, and two seeds of each."""
    data = {"target": "price", "folds": 3, "test_split": 0.2}
    for seed in (0, 1):
        keep(root, "houses", houses(), seed=seed, data=data)
    return Store(root / "results").find_all("houses")


@pytest.fixture(scope="module")
def two(root: Path) -> list[RunFolder]:
    return [keep(root, "rare", rare(), seed=seed, data={"target": "ill", **SPLIT}) for seed in (0, 1)]


def join(
    store: Store, folders: Sequence[RunFolder], method: EnsembleMethod = "mean", top: int | None = None, **wishes: Any
) -> Made:
    maker = EnsembleMaker(store, lambda text: None, BACKEND, **wishes)
    return maker.make(choose([[folder] for folder in folders], top), method)


def kept(folder: RunFolder) -> dict[str, np.ndarray]:
    with np.load(folder.predictions_path) as arrays:
        return dict(arrays)


def test_the_mean_of_nets(store: Store, three: list[RunFolder]) -> None:
    made = join(store, three)
    assert not made.again
    record, arrays = made.folder.record(), kept(made.folder)
    wanted = np.mean([kept(folder)["outputs"] for folder in three], axis=0)
    np.testing.assert_allclose(arrays["outputs"], wanted, atol=1e-6)
    np.testing.assert_array_equal(arrays["targets"], kept(three[0])["targets"])
    assert (record["kind"], record["status"], record["epochs"], record["best_epoch"]) == ("ensemble", "completed", 0, 0)
    assert record["metrics"]["val_loss"] == pytest.approx(oracle.log_loss(arrays["targets"], wanted), rel=1e-4)
    assert record["metrics"]["val_accuracy"] == oracle.accuracy_score(arrays["targets"], wanted.argmax(axis=1))
    assert record["trivial"] == pytest.approx(three[0].record()["trivial"])
    assert record["rows"] == three[0].record()["rows"]
    assert record["parameters"] == sum(folder.record()["parameters"] or 0 for folder in three)
    assert {member["id"] for member in read_ensemble(made.folder)["members"]} == {folder.id for folder in three}
    train = prepare(open_run(three[0]).experiment).measured_train
    assert record["rows"]["measured_train"] == len(train)


def test_an_ensemble_is_made_once_however_it_is_named(store: Store, three: list[RunFolder]) -> None:
    first = join(store, three)
    again = join(store, three[::-1])
    assert again == Made(first.folder, True)
    assert not join(store, three, force=True).again
    assert not join(store, three[:2]).again


def test_members_are_beside_it(store: Store, three: list[RunFolder]) -> None:
    found = read_ensemble(join(store, three).folder)
    losses = [folder.record()["metrics"]["val_loss"] for folder in three]
    by_id = {folder.id: loss for folder, loss in zip(three, losses, strict=True)}
    for member, column in zip(found["members"], found["columns"], strict=True):
        assert column["metrics"]["val_loss"] == pytest.approx(by_id[member["id"]], rel=1e-5)
    assert found["best"] is not None
    best = found["members"][found["best"]]["id"]
    assert by_id[best] == min(losses)
    (loss, accuracy) = found["differences"]
    record = join(store, three).folder.record()
    assert loss["value"] == pytest.approx(record["metrics"]["val_loss"] - min(losses), abs=1e-6)
    assert loss["low"] <= loss["value"] <= loss["high"]
    assert accuracy["metric"] == "accuracy"
    named = np.array([kept(folder)["outputs"].argmax(axis=1) for folder in three])
    assert found["disagreement"] == pytest.approx((named != named[0]).any(axis=0).mean())


def test_it_predicts_what_its_members_predict(store: Store, three: list[RunFolder], tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text(NEW, encoding="utf-8")
    each = np.mean([predict(open_run(folder), str(file)).outputs for folder in three], axis=0)
    found = predict(open_run(join(store, three).folder), str(file))
    np.testing.assert_allclose(found.outputs, each, atol=1e-6)
    assert found.chosen.tolist() == each.argmax(axis=1).tolist()
    assert len(found.rows.notes) == len(predict(open_run(three[0]), str(file)).rows.notes)


def test_it_is_tested_on_rows_that_no_member_saw(store: Store, three: list[RunFolder], tmp_path: Path) -> None:
    made = join(store, three)
    (found,) = evaluate(store, [made.folder])
    prepared = [prepare(open_run(folder).experiment) for folder in three]
    outputs = []
    for folder, data in zip(three, prepared, strict=True):
        assert data.test is not None
        outputs.append(open_run(folder).network().outputs(data.test.x))
    test = prepared[0].test
    assert test is not None
    metrics = {row["metric"]: row for row in found.evaluation["metrics"]}
    wanted = np.mean(outputs, axis=0)
    assert metrics["accuracy"]["value"] == oracle.accuracy_score(test.y, wanted.argmax(axis=1))
    assert metrics["loss"]["value"] == pytest.approx(oracle.log_loss(test.y, wanted), rel=1e-4)
    assert metrics["loss"]["validation"] == pytest.approx(made.folder.record()["metrics"]["val_loss"], rel=1e-5)
    (single,) = evaluate(store, [three[0]])
    assert single.evaluation["fingerprint"] == found.evaluation["fingerprint"]


@pytest.mark.parametrize("method", ["vote", "weighted", "stack"])
def test_other_methods(store: Store, three: list[RunFolder], method: EnsembleMethod, tmp_path: Path) -> None:
    made = join(store, three, method)
    record = made.folder.record()
    assert record["metrics"]["val_loss"] is not None
    assert np.isfinite(kept(made.folder)["outputs"]).all()
    if method != "vote":
        assert any("cross-fitted" in note for note in record["notes"])
    file = tmp_path / "new.csv"
    file.write_text(NEW, encoding="utf-8")
    np.testing.assert_allclose(predict(open_run(made.folder), str(file)).outputs.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("method", ["mean", "weighted", "stack"])
def test_two_classes(store: Store, two: list[RunFolder], method: EnsembleMethod) -> None:
    made = join(store, two, method)
    outputs, targets = kept(made.folder)["outputs"], kept(made.folder)["targets"]
    assert outputs.shape == (len(targets), 1)
    assert made.folder.record()["metrics"]["val_auc"] == pytest.approx(oracle.roc_auc_score(targets, outputs[:, 0]))


# --- folds -----------------------------------------------------------------------------------------------------------


def in_own_unit(folder: RunFolder) -> dict[int, float]:
    """Row number -> what the fold's net says of it, in the target's own unit."""
    task, arrays = open_run(folder).task, kept(folder)
    return dict(zip(arrays["validation_rows"].tolist(), task.mean + task.spread * arrays["outputs"][:, 0], strict=True))


def test_each_row_is_judged_by_those_that_were_not_trained_on_it(store: Store, folded: list[RunFolder]) -> None:
    one_seed = [folder for folder in folded if folder.record()["seed"] == 0]
    made = join(store, one_seed)
    arrays, task = kept(made.folder), open_run(made.folder).task
    said = {row: value for folder in one_seed for row, value in in_own_unit(folder).items()}
    assert arrays["validation_rows"].tolist() == sorted(said)
    found = task.mean + task.spread * arrays["outputs"][:, 0].astype(float)
    np.testing.assert_allclose(found, [said[row] for row in sorted(said)], rtol=1e-4)
    record = made.folder.record()
    true = task.mean + task.spread * arrays["targets"]
    assert record["metrics"]["val_root_mean_squared_error"] == pytest.approx(
        oracle.root_mean_squared_error(true, found), rel=1e-3
    )
    document = read_ensemble(made.folder)
    assert (document["judged"], document["best"], len(document["columns"])) == ("out_of_fold", None, 1)


def test_seeds_of_folds(store: Store, folded: list[RunFolder], tmp_path: Path) -> None:
    made = join(store, folded)
    document = read_ensemble(made.folder)
    assert [member["column"] for member in document["members"]] == [0, 0, 0, 1, 1, 1]
    assert document["best"] in (0, 1)
    said: dict[int, list[float]] = {}
    for folder in folded:
        for row, value in in_own_unit(folder).items():
            said.setdefault(row, []).append(value)
    task, arrays = open_run(made.folder).task, kept(made.folder)
    found = task.mean + task.spread * arrays["outputs"][:, 0].astype(float)
    np.testing.assert_allclose(found, [np.mean(said[row]) for row in sorted(said)], rtol=1e-4)
    file = tmp_path / "new.csv"
    file.write_text("size,rooms\n100,3\n150,6\n", encoding="utf-8")
    each = np.mean([predict(open_run(folder), str(file)).chosen for folder in folded], axis=0)
    np.testing.assert_allclose(predict(open_run(made.folder), str(file)).chosen, each, rtol=1e-5)
    (looked,) = evaluate(store, [made.folder])
    assert looked.evaluation["rows"] == folded[0].record()["rows"]["test"]


@pytest.mark.parametrize("method", ["weighted", "stack"])
def test_what_learns_learns_out_of_fold(
    store: Store, folded: list[RunFolder], method: EnsembleMethod, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By row numbers: a member is asked only about rows that are not among its train rows."""
    from dlrun.runner.ensemble import making

    seen = []
    combine = making.combine

    def watched(method: Any, judged: Any, objective: Any) -> Any:
        seen.append(judged)
        return combine(method, judged, objective)

    monkeypatch.setattr(making, "combine", watched)
    made = join(store, folded, method, force=True)
    (judged,) = seen
    numbers = kept(made.folder)["validation_rows"]
    for place, member in enumerate(read_ensemble(made.folder)["members"]):
        folder = store.by_id(member["id"])
        assert folder is not None
        asked = numbers[judged.opinions.counted[place]]
        assert not np.isin(asked, kept(folder)["train_rows"]).any()
        assert sorted(asked.tolist()) == sorted(kept(folder)["validation_rows"].tolist())
        assert set(judged.parts[judged.opinions.counted[place]]) == {member["fold"]}


def test_train_values_are_of_those_that_were_trained_on_a_row(store: Store, folded: list[RunFolder]) -> None:
    record = join(store, folded).folder.record()
    measured = [folder.record()["metrics"]["train_root_mean_squared_error"] or 0 for folder in folded]
    found = record["metrics"]["train_root_mean_squared_error"]
    assert found is not None
    assert 0.8 * min(measured) < found < 1.2 * max(measured)


# --- which runs ------------------------------------------------------------------------------------------------------


def test_the_best_by_the_monitored_curve(store: Store, three: list[RunFolder]) -> None:
    choice = choose([three], top=2)
    losses = sorted(folder.record()["metrics"]["val_loss"] or 0 for folder in three)
    assert sorted(member.value or 0 for member in choice.members) == losses[:2]
    assert choice.notes[0].startswith("Members are the best 2 of 3 runs by val_loss")
    assert choose([three], top=3).notes == ()
    with pytest.raises(UsageError, match=r"--top: there are 3 runs to choose from\. Received: 4"):
        choose([three], top=4)


def test_the_folds_of_a_seed_are_chosen_together(folded: list[RunFolder]) -> None:
    with pytest.raises(UsageError, match="--top: there are 2 runs"):
        choose([folded], top=3)
    choice = choose([folded], top=1)
    assert len({member.record.get("seed") for member in choice.members}) == 1
    assert [member.fold for member in choice.members] == [0, 1, 2]


def changed(store: Store, folder: RunFolder, to: Path, **fields: Any) -> RunFolder:
    """A copy of a run in another store, with other fields in its record."""
    copy = RunFolder(to / "runs" / folder.path.name)
    shutil.copytree(folder.path, copy.path)
    copy.result_path.write_text(json.dumps({**folder.record(), **fields}), encoding="utf-8")
    return copy


def test_runs_that_cannot_be_joined(
    root: Path, store: Store, three: list[RunFolder], two: list[RunFolder], folded: list[RunFolder]
) -> None:
    other_split = keep(root, "flowers", flowers(), data={"target": "kind", **SPLIT, "split_seed": 1})
    renamed = keep(root, "flowers", flowers(), data={"target": "kind", **SPLIT, "label_map": {"=1+1": "z"}})
    cases: list[tuple[Sequence[RunFolder], str]] = [
        ([three[0], two[0]], f"{two[0].path.name}|their data differ: flowers.csv"),
        ([three[0], renamed], "what they predict differs: classes '"),
        ([three[0], other_split], "their validation rows are not the same: "),
        (folded[:2], "runs with data.folds join with all of their folds"),
        ([three[0]], "needs at least 2 runs to join. Received: 1"),
        ([three[0], three[0]], "needs at least 2 runs to join. Received: 1"),
        ([three[0], join(store, three).folder], "is an ensemble itself. Name its members"),
    ]
    for folders, message in cases:
        with pytest.raises(DlrunError) as caught:
            join(store, folders)
        assert any(part in str(caught.value) for part in message.split("|")), str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(UsageError, match="--method vote: needs classes"):
        join(store, folded, "vote")


def test_runs_that_came_to_nothing(three: list[RunFolder], tmp_path: Path) -> None:
    store = Store(tmp_path)
    good = [changed(store, folder, tmp_path) for folder in three[:2]]
    bad = changed(store, three[2], tmp_path, status="diverged", reason="epoch 3: loss is nan")
    with pytest.raises(UsageError, match="diverged"):
        choose([[folder] for folder in (*good, bad)])
    choice = choose([[*good, bad]])
    assert [member.folder.id for member in choice.members].count(bad.id) == 0
    assert choice.notes[0].startswith("1 of the runs named is left out: ")


def test_without_validation_rows(root: Path, store: Store) -> None:
    some = [
        keep(root, "flowers", flowers(), seed=seed, data={"target": "kind", "validation_split": 0}) for seed in (0, 1)
    ]
    made = join(store, some)
    assert set(made.folder.record()["metrics"]) == {"train_loss", "train_accuracy"}
    document = read_ensemble(made.folder)
    assert (document["judged"], document["differences"], document["disagreement"]) == ("nothing", [], None)
    with pytest.raises(UsageError, match="--method weighted: learns from rows"):
        join(store, some, "weighted")


# --- later -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def own(three: list[RunFolder], store: Store, tmp_path: Path) -> tuple[Store, RunFolder, list[RunFolder]]:
    """A store of its own with the mean of three nets."""
    made, mine = join(store, three).folder, Store(tmp_path / "own")
    for folder in (*three, made):
        shutil.copytree(folder.path, mine.runs / folder.path.name)
    return mine, RunFolder(mine.runs / made.path.name), [RunFolder(mine.runs / folder.path.name) for folder in three]


def test_a_member_that_is_gone(own: tuple[Store, RunFolder, list[RunFolder]]) -> None:
    store, made, members = own
    store.remove(members[1])
    with pytest.raises(NoSuchRun) as caught:
        open_run(made)
    message = str(caught.value)
    assert message.startswith(f"{made.path.name}: its member {members[1].path.name} (a net, seed 1) is not in ")
    assert message.endswith("with the config it came from makes it again, under the same id")


def test_a_member_that_became_another(own: tuple[Store, RunFolder, list[RunFolder]]) -> None:
    _, made, members = own
    record = members[0].record()
    metrics = {**record["metrics"], "val_loss": (record["metrics"]["val_loss"] or 0) + 0.5}
    members[0].result_path.write_text(json.dumps({**record, "metrics": metrics}), encoding="utf-8")
    with pytest.raises(StoreError, match="was trained again since and came out differently"):
        open_run(made)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 99}', '{"format": 1, "method": "mean"}'])
def test_a_damaged_file(own: tuple[Store, RunFolder, list[RunFolder]], text: str) -> None:
    _, made, _ = own
    (made.path / "ensemble.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match=r"ensemble\.json"):
        open_run(made)


def test_a_file_that_is_not_there(own: tuple[Store, RunFolder, list[RunFolder]]) -> None:
    _, made, _ = own
    (made.path / "ensemble.json").unlink()
    with pytest.raises(UsageError, match=r"ensemble\.json is not in its folder"):
        open_run(made)
