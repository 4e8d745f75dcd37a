"""Real runs joined into one: what it answers is what numpy makes of its members' answers, on the rows it may."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as oracle

from dlrun.cli.main import main
from dlrun.data import prepare
from dlrun.errors import DlrunError, NoSuchRun, StoreError, UsageError
from dlrun.runner.ensemble.candidates import choose
from dlrun.runner.ensemble.making import EnsembleMaker, Made
from dlrun.runner.evaluation import backend_of, evaluate
from dlrun.runner.prediction import predict
from dlrun.runner.predictors import open_predictor
from dlrun.runner.stored_run import open_run
from dlrun.spec.other_kinds import EnsembleMethod
from dlrun.store import RunFolder, Store
from dlrun.store.ensemble_file import read_ensemble
from dlrun.store.evaluations import read_evaluations
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


def test_what_is_trained_after_an_ensemble_is_newer(store: Store, three: list[RunFolder], root: Path) -> None:
    """Also within one second of it: `dlrun show` and `dlrun curves` without a name take the newest run."""
    made = join(store, three, force=True)
    assert store.newest().id == made.folder.id
    after = keep(root, "after", flowers(), data={"target": "kind", **SPLIT}, fit={"epochs": 1})
    assert after.record()["name"] == "after"
    assert len(after.record()["finished"].split("+")[0]) == len("2026-11-20T09:00:00.123456")


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


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("na_values", ["-99"], "data.na_values ['-99']"),
        ("decimal", ".", "data.decimal '.'"),
        ("separator", ",", "data.separator ','"),
        ("header", True, "data.header True"),
        ("image_size", 28, "data.image_size [28, 28]"),
    ],
)
def test_new_rows_are_read_once_for_all_members(
    store: Store, three: list[RunFolder], tmp_path: Path, key: str, value: Any, shown: str
) -> None:
    other = changed(store, three[1], tmp_path)
    spec = other.spec()
    other.spec_path.write_text(json.dumps({**spec, "data": {**spec["data"], key: value}}), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        choose([[other], [three[0]]])
    what = ("missing values and numbers in different ways", "as is found in the file")
    for part in (shown, *(what if key != "image_size" else ("to different sizes", "is not given"))):
        assert part in str(caught.value)


def test_the_same_rows_under_another_path(root: Path, store: Store, three: list[RunFolder]) -> None:
    (root / "copy.csv").write_text(flowers(), encoding="utf-8")
    data = {"target": "kind", **SPLIT, "source": "copy.csv", "scaling": "robust"}
    other = keep(root, "elsewhere", None, data=data)
    found = kept(join(store, [three[0], other]).folder)["outputs"]
    wanted = np.mean([kept(folder)["outputs"] for folder in (three[0], other)], axis=0)
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_losses_of_another_unit_are_not_joined(root: Path, store: Store) -> None:
    """A percentage has no meaning for standardised prices; among themselves such nets are measured in their own."""
    data = {"target": "price", **SPLIT}
    usual = keep(root, "houses", houses(), data=data, fit={"epochs": 2})
    shares = [
        keep(
            root, "houses", houses(), seed=seed, data=data, fit={"epochs": 2, "loss": "mean_absolute_percentage_error"}
        )
        for seed in (0, 1)
    ]
    for folders in ([usual, shares[0]], [shares[0], usual, shares[1]]):
        with pytest.raises(UsageError, match="their outputs mean different things") as caught:
            join(store, folders)
        assert "amounts in the target's own unit (fit.loss mean_absolute_percentage_error)" in str(caught.value)
        assert "standardised amounts (fit.loss mean_squared_error)" in str(caught.value)
    made = join(store, shares).folder
    arrays = kept(made)
    np.testing.assert_allclose(arrays["outputs"], np.mean([kept(one)["outputs"] for one in shares], axis=0), rtol=1e-5)
    wanted = 100 * oracle.mean_absolute_percentage_error(arrays["targets"], arrays["outputs"][:, 0])
    assert made.record()["metrics"]["val_loss"] == pytest.approx(wanted, rel=1e-4)


def test_members_without_a_train_row_in_common(root: Path, store: Store) -> None:
    (root / "held.csv").write_text(flowers(40, seed=1), encoding="utf-8")
    data = {"target": "kind", "validation_source": "held.csv", "validation_split": 0, "train_fraction": 0.05}
    some = [keep(root, "flowers", flowers(), data={**data, "split_seed": seed}) for seed in (0, 2)]
    with pytest.raises(UsageError, match="its 2 members have no train row in common") as caught:
        join(store, some)
    assert "\n" not in str(caught.value)


def test_whole_groups_are_drawn(root: Path, store: Store) -> None:
    lines = flowers().splitlines()
    text = "\n".join([f"{lines[0]},who", *(f"{line},p{place // 5}" for place, line in enumerate(lines[1:]))]) + "\n"
    data = {"target": "kind", **SPLIT, "group": "who"}
    some = [keep(root, "grouped", text, seed=seed, data=data) for seed in (0, 1)]
    record = join(store, some).folder.record()
    (note,) = [note for note in record["notes"] if "Intervals draw" in note]
    held_out = kept(some[0])["validation_rows"]
    assert note == f"Intervals draw whole groups of data.group 'who', of which there are {len(set(held_out // 5))}."


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
    store, made, members = own
    record = members[0].record()
    metrics = {**record["metrics"], "val_loss": (record["metrics"]["val_loss"] or 0) + 0.5}
    members[0].result_path.write_text(json.dumps({**record, "metrics": metrics}), encoding="utf-8")
    with pytest.raises(StoreError, match="was trained again since and came out differently"):
        open_run(made)
    with pytest.raises(StoreError, match="was trained again since and came out differently") as caught:
        join(store, members)
    assert str(caught.value).endswith("`dlrun ensemble RUN... --force` makes the ensemble again")
    assert not join(store, members, force=True).again


def test_it_is_known_without_the_weights_of_its_members(own: tuple[Store, RunFolder, list[RunFolder]]) -> None:
    store, made, members = own
    for folder in members:
        folder.model_path.unlink()
    assert join(store, members) == Made(made, True)


def test_what_is_new_of_the_choice_is_told(own: tuple[Store, RunFolder, list[RunFolder]]) -> None:
    store, made, members = own
    chosen = choose([members])._replace(notes=("Members are the best 3 of 9 runs by val_loss.",))
    assert EnsembleMaker(store, lambda text: None, BACKEND).make(chosen, "mean") == Made(made, True, chosen.notes)


def test_made_again_it_is_measured_again(own: tuple[Store, RunFolder, list[RunFolder]]) -> None:
    store, made, members = own
    (first,) = evaluate(store, [made])
    assert evaluate(store, [made])[0].again
    again = join(store, members, force=True).folder
    (second,) = evaluate(store, [again])
    assert not second.again
    assert second.evaluation["notes"][0].startswith("These rows were opened before, on 20")
    assert evaluate(store, [again])[0] == replace(second, again=True)
    assert [look["opened"] for look in read_evaluations(again)] == [one.evaluation["opened"] for one in (first, second)]


def test_baselines_beside_nets(
    root: Path, own: tuple[Store, RunFolder, list[RunFolder]], capsys: pytest.CaptureFixture[str]
) -> None:
    store, _, (net, *_) = own
    words = ["--set", "data.test_split=0.2", "--set", "data.validation_split=0.3", "--target", "kind"]
    said = main(["baselines", str(root / "flowers.csv"), "--only", "trivial", *words, "--results", str(store.root)])
    assert said in (0, 1), capsys.readouterr().err
    baseline = store.newest()
    looks = [one.evaluation for one in evaluate(store, [baseline, net])]
    assert [look["backend"] for look in looks] == ["sklearn", BACKEND]
    runs = [open_run(baseline), open_run(net)]
    elsewhere = replace(runs[1], record={**runs[1].record, "backend": "torch"})
    assert backend_of([runs[0], elsewhere, runs[1]]) == "torch"


def broken(document: dict[str, Any], place: Sequence[str | int], value: Any) -> str:
    """The document with another value at a place."""
    inner: Any = document
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return json.dumps(document)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 99}', '{"format": 1, "method": "mean"}'])
def test_a_damaged_file(own: tuple[Store, RunFolder, list[RunFolder]], text: str) -> None:
    _, made, _ = own
    (made.path / "ensemble.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match=r"ensemble\.json"):
        open_run(made)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (["members", 0, "recorded", "val_loss"], "0.2", "`members.recorded`: val_loss must be a number or null"),
        (["members", 0, "recorded", "val_loss"], 10**400, "`members.recorded`: val_loss must be a number or null"),
        (["members", 0, "kind"], "ensemble", "`members.kind` must be mlp or baseline. Received: 'ensemble'"),
        (["members", 0, "kind"], "baseline", "calls its member"),
        (["members", 1, "column"], 0, "one of its `columns` has no member"),
        (["members", 1, "column"], 7, "`members.column` is none of its columns"),
        (["members", 1], [], "`members` is missing or has the wrong type"),
        (["columns", 1], [], "`columns` is missing or has the wrong type"),
        (["columns", 1, "metrics", "val_loss"], "low", "`columns.metrics`: val_loss must be a number or null"),
        (["differences", 0, "low"], "low", "`differences.low` is missing or has the wrong type"),
        (["combination"], {"kind": "average", "weights": [1.0]}, "`combination`: `weights` must be 3 numbers"),
        (["combination"], {"kind": "average"}, "`combination`: keys are missing or have the wrong type"),
        (["combination"], {"kind": "average", "weights": [10**400] * 3}, "`combination`: keys are missing"),
        (["combination"], {"kind": "layer", "seen": [3]}, "`combination`: keys are missing"),
    ],
)
def test_damaged_values(
    own: tuple[Store, RunFolder, list[RunFolder]], place: list[str | int], value: Any, message: str
) -> None:
    _, made, _ = own
    path = made.path / "ensemble.json"
    path.write_text(broken(json.loads(path.read_text(encoding="utf-8")), place, value), encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        open_predictor(open_run(made), BACKEND)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert str(caught.value).endswith("`dlrun ensemble RUN... --force` makes it again")


def test_a_file_that_is_not_there(own: tuple[Store, RunFolder, list[RunFolder]]) -> None:
    _, made, _ = own
    (made.path / "ensemble.json").unlink()
    with pytest.raises(UsageError, match=r"ensemble\.json is not in its folder"):
        open_run(made)
