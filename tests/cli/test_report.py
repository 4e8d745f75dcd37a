"""`dlrun report` as a user meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlrun.store import Store
from tests.command import dlrun
from tests.insight.report.stores import keep_sweep, store_at
from tests.stored import keep_run


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    found = store_at(tmp_path_factory.mktemp("report"))
    keep_sweep(found)
    return found


def test_a_sweep_by_name_into_the_default_file(store: Store, tmp_path: Path) -> None:
    done = dlrun("report", "grid", "--results", store.root, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "report.html\n"
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "sweep.yaml" in page
    again = dlrun("report", "grid", "--results", store.root, "--lang", "ko", cwd=tmp_path)
    assert again.returncode == 0
    assert '<html lang="ko">' in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_markdown_goes_to_stdout(store: Store, tmp_path: Path) -> None:
    done = dlrun("report", "--format", "markdown", "--title", "PR | 7", "--results", store.root, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("<!-- dlrun report -->\n## PR \\| 7\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["grid", "-o", "report.pdf"], 2, "-o: must end in .html or .md"),
        (["grid", "--format", "pdf"], 2, "--format: must be one of html, markdown. Received: 'pdf'"),
        (["grid", "--lang", "fr"], 2, "--lang: must be one of en, ko. Received: 'fr'"),
        (["grid", "-o", "absent/report.html"], 6, "cannot be written"),
        (["grid", "-o", ".", "--format", "html"], 2, "which is a folder"),
        (["nothing_of_the_kind"], 4, "no run answers to"),
        (["grid", "-o", "mine.html"], 2, "is no report of dlrun, so it is not replaced"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    store: Store, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    (tmp_path / "mine.html").write_text("my own page")
    done = dlrun("report", *words, "--results", store.root, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "mine.html").read_text() == "my own page"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.html"]


def test_an_empty_store(tmp_path: Path) -> None:
    done = dlrun("report", "--results", tmp_path / "none", cwd=tmp_path)
    assert done.returncode == 2
    assert "there are no runs in" in done.stderr


def test_different_data(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_run(store, "a")
    keep_run(store, "b", data={"source": "moons.csv", "fingerprint": "cd" * 16})
    refused = dlrun("report", "a", "b", "--results", store.root, cwd=tmp_path)
    assert refused.returncode == 2
    assert "must be on the same data" in refused.stderr
    done = dlrun("report", "a", "b", "--anyway", "--results", store.root, cwd=tmp_path)
    assert done.returncode == 0
    assert "do not compare" in done.stderr
