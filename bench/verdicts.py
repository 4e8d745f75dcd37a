"""How often a verdict is what the curve was made to be.

    python -m bench verdicts            scores both halves of the labelled curves
    python -m bench.verdicts record     trains the real runs anew and writes the frozen half, then the open one
    python -m bench.verdicts open       names the open curves that are not told as they were made

Labels follow from how a curve was made (`verdict_curves`, `verdict_runs`), never from how it looks. Thresholds were
chosen by the open half. The frozen one has other seeds and was made and scored once they stood; `docs/verdicts.md`
tells what came out, and what became of the frozen half before this one.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.processes import HERE, scratch
from bench.verdict_curves import Curve, generated
from bench.verdict_runs import Case, cases
from dlrun.insight.verdict import VERDICTS, diagnose

FIXTURES = HERE.parent / "tests" / "insight" / "verdict"
HALVES = ("frozen", "open")
BATCHES = {"open": "a", "frozen": "b"}
"""Of the generated curves."""
COLUMNS = ("train_loss", "val_loss", "val_accuracy", "val_root_mean_squared_error")
FIELDS = ("status", "monitor", "epochs", "best_epoch", "kept_epoch", "trivial", "rows", "classes", "spec")
DIGITS = 5


def labelled(which: str) -> list[Curve]:
    """The curves of a half: generated ones and recorded ones."""
    return [*generated(BATCHES[which]), *recorded(which)]


def recorded(which: str) -> list[Curve]:
    """The real runs of a half."""
    found = json.loads((FIXTURES / f"labelled_{which}.json").read_text())
    return [Curve(one["name"], one["label"], one["clear"], one["record"], _with_epochs(one["curves"])) for one in found]


def _with_epochs(curves: Mapping[str, list[float | None]]) -> dict[str, list[float]]:
    full = {key: [math.nan if value is None else value for value in column] for key, column in curves.items()}
    return {"epoch": [float(epoch) for epoch in range(1, len(full["train_loss"]) + 1)], **full}


def scores(curves: Iterable[Curve]) -> Counter[tuple[str, str]]:
    """(label, verdict) -> how many curves."""
    return Counter((curve.label, told(curve)) for curve in curves)


def told(curve: Curve) -> str:
    """The verdict on a labelled curve."""
    return str(diagnose(curve.record, curve.curves).verdict)  # type: ignore[arg-type]


def share_right(counts: Mapping[tuple[str, str], int]) -> float:
    """The share of curves that are told as they were made."""
    return sum(count for (label, verdict), count in counts.items() if label == verdict) / max(1, sum(counts.values()))


def main() -> None:
    for which in reversed(HALVES):
        curves = labelled(which)
        for clear in (True, False):
            _print(f"{which} half, {'clear' if clear else 'not clear'}", scores(c for c in curves if c.clear == clear))


def _print(title: str, counts: Counter[tuple[str, str]]) -> None:
    total, right = sum(counts.values()), sum(count for (label, told), count in counts.items() if label == told)
    print(f"\n{title}: {right} of {total} as made = {right / max(1, total):.1%}")
    words = [word for word in VERDICTS if any(word in pair for pair in counts)]
    print("".join([f"{'made / told':24}", *(f"{word.split()[0][:10]:>11}" for word in words)]))
    for label in words:
        row = [counts[label, word] for word in words]
        if any(row):
            print("".join([f"{label:24}", *(f"{count or '·':>11}" for count in row)]))


# --- real runs -------------------------------------------------------------------------------------------------------


def record(store_root: Path | None = None) -> None:
    """Trains every case and writes both fixtures, the frozen one first."""
    with scratch() as folder:
        for which in HALVES:
            found = [_trained(one, store_root or Path(folder)) for one in cases(which)]
            rows = [json.dumps(one, allow_nan=False, separators=(",", ":")) for one in found]
            (FIXTURES / f"labelled_{which}.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")


def _trained(one: Case, store_root: Path) -> dict[str, Any]:
    """Trains a case, or finds it in the store."""
    from dlrun.runner import Trainer, plan
    from dlrun.spec.load import load
    from dlrun.store import Store
    from dlrun.training import load_engine

    experiment = load(None, (), _nested(one.settings)).experiment
    trainer = Trainer(
        Store(store_root),
        load_engine=lambda: load_engine("jax", "cpu", [experiment]),
        backend="jax",
        listener=_Silent(),
        judge=lambda findings: None,
    )
    folder = trainer.train(plan([experiment], "jax"))[0]
    curves, record = folder.curves(), folder.record()
    return {
        "name": one.name,
        "label": one.label,
        "clear": one.clear,
        "record": {key: _rounded(record[key]) for key in FIELDS if key != "spec"}  # type: ignore[literal-required]
        | {"spec": _nested(one.settings)},
        "curves": {key: _rounded(curves[key]) for key in COLUMNS if key in curves},
    }


class _Silent:
    """A listener that shows nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *values: None


def _nested(settings: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in settings.items():
        *sections, last = key.split(".")
        inside = tree
        for section in sections:
            inside = inside.setdefault(section, {})
        inside[last] = value
    return tree


def _rounded(value: Any) -> Any:
    """Numbers with five significant digits; None where they are not finite."""
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value


def show_open() -> None:
    for curve in labelled("open"):
        verdict = told(curve)
        if verdict != curve.label:
            print(f"{'clear' if curve.clear else '     '}  {curve.name:44}  {verdict}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["record"]:
        os.environ.setdefault("KERAS_BACKEND", "jax")
        record(Path(sys.argv[2]) if sys.argv[2:] else None)
    elif sys.argv[1:2] == ["open"]:
        show_open()
    else:
        main()
