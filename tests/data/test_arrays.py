import numpy as np
import pytest

from dlrun.data import text_file
from dlrun.data.arrays import npy_table, npz_table
from dlrun.data.table import TEST, TRAIN, VALIDATION, Numeric
from dlrun.errors import DataError

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((6, 3)), np.array([0, 1, 2, 0, 1, 2])
IMAGES = RNG.integers(0, 256, (6, 2, 3), dtype=np.uint8)


def table(tmp_path, **arrays):
    path = tmp_path / "a.npz"
    np.savez_compressed(path, **arrays)
    return npz_table(str(path))


def inputs(found):
    return np.stack([column.values for name, column in found.columns.items() if name != "y"], axis=1)


def test_x_and_y(tmp_path):
    found = table(tmp_path, x=X, y=Y)
    assert list(found.columns) == ["x1", "x2", "x3", "y"]
    np.testing.assert_array_equal(inputs(found), X)
    np.testing.assert_array_equal(found.columns["y"].values, Y)
    assert (found.target, found.part, found.white, found.keep_constant) == ("y", None, None, True)


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (("x_train", "y_train", "x_test", "y_test"), [TRAIN, TEST]),
        (("X_train", "Y_train", "X_val", "Y_val"), [TRAIN, VALIDATION]),
        (("train_images", "train_labels", "test_images", "test_labels"), [TRAIN, TEST]),
        (("x_train", "y_train", "x_validation", "y_validation"), [TRAIN, VALIDATION]),
        (("data", "labels", "x_valid", "y_valid"), [TRAIN, VALIDATION]),
    ],
)
def test_parts_are_used_as_they_are(tmp_path, names, parts):
    found = table(tmp_path, **dict(zip(names, (X, Y, X[:2] + 9, Y[:2]), strict=True)))
    assert found.part.tolist() == [parts[0]] * 6 + [parts[1]] * 2
    np.testing.assert_array_equal(inputs(found), np.concatenate([X, X[:2] + 9]))


@pytest.mark.parametrize("shape", [(6, 2, 3), (6, 2, 3, 1)])
def test_bytes_of_two_dimensions_are_pixels(tmp_path, shape):
    found = table(tmp_path, x=IMAGES.reshape(shape), y=Y)
    assert (found.white, found.size) == (255, (2, 3))
    assert list(found.columns)[:3] == ["pixel_0_0", "pixel_0_1", "pixel_0_2"]
    assert {column.values.dtype for name, column in found.columns.items() if name != "y"} == {np.dtype(np.uint8)}
    np.testing.assert_array_equal(inputs(found), IMAGES.reshape(6, -1))


def test_colours(tmp_path):
    found = table(tmp_path, x=RNG.integers(0, 256, (6, 2, 2, 3), dtype=np.uint8), y=Y)
    assert found.size == (2, 2, 3)
    assert list(found.columns)[:4] == ["pixel_0_0_red", "pixel_0_0_green", "pixel_0_0_blue", "pixel_0_1_red"]


@pytest.mark.parametrize("x", [RNG.standard_normal((6, 4, 5)), RNG.integers(0, 9, (6, 3, 4, 5), dtype=np.uint8)])
def test_sequences_and_videos_are_laid_out_and_said(tmp_path, x):
    found = table(tmp_path, x=x, y=Y)
    np.testing.assert_array_equal(inputs(found), x.reshape(6, -1))
    shape, wide = " x ".join(map(str, x.shape[1:])), x[0].size
    assert found.notes == (
        f"{found.name}: rows of {shape} are laid out as {wide} inputs each; an MLP sees no order in them.",
    )


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        (Y[:, None], [0, 1, 2, 0, 1, 2]),
        (np.array(["a", "b", "", "b", "이", "a"]), ["a", "b", None, "b", "이", "a"]),
        (np.array([b"a", b"b", b"a", b"b", b"a", b"a"]), ["a", "b", "a", "b", "a", "a"]),
        (Y > 0, ["False", "True", "True", "False", "True", "True"]),
        (np.array([1.5, np.nan, 2, 3, 4, 5]), [1.5, None, 2, 3, 4, 5]),
        (np.array(["2026-01-01"] * 5 + ["NaT"], "datetime64[D]"), ["2026-01-01"] * 5 + [None]),
        (np.eye(3, dtype=int)[Y], ["0", "1", "2", "0", "1", "2"]),
    ],
)
def test_answers(tmp_path, y, expected):
    column = table(tmp_path, x=X, y=y).columns["y"]
    values = column.values.tolist() if isinstance(column, Numeric) else [column.levels[code] for code in column.codes]
    assert [None if lost else value for value, lost in zip(values, column.missing, strict=True)] == expected


def test_one_hot_answers_are_said(tmp_path):
    found = table(tmp_path, x=X, y=np.eye(3)[Y])
    assert found.notes == (f"{found.name}: 'y' is one-hot: 3 classes.",)


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(text_file, "MOST_UNPACKED", 100_000)
    with pytest.raises(DataError, match=r"would unpack to 800,.* bytes; at most 100,000 are read"):
        table(tmp_path, x=np.zeros((50_000, 2)), y=np.zeros(10))


# --- rows to predict -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrays", "rows"),
    [
        ({"x": X}, 6),
        ({"x_test": X[:2]}, 2),
        ({"x_train": X, "x_test": X[:2]}, 8),
        ({"arr_0": X}, 6),
        ({"x": X, "ids": Y}, 6),
    ],
)
def test_rows_to_predict_need_no_answers(tmp_path, arrays, rows):
    path = tmp_path / "a.npz"
    np.savez(path, **arrays)
    found = npz_table(str(path), labelled=False)
    assert (list(found.columns), found.target, found.part) == (["x1", "x2", "x3"], None, None)
    np.testing.assert_array_equal(inputs(found), np.concatenate([X, X[:2]])[:rows])


def test_answers_that_are_there_are_read(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, x=X, y=Y)
    assert npz_table(str(path), labelled=False).target == "y"


def test_images_to_predict(tmp_path):
    path = tmp_path / "a.npy"
    np.save(path, IMAGES)
    found = npy_table(str(path))
    assert (found.size, found.target, len(found)) == ((2, 3), None, 6)
    np.testing.assert_array_equal(inputs(found), IMAGES.reshape(6, 6))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": X, "b": X}, "needs an array x, a row per example. It has: 'a' (6 x 3), 'b' (6 x 3)"),
        ({"x": np.array(1.0)}, "'x' must have a row per example. Received: a single value"),
        ({"x": X[:0]}, "its arrays have no rows"),
        ({"x_train": X, "x_test": X[:, :2]}, "rows of all parts must have one shape. Received: (2,) and (3,)"),
        ({}, "needs an array x, a row per example. It has: none"),
    ],
)
def test_arrays_that_cannot_be_predicted(tmp_path, arrays, message):
    path = tmp_path / "a.npz"
    np.savez(path, **arrays)
    with pytest.raises(DataError) as raised:
        npz_table(str(path), labelled=False)
    assert str(raised.value) == f"{path}: {message}"


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_a_damaged_array(tmp_path, content):
    path = tmp_path / "a.npy"
    path.write_bytes(content)
    with pytest.raises(DataError, match="is cut off, damaged, or holds no numbers or texts"):
        npy_table(str(path))
