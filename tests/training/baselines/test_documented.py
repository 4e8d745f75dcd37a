"""`docs/baselines.md` against the table in the code."""

from __future__ import annotations

from pathlib import Path

from dlrun.store.baseline_names import SEEDED
from dlrun.training.baselines import METHODS
from dlrun.training.baselines.left_out import SVM_ROWS
from dlrun.training.baselines.methods import Estimator

DOCS = (Path(__file__).parents[3] / "docs" / "baselines.md").read_text(encoding="utf-8")


def shown(estimator: Estimator | None) -> str:
    if estimator is None:
        return "–"
    return f"{estimator.name}({', '.join(f'{key}={value}' for key, value in estimator.arguments.items())})"


def test_every_method_stands_in_the_docs() -> None:
    for name, method in METHODS.items():
        seeds, weights = "`--seeds`" if name in SEEDED else "1", "yes" if method.weighted else "no"
        assert f"| {name} | {shown(method.classes)} | {shown(method.numbers)} | {seeds} | {weights} |\n" in DOCS


def test_the_limit_stands_in_the_docs() -> None:
    assert f"above {SVM_ROWS:,} train rows it is left out" in DOCS
