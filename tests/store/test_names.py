from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.store.names import LABEL_BYTES, folder_name, safe_label, split_folder_name, visible
from tests.stored import HOSTILE

ID = "0123456789ab"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("wide", "wide"),
        ("lr=0.1 + x", "lr=0.1_+_x"),
        ("../x", "x"),
        ("[/x]", "x"),
        ("한글 이름", "한글_이름"),
        (".", "run"),
        ("..", "run"),
        ("", "run"),
        ("🙂", "run"),
        ("CON", "CON_"),
        ("com1.txt", "com1.txt_"),
        ("trailing. ", "trailing"),
        ("a\nb", "a_b"),
        ("<script>", "script"),
        ("/etc/passwd", "etc_passwd"),
        ("n" * 300, "n" * LABEL_BYTES),
    ],
)
def test_a_label_is_safe_and_resembles_the_name(name: str, label: str) -> None:
    assert safe_label(name) == label


@given(st.text(max_size=200) | st.sampled_from(HOSTILE))
def test_any_text_becomes_one_plain_path_part(name: str) -> None:
    label = safe_label(name)
    assert label
    assert label.strip(".") == label
    assert len(label.encode()) <= LABEL_BYTES + 1
    assert not set(label) & set('/\\:*?"<>| \t\n\x00')
    assert all(unicodedata.category(char)[0] != "C" for char in label)
    assert split_folder_name(folder_name(name, ID)) == (label, ID)
    assert safe_label(label) == label


@pytest.mark.parametrize("folder", ["", "x", ID, f".tmp-x-{ID}", f"x-{ID}.bak", f"x-{ID.upper()}", f"-{ID}", "x-0123"])
def test_other_folders_are_no_runs(folder: str) -> None:
    assert split_folder_name(folder) is None


@given(st.text())
def test_visible_text_has_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = visible(text)
    assert all(unicodedata.category(char) not in ("Cc", "Cs") for char in shown)
    shown.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("한글 🙂👩‍🚀", "한글 🙂👩‍🚀"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x9b", "\\x9b"),
        ("\u202e", "\\u202e"),
        ("\udcff", "\\udcff"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_visible_keeps_what_it_is_told_to() -> None:
    assert visible("a\nb\x07", keep="\n") == "a\nb\\x07"
