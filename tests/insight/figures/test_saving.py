"""Figures as files: PNG, SVG, and pages that load nothing and run nothing but their own script."""

from __future__ import annotations

import html
import json
import re
import struct
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import StoreNotWritable, UsageError
from dlrun.insight.curve_rows import curve_rows
from dlrun.insight.figures.curves import chart
from dlrun.insight.figures.saving import definition, page, policy, save, script_json, svg, vega_script
from dlrun.store import Store
from tests.browser import MISSING, browser
from tests.stored import HOSTILE, keep_run

SMALL = {"data": {"values": [{"x": 1}]}, "mark": "point", "width": 50, "height": 40, "padding": 0}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def figure_of(store: Store, *names: str, hover: bool = False) -> Any:
    entries = [store.entry(keep_run(store, name)) for name in names]
    return chart(curve_rows(entries, each=True), hover)


def test_a_png_has_its_signature_and_two_pixels_per_point(tmp_path: Path) -> None:
    save(SMALL, tmp_path / "c.PNG")
    content = (tmp_path / "c.PNG").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", content[16:24]) == (100, 80)


def test_an_svg_holds_the_labels_as_text(store: Store, tmp_path: Path) -> None:
    save(figure_of(store, "[/x]", "한글 이름", "<script>alert(1)</script>", "a & b"), tmp_path / "c.svg")
    text = (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert "<script" not in text
    shown = html.unescape(text)
    assert all(name in shown for name in ("[/x]-", "한글 이름-", "<script>alert(1)</script>-", "a & b-"))
    assert "loss (cross-entropy, nats)" in shown
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["c.svg"]


def test_negative_numbers_have_a_sign_that_every_font_has() -> None:
    from dlrun.insight.figures.axes import axis_between
    from dlrun.insight.figures.panel import Panel
    from dlrun.insight.figures.style import styled

    axis = axis_between(-1, 1, 200, "gap")
    panel = Panel(axis, axis)
    assert "\u2212" not in svg(styled(panel.frame(*panel.rule(0.0, "no gap"))))


@pytest.mark.parametrize("name", ["c.jpg", "c", "png"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"must end in \.png, \.svg, \.html"):
        save(SMALL, tmp_path / name)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "c.svg").mkdir()
    with pytest.raises(UsageError, match="which is a folder"):
        save(SMALL, tmp_path / "c.svg")


def test_a_picture_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for place in (tmp_path / "file" / "c.svg", tmp_path / "absent" / "c.svg", tmp_path / ("n" * 300 + ".svg")):
        with pytest.raises(StoreNotWritable, match="cannot be written"):
            save(SMALL, place)


def test_json_in_a_page_ends_no_script() -> None:
    values = [*HOSTILE, "</script><script>alert(1)</script>", "<!--", "]]>", "\u2028"]
    text = script_json(values)
    assert json.loads(text) == values
    assert not {"<", ">", "&", "\u2028"} & set(text)


def test_a_policy_names_scripts_by_their_hash() -> None:
    assert "script-src 'none'" in policy([])
    # echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64
    assert "script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='" in policy(["alert(1)"])
    assert policy([]).startswith("default-src 'none';")


class Elements(HTMLParser):
    """The elements of a page with their attributes; attributes that load something apart."""

    LOADING = ("src", "href", "action", "data", "poster", "srcset", "background", "formaction", "cite")

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [f"{tag} {name}={value}" for name, value in attributes if name in self.LOADING]


@pytest.mark.slow  # vl-convert takes seconds to put Vega together
def test_a_page_loads_nothing(store: Store) -> None:
    text = page(figure_of(store, *HOSTILE[:7], hover=True), title="</title><script>alert(1)</script>")
    found = Elements(text)
    assert found.loads == []
    assert found.tags.count("script") == 3
    assert not {"link", "iframe", "img", "object", "embed"} & set(found.tags)
    assert "@import" not in text.split("<script", 1)[0]
    assert "url(" not in text.split("<script", 1)[0]
    data = re.search(r'<script id="definition" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


@pytest.mark.slow
def test_vega_is_kept_between_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLRUN_CACHE", str(tmp_path / "cache"))
    script = vega_script()
    (kept,) = (tmp_path / "cache").iterdir()
    assert kept.read_text(encoding="utf-8") == script
    assert "</script" not in script
    kept.write_text("kept")
    assert vega_script() == "kept"
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DLRUN_CACHE", str(tmp_path / "file" / "cache"))
    assert vega_script() == script


@pytest.mark.slow
@pytest.mark.skipif(MISSING is not None, reason=MISSING or "")
def test_a_page_draws_asks_for_nothing_and_runs_nothing_of_names(store: Store, tmp_path: Path) -> None:
    names = [
        *HOSTILE,
        "</script><script>document.title='broken'</script>",
        "<img src=x onerror=\"document.title='b'\">",
    ]
    save(figure_of(store, *names[-7:], hover=True), tmp_path / "few.html", title="few")
    save(figure_of(store, *names, hover=True), tmp_path / "many.html", title="many")
    with browser() as tab:
        for kind in ("few", "many"):
            tab.open(tmp_path / f"{kind}.html")
            tab.driver.implicitly_wait(20)
            assert tab.one("#figure svg").size["width"] > 400
            assert tab.run("return document.title") == kind
            assert [url for url in tab.requests() if url.startswith(("http", "ws", "file", "ftp"))] == []
            assert tab.complaints() == []
            assert tab.run("return document.querySelectorAll('#figure script, #figure img').length") == 0
        tab.open(tmp_path / "few.html")
        hover(tab)
        assert "epoch" in tab.one("#vg-tooltip-element.visible").text


def hover(tab: Any) -> None:
    """Moves the mouse into the middle of the figure."""
    from selenium.webdriver import ActionChains

    ActionChains(tab.driver).move_to_element_with_offset(tab.one("#figure svg"), -60, 0).perform()


def test_a_definition_is_the_figures(store: Store) -> None:
    figure = figure_of(store, "x")
    assert definition(figure) == definition(definition(figure))
    assert definition(SMALL) == SMALL
