"""Every lesson's claim holds on the numbers that it has just measured, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dlrun.gallery.studio import Studio, config_folder
from dlrun.gallery.table import NAMES, lesson, lessons, number_of
from dlrun.insight.figures.saving import svg
from dlrun.insight.words import LANGUAGES
from dlrun.spec import load
from dlrun.store import Store

SHORT = [one.number for one in lessons() if not one.long]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with Studio(Store(tmp_path_factory.mktemp("gallery")), tell=lambda _: None) as one:
        yield one


@pytest.mark.slow
@pytest.mark.parametrize("number", SHORT, ids=lambda number: NAMES[number])
def test_claims_hold(studio: Studio, number: int) -> None:
    one = lesson(number)
    shown = one.teach(studio)
    assert shown.claims
    assert not [claim.text.text() for claim in shown.claims if not claim.holds], shown.numbers
    json.dumps(shown.numbers, allow_nan=False)
    for language in LANGUAGES:
        sentences = [sentence.text(language) for sentence in shown.sentences]
        assert all(sentences)
        assert [claim.text.text(language) for claim in shown.claims]
        assert [note.text(language) for note in shown.notes] or not shown.notes
        assert shown.table is None or shown.table(language).texts()
        assert shown.picture is None or "<svg" in svg(shown.picture(language))


@pytest.mark.parametrize("number", NAMES, ids=lambda number: NAMES[number])
def test_lesson_is_what_the_table_says(number: int) -> None:
    one = lesson(number)
    assert (one.number, one.name) == (number, NAMES[number])
    for language in LANGUAGES:
        assert one.title.text(language)


@pytest.mark.parametrize("number", NAMES, ids=lambda number: NAMES[number])
def test_its_config_holds(number: int) -> None:
    if lesson(number).long:
        pytest.importorskip("tests.shared_data")
    assert load(config_folder() / f"{NAMES[number]}.yaml").experiment.name == NAMES[number]


def test_every_config_of_the_gallery_is_a_lessons() -> None:
    names = {path.stem.partition(".")[0] for path in Path(config_folder()).glob("*.yaml")}
    assert names == set(NAMES.values())


def test_a_lesson_is_found_by_number_name_and_beginning() -> None:
    for number, name in NAMES.items():
        assert number_of(str(number)) == number_of(name) == number_of(name.upper()) == number
