"""The page as text: its policy, and that nothing of a user is markup in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from dlrun.insight import numbers
from dlrun.insight.report.document import report_document
from dlrun.insight.report.html import MARK, embedded, to_html
from dlrun.insight.words import LANGUAGES
from tests.insight.report.stores import ATTACKS, SCRIPT, keep_attacks, keep_sweep, store_at


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text in each kind."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    store = store_at(tmp_path_factory.mktemp("page"))
    keep_sweep(store)
    return to_html(report_document(store, store.entries(), store.sweeps()))


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> str:
    store = store_at(tmp_path_factory.mktemp("attacked"))
    keep_attacks(store)
    return to_html(report_document(store, store.entries(), store.sweeps(), title=ATTACKS[31], anyway=True))


def test_there_are_at_least_sixty_attacks() -> None:
    assert len(set(ATTACKS)) >= 60
    assert sum(SCRIPT in attack for attack in ATTACKS) >= 40


def test_the_policy_allows_the_pages_own_style_and_script_alone(page: str) -> None:
    policy = next(a["content"] for tag, a in Elements(page).found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        text = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert text is not None
        digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_nothing_is_loaded(page: str) -> None:
    for tag, attributes in Elements(page).found:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        assert not {"src", "style"} & attributes.keys()
        assert (attributes.get("href") or "#").startswith("#")


def test_attacks_make_no_element_and_no_attribute(page: str, attacked: str) -> None:
    plain, hostile = Elements(page).found, Elements(attacked).found
    assert {tag for tag, _ in hostile} <= {tag for tag, _ in plain}
    names = {name for _, attributes in plain for name in attributes}
    assert {name for _, attributes in hostile for name in attributes} <= names | {"title"}
    assert not any(name.startswith("on") for name in names)
    assert attacked.count("<script") == 2


def test_attacks_are_shown_as_text(attacked: str) -> None:
    texts = " ".join(Elements(attacked).texts)
    assert f"<img src=x onerror={SCRIPT}>" in texts
    assert "{{7*7}}" in texts
    assert "\u202e" not in attacked


def test_embedded_json_cannot_end_its_element() -> None:
    value = {"a": "</script><!--\u2028\u2029&amp;", "b": [1.5, None]}
    text = embedded(value)
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == value


def test_it_can_be_read_without_scripts(page: str) -> None:
    found = Elements(page)
    assert "width 32, depth 2" in " ".join(found.texts)
    assert sum(tag == "polyline" for tag, _ in found.found) >= 2
    rows = [attributes for tag, attributes in found.found if tag == "tr" and "data-row" in attributes]
    assert len(rows) == 6


def test_it_is_known_as_a_report(page: str) -> None:
    assert page.startswith("<!doctype html>")
    assert MARK in page[:4096]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language(tmp_path: Path, language: str) -> None:
    store = store_at(tmp_path)
    keep_sweep(store)
    page = to_html(report_document(store, store.entries(), language=language))
    assert f'<html lang="{language}">' in page
    assert ("과적합" in page or "적절한 적합" in page) == (language == "ko")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_script_writes_numbers_as_everything_else_does() -> None:
    values = [0, 0.1235, -0.5, 0.001, 9.9999, 9.99996, 10.5, -66.013, 99.994, 99.996, 737.61, 1234567.89]
    values += [1e9, 3.14159e12, 0.0009999, 0.00012, 0.000012345, -1.5e-7, 2e-120]
    script = files("dlrun.insight.report").joinpath("templates", "report.js").read_text(encoding="utf-8")
    found = re.search(r"^  function number\(value\) \{.*?^  \}$", script, re.DOTALL | re.MULTILINE)
    assert found
    program = f"{found[0]}\nconsole.log(JSON.stringify([{', '.join(map(repr, values))}, null, NaN].map(number)))"
    written = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(written) == [*map(numbers.number, values), "–", "–"]
