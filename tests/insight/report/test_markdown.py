"""The report for pull requests."""

from __future__ import annotations

import re
from pathlib import Path

from dlrun.insight.report.document import report_document
from dlrun.insight.report.markdown import MARK, MOST_ROWS, escaped, to_markdown
from tests.insight.report.stores import ATTACKS, keep_attacks, keep_sweep, store_at
from tests.stored import keep_run


def test_the_table_and_the_best(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_sweep(store)
    text = to_markdown(report_document(store, store.entries(), store.sweeps()))
    lines = text.splitlines()
    assert lines[0] == MARK
    assert "**Best of 6 configurations: width 32, depth 2, with validation loss 0.0166 ± 0.0025" in text
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 2 + 6
    assert len({line.count("|") for line in table}) == 1
    assert "`dlrun sweep sweep.yaml`" in text


def test_long_tables_are_cut_and_say_so(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    for place in range(MOST_ROWS + 5):
        keep_run(store, "many", changed={"model.dropout": place / 1000})
    text = to_markdown(report_document(store, store.entries()))
    assert sum(line.startswith("|") for line in text.splitlines()) == 2 + MOST_ROWS
    assert "and 5 more" in text


def test_attacks_are_taken_literally(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_attacks(store)
    text = to_markdown(report_document(store, store.entries(), store.sweeps(), anyway=True)).removeprefix(MARK)
    outside = re.sub(r"^(`{3,})yaml\n.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert "pwned" in text.removeprefix(outside[:100])
    assert not re.search(r"<(?!/?(sub|details|summary)>)", outside)
    table = [line for line in outside.splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table}) == 1


def test_every_attack_escaped_is_one_line_without_markup() -> None:
    for attack in ATTACKS:
        text = escaped(attack)
        assert "\n" not in text
        assert not re.search(r"(?<!\\)[`*_\[\]|<>#!~]|@|://", re.sub(r"&(#\d+|[a-z]+);", "", text)), attack


def test_a_warning_stands_above_all(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_run(store, "a")
    keep_run(store, "b", data={"source": "moons.csv", "fingerprint": "cd" * 16})
    text = to_markdown(report_document(store, store.entries(), anyway=True))
    assert text.index("> Runs on different data") < text.index("**Best of")
