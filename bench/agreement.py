"""How often `compare` calls a difference where there is none, and where there is one.

An A/A test compares configurations that are the same: tables of simulated seeds, and tables of real seeds of one digits
config, dealt out at random. A table counts as wrong if any of its rows is called better or worse.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

from bench.processes import DLRUN, HERE, run, scratch
from dlrun.insight.against import BETTER, WORSE, against
from dlrun.insight.statistics import Sample, Unit

ROUNDS = 1000
"""Tables of each kind; of those with two configurations more, as a share of 5 % of 1,000 comes out as 3.6 to 6.4 %."""
ROUNDS_OF_TWO = 4000
SEEDS = (3, 5, 10)
MOST = 0.065
"""Share of tables in which a difference may be called where there is none."""
REAL_SEEDS = 120
METRICS = ("val_loss", "val_accuracy")

Draw = Callable[[random.Random, int, int], list[list[float]]]
"""(random numbers, configurations, seeds) -> the values of each configuration."""


def normal(rng: random.Random, count: int, seeds: int) -> list[list[float]]:
    """A loss around 0.3; half of its variance belongs to the seed, whatever the configuration."""
    shared = [rng.gauss(0, 0.01) for _ in range(seeds)]
    return [[0.3 + common + rng.gauss(0, 0.01) for common in shared] for _ in range(count)]


def skewed(rng: random.Random, count: int, seeds: int) -> list[list[float]]:
    """Most seeds are good, a few much worse: a lognormal loss."""
    return [[0.3 * rng.lognormvariate(0, 0.5) for _ in range(seeds)] for _ in range(count)]


def uneven(rng: random.Random, count: int, seeds: int) -> list[list[float]]:
    """Configurations with the same mean, of which each has another spread."""
    return [[0.3 + rng.gauss(0, 0.005 * (1 + place)) for _ in range(seeds)] for place in range(count)]


DRAWS: dict[str, Draw] = {"normal": normal, "skewed": skewed, "uneven spreads": uneven}


def samples(values: Sequence[Sequence[float]], paired: bool = True) -> list[Sample]:
    """The values as configurations; with seeds of their own where they are not paired."""
    return [
        Sample({Unit("", None, seed if paired else (place * 1000 + seed)): value for seed, value in enumerate(row)})
        for place, row in enumerate(values)
    ]


def called(table: Sequence[Sample], best: bool, greater: bool = False, corrected: bool = True) -> bool:
    """Whether any row is called better or worse than the reference: the best one, or the first.

    Args:
        corrected: for the choice of the best.
    """
    if not best:
        return any(one.outcome in (BETTER, WORSE) for one in against(table, 0, greater))
    means = [(sample.mean or 0.0) * (-1 if greater else 1) for sample in table]
    found = against(table, means.index(min(means)), greater, chosen_as_best=corrected)
    return any(one.outcome in (BETTER, WORSE) for one in found)


def simulated(draw: Draw, count: int, seeds: int, best: bool, paired: bool = True, rounds: int = ROUNDS) -> float:
    """The share of simulated tables of equal configurations in which a difference is called."""
    rng = random.Random(f"{draw.__name__} {count} {seeds} {best} {paired}")
    wrong = 0
    for _ in range(rounds):
        own = [draw(rng, count, seeds)[place] for place in range(count)] if not paired else []
        wrong += called(samples(own or draw(rng, count, seeds), paired), best)
    return wrong / rounds


def naive(count: int, seeds: int, rounds: int = ROUNDS) -> float:
    """As `simulated` against the best, but as if the best had been named before anything was measured."""
    rng = random.Random(f"naive {count} {seeds}")
    tables = (samples(normal(rng, count, seeds)) for _ in range(rounds))
    return sum(called(table, best=True, corrected=False) for table in tables) / rounds


def power(shift: float, seeds: int, paired: bool = True, rounds: int = ROUNDS) -> float:
    """The share of simulated pairs that are told apart, where one is worse by so many standard deviations of a seed's
    value (of the part that seeds do not share)."""
    rng = random.Random(f"{shift} {seeds} {paired}")
    found = 0
    for _ in range(rounds):
        first, second = normal(rng, 2, seeds)
        found += against(samples([first, [value + 0.01 * shift for value in second]], paired), 0)[1].outcome == WORSE
    return found / rounds


def dealt(
    values: Sequence[float], count: int, seeds: int, best: bool, greater: bool, paired: bool, rounds: int = ROUNDS
) -> float:
    """The share of tables in which a difference is called, where real seeds of one configuration are dealt out as if
    they were of several."""
    rng = random.Random(f"{count} {seeds} {best} {paired}")
    wrong = 0
    for _ in range(rounds):
        hand = rng.sample(list(values), count * seeds)
        groups = [hand[place * seeds : (place + 1) * seeds] for place in range(count)]
        wrong += called(samples(groups, paired), best, greater)
    return wrong / rounds


def real_values(seeds: int = REAL_SEEDS, epochs: int = 15) -> dict[str, list[float]]:
    """Metric -> its value in each seed of one digits config, trained for this."""
    config = str(HERE.parent / "configs" / "baseline.yaml")
    with scratch() as folder:
        words = ["--grid", "model.width=32", "--seeds", str(seeds), "--set", f"fit.epochs={epochs}", "--keep", "none"]
        answer = json.loads(run([DLRUN, "sweep", config, *words, "--results", folder, "-q", "--json"]))
    return {metric: [one["metrics"][metric] for one in answer["runs"]] for metric in METRICS}


def main() -> None:
    print("\n| equal configurations, simulated: tables with a difference called | 3 seeds | 5 seeds | 10 seeds | |")
    print("| --- | --- | --- | --- | --- |")
    for name, draw in DRAWS.items():
        for title, count, best, paired in _KINDS:
            _row(f"{name}, {title}", [simulated(draw, count, seeds, best, paired, rounds(count)) for seeds in SEEDS])
    shares = " | ".join(f"{naive(8, seeds):.1%}" for seeds in SEEDS)
    print(f"| normal, 8 against the best, not corrected for the choice | {shares} | |")
    values = real_values()
    print(f"\n| {REAL_SEEDS} real seeds of one digits config, dealt out | 3 seeds | 5 seeds | 10 seeds | |")
    print("| --- | --- | --- | --- | --- |")
    for metric, found in values.items():
        greater = metric == "val_accuracy"
        for title, count, best, paired in _KINDS:
            _row(
                f"{metric}, {title}",
                [dealt(found, count, seeds, best, greater, paired, rounds(count)) for seeds in SEEDS],
            )
    print("\n| a real difference, in standard deviations of a seed | 3 seeds | 5 seeds | 10 seeds |")
    print("| --- | --- | --- | --- |")
    for shift in (0.5, 1.0, 2.0, 3.0, 5.0):
        print(f"| {shift:g}, paired: found | {' | '.join(f'{power(shift, seeds):.1%}' for seeds in SEEDS)} |")


_KINDS = (
    ("2 configurations, paired", 2, False, True),
    ("2 configurations, other seeds (Welch)", 2, False, False),
    ("8 configurations against one", 8, False, True),
    ("8 configurations against the best", 8, True, True),
    ("8 configurations against the best, other seeds", 8, True, False),
)


def rounds(count: int) -> int:
    """How many tables with so many configurations."""
    return ROUNDS_OF_TWO if count == 2 else ROUNDS


def _row(title: str, shares: Sequence[float]) -> None:
    verdict = "reached" if max(shares) <= MOST else "MISSED"
    print(f"| {title} | {' | '.join(f'{share:.1%}' for share in shares)} | {verdict} |", flush=True)
