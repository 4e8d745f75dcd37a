import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.data.text_file import Span, in_memory
from dlrun.errors import DataError

LINES = st.lists(st.text("a,é\ufeff", max_size=12), max_size=20)


def blocks(content, begin, size):
    """The bytes of each block."""
    file = in_memory("t.csv", content)
    return [bytes(lines) for lines in file.blocks(Span(begin, len(content), 0), size)]


@given(LINES, LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 30), st.booleans())
def test_blocks_are_whole_lines_and_nothing_is_lost(above, below, end, size, ends):
    first = "".join(line + end for line in above).encode()
    rest = end.join(below).encode() + end.encode() * ends
    found = blocks(first + rest, len(first), size)
    own = [lines if place == len(first) == 0 else lines[1:] for place, lines in enumerate(found)]
    assert b"".join(own) == rest
    assert all(lines.endswith((b"\n", b"\r")) for lines in own[:-1])
    assert all(lines[:1] in (b"\n", b"\r") for lines in found[len(first) == 0 :])


def test_blocks_are_no_longer_than_wanted_unless_a_line_is():
    content = b"12345\n" * 100
    assert max(len(lines) for lines in blocks(content, 0, 50)) <= 50
    assert b"".join(blocks(b"123\n" + b"4" * 99 + b"\n56\n", 0, 8)).replace(b"\n\n", b"\n").count(b"4") == 99


def test_a_file_that_becomes_shorter_meanwhile():
    file = in_memory("t.csv", b"1,2\n3,4\n")
    with pytest.raises(DataError) as caught:
        list(file.blocks(Span(0, 100, 25), 8))
    assert str(caught.value) == "t.csv: has become shorter while it was read"
