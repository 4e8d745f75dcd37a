import numpy as np
import pytest

from dlrun.data import fingerprint
from dlrun.data.known_sets import known_arrays, known_table
from dlrun.errors import DataError
from dlrun.spec import Data
from tests.data.test_idx_folder import FILES, TEST_X, TEST_Y, TRAIN_X, TRAIN_Y


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.delenv("DLRUN_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


def put(folder):
    folder.mkdir(parents=True)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "folder"),
    [("mnist", "mnist"), ("fashion_mnist", "fashion-mnist"), ("fashion_mnist", "fashion_mnist")],
)
def test_from_the_data_folder(tmp_path, monkeypatch, name, folder):
    put(tmp_path / "data" / folder)
    monkeypatch.setenv("DLRUN_DATA", str(tmp_path / "data"))
    assert len(known_table(name)) == 48
    assert fingerprint(Data(source=name)) == fingerprint(Data(source=str(tmp_path / "data" / folder)))


def test_from_the_copy_of_keras(tmp_path, monkeypatch):
    folder = tmp_path / "keras" / "datasets"
    folder.mkdir(parents=True)
    arrays = {"x_train": TRAIN_X, "y_train": TRAIN_Y, "x_test": TEST_X, "y_test": TEST_Y}
    np.savez(folder / "mnist.npz", **{name: array.astype(np.uint8) for name, array in arrays.items()})
    put(folder / "fashion-mnist")
    for name in ("mnist", "fashion_mnist"):
        for key, array in known_arrays(name).items():
            np.testing.assert_array_equal(array, arrays[key])
    assert fingerprint(Data(source="mnist")) == fingerprint(Data(source="fashion_mnist"))


def test_neither_there_nor_to_be_had(tmp_path, monkeypatch):
    import dlrun.data.known_sets as known_sets

    monkeypatch.setenv("DLRUN_DATA", str(tmp_path))
    monkeypatch.setattr(known_sets, "_DOWNLOAD", "import sys; sys.exit('URLError: no network')")
    with pytest.raises(DataError) as raised:
        known_table("mnist")
    keras = tmp_path / "keras" / "datasets"
    assert str(raised.value) == (
        f"mnist: is neither below DLRUN_DATA ({tmp_path}) nor in {keras}, and Keras could not "
        "download it: URLError: no network. Offline, put its four idx files into a folder, and give the folder as "
        "data.source or let DLRUN_DATA name the folder above 'mnist'"
    )
