import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlrun.data import Preprocessing, prepare
from dlrun.data.sources import load
from dlrun.errors import DataError
from dlrun.spec import Experiment
from dlrun.spec.names import SOURCES
from tests.data.written import experiment, write

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real data sets are not in {SHARED}")


def parts(prepared):
    return [part for part in (prepared.train, prepared.validation, prepared.test) if part is not None]


@pytest.mark.parametrize("source", sorted({*SOURCES} - {"mnist", "fashion_mnist"}))
def test_arrays_keep_their_contract(source):
    gate = source in ("and", "or", "nand", "nor", "xor", "xnor")
    spec = experiment(source=source, test_split=0.1, **({"rows": 60, "noise": 0.1} if gate else {}))
    prepared = prepare(spec)
    for part in parts(prepared):
        assert part.x.dtype == np.float32
        assert part.x.flags.c_contiguous
        assert part.x.shape == (len(part.y), len(prepared.feature_names))
        assert np.isfinite(part.x).all()
        assert part.y.dtype == (np.float32 if prepared.task.kind == "regression" else np.int32)
        assert part.numbers.dtype == np.int64
        assert (np.diff(part.numbers) > 0).all()
    together = np.concatenate([part.numbers for part in parts(prepared)])
    assert sorted(together.tolist()) == list(range(prepared.source_rows))
    table = load(spec.data)
    stored = Preprocessing.from_json(json.loads(json.dumps(prepared.preprocessing, allow_nan=False)))
    for part in parts(prepared):
        np.testing.assert_array_equal(stored.apply(table.take(part.numbers)), part.x)
    assert stored.task == prepared.task
    assert stored.inputs == prepared.feature_names


def test_the_seed_of_a_run_does_not_touch_the_data():
    spec = experiment(source="moons", rows=50)
    first, second = prepare(spec), prepare(spec.with_seed(7))
    assert first.fingerprint == second.fingerprint
    for one, other in zip(parts(first), parts(second), strict=True):
        np.testing.assert_array_equal(one.x, other.x)


def test_digits_are_pixels_from_0_to_1():
    prepared = prepare(experiment(source="digits"))
    assert (prepared.train.x.min(), prepared.train.x.max()) == (0, 1)
    assert (prepared.task.kind, prepared.task.outputs) == ("multiclass", 10)
    assert (len(prepared.train), len(prepared.validation), prepared.test) == (1438, 359, None)


def test_scaled_by_train_rows_alone():
    prepared = prepare(experiment(source="wine"))
    np.testing.assert_allclose(prepared.train.x.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(prepared.train.x.std(axis=0), 1, rtol=1e-5)
    assert (np.abs(prepared.validation.x.mean(axis=0)) > 1e-3).any()


def test_regression_targets_are_standardised_by_train_rows():
    spec = experiment(source="diabetes", scaling="none")
    prepared = prepare(spec)
    assert prepared.train.y.mean() == pytest.approx(0, abs=1e-6)
    assert prepared.train.y.std() == pytest.approx(1, rel=1e-5)
    own = load(spec.data).columns["progression"].values[prepared.validation.numbers]
    np.testing.assert_allclose(prepared.task.mean + prepared.task.spread * prepared.validation.y, own, rtol=1e-5)


def test_poisson_targets_keep_their_unit():
    spec = Experiment.model_validate({"data": {"source": "diabetes"}, "fit": {"loss": "poisson"}})
    assert prepare(spec).train.y.min() >= 25


def test_the_truth_table():
    prepared = prepare(experiment(source="xor", validation_split=0, scaling="none"))
    assert prepared.train.x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert prepared.train.y.tolist() == [0, 1, 1, 0]
    assert prepared.validation is None


def test_no_validation_rows():
    prepared = prepare(experiment(source="iris", validation_split=0))
    assert prepared.validation is None
    assert len(prepared.train) == 150


@settings(max_examples=50)
@given(
    x=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=20, max_size=60),
    share=st.sampled_from([0.2, 0.4]),
)
def test_equal_rows_stay_on_one_side(x, share):
    y = [(a + b) % 2 for a, b in x]
    try:
        prepared = prepare(experiment(inline={"x": x, "y": y}, validation_split=share))
    except DataError:  # one class, or nothing to hold out
        return
    if any("too few to keep copies on one side" in note for note in prepared.notes):
        return
    sides = [{x[row] for row in part.numbers.tolist()} for part in parts(prepared)]
    assert not set.intersection(*sides)
    doubled = len(x) - len(set(x))
    assert any(note.startswith(f"{doubled} row") for note in prepared.notes) == bool(doubled)


def test_groups_stay_on_one_side(tmp_path):
    groups = [f"g{row // 4}" for row in range(40)]
    source = write(tmp_path, who=groups)
    prepared = prepare(experiment(source=source, target="y", group="who", validation_split=0.3))
    sides = [{groups[row] for row in part.numbers.tolist()} for part in parts(prepared)]
    assert len(sides[0]) + len(sides[1]) == 10
    assert "who" not in " ".join(prepared.feature_names)


def test_the_latest_rows_are_validation_rows(tmp_path):
    days = [f"2026-01-{(row * 7) % 28 + 1:02}" for row in range(40)]
    source = write(tmp_path, day=days)
    prepared = prepare(experiment(source=source, target="y", time="day", test_split=0.1))
    train, validation, test = (sorted(days[row] for row in part.numbers) for part in parts(prepared))
    assert train[-1] <= validation[0] <= validation[-1] <= test[0]
    assert (len(train), len(validation), len(test)) == (28, 8, 4)


def test_rows_of_other_files(tmp_path):
    source, other = write(tmp_path), write(tmp_path, "v.csv", rows=8, y=["0.0", "1"] * 4)
    prepared = prepare(
        experiment(source=source, target="y", validation_source=other, test_source=other, validation_split=0.2)
    )
    assert (len(prepared.train), len(prepared.validation), len(prepared.test)) == (40, 8, 8)
    assert prepared.validation.numbers.tolist() == list(range(8))
    assert prepared.validation.y.tolist() == [0, 1] * 4
    np.testing.assert_array_equal(prepared.validation.x, prepared.train.x[:8])


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"y": ["0", "2"] * 4}, "{path}: 'y' in row 2 must be a class of the train file: '0', '1'. Received: '2'."),
        ({"a": ["x", "z"] * 4}, "{path}: column 'a' must hold numbers, as in the train rows. Received: 'x' in row 1"),
    ],
)
def test_other_files_that_do_not_fit(tmp_path, columns, message):
    source, other = write(tmp_path), write(tmp_path, "v.csv", rows=8, **columns)
    with pytest.raises(DataError) as raised:
        prepare(experiment(source=source, target="y", validation_source=other))
    assert str(raised.value) == message.format(path=other)


def test_other_files_need_the_columns(tmp_path):
    source, other = write(tmp_path), tmp_path / "v.csv"
    other.write_text("A,c,y\n1,u,0\n2,v,1\n")
    with pytest.raises(DataError) as raised:
        prepare(experiment(source=source, target="y", validation_source=str(other)))
    assert str(raised.value) == (
        f"{other}: has no column 'a', which was trained on. Did you mean 'A'? It has: 'A', 'c', 'y'"
    )
    other.write_text("a,c,z\n1,u,0\n2,v,1\n")
    with pytest.raises(DataError, match="has no column 'y'"):
        prepare(experiment(source=source, target="y", test_source=str(other)))


def test_rows_without_target_and_dropped_columns_are_told(tmp_path):
    source = write(tmp_path, y=["", *[0, 1] * 19, "NA"], same=[3] * 40, id=[f"r{row}" for row in range(40)])
    prepared = prepare(experiment(source=source, target="y"))
    assert prepared.source_rows == 40
    assert sum(len(part) for part in parts(prepared)) == 38
    assert prepared.feature_names == ("a", "c=u", "c=v")
    assert prepared.notes == (
        "Column 'same' is left out: it is 3 in every row.",
        "Column 'id' is left out: no two of its 40 texts are equal.",
        f"{source}: 2 rows are left out: no value in the column to predict, 'y'.",
    )
    assert min(part.numbers.min() for part in parts(prepared)) == 1


def test_train_fractions_are_nested_and_leave_validation_alone():
    prepared = [prepare(experiment(source="wine", train_fraction=share)) for share in (0.1, 0.5, 1.0)]
    rows = [set(each.train.numbers.tolist()) for each in prepared]
    assert rows[0] < rows[1] < rows[2]
    assert [len(each) for each in rows] == [14, 71, 142]
    assert len({tuple(each.validation.numbers.tolist()) for each in prepared}) == 1


def test_whole_numbers_taken_as_classes_are_told():
    rows = {"x": [[n] for n in range(30)], "y": [n % 3 for n in range(30)]}
    assert prepare(experiment(inline=rows)).notes == (
        "'y' has 3 different whole numbers, taken as classes (data.task: regression for amounts).",
    )


def test_a_class_of_one_row_is_told_and_stays_in_train():
    rows = {"x": [[n] for n in range(30)], "y": ["a", "b"] * 14 + ["a", "lone"]}
    prepared = prepare(experiment(inline=rows))
    assert prepared.notes == ("Class 'lone' has a single row, which cannot be split.",)
    assert 29 in prepared.train.numbers


def test_labels_that_look_alike_are_told():
    prepared = prepare(experiment(inline={"x": [[n] for n in range(30)], "y": ["yes", "no", "Yes"] * 10}))
    assert prepared.notes == ("Classes 'Yes' and 'yes' look alike; data.label_map: {'yes': 'Yes'} joins them.",)


def test_dates_units_and_words_become_inputs(tmp_path):
    days = [f"2024-{row % 12 + 1:02}-{row % 28 + 1:02}" for row in range(40)]
    weights = [f"{row + 50} kg" for row in range(40)]
    source = write(tmp_path, when=days, weight=weights, smoker=["yes", "no"] * 20)
    prepared = prepare(experiment(source=source, target="y", scaling="none"))
    assert prepared.feature_names == (
        "a", "c=u", "c=v", "when", "when month (sin)", "when month (cos)", "when weekday (sin)", "when weekday (cos)",
        "weight", "smoker",
    )  # fmt: skip
    rows = prepared.train.numbers
    assert prepared.train.x[:, 8].tolist() == (rows + 50).tolist()
    assert prepared.train.x[:, 9].tolist() == (rows % 2 == 0).tolist()
    origin = min(np.datetime64(days[row]) for row in rows)
    since = [(np.datetime64(days[row]) - origin).astype(int) for row in rows]
    assert prepared.train.x[:, 3].tolist() == since


def test_an_amount_with_slips(tmp_path):
    source = write(tmp_path, y=["$1000", "n.d.", *(f"${row * 37}.50" for row in range(1, 39))])
    prepared = prepare(experiment(source=source, target="y"))
    assert prepared.task.kind == "regression"
    assert sum(len(part) for part in parts(prepared)) == 39
    assert f"{source}: 1 row is left out: no number in the column to predict, 'y' (the first is 'n.d.' in row 2)." in (
        prepared.notes
    )


def test_slips_in_other_files_are_told(tmp_path):
    source = write(tmp_path)
    other = write(tmp_path, "v.csv", rows=40, a=["oops", *range(39)])
    prepared = prepare(experiment(source=source, target="y", validation_source=other))
    assert prepared.notes[-1] == (
        f"{other}: 1 value of column 'a' cannot be read, taken as missing (the first is 'oops')."
    )


def test_columns_that_give_the_target_away_are_told(tmp_path):
    y = [row // 2 % 2 for row in range(80)]
    source = write(tmp_path, rows=80, y=y, leak=["won" if label else "lost" for label in y])
    prepared = prepare(experiment(source=source, target="y"))
    assert prepared.notes[-1] == (
        "Warning: Column 'leak' alone predicts the target with accuracy 1: was it made from it? If new rows will not "
        "have it, `exclude` it."
    )


def test_what_augmentation_needs_to_know_of_images():
    digits = prepare(experiment(source="digits"))
    assert (digits.image, digits.numeric) == ((8, 8, 1), None)
    assert digits.background.tolist() == [0]
    centred = replace(digits, train=replace(digits.train, x=(digits.train.x - 0.3) / 0.2))
    np.testing.assert_allclose(centred.background, [-1.5], rtol=1e-6)
    assert prepare(experiment(source="digits", exclude=["pixel_0_0"])).image is None
    assert prepare(experiment(source="iris")).image is None


def test_what_noise_needs_to_know_of_a_table(tmp_path):
    rows = 40
    source = write(
        tmp_path, rows=rows, y=[row % 2 for row in range(rows)], size=[f"{row}.5" for row in range(rows)],
        colour=[("red", "blue", "green")[row % 3] for row in range(rows)],
        gaps=["" if row % 5 == 0 else f"{row}" for row in range(rows)],
        open=[("yes", "no")[row % 2 == row % 7] for row in range(rows)],
        day=[f"2026-{1 + row % 12:02d}-{1 + row % 28:02d}" for row in range(rows)],
    )  # fmt: skip
    prepared = prepare(experiment(source=source, target="y"))
    noisy = {name for name, wanted in zip(prepared.feature_names, prepared.numeric, strict=True) if wanted}
    assert noisy == {"a", "size", "gaps", "day"}
    assert prepared.image is None


@needs_shared
def test_adult_with_its_own_test_file():
    adult = SHARED / "adult"
    spec = {"source": str(adult / "adult-train.csv"), "test_source": str(adult / "adult-test.csv")}
    labels = {"<=50K.": "<=50K", ">50K.": ">50K"}
    prepared = prepare(experiment(**spec, target=-1, header=False, label_map=labels))
    assert prepared.task.classes == ("<=50K", ">50K")
    assert len(prepared.train) + len(prepared.validation) == 32_561
    assert np.bincount(prepared.test.y).tolist() == [12_435, 3_846]
    assert sum(name.endswith(" is missing") for name in prepared.feature_names) == 3
    with pytest.raises(DataError, match=r"Perhaps data\.label_map: \{'<=50K\.': '<=50K'\}"):
        prepare(experiment(**spec, target=-1, header=False))


@needs_shared
def test_california_housing():
    source = str(SHARED / "california-housing" / "housing.csv")
    prepared = prepare(experiment(source=source, target="median_house_value"))
    assert (prepared.task.kind, prepared.source_rows) == ("regression", 20_640)
    assert "total_bedrooms is missing" in prepared.feature_names
    assert sum(name.startswith("ocean_proximity=") for name in prepared.feature_names) == 5


@needs_shared
@pytest.mark.parametrize(("colour", "doubled"), [("red", 240), ("white", 937)])
def test_copies_of_wines_are_kept_together(colour, doubled):
    source = str(SHARED / "wine-quality" / f"winequality-{colour}.csv")
    prepared = prepare(experiment(source=source, target="quality", task="regression"))
    assert prepared.notes == (f"{doubled} rows equal others in all inputs; equal rows stay on one side of the split.",)
    sides = [{row.tobytes() for row in part.x} for part in parts(prepared)]
    assert not set.intersection(*sides)


@needs_shared
def test_titanic():
    prepared = prepare(experiment(source=str(SHARED / "titanic" / "train.csv"), target="Survived"))
    assert prepared.task.classes == ("0", "1")
    assert "Sex=female" in prepared.feature_names
    assert "PassengerId" not in prepared.feature_names
    assert prepared.notes[:2] == (
        "Column 'PassengerId' is left out: it numbers the rows.",
        "Column 'Name' is left out: no two of its 891 texts are equal.",
    )
