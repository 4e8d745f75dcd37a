"""Where a report goes, and what it does not replace."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlrun.errors import StoreNotWritable, UsageError
from dlrun.insight.report.html import MARK
from dlrun.insight.report.writing import check_free, format_of, save


@pytest.mark.parametrize(
    ("wanted", "path", "found"),
    [
        (None, None, "html"),
        (None, "a.html", "html"),
        (None, "a.HTM", "html"),
        (None, "a.md", "markdown"),
        ("markdown", None, "markdown"),
        ("markdown", "a.txt", "markdown"),
        ("html", "a.md", "html"),
    ],
)
def test_the_format(wanted: str | None, path: str | None, found: str) -> None:
    assert format_of(wanted, Path(path) if path else None) == found


@pytest.mark.parametrize(("wanted", "path"), [("pdf", None), (None, "a.pdf"), (None, "report")])
def test_an_unknown_format_names_the_known_ones(wanted: str | None, path: str | None) -> None:
    with pytest.raises(UsageError, match=r"must be one of html, markdown|must end in \.html or \.md"):
        format_of(wanted, Path(path) if path else None)


def test_only_reports_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    check_free(path)
    path.write_text(f"<!doctype html>{MARK}")
    check_free(path)
    path.write_text("my own page")
    with pytest.raises(UsageError, match="no report of dlrun"):
        check_free(path)
    check_free(path, force=True)
    with pytest.raises(UsageError, match="is a folder"):
        check_free(tmp_path)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(StoreNotWritable, match="absent"):
        save("text", tmp_path / "absent" / "report.html")


def test_lone_surrogates_do_not_stop_it(tmp_path: Path) -> None:
    save("a\udc80b", tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text() == "a\\udc80b"
