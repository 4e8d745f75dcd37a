"""`dlrun gallery`: the list, one lesson, its page, JSON, and what is refused before anything is trained."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dlrun.errors import DataError
from dlrun.gallery import table
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.studio import Studio
from dlrun.insight.table import Column, Table
from dlrun.insight.words import LANGUAGES, Said
from tests.command import dlrun

Run = Callable[..., tuple[int, str, str]]
TITLE = Said("gallery_perceptron.linear_layers_title")
WORD = Said("gallery_perceptron.linear_layers_claim_product")


def point(language: str) -> Any:
    import altair as alt

    from dlrun.gallery.drawing import finished

    rows = alt.InlineData(values=[{"x": 1}])
    return finished(alt.Chart(rows).mark_point().encode(x="x:Q"), TITLE.text(language))


def lesson(number: int, name: str, teach: Callable[[Studio], Shown], long: bool = False) -> Lesson:
    return Lesson(number, name, TITLE, teach, long)


def shown(holds: bool = True, picture: Callable[[str], Any] | None = point) -> Callable[[Studio], Shown]:
    """A lesson that trains nothing."""
    columns = (Column("name", "a|b", "text"), Column("value", "value"))
    return lambda studio: Shown(
        numbers={"value": float("nan"), "many": [1.0, float("inf")]},
        sentences=(TITLE, TITLE, TITLE),
        claims=(Claim(WORD, holds),),
        picture=picture,
        table=lambda language: Table(columns, [{"name": "한글 [/x]", "value": None}]),
        notes=(WORD,),
    )


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts lessons in the place of all that there are."""

    def put(*lessons: Lesson) -> None:
        for one in lessons:
            module: Any = ModuleType(one.name)
            module.LESSON = one
            monkeypatch.setitem(sys.modules, f"dlrun.gallery.lessons.{one.name}", module)
        monkeypatch.setattr(table, "NAMES", {one.number: one.name for one in lessons})

    return put


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_every_lesson(run: Run, language: str) -> None:
    code, out, err = run("gallery", "--lang", language)
    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()[1:]] == [
        [str(number), name] for number, name in sorted(table.NAMES.items())
    ]
    assert "dlrun gallery --all" in err


def test_the_list_as_json(run: Run) -> None:
    code, out, _ = run("gallery", "--json", "-q")
    document = json.loads(out)
    assert (code, document["format"]) == (0, 1)
    assert {one["number"]: one["name"] for one in document["lessons"]} == table.NAMES
    assert all(set(one) == {"number", "name", "lesson", "long"} for one in document["lessons"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["xro"], "there is no lesson 'xro'. Did you mean 'xor'?"),
        (["가나다"], "there is no lesson '가나다'. `dlrun gallery` lists them"),
        ([""], "there is no lesson ''"),
        (["[/x]"], "there is no lesson '[/x]'"),
        (["99"], "there is no lesson 99: they go from 1 to"),
        (["0"], "there is no lesson 0"),
        (["٣"], "there is no lesson '٣'"),
        (["-3"], "No such option"),
        (["xor", "--all"], "--all runs every lesson. Received the lesson 'xor' as well: leave one out"),
        (["--all", "-o", "all.png"], "-o is one picture. --all writes them beside each other with --page FILE"),
        (["-o", "a.png"], "which lesson? Give its name or number, or --all"),
        (["--page", "a.md"], "which lesson?"),
        (["--force"], "which lesson?"),
        (["--long"], "--long goes with --all. A long lesson by itself is run by its name"),
        (["xor", "-o", "xor.jpg"], "-o must end in .png, .svg, .html. Received: 'xor.jpg'"),
        (["xor", "-o", "xor"], "-o must end in .png, .svg, .html. Received: 'xor'"),
        (["xor", "--page", "xor.html"], "--page must end in .md, .markdown. Received: 'xor.html'"),
        (["xor", "-o", "folder.png"], "-o needs the name of a file. Received: 'folder.png', which is a folder"),
        (["xor", "--page", "folder.md"], "--page needs the name of a file. Received: 'folder.md', which is a folder"),
        (["xor", "-o", "nowhere/xor.png"], "-o needs a folder that is there. Received: 'nowhere/xor.png'"),
        (["--all", "--page", "nowhere/all.md"], "--page needs a folder that is there. Received: 'nowhere/all.md'"),
        (["xor", "--lang", "de"], "--lang"),
        (["xor", "two"], "unexpected extra argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refused_before_anything_is_trained(run: Run, tmp_path: Path, words: list[str], message: str) -> None:
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "folder.md").mkdir()
    code, out, err = run("gallery", *words)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lesson_in_words(run: Run, taught: Callable[..., None], tmp_path: Path, language: str) -> None:
    taught(lesson(3, "one", shown()))
    code, out, err = run("gallery", "3", "--lang", language)
    assert code == 0
    lines = out.splitlines()
    assert lines[:4] == [f"3. {TITLE.text(language)}", *[TITLE.text(language)] * 3]
    assert "한글 [/x]" in out
    assert WORD.text(language) in err  # the note
    ending = "" if language == "en" else f".{language}"
    picture = tmp_path / "results" / "gallery" / "pictures" / f"03-one{ending}.png"
    assert str(picture) in out
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "configs" in err


def test_a_claim_that_does_not_hold_is_said(run: Run, taught: Callable[..., None]) -> None:
    taught(lesson(3, "one", shown(holds=False)))
    code, out, _ = run("gallery", "one")
    assert code == 0
    assert f"Not as the textbook says, this time: {WORD.text()}" in out


def test_a_lesson_without_a_picture(run: Run, taught: Callable[..., None], tmp_path: Path) -> None:
    taught(lesson(3, "one", shown(picture=None)))
    code, out, _ = run("gallery", "one")
    assert (code, "Picture" in out) == (0, False)
    code, out, err = run("gallery", "one", "-o", "one.png")
    assert code == 2
    assert TITLE.text() in out
    assert "the lesson 'one' has no picture" in err


@pytest.mark.parametrize("ending", ["png", "svg", "html"])
def test_the_picture_goes_where_it_is_asked_for(
    run: Run, taught: Callable[..., None], tmp_path: Path, ending: str
) -> None:
    taught(lesson(3, "one", shown()))
    path = tmp_path / f"drawn {ending}.{ending.upper()}"
    code, out, _ = run("gallery", "one", "-o", path)
    assert code == 0
    assert f"Picture: {path}" in out
    begins = {"png": b"\x89PNG", "svg": b"<svg", "html": b"<!DOCTYPE html>"}[ending]
    assert path.read_bytes().startswith(begins)
    assert not (tmp_path / "results" / "gallery" / "pictures").exists()


def test_a_lesson_as_json(run: Run, taught: Callable[..., None], tmp_path: Path) -> None:
    taught(lesson(3, "one", shown(holds=False)))
    code, out, _ = run("gallery", "one", "--json", "--lang", "ko", "-o", "one.svg")
    document = json.loads(out)
    assert (code, document["format"]) == (0, 1)
    (found,) = document["lessons"]
    assert found["sentences"] == [TITLE.text("ko")] * 3
    assert found["claims"] == [{"claim": WORD.text("ko"), "holds": False}]
    assert found["numbers"] == {"value": None, "many": [1.0, None]}  # JSON has no NaN
    assert (tmp_path / "one.svg").is_file()


def test_all_leaves_out_what_takes_minutes(run: Run, taught: Callable[..., None]) -> None:
    taught(lesson(1, "one", shown()), lesson(2, "two", shown(), long=True), lesson(3, "three", shown()))
    code, out, _ = run("gallery", "--all", "--json")
    assert (code, [one["name"] for one in json.loads(out)["lessons"]]) == (0, ["one", "three"])
    assert "minutes (two)" in run("gallery")[2]


def test_long_lessons_come_where_they_are_asked_for(run: Run, taught: Callable[..., None], tmp_path: Path) -> None:
    taught(lesson(1, "one", shown()), lesson(2, "two", shown(), long=True))
    code, out, _ = run("gallery", "--all", "--long", "--json", "--page", "page.md")
    assert (code, [one["name"] for one in json.loads(out)["lessons"]]) == (0, ["one", "two"])
    assert "`dlrun gallery --all --long --page page.md`" in (tmp_path / "page.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page(run: Run, taught: Callable[..., None], tmp_path: Path, language: str) -> None:
    taught(lesson(1, "one", shown()), lesson(2, "two", shown(holds=False, picture=None)))
    code, _, err = run("gallery", "--all", "--lang", language, "--page", "page.md")
    assert code == 0
    assert "page.md" in err
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert page.count(f"## 1. {TITLE.text(language)}") == 1
    assert "a\\|b" in page  # a pipe in a title of a column
    assert page.count(WORD.text(language)) == 3  # a note each, and the claim that does not hold
    (place,) = [line for line in page.splitlines() if line.startswith("![")]
    picture = tmp_path / place.split("](")[1].rstrip(")")
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    lang = "" if language == "en" else f" --lang {language}"
    assert f"dlrun gallery --all{lang} --page page.md" in page


def test_the_page_of_one_lesson_says_how_it_is_made(run: Run, taught: Callable[..., None], tmp_path: Path) -> None:
    taught(lesson(1, "one", shown()))
    assert run("gallery", "1", "--page", "page.md", "-q")[0] == 0
    assert "`dlrun gallery one --page page.md`" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written(run: Run, taught: Callable[..., None], tmp_path: Path) -> None:
    taught(lesson(1, "one", shown()))
    (tmp_path / "images").write_text("in the way")
    code, out, err = run("gallery", "one", "--page", "page.md")
    assert code == 6
    assert TITLE.text() in out
    assert "images" in err
    assert "Traceback" not in err


def test_an_error_of_a_lesson_is_one_line(run: Run, taught: Callable[..., None]) -> None:
    def fail(studio: Studio) -> Shown:
        raise DataError("data.csv: is not there")

    taught(lesson(1, "one", shown()), lesson(2, "two", fail))
    code, out, err = run("gallery", "--all")
    assert code == 2
    assert TITLE.text() in out  # what came before it is told
    assert err.splitlines()[-1] == "dlrun: data.csv: is not there"


@pytest.mark.slow
def test_a_real_lesson_from_the_shell(tmp_path: Path) -> None:
    first = dlrun("gallery", "one-unit", "--results", tmp_path / "r", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "training 30 runs" in first.stderr
    again = dlrun("gallery", "1", "--results", tmp_path / "r", "--json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "training" not in again.stderr
    (found,) = json.loads(again.stdout)["lessons"]
    assert found["sentences"] == first.stdout.splitlines()[1:4]
    listed = dlrun("ls", "--results", tmp_path / "r" / "gallery", "--json", cwd=tmp_path)
    assert len(json.loads(listed.stdout)["runs"]) == 30
