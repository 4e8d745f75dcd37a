import zipfile

import pytest

from dlrun.data import archive, text_file
from dlrun.data.archive import members
from dlrun.data.sources import load
from dlrun.errors import DataError
from dlrun.spec import Data


def packed(path, files, **options):
    with zipfile.ZipFile(path, "w", **options) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return str(path)


def refusal(source):
    with pytest.raises(DataError) as raised:
        contents(source)
    return str(raised.value)


def contents(source):
    with members(source) as found:
        return [member.read() for member in found]


def test_members_come_in_order_and_hidden_ones_not_at_all(tmp_path):
    files = {"b/2.txt": b"2", "a/1.txt": b"1", ".git/x": b"", "__MACOSX/a": b"", "a/.x": b"", "한글/3.TXT": b"3"}
    with members(packed(tmp_path / "a.zip", files)) as found:
        assert [(member.name, member.suffix, member.read()) for member in found] == [
            ("a/1.txt", ".txt", b"1"),
            ("b/2.txt", ".txt", b"2"),
            ("한글/3.TXT", ".txt", b"3"),
        ]


@pytest.mark.parametrize("name", ["../a.png", "a/../../b.png", "/etc/a.png", "C:/a.png", "..\\a.png"])
def test_paths_that_lead_outside(tmp_path, name):
    source = packed(tmp_path / "a.zip", {name: b"x"})
    assert "holds a path that leads outside of it" in refusal(source)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def test_bombs(tmp_path, monkeypatch):
    source = packed(tmp_path / "a.zip", {"a/1.png": bytes(5_000_000)}, compression=zipfile.ZIP_DEFLATED)
    monkeypatch.setattr(text_file, "MOST_UNPACKED", 1_000_000)
    assert refusal(source) == (
        f"{source}: would unpack to 5,000,000 bytes in 1 files; at most 1,000,000 bytes in 1,000,000 files are read. "
        "Unpack it and give the folder"
    )


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    assert "in 3 files" in refusal(packed(tmp_path / "a.zip", dict.fromkeys("abc", b"")))


def test_an_archive_that_lies_about_a_size(tmp_path):
    source = packed(tmp_path / "a.zip", {"a/1.png": b"x" * 100})
    raw = bytearray((tmp_path / "a.zip").read_bytes())
    place = raw.rindex(b"PK\x01\x02") + 24  # the size in the list of files
    raw[place : place + 4] = (50).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(raw)
    assert "'a/1.png'" in refusal(source)


def test_damaged_content(tmp_path):
    source = packed(tmp_path / "a.zip", {"a/1.png": b"x" * 100})
    raw = (tmp_path / "a.zip").read_bytes().replace(b"xxxx", b"xxxy", 1)
    (tmp_path / "a.zip").write_bytes(raw)
    assert refusal(source) == f"{source}: 'a/1.png' is damaged"


def test_one_table_in_an_archive(tmp_path):
    source = packed(tmp_path / "a.zip", {"data/t.csv": b"x,y\n1,2\n", "readme.md": b"#"})
    table = load(Data(source=source))
    assert (list(table.columns), table.name) == (["x", "y"], source)


def test_a_folder_that_is_not_there(tmp_path):
    assert refusal(str(tmp_path / "no.zip")) == f"{tmp_path / 'no.zip'}: cannot be read: No such file or directory"
