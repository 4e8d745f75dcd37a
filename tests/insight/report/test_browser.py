"""The page in a real browser: nothing is asked for, everything works, no attack runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dlrun.insight.report.document import report_document
from dlrun.insight.report.html import to_html
from dlrun.store import Store
from tests.browser import MISSING, Page, browser
from tests.insight.report.stores import ATTACKS, keep_attacks, keep_sweep, store_at
from tests.stored import curves_of, keep_run

pytestmark = [pytest.mark.slow, pytest.mark.skipif(MISSING is not None, reason=MISSING or "")]

HEAD = "#configurations th[data-key='{}'] button"
LINES = "#figure polyline.validation"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    store = store_at(folder)
    keep_sweep(store)
    return written(store, folder)


@pytest.fixture
def opened(page: Page, report: Path) -> Page:
    page.resize(1280, 900)
    page.open(report)
    return page


def written(store: Store, folder: Path, **how: Any) -> Path:
    path = folder / "report.html"
    path.write_text(to_html(report_document(store, store.entries(), store.sweeps(), **how)), encoding="utf-8")
    return path


def column(page: Page, key: str) -> list[str]:
    """What the rows that are shown say in a column, from top to bottom."""
    texts: list[str] = page.run(
        "const heads = [...document.querySelectorAll('#configurations thead th')];"
        "const at = heads.findIndex((head) => head.dataset.key === arguments[0]);"
        "return [...document.querySelectorAll('#configurations tbody tr')].filter((row) => !row.hidden)"
        ".map((row) => row.cells[at].textContent.trim());",
        key,
    )
    return texts


def type_into(page: Page, selector: str, text: str) -> None:
    field = page.one(selector)
    field.clear()
    field.send_keys(text)


def test_it_opens_without_a_complaint_or_a_request(opened: Page) -> None:
    assert opened.complaints() == []
    assert opened.requests() == []
    assert opened.one("h1").text.startswith("grid-")


def test_heads_sort_numbers_as_numbers_both_ways(opened: Page) -> None:
    opened.one(HEAD.format("parameters")).click()
    assert column(opened, "parameters") == ["800", "1,600", "1,600", "3,200", "3,200", "6,400"]
    assert opened.one("th[data-key=parameters]").get_attribute("aria-sort") == "ascending"
    opened.one(HEAD.format("parameters")).click()
    assert column(opened, "parameters")[0] == "6,400"
    opened.one(HEAD.format("val_loss")).click()
    losses = [float(text.split()[0]) for text in column(opened, "val_loss")]
    assert losses == sorted(losses)
    assert opened.one("th[data-key=parameters]").get_attribute("aria-sort") is None


def test_heads_can_be_used_from_the_keyboard(opened: Page) -> None:
    opened.one(HEAD.format("model.width")).send_keys("\ue007")
    assert column(opened, "model.width") == ["8", "8", "16", "16", "32", "32"]


@pytest.mark.parametrize(
    ("typed", "widths"),
    [
        ("width>=16 depth=2", ["32", "16"]),
        ("width<16", ["8", "8"]),
        ("val_loss<0.05", ["32", "32", "16"]),
        ("diverged", ["8"]),
        ("nothing of the kind", []),
    ],
)
def test_the_filter(opened: Page, typed: str, widths: list[str]) -> None:
    type_into(opened, "#filter", typed)
    assert column(opened, "model.width") == widths
    assert opened.one("#shown").text == f"{len(widths)} of 6 shown"


def test_rows_draw_their_curves(opened: Page) -> None:
    opened.one("#none").click()
    assert opened.all(LINES) == []
    opened.one("#configurations tbody tr:nth-child(2)").click()
    opened.one("#configurations tbody tr:nth-child(4) input").click()
    assert len(opened.all(LINES)) == 2
    assert len(opened.all("#configurations tbody tr.on")) == 2
    assert len(opened.all("#figure .legend li")) == 2
    opened.one("#configurations tbody tr:nth-child(2)").click()
    assert len(opened.all(LINES)) == 1


def test_the_picker_draws_single_runs(opened: Page) -> None:
    opened.one("#none").click()
    opened.one("#list > li:nth-child(3) input").click()
    assert len(opened.all(LINES)) == 1  # the mean over seeds
    assert len(opened.all("#figure polygon.band")) == 1  # train is the same for all seeds
    opened.one("#each").click()
    assert len(opened.all(LINES)) == 3
    opened.all("#list > li:nth-child(3) ul input")[1].click()
    assert len(opened.all(LINES)) == 2
    assert opened.run("return document.querySelector('#list > li:nth-child(3) input').indeterminate")


def test_the_list_can_be_searched(opened: Page) -> None:
    type_into(opened, "#find", "width 16")
    assert sum(item.is_displayed() for item in opened.all("#list > li")) == 2


def test_hovering_tells_epoch_and_values(opened: Page) -> None:
    opened.one("#none").click()
    opened.one("#list > li:nth-child(1) input").click()
    at(opened, epoch=9, epochs=12)
    tip = opened.one("#figure .tip")
    assert tip.is_displayed()
    assert "epoch 9" in tip.text
    assert "0.1111" in tip.text  # train loss 1 / 9
    assert "0.0166" in tip.text  # the mean of 1/64 + (0, 1, 2) / 1000


def at(page: Page, epoch: int, epochs: int) -> None:
    """Moves the pointer over the drawing to an epoch."""
    page.run(
        "const svg = document.querySelector('#figure svg'), box = svg.getBoundingClientRect();"
        "const [, , width] = svg.getAttribute('viewBox').split(' ').map(Number);"
        "const x = 62 + (arguments[0] - 1) / (arguments[1] - 1) * (width - 14 - 62);"
        "svg.dispatchEvent(new PointerEvent('pointermove',"
        " {clientX: box.left + x * box.width / width, clientY: box.top + 50, bubbles: true}));",
        epoch,
        epochs,
    )


def test_the_drawing_can_be_read_from_the_keyboard(opened: Page) -> None:
    svg = opened.one("#figure svg")
    for key, epoch in (
        ("\ue014", "epoch 1\n"),
        ("\ue014", "epoch 2\n"),
        ("\ue010", "epoch 12\n"),
        ("\ue012", "epoch 11\n"),
    ):
        svg.send_keys(key)
        assert epoch.strip() in opened.one("#figure .tip").text
    svg.send_keys("\ue00c")
    assert not opened.one("#figure .tip").is_displayed()


def test_another_measure_and_a_logarithmic_axis(opened: Page) -> None:
    before = opened.one(LINES).get_attribute("points")
    opened.one("#log").click()
    logarithmic = opened.one(LINES).get_attribute("points")
    assert logarithmic != before
    opened.run(
        "const choice = document.getElementById('measure'); choice.value = '1';"
        "choice.dispatchEvent(new Event('change'));"
    )
    assert opened.one(LINES).get_attribute("points") not in (before, logarithmic)
    assert opened.complaints() == []


def test_without_scripts_the_page_can_be_read(page: Page, report: Path) -> None:
    page.scripts(allowed=False)
    try:
        page.open(report)
        assert len(page.all("#configurations tbody tr")) == 6
        assert len(page.all(LINES)) >= 1
        assert not page.one("#filter").is_displayed()
        assert not page.one("#picker").is_displayed()
    finally:
        page.scripts(allowed=True)


def test_a_phone_needs_no_scrolling_sideways(page: Page, report: Path) -> None:
    page.resize(390, 844)
    page.open(report)
    assert page.run("return document.documentElement.scrollWidth") <= 390


def test_it_is_dark_where_that_is_preferred(page: Page, report: Path) -> None:
    background = "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    found = {}
    for scheme in ("light", "dark"):
        page.prefer(scheme)
        page.open(report)
        found[scheme] = sum(page.run(background))
    page.prefer("light")
    assert found["dark"] < 150 < 600 < found["light"]


def test_paper_has_no_tools(opened: Page) -> None:
    opened.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not opened.one("#filter").is_displayed()
        assert not opened.one("#picker").is_displayed()
        assert opened.one("#configurations").is_displayed()
    finally:
        opened.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_policy_refuses_what_it_should(opened: Page) -> None:
    opened.run(
        "const script = document.createElement('script');"
        "try { script.textContent = 'window.pwned = 1'; document.body.append(script); } catch (refused) {}"
        "const button = document.createElement('button');"
        "try { button.setAttribute('onclick', 'window.pwned = 1'); document.body.append(button); button.click(); }"
        "catch (refused) {}"
        "const image = document.createElement('img'); image.src = 'https://example.invalid/x.png';"
        "document.body.append(image);"
    )
    assert opened.run("return window.pwned") is None
    assert any("Content Security Policy" in line for line in opened.complaints())


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacked")
    store = store_at(folder)
    keep_attacks(store)
    return written(store, folder, title=ATTACKS[31], anyway=True)


@pytest.mark.parametrize("scheme", ["light"])
def test_no_attack_runs(page: Page, attacked: Path, scheme: str) -> None:
    page.resize(1280, 900)
    page.open(attacked)
    for box in page.run("return [...document.querySelectorAll('#list > li input')].slice(0, 30)"):
        page.run("arguments[0].click()", box)
    page.run("for (const part of document.querySelectorAll('details')) part.open = true;")
    page.run(
        "for (const node of document.querySelectorAll('body *')) for (const kind of ['mouseover', 'focus', 'toggle'])"
        " node.dispatchEvent(new Event(kind));"
    )
    type_into(page, "#filter", "</script><img src=x onerror=window.pwned=1>")
    at(page, epoch=3, epochs=5)
    assert page.one("#figure .tip").is_displayed()
    assert page.run("return window.pwned") is None
    assert page.run("return document.querySelectorAll('img, iframe, object, embed, base, link').length") == 0
    assert page.run("return document.scripts.length") == 2
    assert page.complaints() == []
    assert page.requests() == []
    assert page.run("return location.protocol") == "file:"


def test_five_hundred_runs(page: Page, tmp_path: Path) -> None:
    store = store_at(tmp_path)
    for place in range(500):
        keep_run(
            store, "many", seed=place % 5, changed={"model.dropout": place // 5 / 1000}, rows=curves_of(20, best=9)
        )
    page.open(written(store, tmp_path))
    assert len(page.all("#configurations tbody tr")) == 100
    page.run("for (const box of document.querySelectorAll('#list > li > label input')) if (!box.checked) box.click();")
    assert len(page.all(LINES)) == 100
    assert page.complaints() == []
