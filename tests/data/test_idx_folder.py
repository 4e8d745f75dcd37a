import gzip
import struct

import numpy as np
import pytest

from dlrun.data import fingerprint, prepare
from dlrun.data.idx_folder import TYPES, idx_array, idx_table
from dlrun.data.table import TEST, TRAIN
from dlrun.errors import DataError
from dlrun.spec import Data, Experiment
from tests.data.bad_files import idx
from tests.shared_data import SHARED

RNG = np.random.default_rng(0)
TRAIN_X, TRAIN_Y = RNG.integers(0, 256, (40, 3, 2)), np.arange(40) % 4
TEST_X, TEST_Y = RNG.integers(0, 256, (8, 3, 2)), np.arange(8) % 4
FILES = {
    "train-images-idx3-ubyte": idx(TRAIN_X),
    "train-labels-idx1-ubyte": idx(TRAIN_Y),
    "t10k-images-idx3-ubyte": idx(TEST_X),
    "t10k-labels-idx1-ubyte": idx(TEST_Y),
}


def folder(tmp_path, rename=lambda name: name, pack=False, leave_out="nothing"):
    path = tmp_path / "my set"
    path.mkdir()
    for name, content in FILES.items():
        if leave_out not in name:
            full = rename(name) + ".gz" * pack
            (path / full).write_bytes(gzip.compress(content) if pack else content)
    return str(path)


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name,
        lambda name: name.replace("-idx", ".idx"),
        lambda name: "emnist-letters-" + name.replace("t10k", "test"),
    ],
)
def test_images_and_labels(tmp_path, rename, pack):
    table = idx_table(folder(tmp_path, rename, pack))
    x = np.stack([table.columns[name].values for name in table.columns if name != "label"], axis=1)
    assert x.dtype == np.uint8
    np.testing.assert_array_equal(x, np.concatenate([TRAIN_X, TEST_X]).reshape(48, 6))
    labels = table.columns["label"]
    assert [labels.levels[code] for code in labels.codes] == [str(label) for label in [*TRAIN_Y, *TEST_Y]]
    assert table.part.tolist() == [TRAIN] * 40 + [TEST] * 8
    assert (table.target, table.white, table.size) == ("label", 255, (3, 2))


def test_without_test_files(tmp_path):
    table = idx_table(folder(tmp_path, leave_out="t10k"))
    assert (len(table), table.part) == (40, None)


def test_test_rows_are_the_files_own(tmp_path):
    data = prepare(Experiment.model_validate({"data": {"source": folder(tmp_path), "validation_split": 0.25}}))
    assert (len(data.train), len(data.validation), len(data.test)) == (30, 10, 8)
    np.testing.assert_allclose(data.test.x, TEST_X.reshape(8, 6) / 255, rtol=1e-6)
    assert data.test.y.tolist() == TEST_Y.tolist()
    assert any("8 test rows of its own, which are used as they are" in note for note in data.notes)


def test_packed_or_not_is_the_same_data(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = folder(tmp_path / "a"), folder(tmp_path / "b", pack=True)
    assert fingerprint(Data(source=one)) == fingerprint(Data(source=other))


@pytest.mark.parametrize(("code", "kind"), TYPES.items())
def test_types_of_values(tmp_path, code, kind):
    values = np.array([[1, 2], [3, 4]], kind)
    path = tmp_path / "f"
    path.write_bytes(bytes([0, 0, code, 2]) + struct.pack(">2I", 2, 2) + values.tobytes())
    np.testing.assert_array_equal(idx_array("s", path), values)


def test_two_files_of_one_role(tmp_path):
    path = folder(tmp_path)
    (tmp_path / "my set" / "other-train-images-idx3-ubyte").write_bytes(b"x")
    with pytest.raises(DataError, match=r"holds two files of train images: 'other-train-images-idx3-ubyte' and 'train"):
        idx_table(path)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"needs {SHARED}")
@pytest.mark.parametrize(
    ("name", "mean", "train", "test"),
    [
        ("mnist", 0.1307, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], 10_000),
        ("fashion-mnist", 0.2860, [6000] * 10, 10_000),
    ],
)
def test_the_real_files(name, mean, train, test):
    table = idx_table(str(SHARED / name))
    rows = table.part == TRAIN
    pixels = [column.values for pixel, column in table.columns.items() if pixel != "label"]
    assert np.mean([values[rows].mean() for values in pixels]) / 255 == pytest.approx(mean, abs=1e-4)
    assert np.bincount(table.columns["label"].codes[rows]).tolist() == train
    assert (~rows).sum() == test


def test_images_to_predict_need_no_labels(tmp_path):
    table = idx_table(folder(tmp_path, leave_out="labels"), labelled=False)
    assert (len(table), table.target, table.size) == (48, None, (3, 2))
    x = np.stack([column.values for column in table.columns.values()], axis=1)
    np.testing.assert_array_equal(x, np.concatenate([TRAIN_X, TEST_X]).reshape(48, 6))


def test_labels_that_are_there_are_read(tmp_path):
    assert idx_table(folder(tmp_path), labelled=False).target == "label"


def test_labels_without_images(tmp_path):
    with pytest.raises(DataError, match=r"has no file of images\. It has: t10k-labels-idx1-ubyte, train-labels-idx1-"):
        idx_table(folder(tmp_path, leave_out="images"), labelled=False)
