from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.errors import UsageError
from dlrun.insight.where import LONGEST, condition, known

ROW: dict[str, Any] = {
    "model.width": 64,
    "model.units": [64, 32],
    "model.dropout": 0.5,
    "model.activation": "relu",
    "model.batch_normalization": True,
    "fit.class_weight": None,
    "verdict": "overfit",
    "val_loss": 0.25,
    "name": "한글 '이름'",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model.width >= 64 and verdict == 'overfit'", True),
        ("model.width > 64 or val_loss < 0.3", True),
        ("not model.width == 64", False),
        ("32 <= model.width < 128", True),
        ("32 <= model.width < 64", False),
        ("model.width == 64.0", True),
        ("model.activation in ['relu', \"tanh\"]", True),
        ("model.activation not in ('selu',)", True),
        ("'over' in verdict", True),
        ("32 in model.units", True),
        ("model.units == [64, 32]", True),
        ("model.units == [64]", False),
        ("model.batch_normalization", True),
        ("model.batch_normalization == true and True", True),
        ("model.batch_normalization == 1", False),
        ("fit.class_weight == null", True),
        ("fit.class_weight != None", False),
        ("fit.class_weight > 3", False),
        ("'x' in fit.class_weight", False),
        ("model.dropout > -1e-3 and model.dropout < +1", True),
        ("(val_loss < 0.1 or model.width == 64) and not (verdict == 'good fit')", True),
        ("name == \"한글 '이름'\"", True),
        ("model.dropout == 0.5 == model.dropout", True),
        ("model.dropout != 'x'", True),
    ],
)
def test_conditions(text: str, expected: bool) -> None:
    assert condition(text).holds(ROW) is expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model.width > 'a'", "cannot put 64 and 'a' in order"),
        ("model.activation >= 3", "cannot put 'relu' and 3 in order"),
        ("model.batch_normalization > 0", "cannot put true and 0 in order"),
        ("model.units < 3", "cannot put [64, 32] and 3 in order"),
        ("3 in model.width", "`in` needs a list or a text at its right. Received: 64"),
        ("3 in verdict", "only a text can be in a text. Received: 3 in 'overfit'"),
        ("model.width", "`model.width` alone must be true or false. Received: 64"),
    ],
)
def test_kinds_that_do_not_go_together(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        condition(text).holds(ROW)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('echo')",
        "model.width.__class__()",
        "().__class__.__bases__[0]",
        "9**9**9 > 1",
        "1 + 1 == 2",
        "'a' * 10000000000 == 'b'",
        "[x for x in (1, 2)]",
        "lambda: 1",
        "f'{name}' == 'x'",
        "model['width'] == 1",
        "{1: 2} == 3",
        "(yield)",
        "await x",
        "x := 3",
        "(x := 3) == 3",
        "*a == b",
        "1 if true else 2",
        "-verdict == 1",
        "-'a' == 1",
        "~1 == 1",
        "b'x' == 'x'",
        "1j == 1",
        "... == 1",
        "3",
        "'overfit'",
        "verdict is null",
        "model.width = 3",
        "model.width > 3 && true",
        "model.width >",
        "",
        "   ",
        "a b",
        "a; b",
        "a\nb",
        "\x00",
        "(" * 400 + "1" + ")" * 400,
        "not " * 240 + "a(",
        "[" * 300 + "]" * 300 + " == 1",
        "x" * (LONGEST + 1),
        "9" * 900 + "** 2 == 1",
        "true.x == 1",
        "\ud800 == 1",
        "1_000 == 'a' if",
    ],
)
def test_what_is_no_condition_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--where: ") as caught:
        condition(text)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


def test_hints() -> None:
    with pytest.raises(UsageError, match="Equality is `==`"):
        condition("model.width = 3")
    with pytest.raises(UsageError, match="Write `and` and `or`"):
        condition("a > 1 && b > 2")


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_a_usage_error(text: str) -> None:
    try:
        found = condition(text)
    except UsageError:
        return
    try:
        answer = found.holds(dict.fromkeys(found.names, 1))
    except UsageError:
        return
    assert isinstance(answer, bool)


@given(st.integers(-5, 5), st.floats(-5, 5), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
def test_comparisons_are_pythons(left: int, right: float, sign: str) -> None:
    text = f"a {sign} {right!r}"
    assert condition(text).holds({"a": left}) is eval(text, {"a": left})


def test_a_number_that_is_not_finite_is_neither_above_nor_below() -> None:
    assert not condition("a > 1 or a < 1 or a == 1").holds({"a": math.nan})


def test_names_are_found_by_their_last_word() -> None:
    names = ["model.width", "val_loss", "optimizer.name", "schedule.name", "name"]
    wanted = condition("width > 3 and name == 'x' and val_loss < 1 and null == null")
    assert known(wanted, names) == {"width": "model.width", "name": "name", "val_loss": "val_loss"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("widht > 3", "no column or setting `widht`. Did you mean `width`?"),
        ("model.widht > 3", "no column or setting `model.widht`. Did you mean `model.width`?"),
        ("optimizer.learning_rate > 3", "no column or setting `optimizer.learning_rate`"),
        ("rate > 3", "`rate` may mean optimizer.rate, schedule.rate. Write one of them in full"),
    ],
)
def test_unknown_names_have_the_nearest(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        known(condition(text), ["model.width", "model.depth", "optimizer.rate", "schedule.rate"])
    assert message in str(caught.value)
