import json
import math
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlrun.errors import ConfigError
from dlrun.spec.yaml_text import parse, scalar

SCALARS = [
    # YAML 1.2, where PyYAML's 1.1 has it otherwise
    ("1e-3", 0.001),
    ("1e3", 1000.0),
    ("1E5", 100000.0),
    ("010", 10),
    ("-007", -7),
    ("0o17", 15),
    ("12:30", "12:30"),
    ("1:2:3", "1:2:3"),
    ("no", "no"),
    ("yes", "yes"),
    ("on", "on"),
    ("Off", "Off"),
    ("y", "y"),
    ("1_000", "1_000"),
    ("2026-01-31", "2026-01-31"),
    ("2026-13-45", "2026-13-45"),
    ("0b101", "0b101"),
    ("=", "="),
    ("<<", "<<"),
    # where both agree
    ("42", 42),
    ("+42", 42),
    ("0x1F", 31),
    (".5", 0.5),
    ("5.", 5.0),
    ("-.5e-2", -0.005),
    ("1.5", 1.5),
    ("true", True),
    ("FALSE", False),
    ("null", None),
    ("~", None),
    ("", None),
    (".inf", math.inf),
    ("-.INF", -math.inf),
    ("nan", "nan"),
    ("inf", "inf"),
    ("None", "None"),
    ("tRue", "tRue"),
    ("1.2.3", "1.2.3"),
    ("1e", "1e"),
    ("e5", "e5"),
    (".", "."),
    ("-", "-"),
    ("0x", "0x"),
    ("<=50K.", "<=50K."),
    ("1e400", math.inf),
    ("9" * 301, "9" * 301),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_plain_scalars(text, value):
    read = scalar(text)
    assert (read, type(read)) == (value, type(value))


def test_not_a_number():
    assert math.isnan(scalar(".NaN"))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a: [1, two, 3.5]\nb: {c: true}\n", {"a": [1, "two", 3.5], "b": {"c": True}}),
        ("a: '1'\nb: \"2\"\n", {"a": "1", "b": "2"}),
        ("0: x\ntrue: y\n1.5: z\nnull: w\n", {"0": "x", "true": "y", "1.5": "z", "null": "w"}),
        ("a: |\n  one\n  two\nb: >\n  one\n  two\n", {"a": "one\ntwo\n", "b": "one two\n"}),
        ("# comment\na: 1 # more\n", {"a": 1}),
        ("---\na: 1\n...\n", {"a": 1}),
        ('{"json": ["too", null]}', {"json": ["too", None]}),
        ('a: "\\ud83d\\ude00"\n', {"a": "😀"}),
        ("a:\nb: {}\nc: []\n", {"a": None, "b": {}, "c": []}),
        ("", None),
    ],
)
def test_trees(text, tree):
    assert parse(text, "x.yaml").tree == tree


def test_every_value_has_its_line():
    lines = parse("a:\n  b: 1\n  c:\n    - 2\n    - d: 3\ne: {f: 4,\n    g: 5}\n", "x.yaml").lines
    assert lines == {
        (): 1,
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "c"): 3,
        ("a", "c", 0): 4,
        ("a", "c", 1): 5,
        ("a", "c", 1, "d"): 5,
        ("e",): 6,
        ("e", "f"): 6,
        ("e", "g"): 7,
    }


@settings(max_examples=300)
@given(st.text() | st.text(alphabet="ab:-[]{}&*!|>'\"%@`#?, \n\t0.1e~<="))
@example("\x85a: 1")
@example("a: 1\r\nb: 2\r\n")
@example("!<tag:yaml.org,2002:timestamp> 2026-99-99")
@example("%YAML 9.9\n---\na: 1")
def test_any_text_is_read_or_refused(text):
    with suppress(ConfigError):
        parse(text, "x.yaml")


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"), max_size=8)
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words


@settings(max_examples=150)
@given(st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)))
def test_json_is_yaml(tree):
    assert parse(json.dumps(tree), "x.json").tree == tree
