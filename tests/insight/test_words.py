"""Every message is there in every language, and asks for the same values."""

from __future__ import annotations

import string

import pytest

from dlrun.insight.words import LANGUAGES, TOPICS, Said, messages, said
from dlrun.insight.words.en import verdict as english


def fields(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field}


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_message_is_missing(language: str, topic: str) -> None:
    known, other = messages("en", topic), messages(language, topic)
    assert set(other) == set(known)
    for name, template in known.items():
        assert fields(other[name]) == fields(template), name
        assert other[name].strip()


def test_a_message_may_be_part_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(english.MESSAGES, "outer_", "so: {inner}!")
    monkeypatch.setitem(english.MESSAGES, "inner_", "{n} epochs")
    assert said("verdict.outer_", inner=Said("verdict.inner_", {"n": 3})) == "so: 3 epochs!"


def test_one_thing_has_one_word_in_korean() -> None:
    for topic in TOPICS:
        for name, template in messages("ko", topic).items():
            known = messages("en", topic)[name]
            assert "간격" not in template, name
            if "configuration" in known:
                assert "설정" not in template, name
            if "gap" in known.split():
                assert "차이" not in template, name
