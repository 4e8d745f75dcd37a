"""What is said of the others beside the best."""

from __future__ import annotations

import pytest

from dlrun.insight.against import BETTER, CANNOT_TELL, REFERENCE, TIE, WORSE
from dlrun.insight.report.headline import headlines
from dlrun.insight.report.rows import Row
from dlrun.insight.words import LANGUAGES

ONE_EACH = "One run each, so nothing says what is luck: more seeds would."
ALL_WORSE = "Every other one is clearly worse."


def row(label: str, against_best: str, around: float | None = 0.1, mean: float | None = 0.5) -> Row:
    return Row(label, [], None, "", against_best, [], [], mean, around)


def said_of(*others: Row, around: float | None = 0.1, language: str = "en") -> list[str]:
    return headlines([row("best", REFERENCE, around), *others], "val_loss", 0, language)[1:]


def test_all_others_are_worse() -> None:
    assert said_of(row("a", WORSE), row("b", WORSE)) == [ALL_WORSE]


def test_what_cannot_be_judged_is_not_worse() -> None:
    unsure = row("b", CANNOT_TELL, around=None)
    nothing = row("c", CANNOT_TELL, around=None, mean=None)
    assert said_of(row("a", WORSE), unsure) == ["Too few runs came to a number to judge one other: b."]
    assert said_of(unsure, nothing) == ["Too few runs came to a number to judge 2 others: b; c."]
    assert said_of(row("a", TIE), row("d", WORSE), unsure) == [
        "One other cannot be told from it: a.",
        "Too few runs came to a number to judge one other: b.",
    ]
    assert said_of(row("a", WORSE), row("b", BETTER)) == []


def test_one_run_each_is_said_where_no_row_has_an_interval() -> None:
    assert said_of(row("a", CANNOT_TELL, None), row("b", CANNOT_TELL, None), around=None) == [ONE_EACH]
    assert said_of(row("a", CANNOT_TELL), around=None) == ["Too few runs came to a number to judge one other: a."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_it(language: str) -> None:
    assert len(said_of(row("a", TIE), row("b", CANNOT_TELL), language=language)) == 2
