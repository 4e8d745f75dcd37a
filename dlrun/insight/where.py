"""`--where`: a small language that chooses rows, `model.width >= 64 and verdict == 'overfit'`. Nothing in it runs."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from warnings import catch_warnings, simplefilter

from dlrun.errors import UsageError
from dlrun.insight.numbers import setting
from dlrun.store.names import visible

LONGEST = 1000
"""Characters; Python's own parser is safe with so few."""
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_ORDERS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_GRAMMAR = "a comparison such as model.width >= 64, joined by and, or, not"


@dataclass(frozen=True)
class Condition:
    """A condition on a row, read and found to be harmless."""

    text: str
    tree: ast.expr

    @property
    def names(self) -> list[str]:
        """The dotted names in it."""
        return list(dict.fromkeys(_names(self.tree)))

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether it is true of a row, which has a value (or None) for each of its names.

        Raises:
            UsageError: values of different kinds are put in order, such as texts and numbers.
        """
        return _truth(self.tree, row)


def condition(text: str) -> Condition:
    """What a text says.

    Raises:
        UsageError: it is no condition.
    """
    if len(text) > LONGEST:
        raise UsageError(f"--where: must have at most {LONGEST:,} characters. Received: {len(text):,}")
    try:
        with catch_warnings():
            simplefilter("ignore")  # Python's own advice on `\\d` or `3 is 3` is none of the user's
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UsageError(f"--where: must be {_GRAMMAR}. Received: {_shown(text)}.{_hint(text)}") from error
    _check(tree, text)
    return Condition(text, tree)


def known(wanted: Condition, names: Iterable[str]) -> dict[str, str]:
    """The names in a condition -> which of the known ones they mean: itself, or the only one that ends so, as `width`
    means `model.width`.

    Raises:
        UsageError: a name is not known, or means several; the message has the nearest.
    """
    there = list(dict.fromkeys(names))
    return {name: _meant(name, there) for name in wanted.names}


def _meant(name: str, there: list[str]) -> str:
    if name in there:
        return name
    ending = [key for key in there if key.endswith(f".{name}")]
    if len(ending) == 1:
        return ending[0]
    if ending:
        raise UsageError(f"--where: `{visible(name)}` may mean {', '.join(ending)}. Write one of them in full")
    from difflib import get_close_matches

    near = get_close_matches(name, [*there, *(key.rpartition(".")[2] for key in there)], n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"There are: {', '.join(there)}"
    raise UsageError(f"--where: there is no column or setting `{visible(name)}`. {hint}")


def _check(node: ast.expr, text: str) -> None:
    """Raises UsageError where something stands that is not part of the language."""
    if isinstance(node, ast.BoolOp):
        parts: list[ast.expr] = node.values
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        parts = [node.operand]
    elif isinstance(node, ast.Compare):
        if any(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops):
            raise UsageError(f"--where: use == or != in place of `is`. Received: {_shown(text)}")
        for side in (node.left, *node.comparators):
            _check_value(side, text)
        return
    elif _name(node) is not None or (isinstance(node, ast.Constant) and type(node.value) in (bool, type(None))):
        return
    else:
        raise _not_allowed(node, text)
    for part in parts:
        _check(part, text)


def _check_value(node: ast.expr, text: str) -> None:
    if isinstance(node, (ast.List, ast.Tuple)):
        for item in node.elts:
            _check_value(item, text)
    elif _name(node) is None and not _is_constant(node):
        raise _not_allowed(node, text)


def _not_allowed(node: ast.expr, text: str) -> UsageError:
    part = ast.get_source_segment(text.strip(), node) or text
    return UsageError(
        f"--where: must be {_GRAMMAR}; values are numbers, texts in quotes, lists, true, false, null. "
        f"Received: {_shown(part)}"
    )


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
        return isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return isinstance(node, ast.Constant) and type(node.value) in (int, float, str, bool, type(None))


def _name(node: ast.expr) -> str | None:
    """The dotted name that a node spells; None for anything else."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or (node.id in _WORDS and words):
        return None
    return ".".join([node.id, *reversed(words)])


def _names(node: ast.expr) -> Iterable[str]:
    name = _name(node)
    if name is not None:
        return [] if name in _WORDS else [name]
    if isinstance(node, ast.BoolOp):
        parts: list[ast.expr] = node.values
    elif isinstance(node, ast.UnaryOp):
        parts = [node.operand]
    elif isinstance(node, ast.Compare):
        parts = [node.left, *node.comparators]
    else:
        parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else []
    return [name for part in parts for name in _names(part)]


def _truth(node: ast.expr, row: Mapping[str, Any]) -> bool:
    if isinstance(node, ast.BoolOp):
        found = (_truth(part, row) for part in node.values)
        return all(found) if isinstance(node.op, ast.And) else any(found)
    if isinstance(node, ast.UnaryOp):
        return not _truth(node.operand, row)
    if isinstance(node, ast.Compare):
        sides = [_value(side, row) for side in (node.left, *node.comparators)]
        return all(_compared(op, *pair) for op, *pair in zip(node.ops, sides, sides[1:], strict=False))
    value = _value(node, row)
    if not isinstance(value, (bool, type(None))):
        raise UsageError(f"--where: `{_name(node)}` alone must be true or false. Received: {_text(value)}. Compare it")
    return bool(value)


def _value(node: ast.expr, row: Mapping[str, Any]) -> Any:
    name = _name(node)
    if name is not None:
        return _WORDS[name] if name in _WORDS else row.get(name)
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_value(item, row) for item in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        number: Any = node.operand.value
        return -number if isinstance(node.op, ast.USub) else number
    return node.value if isinstance(node, ast.Constant) else None


def _compared(op: ast.cmpop, left: Any, right: Any) -> bool:
    if isinstance(op, (ast.Eq, ast.NotEq)):
        return _equal(left, right) == isinstance(op, ast.Eq)
    if isinstance(op, (ast.In, ast.NotIn)):
        return _within(left, right) == isinstance(op, ast.In)
    if left is None or right is None:
        return False  # a row without a value is neither above nor below
    alike = (_is_number(left) and _is_number(right)) or (isinstance(left, str) and isinstance(right, str))
    if not alike:
        raise UsageError(f"--where: cannot put {_text(left)} and {_text(right)} in order: compare numbers with numbers")
    return _ORDERS[type(op)](left, right)


def _equal(left: Any, right: Any) -> bool:
    """As in a config: 1 and 1.0 are equal, 1 and true are not."""
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(_equal, left, right))
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def _within(left: Any, right: Any) -> bool:
    if right is None:
        return False
    if isinstance(right, str):
        if not isinstance(left, (str, type(None))):
            raise UsageError(f"--where: only a text can be in a text. Received: {_text(left)} in {_text(right)}")
        return left is not None and left in right
    if not isinstance(right, (list, tuple)):
        raise UsageError(f"--where: `in` needs a list or a text at its right. Received: {_text(right)}")
    return any(_equal(left, item) for item in right)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _text(value: Any) -> str:
    return visible(repr(value) if isinstance(value, str) else setting(value))[:80]


def _shown(text: str) -> str:
    return f"`{visible(text[:120])}`"


def _hint(text: str) -> str:
    if "&&" in text or "||" in text:
        return " Write `and` and `or`"
    bare = text.replace("==", "").replace("!=", "").replace("<=", "").replace(">=", "")
    return " Equality is `==`" if "=" in bare else ""
