"""Learning rates: too small, right, too large; and starts that end in the wrong place or nowhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.learning_rates_drawn import chart, table
from dlrun.gallery.studio import BACKEND, Studio, Trained
from dlrun.insight.statistics import paired_difference
from dlrun.insight.words import Said
from dlrun.spec import Experiment

SEEDS = 5
TESTS = 3
"""Range tests, with as many seeds."""
LOW, HIGH, STEPS = 1e-5, 10.0, 150
"""Of the range tests."""
STARTS = 1000
SHORT, LONG = 60, 600
"""Steps on the surfaces."""


def teach(studio: Studio) -> Shown:
    base = studio.experiment("learning-rates")
    tests = tested(studio, base)
    rates = read(tests)
    nets = {
        name: studio.experiment("learning-rates", f"optimizer.learning_rate={rate}") for name, rate in rates.items()
    }
    by_name = studio.train_seeds(nets, SEEDS)
    rows = [row(name, rates[name], trained) for name, trained in by_name.items()]
    small, right, _, large = rows
    gain = paired_difference([a - b for a, b in zip(small["each"], right["each"], strict=True)])
    wells, plateau, later = (starts(surface, steps) for surface, steps in SURFACES)
    values = {
        "seeds": SEEDS,
        "tests": TESTS,
        "epochs": base.fit.epochs,
        **{f"{name}_rate": written(rate) for name, rate in rates.items()},
        **{f"{one['name']}_loss": said_loss(one["loss"]) for one in rows},
        **{f"{one['name']}_diverged": one["diverged"] for one in rows},
        "starts": f"{STARTS:,}",
        "higher": f"{wells['shares']['higher']:.0%}",
        "short": SHORT,
        "long": LONG,
        "up": f"{plateau['shares']['up']:.0%}",
        "up_later": f"{later['shares'].get('up', 0.0):.0%}",
        "slope_up": f"{plateau['slopes']['up']:.2f}",
        "slope_down": f"{plateau['slopes']['down']:.2f}",
    }
    shares = {"two_wells": wells, "plateau": plateau, "plateau_later": later}
    counts = {name: {key: one[key] for key in ("shares", "slopes")} for name, one in shares.items()}
    return Shown(
        numbers={
            "rates": rates,
            "nets": [{key: value for key, value in one.items() if key != "each"} for one in rows],
            "small_above_right": gain.mean,
            "small_above_right_half": gain.half,
            "starts": counts,
        },
        sentences=(
            Said("gallery_descent.learning_rates_1", values),
            Said("gallery_descent.learning_rates_2", values),
            Said("gallery_descent.learning_rates_3", values),
        ),
        claims=(
            Claim(Said("gallery_descent.learning_rates_claim_small"), gain.mean - (gain.half or 0.0) > 0),
            Claim(Said("gallery_descent.learning_rates_claim_right"), right["diverged"] == 0),
            Claim(Said("gallery_descent.learning_rates_claim_large"), large["diverged"] == SEEDS),
            Claim(Said("gallery_descent.learning_rates_claim_wells"), above(wells["shares"]["higher"], 0.25)),
            Claim(
                Said("gallery_descent.learning_rates_claim_plateau"),
                above(plateau["shares"]["up"], 0.25)
                and above(plateau["shares"]["up"] - later["shares"].get("up", 0.0), 0.0)
                and plateau["slopes"]["up"] < plateau["slopes"]["down"] / 2,
            ),
        ),
        picture=lambda language: chart(tests, rows, by_name, (wells, plateau), LESSON.title.text(language), language),
        table=lambda language: table(rows, language),
        notes=(Said("gallery_descent.learning_rates_note", values),),
    )


SURFACES = (("two_wells", SHORT), ("plateau", SHORT), ("plateau", LONG))


def tested(studio: Studio, base: Experiment) -> list[Any]:
    """A range test per seed."""
    studio.keras()
    from dlrun.training.lr_range import range_test

    return [
        range_test(one, studio.data(one), BACKEND, LOW, HIGH, STEPS, studio.stopping)
        for one in studio.seeds(base, TESTS)
    ]


def read(tests: list[Any]) -> dict[str, float]:
    """The rates that are tried: a hundredth of the suggestion, the suggestion, where the loss was lowest, and the
    highest at which a test ended. The first three as geometric means of the tests."""
    from dlrun.insight.explore.lr_range import reading
    from dlrun.training.lr_range import SMOOTHING

    found = [reading(test, SMOOTHING) for test in tests]
    suggested, lowest = (
        math.exp(sum(math.log(one[key]) for one in found) / len(found)) for key in ("suggested", "at_lowest")
    )
    rates = (suggested / 100, suggested, lowest, max(test.rates[-1] for test in tests))
    return {name: rounded(rate) for name, rate in zip(("small", "right", "edge", "large"), rates, strict=True)}


def rounded(rate: float) -> float:
    """Two digits are enough of a rate."""
    return float(f"{rate:.1e}")


def written(rate: float) -> str:
    return f"{rate:.6f}".rstrip("0").rstrip(".")


def said_loss(loss: float | None) -> str:
    return "–" if loss is None else f"{loss:,.0f}"


def row(name: str, rate: float, runs: list[Trained]) -> dict[str, Any]:
    """Losses are means of the seeds that did not diverge."""
    each = [one.metric("train_loss") for one in runs]
    kept = [loss for loss in each if math.isfinite(loss)]
    return {
        "name": name,
        "rate": rate,
        "loss": float(np.mean(kept)) if kept else None,
        "diverged": sum(one.record["status"] == "diverged" for one in runs),
        "each": each,
    }


def starts(surface: str, steps: int) -> dict[str, Any]:
    """Where SGD comes to from many starts: what became of each, the shares, and the mean slope where they began."""
    from dlrun.training.descent import many_starts
    from dlrun.training.surfaces import SURFACES as KNOWN

    ends = many_starts(KNOWN[surface], "sgd", STARTS, steps)
    fates = [FATES[surface](end) for end in ends]
    slopes = np.linalg.norm(KNOWN[surface].gradient(np.array([end.start for end in ends])), axis=1)
    fate = np.array(fates)
    return {
        "surface": surface,
        "steps": steps,
        "begun": [end.start for end in ends],
        "fates": fates,
        "shares": {name: float((fate == name).mean()) for name in sorted(set(fates))},
        "slopes": {name: float(slopes[fate == name].mean()) for name in sorted(set(fates))},
    }


def in_well(end: Any) -> str:
    return {0: "lower", 1: "higher"}.get(end.minimum, "between")


def on_plateau(end: Any) -> str:
    """The plateau lies at 1, its well at 0."""
    return "down" if end.value < 0.5 else "up"


FATES = {"two_wells": in_well, "plateau": on_plateau}


def above(share: float, limit: float) -> bool:
    """Whether the lower end of the share's 95 % interval (that of a binomial) is above the limit."""
    return share - 1.96 * math.sqrt(share * (1 - share) / STARTS) > limit


LESSON = Lesson(9, "learning-rates", Said("gallery_descent.learning_rates_title"), teach)
