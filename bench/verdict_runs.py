"""Real runs that are made to under- or overfit: what they are, and the training of them.

A label says how a run was made, not how its curves look:

underfit                one unit, no hidden layer where classes are no half-planes, a crushing L2 penalty,
                        for so many epochs that it has learnt what it can
not converged           a tenth of the usual learning rate, or less, for a tenth of the epochs that it would need
good fit                a net of usual size, usual rate, enough rows; stopped early or regularised; best weights kept
overfit                 wide nets without regularisation on few rows or noisy labels, long after the best; last kept
learning rate too high  100 times the usual rate and more
diverged                rates at which squared errors explode
too noisy to tell       at most ten validation rows of data whose answer is not certain

A case that its making does not decide is not clear: two units; a dropout of 0.95, which slows learning as well; few
rows, but the best epoch kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

UNDER, EARLY, GOOD, OVER = "underfit", "not converged", "good fit", "overfit"
HIGH, DIVERGED, NOISY = "learning rate too high", "diverged", "too noisy to tell"

HOUSES: dict[str, Any] = {
    "data.source": "california-housing/housing.csv",
    "data.target": "median_house_value",
    "fit.batch_size": 128,
}
SETS: dict[str, dict[str, Any]] = {
    "digits": {"data.source": "digits"},
    "diabetes": {"data.source": "diabetes"},
    "cancer": {"data.source": "breast_cancer"},
    "wine": {"data.source": "wine"},
    "moons": {"data.source": "moons", "data.rows": 1500, "data.noise": 0.2},
    "noisy_moons": {"data.source": "moons", "data.rows": 300, "data.noise": 0.5},
    "circles": {"data.source": "circles", "data.rows": 1500, "data.noise": 0.08},
    "xor": {"data.source": "xor", "data.rows": 1500, "data.noise": 0.2},
    "spirals": {"data.source": "spirals", "data.rows": 1500, "data.noise": 0.1},
    "houses": HOUSES,
    "titanic": {
        "data.source": "titanic/train.csv",
        "data.target": "Survived",
        "data.exclude": ["PassengerId", "Name", "Ticket", "Cabin"],
    },
}


@dataclass(frozen=True)
class Case:
    """One run and what it was made for."""

    name: str
    label: str
    clear: bool
    settings: Mapping[str, Any]


def case(source: str, label: str, clear: bool = True, **settings: Any) -> tuple[str, str, bool, dict[str, Any]]:
    """Settings are dotted keys with `__` for the point."""
    return source, label, clear, {key.replace("__", "."): value for key, value in settings.items()}


def units(*widths: int) -> dict[str, Any]:
    return {"model__units": list(widths)}


def epochs(count: int) -> dict[str, Any]:
    return {"fit__epochs": count}


def rate(value: float, name: str = "adam") -> dict[str, Any]:
    return {"optimizer__name": name, "optimizer__learning_rate": value}


def under(key: str, value: float, count: int = 40) -> dict[str, Any]:
    return {f"model__{key}": value, **epochs(count), **rate(0.003)}


def stopped(**settings: Any) -> dict[str, Any]:
    return {"fit__early_stopping": {"patience": 8}, "fit__epochs": 60, **settings}


def long(count: int = 150, **settings: Any) -> dict[str, Any]:
    return {"model__units": [256, 256, 256], "fit__keep": "last", "fit__epochs": count, **settings}


def few(share: float, **settings: Any) -> dict[str, Any]:
    return {"data__train_fraction": share, **settings}


def held_out(share: float, **settings: Any) -> dict[str, Any]:
    return {"data__validation_split": share, **settings}


_ROWS = (
    case("digits", UNDER, **under("l2", 1.0)),
    case("digits", UNDER, False, **units(16), **under("dropout", 0.95, 300)),
    case("digits", UNDER, **units(1), **epochs(300), **rate(0.01)),
    case("digits", UNDER, False, **units(2), **epochs(60), **rate(0.003)),
    case("titanic", UNDER, **under("l2", 1.0)),
    case("titanic", UNDER, False, **units(4), **under("dropout", 0.95, 300)),
    case("diabetes", UNDER, **under("l2", 3.0)),
    case("diabetes", UNDER, **units(8, 8, 8), **under("dropout", 0.9, 300)),
    case("houses", UNDER, **few(0.3), **under("l2", 3.0)),
    case("houses", UNDER, False, **few(0.3), **units(1), **epochs(40)),
    case("moons", UNDER, **under("l2", 1.0)),
    case("moons", UNDER, False, **units(), **epochs(60), **rate(0.01)),
    case("circles", UNDER, **units(), **epochs(40), **rate(0.01)),
    case("xor", UNDER, **units(), **epochs(40), **rate(0.01)),
    case("xor", UNDER, False, **units(1), **epochs(80), **rate(0.01)),
    case("spirals", UNDER, **units(), **epochs(40), **rate(0.01)),
    case("spirals", UNDER, **units(1), **epochs(80), **rate(0.01)),
    case("digits", EARLY, **epochs(8), **rate(1e-4)),
    case("digits", EARLY, **epochs(30), **rate(1e-3, "sgd")),
    case("digits", EARLY, **units(16), **epochs(15), **rate(1e-4)),
    case("titanic", EARLY, **epochs(6), **rate(1e-4)),
    case("titanic", EARLY, **epochs(20), **rate(3e-4, "sgd")),
    case("diabetes", EARLY, **epochs(10), **rate(1e-4)),
    case("diabetes", EARLY, False, **epochs(40), **rate(1e-4)),
    case("houses", EARLY, **few(0.1), **epochs(8), **rate(1e-4)),
    case("houses", EARLY, **few(0.1), **epochs(20), **rate(3e-4, "sgd")),
    case("moons", EARLY, **epochs(8), **rate(1e-4)),
    case("circles", EARLY, **epochs(20), **rate(1e-4)),
    case("xor", EARLY, **epochs(10), **rate(1e-4)),
    case("spirals", EARLY, False, **epochs(10), **rate(1e-3)),
    case("cancer", EARLY, **epochs(5), **rate(1e-4)),
    case("digits", GOOD, **stopped(model__dropout=0.2)),
    case("digits", GOOD, **units(32), **stopped()),
    case("digits", GOOD, **stopped(schedule__name="cosine", model__l2=1e-4)),
    case("titanic", GOOD, **units(16), **stopped(model__dropout=0.2, model__l2=0.001)),
    case("titanic", GOOD, **units(256, 256), **stopped(), **rate(0.001)),
    case("diabetes", GOOD, **units(32, 32), **stopped(model__l2=0.01), **rate(0.003)),
    case("houses", GOOD, **few(0.5), **stopped(fit__epochs=40), **rate(0.003)),
    case("moons", GOOD, **stopped(), **rate(0.01)),
    case("circles", GOOD, **stopped(), **rate(0.01)),
    case("xor", GOOD, **stopped(), **rate(0.01)),
    case("spirals", GOOD, **units(64, 64, 64), **stopped(), **rate(0.01)),
    case("cancer", GOOD, **units(16), **stopped(model__l2=0.01), **rate(0.003)),
    case("noisy_moons", GOOD, False, **units(8), **stopped(), **rate(0.01)),
    case("digits", GOOD, **units(256, 256), **epochs(80)),
    case("digits", OVER, False, **few(0.05), **units(256, 256), **epochs(100)),
    case("diabetes", OVER, False, **few(0.1), **units(256, 256), **epochs(100)),
    case("titanic", OVER, False, **few(0.1), **units(256, 256), **epochs(100)),
    case("digits", OVER, **few(0.04), **long()),
    case("digits", OVER, **few(0.02), **long(80)),
    case("titanic", OVER, **long(120)),
    case("titanic", OVER, **few(0.3), **long(100)),
    case("diabetes", OVER, **long()),
    case("diabetes", OVER, **few(0.3), **long()),
    case("diabetes", OVER, **held_out(0.4), **long(100)),
    case("houses", OVER, **few(0.01), **long()),
    case("houses", OVER, **few(0.03), **long(120), **rate(0.003)),
    case("noisy_moons", OVER, **long(), **rate(0.003)),
    case("noisy_moons", OVER, **held_out(0.5), **long(), **rate(0.003)),
    case("spirals", OVER, **few(0.02), **long(80)),
    case("cancer", OVER, False, **few(0.1), **long()),
    case("digits", HIGH, **epochs(30), **rate(1.0)),
    case("digits", HIGH, **epochs(30), **rate(0.3)),
    case("digits", HIGH, **epochs(30), **rate(5.0, "sgd")),
    case("titanic", HIGH, **epochs(40), **rate(3.0)),
    case("titanic", HIGH, False, **epochs(40), **rate(0.3)),
    case("diabetes", HIGH, **epochs(40), **rate(3.0)),
    case("diabetes", HIGH, **epochs(40), **rate(0.5, "rmsprop")),
    case("houses", HIGH, **few(0.1), **epochs(30), **rate(1.0)),
    case("houses", HIGH, **few(0.1), **epochs(30), **rate(3.0, "rmsprop")),
    case("moons", HIGH, **epochs(40), **rate(3.0)),
    case("circles", HIGH, **epochs(40), **rate(3.0)),
    case("xor", HIGH, **epochs(40), **rate(5.0, "rmsprop")),
    case("spirals", HIGH, **epochs(40), **rate(1.0)),
    case("diabetes", DIVERGED, **epochs(20), **rate(10.0, "sgd")),
    case("houses", DIVERGED, **few(0.1), **epochs(20), **rate(3.0, "sgd")),
    case("diabetes", DIVERGED, **units(256, 256), **epochs(20), **rate(3.0, "sgd")),
    case("titanic", NOISY, **held_out(0.008), **units(32), **epochs(40)),
    case("titanic", NOISY, **held_out(0.006), **units(16), **epochs(60), **rate(0.003)),
    case("diabetes", NOISY, **held_out(0.01), **units(32), **epochs(60), **rate(0.003)),
    case("diabetes", NOISY, **held_out(0.015), **units(16), **epochs(100), **rate(0.003)),
    case("noisy_moons", NOISY, **held_out(0.02), **units(16), **epochs(60), **rate(0.01)),
    case("noisy_moons", NOISY, **held_out(0.015), **units(32), **epochs(40), **rate(0.01)),
    case("titanic", NOISY, False, **held_out(0.02), **units(64), **epochs(60), **rate(0.003)),
    case("digits", NOISY, False, **held_out(0.01), **units(64), **epochs(30)),
)
SEEDS = {"open": 0, "frozen": 2}
"""Of the runs in each half; 1 was used while thresholds were chosen."""


def cases(which: str) -> Iterator[Case]:
    """Every case with the seed of this half, which draws another split as well."""
    seed = SEEDS[which]
    for place, (source, label, clear, settings) in enumerate(_ROWS):
        name = f"{source}-{label.replace(' ', '_')}-{place}-{seed}"
        own = {"name": name, "seed": seed, "data.split_seed": seed}
        yield Case(name, label, clear, {**SETS[source], **own, **settings})
