import pytest

from dlrun.data.sources import BUILT_IN, load
from dlrun.errors import DataError, NotAvailable
from dlrun.spec import Data
from dlrun.spec.names import SOURCES


def test_every_name_of_the_spec_has_a_source():
    assert set(BUILT_IN) == set(SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_built_in_sources_load(name):
    table = load(Data(source=name))
    assert table.target in table.columns
    assert len({len(column) for column in table.columns.values()} | {len(table)}) == 1


def test_inline_rows_load():
    data = Data.model_validate({"inline": {"x": [[0], [1]], "y": [0, 1]}})
    assert len(load(data)) == 2


@pytest.mark.parametrize("suffix", [".csv", ".CSV", ".tsv", ".txt", ".data"])
def test_texts_are_read(tmp_path, suffix):
    path = tmp_path / f"[x] 표{suffix}"
    path.write_text("a\ty\n1\t2\n")
    assert len(load(Data(source=str(path)))) == 1


def test_an_unknown_name():
    with pytest.raises(DataError) as raised:
        load(Data(source="digit"))
    assert str(raised.value) == (
        "data.source: no file and no built-in data set is called 'digit'. Did you mean 'digits'? Built in: "
        "digits, iris, wine, breast_cancer, diabetes, and, or, nand, nor, xor, xnor, moons, circles, spirals, blobs"
    )


@pytest.mark.parametrize("source", ["a\0b", "x" * 5000])
def test_names_that_no_file_can_have(source):
    with pytest.raises(DataError, match="no file and no built-in data set"):
        load(Data(source=source))


@pytest.mark.parametrize("suffix", [".parquet", ".npz", ".zip", ".xlsx"])
def test_files_of_a_later_version(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"x")
    with pytest.raises(NotAvailable) as raised:
        load(Data(source=str(path)))
    expected = f"data.source: {suffix} files are not read yet; CSV files are. Received: {str(path)!r}"
    assert str(raised.value) == expected


def test_folders(tmp_path):
    with pytest.raises(NotAvailable) as raised:
        load(Data(source=str(tmp_path)))
    assert str(raised.value) == (
        f"data.source: folders of images are not read yet; CSV files are. Received: {str(tmp_path)!r}"
    )


def test_other_files(tmp_path):
    path = tmp_path / "a.doc"
    path.write_bytes(b"x")
    with pytest.raises(DataError) as raised:
        load(Data(source=str(path)))
    expected = f"data.source: must be a file that ends in .csv, .tsv, .txt, .data. Received: {str(path)!r}"
    assert str(raised.value) == expected
