import re
from pathlib import Path

import pytest

from dlrun.spec import load
from dlrun.spec.layers import NAMED
from dlrun.spec.reference import LISTS, reference
from dlrun.spec.schema import json_schema
from tests.spec.written import DIGITS

PAGE = Path(__file__).parents[2] / "docs" / "config.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", reference(), re.DOTALL)


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == reference(), "run: python -m dlrun.spec.reference docs/config.md"


@pytest.mark.parametrize("text", EXAMPLES)
def test_its_examples_hold(text, tmp_path):
    (tmp_path / "first.yaml").write_text(EXAMPLES[0])
    (tmp_path / "it.yaml").write_text(text if "data:" in text or "base:" in text else DIGITS + text)
    assert load(tmp_path / "it.yaml").warnings == ()


def test_it_has_every_key_and_name():
    page = reference()
    keys = {key for node in json_schema()["definitions"].values() for key in node["properties"]}
    names = {word for words in LISTS.values() for word in words}
    assert {word for word in keys | names if f"`{word}`" not in page} == set()
    assert {key for key in json_schema()["properties"] if f"`{key}`" not in page and f"## {key}\n" not in page} == set()
    assert all(f"**{name}**" in page for choices in NAMED.values() for name in choices)


def test_its_tables_are_whole():
    for table in re.findall(r"(?:^\|.*\n)+", reference(), re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1
