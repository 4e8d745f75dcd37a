"""Every lesson's claim holds on the numbers that it has just measured, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dlrun.gallery.studio import config_folder
from dlrun.gallery.table import NAMES, lesson, lessons, number_of
from dlrun.insight.words import LANGUAGES
from dlrun.spec import load
from tests.training.fused.child import reports, selected

SHORT = [one.name for one in lessons() if not one.long]


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest) -> dict[str, Any]:
    return reports("tests.gallery.lesson_checks", selected(request, "test_claims_hold"))


@pytest.mark.slow
@pytest.mark.parametrize("name", SHORT)
def test_claims_hold(found: dict[str, Any], name: str) -> None:
    shown = found[name]
    assert "failed" not in shown, shown["failed"]
    assert shown["claims"]
    assert not shown["broken"], shown["numbers"]
    for language in LANGUAGES:
        assert all(shown["texts"][language])
        assert shown["rows"][language] != 0
        assert shown["pictures"][language]


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
