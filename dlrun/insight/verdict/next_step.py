"""What to try next: one change of the config, the first of a list that this config still allows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dlrun.errors import StoreError
from dlrun.insight.verdict import diagnosis as words
from dlrun.insight.verdict.changes import Spec, deeper, epochs_times, rate_times, scaled_units, value
from dlrun.insight.verdict.diagnosis import Diagnosis, NextExperiment
from dlrun.insight.verdict.thresholds import LIMITS
from dlrun.insight.words import Said
from dlrun.store import Entry

Evidence = Mapping[str, Any]
Found = Iterator[tuple[str, dict[str, Any] | None]]
"""Kind and patch; a patch that is None does not fit this config."""

DROPOUT_STEP, DROPOUT_MOST = 0.2, 0.5
L2_FIRST, L2_MOST = 1e-4, 1e-2
WIDEST, DEEPEST, NARROWEST = 512, 4, 8
LOW_RATES = {"sgd": 0.003, "adadelta": 0.3, "adagrad": 0.003}
HIGH_RATES = {"sgd": 0.5, "adadelta": 10.0, "adagrad": 0.5}
LOW_RATE, HIGH_RATE = 3e-4, 0.03
"""Learning rates that are low or high for an optimizer; the last two for those that divide by the gradient's size."""
SMALLEST_RATE = 1e-5
FEW_ROWS = 200
"""Validation rows below which cross-validation is within reach."""
GATES = ("and", "or", "nand", "nor", "xor", "xnor")
FEWEST_TO_SPLIT = 20
CHANGES_OF_IMAGES: dict[str, dict[str, Any]] = {
    "mnist": {"rotation": 0.03, "shift": 0.1},  # no flip: mirrored, few digits are digits
    "fashion_mnist": {"flip": "horizontal", "shift": 0.1},
}
"""Built-in images of which enough is seen after the change; on the 8 x 8 pixels of digits a shift erases strokes."""
NEARLY_ALL = 0.8
"""Where more than this is learnt, a larger net has little left to learn."""


def next_experiment(entry: Entry, diagnosis: Diagnosis) -> NextExperiment | None:
    """One change of the run's config that its verdict asks for; None without a verdict or a spec that can be read."""
    if diagnosis.verdict is None:
        return None
    try:
        spec = entry.folder.spec()
    except StoreError:
        return None
    if entry.record.get("status") in ("pruned", "interrupted") and diagnosis.verdict == words.NOT_CONVERGED:
        return _experiment("finish", {})
    return next_change(spec, diagnosis)


def next_change(spec: Spec, diagnosis: Diagnosis) -> NextExperiment | None:
    """The first change for a verdict that this spec allows.

    Args:
        spec: the experiment, nested, every default filled in.
    """
    changes = CHANGES.get(diagnosis.verdict or "")
    if changes is None:
        return None
    if value(spec, "model.weights") is not None and diagnosis.verdict != words.NO_VALIDATION:
        return _experiment("given_weights", {})
    found = changes(spec, diagnosis.evidence)
    return next((_experiment(kind, patch) for kind, patch in found if patch is not None), None)


def _experiment(kind: str, patch: Mapping[str, Any]) -> NextExperiment:
    return NextExperiment(kind, patch, Said(f"verdict.{kind}"))


# --- a list of changes per verdict, the first that fits is taken -----------------------------------------------------


def against_overfit(spec: Spec, evidence: Evidence) -> Found:
    yield "more_data", more_data(spec)
    turn, kept = evidence.get("turn"), evidence.get("kept_epoch")
    if turn is not None and kept is not None and kept > turn:
        yield "keep_best", keep_best(spec)
    yield from regularised(spec)
    yield "narrower", scaled_units(spec, 0.5, NARROWEST, math.inf)
    yield "augmentation", augmented(spec)
    yield "more_rows", {}


def regularised(spec: Spec) -> Found:
    yield "dropout", more_dropout(spec)
    yield "l2", larger_l2(spec)


def against_underfit(spec: Spec, evidence: Evidence) -> Found:
    yield "less_dropout", less_dropout(spec)
    yield "less_penalty", less_penalty(spec)
    if (evidence.get("learnt") or 0.0) < LIMITS["learnt_least"] and rate(spec) >= HIGH_RATES.get(
        named(spec), HIGH_RATE
    ):
        yield "smaller_rate", rate_times(spec, 0.1)
    yield "hidden_layers", None if value(spec, "model.units") else deeper(spec)
    yield "wider", scaled_units(spec, 4 if widest(spec) <= NARROWEST else 2, 1, WIDEST)
    yield "deeper", deeper(spec) if depth(spec) < DEEPEST else None
    yield "larger_rate", rate_times(spec, 3) if is_low(spec) else None
    yield "longer", epochs_times(spec, 2)
    yield "larger_rate", rate_times(spec, 3)


def against_unfinished(spec: Spec, evidence: Evidence) -> Found:
    yield "larger_rate", rate_times(spec, 3) if is_low(spec) else None
    yield "longer", epochs_times(spec, 2)
    yield "larger_rate", rate_times(spec, 3)


def against_large_steps(spec: Spec, evidence: Evidence) -> Found:
    thrown_out = (evidence.get("above_trivial") or math.inf) > 1 - LIMITS["learnt_least"]
    yield "smaller_rate", rate_times(spec, 0.1 if thrown_out else 1 / 3) if rate(spec) > SMALLEST_RATE else None
    clipped = any(value(spec, f"optimizer.{key}") for key in ("clipnorm", "clipvalue", "global_clipnorm"))
    yield "clip", None if clipped else {"optimizer.clipnorm": 1.0}
    yield "smaller_rate", rate_times(spec, 0.1)


def against_noise(spec: Spec, evidence: Evidence) -> Found:
    rows = evidence.get("validation_rows") or math.inf
    if (evidence.get("noise_share") or 0.0) >= LIMITS["noise_share"] and rows >= FEW_ROWS:
        yield "decay", decay(spec)
    if rows < FEW_ROWS:
        yield "folds", folds(spec)
    yield "more_validation", more_validation(spec)
    yield "more_seeds", {}


def after_good_fit(spec: Spec, evidence: Evidence) -> Found:
    error, learnt, lost = evidence.get("gap_error"), evidence.get("learnt"), evidence.get("lost") or 0.0
    gaps = (evidence.get("gap"), evidence.get("gap_end"))
    closed = error is not None and all(gap is not None and gap < error for gap in gaps)
    if learnt is not None and learnt < NEARLY_ALL and closed:
        yield "room", scaled_units(spec, 2, 1, WIDEST) if value(spec, "model.units") else deeper(spec)
    if evidence.get("turn") is not None or lost > LIMITS["lost"] / 2:
        yield from regularised(spec)
    yield "decay", decay(spec)
    yield "nothing", {}


def against_no_validation(spec: Spec, evidence: Evidence) -> Found:
    data = spec.get("data") or {}
    if data.get("source") in GATES and data.get("rows") in (None, 4) and not data.get("noise"):
        yield "truth_table", {}
    rows = (data.get("inline") or {}).get("x")
    if rows is not None and len(rows) < FEWEST_TO_SPLIT:
        yield "more_rows_first", {}
    yield "hold_out", {"data.validation_split": min(0.2, round((1 - (data.get("test_split") or 0.0)) / 2, 4))}


CHANGES: dict[str, Callable[[Spec, Evidence], Found]] = {
    words.OVERFIT: against_overfit,
    words.UNDERFIT: against_underfit,
    words.NOT_CONVERGED: against_unfinished,
    words.RATE_TOO_HIGH: against_large_steps,
    words.DIVERGED: against_large_steps,
    words.TOO_NOISY: against_noise,
    words.GOOD_FIT: after_good_fit,
    words.NO_VALIDATION: against_no_validation,
}


# --- single changes: a patch, or None where the config does not allow it ---------------------------------------------


def more_data(spec: Spec) -> dict[str, Any] | None:
    share = value(spec, "data.train_fraction")
    return {"data.train_fraction": min(1.0, round(4 * share, 4))} if share is not None and share < 1 else None


def keep_best(spec: Spec) -> dict[str, Any] | None:
    """Weights from before the turn; None where the run was to keep them already."""
    patch: dict[str, Any] = {"fit.keep": "best"}
    if value(spec, "fit.monitor") not in (None, "auto", "val_loss"):  # accuracy may rise while the loss does
        patch["fit.monitor"] = "val_loss"
    if value(spec, "fit.early_stopping") is None:
        patch["fit.early_stopping"] = {"patience": max(5, (value(spec, "fit.epochs") or 0) // 10)}
    return {key: wanted for key, wanted in patch.items() if value(spec, key) != wanted} or None


def augmented(spec: Spec) -> dict[str, Any] | None:
    """Changes of images that leave their class as it is; None where the source is not known to be images."""
    changes = CHANGES_OF_IMAGES.get(str(value(spec, "data.source")), {})
    if not changes or value(spec, "data.augmentation") is not None:
        return None
    return {f"data.augmentation.{key}": amount for key, amount in changes.items()}


def more_dropout(spec: Spec) -> dict[str, Any] | None:
    now = value(spec, "model.dropout")
    most = max(now) if isinstance(now, list) and now else now
    if not value(spec, "model.units") or not isinstance(most, (int, float)) or most >= DROPOUT_MOST:
        return None
    if isinstance(now, list):
        return {"model.dropout": [_more(share) for share in now]}
    return {"model.dropout": _more(most)}


def _more(share: float) -> float:
    return max(share, min(DROPOUT_MOST, round(share + DROPOUT_STEP, 4)))


def larger_l2(spec: Spec) -> dict[str, Any] | None:
    now = value(spec, "model.l2") or 0.0
    return {"model.l2": min(L2_MOST, max(L2_FIRST, 10 * now))} if now < L2_MOST else None


def less_dropout(spec: Spec) -> dict[str, Any] | None:
    now = value(spec, "model.dropout")
    shares = now if isinstance(now, list) else [now or 0.0]
    if not value(spec, "model.units") or max(shares, default=0.0) < DROPOUT_MOST:
        return None
    lower = [min(share, DROPOUT_STEP) for share in shares]
    return {"model.dropout": lower if isinstance(now, list) else lower[0]}


def less_penalty(spec: Spec) -> dict[str, Any] | None:
    strong = {f"model.{key}": value(spec, f"model.{key}") for key in ("l1", "l2")}
    patch = {key: size / 100 for key, size in strong.items() if size is not None and size >= L2_MOST}
    return patch or None


def decay(spec: Spec) -> dict[str, Any] | None:
    constant = value(spec, "schedule.name") == "constant" and (value(spec, "fit.epochs") or 0) > 1
    return {"schedule.name": "cosine"} if constant and named(spec) != "schedule_free_adamw" else None


def folds(spec: Spec) -> dict[str, Any] | None:
    data = spec.get("data") or {}
    fixed = any(data.get(key) is not None for key in ("folds", "validation_source", "time"))
    if fixed:
        return None
    patch: dict[str, Any] = {"data.folds": 5}
    if data.get("validation_split") not in (0, 0.2):
        patch["data.validation_split"] = 0.2  # its default: a fold has its place
    return patch


def more_validation(spec: Spec) -> dict[str, Any] | None:
    data = spec.get("data") or {}
    now, tested = data.get("validation_split") or 0.0, data.get("test_split") or 0.0
    if data.get("folds") is not None or data.get("validation_source") is not None or now >= 0.4:
        return None
    larger = min(0.4, max(0.2, 2 * now), round((1 - tested) / 2, 4))
    return {"data.validation_split": round(larger, 4)} if larger > now else None


def rate(spec: Spec) -> float:
    return float(value(spec, "optimizer.learning_rate") or 0.0)


def named(spec: Spec) -> str:
    return str(value(spec, "optimizer.name"))


def is_low(spec: Spec) -> bool:
    return rate(spec) <= LOW_RATES.get(named(spec), LOW_RATE)


def widest(spec: Spec) -> int:
    return int(max(value(spec, "model.units") or [0]))


def depth(spec: Spec) -> int:
    return len(value(spec, "model.units") or ()) * int(value(spec, "model.deepen") or 1)
