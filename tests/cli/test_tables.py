"""Tables as people bring them, trained with a config of five lines: the net is better than the trivial predictor."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.command import train_json

Rows = list[dict[str, object]]
RNG = np.random.default_rng(11)


def flats() -> Rows:
    """Ids, dates, units, Hangul, amounts with a currency."""
    rows: Rows = []
    for number in range(600):
        area, floor, month = RNG.uniform(20, 150), int(RNG.integers(1, 30)), number % 12 + 1
        price = area * (900 + 15 * floor) * (1.2 if month > 6 else 1) * RNG.lognormal(0, 0.1)
        rows.append(
            {
                "일련번호": number + 1,
                "계약일": f"2023년 {month}월 {number % 28 + 1}일",
                "면적": f"{area:.1f}㎡",
                "층": floor,
                "주차": "예" if number % 3 else "아니오",
                "y": f"{price * 10_000:.0f}원",
            }
        )
    return rows


def numbered(row: np.ndarray, answer: object) -> dict[str, object]:
    return {**{f"x{place}": value for place, value in enumerate(row.tolist())}, "y": answer}


def sentinels() -> Rows:
    """999999 stands for a missing value in a few rows of each column."""
    x = RNG.normal(size=(800, 4))
    y = x @ [1, -1, 0.5, 0] + 0.3 * RNG.normal(size=800)
    x[RNG.random(x.shape) < 0.03] = 999_999
    return [numbered(row, answer) for row, answer in zip(x.round(4), y, strict=True)]


def rare_positives() -> Rows:
    """4 % positives."""
    x = RNG.normal(size=(1500, 5))
    y = x[:, 0] + x[:, 1] + 0.3 * RNG.normal(size=1500) > 2.6
    return [numbered(row, "yes" if answer else "no") for row, answer in zip(x, y, strict=True)]


def rare_classes() -> Rows:
    """Two classes of two rows, and one of a single row, among others."""
    rows = [
        {"x": number % 3 + 0.3 * RNG.normal(), "z": RNG.normal(), "y": f"class {number % 3}"} for number in range(300)
    ]
    return [*rows, *({"x": 5.0, "z": 0.0, "y": name} for name in ("rare", "rare", "odd", "odd", "lone"))]


def few_categories() -> Rows:
    """Every row is a copy of others."""
    rows: Rows = []
    for number in range(600):
        sex, berth = ("m", "f")[number % 2], ("1st", "2nd", "crew")[number % 3]
        rows.append({"sex": sex, "berth": berth, "y": int(RNG.random() < (0.8 if sex == "f" else 0.2))})
    return rows


@pytest.mark.slow
@pytest.mark.parametrize("table", [flats, sentinels, rare_positives, rare_classes, few_categories])
def test_better_than_trivial(table: Callable[[], Rows], tmp_path: Path) -> None:
    rows = table()
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    (tmp_path / "표.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = ["--set", "fit.epochs=15", "--backend", "jax"]
    (run,) = train_json("표.csv", "--target", "y", *words, cwd=tmp_path)
    record = json.loads((Path(run["path"]) / "result.json").read_text(encoding="utf-8"))
    assert record["metrics"]["val_loss"] < 0.9 * record["trivial"]["val_loss"]
