from pathlib import Path

import pytest

from dlrun.data.file_kinds import NOT_READ
from dlrun.data.known_sets import KNOWN
from dlrun.data.sources import BUILT_IN, load
from dlrun.errors import DataError
from dlrun.spec import Data
from dlrun.spec.names import SOURCES


def test_every_name_of_the_spec_has_a_source():
    assert set(BUILT_IN) == set(SOURCES)


@pytest.mark.parametrize("name", [name for name in SOURCES if name not in KNOWN])
def test_built_in_sources_load(name):
    table = load(Data(source=name))
    assert table.target in table.columns
    assert len({len(column) for column in table.columns.values()} | {len(table)}) == 1


def test_inline_rows_load():
    data = Data.model_validate({"inline": {"x": [[0], [1]], "y": [0, 1]}})
    assert len(load(data)) == 2


@pytest.mark.parametrize("suffix", [".csv", ".CSV", ".tsv", ".txt", ".data", ".dat", ".tab", ".names.v2", ""])
def test_texts_are_read(tmp_path, suffix):
    path = tmp_path / f"[x] 표{suffix}"
    path.write_text("a\ty\n1\t2\n")
    assert len(load(Data(source=str(path)))) == 1


def test_an_unknown_name():
    with pytest.raises(DataError) as raised:
        load(Data(source="digit"))
    assert str(raised.value) == (
        "data.source: no file and no built-in data set is called 'digit'. Did you mean 'digits'? Built in: "
        "digits, iris, wine, breast_cancer, diabetes, mnist, fashion_mnist, and, or, nand, nor, xor, xnor, moons, "
        "circles, spirals, blobs"
    )


@pytest.mark.parametrize("source", ["a\0b", "x" * 5000])
def test_names_that_no_file_can_have(source):
    with pytest.raises(DataError, match="no file and no built-in data set"):
        load(Data(source=source))


@pytest.mark.parametrize("suffix", NOT_READ)
def test_files_that_are_not_read_are_named_with_the_way_out(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"x")
    with pytest.raises(DataError) as raised:
        load(Data(source=str(path)))
    what, way_out = NOT_READ[suffix]
    assert str(raised.value) == f"data.source: {what} are not read: {way_out}. Received: {str(path)!r}"


def test_links_are_followed(tmp_path):
    (tmp_path / "real.csv").write_text("a,y\n1,2\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert len(load(Data(source=str(tmp_path / "link.csv")))) == 1


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("a,y\n1,2\n")

    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=r"a\.csv: cannot be read: Permission denied"):
        load(Data(source=str(path)))


@pytest.mark.parametrize("source", ["iris", "mnist"])
def test_a_size_for_what_has_no_files_of_images(tmp_path, monkeypatch, source):
    from tests.data.test_idx_folder import FILES

    (tmp_path / "mnist").mkdir()
    for name, content in FILES.items():
        (tmp_path / "mnist" / name).write_bytes(content)
    monkeypatch.setenv("DLRUN_DATA", str(tmp_path))
    with pytest.raises(DataError) as raised:
        load(Data(source=source, image_size=8))
    assert str(raised.value) == f"data.image_size: is for folders of images. Received: 8 for {source!r}"
