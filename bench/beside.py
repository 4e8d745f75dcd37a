"""Our nets on real tables beside the classical methods of `dlrun baselines`, on test rows that chose nothing.

Adult: five seeds, its own test file. California housing and wine: five splits, a fifth of the rows for the test.
Titanic: the left-out rows of ten folds, on which nothing was chosen. The net is that of the config; the methods are
those of docs/baselines.md, not tuned. Their difference to the net is per row on a single test file (bootstrap), else
per split or fold, widened as these share rows (Nadeau and Bengio 2003). Needs the data: DLRUN_DATA names their folder.
"""

from __future__ import annotations

import math
import os
import statistics
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.processes import DLRUN, run, scratch
from bench.real_data import CONFIGS, DATA, SPLITS, number, skipped
from bench.row_scores import on_test_rows, right
from dlrun.insight.statistics.interval import Interval, mean_interval
from dlrun.insight.statistics.rows import bootstrap_half
from dlrun.runner.run_data import RunData
from dlrun.runner.stored_run import StoredRun, open_run
from dlrun.store import RunFolder
from dlrun.training.metrics import Scored

BACKEND = "jax"
NET = "the net"


@dataclass(frozen=True)
class Contest:
    """A config, what decides on it, and what its repetitions differ in."""

    config: str
    metric: str
    repeats: tuple[tuple[str, ...], ...] = SPLITS
    seeds: int = 1
    overlap: float = 0.0
    """Test rows per train row of a split or fold."""
    folds: bool = False

    @property
    def smaller_is_better(self) -> bool:
        return self.metric != "accuracy"


CONTESTS = (
    Contest("adult", "accuracy", ((),), seeds=5),
    Contest("california_housing", "root_mean_squared_error", overlap=0.2 / 0.64),
    Contest("titanic", "accuracy", ((),), overlap=1 / 9, folds=True),
    Contest("wine_quality", "root_mean_squared_error", overlap=0.2 / 0.64),
)


@dataclass
class Found:
    """What one method made of one config."""

    validation: list[float] = field(default_factory=list)
    """The metric on validation rows, one per run."""
    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Split or fold -> the metric on its test rows, one per seed."""
    rows: list[np.ndarray] = field(default_factory=list)
    """Per run: the score of each test row, 1 for a right class or the squared error."""

    @property
    def means(self) -> list[float]:
        """One per split or fold, over its seeds."""
        return [statistics.mean(values) for values in self.values.values()]


def main() -> None:
    if not os.environ.get("DLRUN_DATA"):
        skipped("nets beside baselines")
        return
    for contest in CONTESTS:
        with scratch() as folder:
            show(contest, results(contest, Path(folder)))


def results(contest: Contest, root: Path) -> dict[str, Found]:
    """Method -> what it reached."""
    found: dict[str, Found] = defaultdict(Found)
    rows = RunData()
    for place, words in enumerate(contest.repeats):
        store = root / str(place)
        config = [str(CONFIGS / f"{contest.config}.yaml"), *words, "--seeds", str(contest.seeds)]
        run([DLRUN, "train", *config, "--backend", BACKEND, "--results", str(store), "-q"], DATA)
        run([DLRUN, "baselines", *config, "--results", str(store), "-q"], DATA)
        for path in sorted((store / "runs").iterdir()):
            note(contest, open_run(RunFolder(path)), place, rows, found)
    return found


def note(contest: Contest, stored: StoredRun, place: int, rows: RunData, found: Mapping[str, Found]) -> None:
    baseline = stored.experiment.baseline
    one = found[baseline.name if baseline else NET]
    scored = left_out(stored) if contest.folds else on_test_rows(stored, rows, BACKEND)
    each = scored.errors**2 if contest.smaller_is_better else right(scored)
    one.rows.append(each)
    one.validation.append(stored.record["metrics"][f"val_{contest.metric}"] or math.nan)
    value = float(each.mean() ** 0.5) if contest.smaller_is_better else float(each.mean())
    one.values[f"{place}/{stored.record['fold']}"].append(value)


def left_out(stored: StoredRun) -> Scored:
    kept = stored.kept_arrays("targets", "outputs")
    return Scored(kept["targets"], kept["outputs"], stored.task)


def show(contest: Contest, found: Mapping[str, Found]) -> None:
    """A line per method, the best first, then who wins."""
    sign = 1 if contest.smaller_is_better else -1
    ranked = sorted(found, key=lambda name: sign * statistics.mean(found[name].means))
    chosen = min(
        (name for name in found if name != NET), key=lambda name: sign * statistics.mean(found[name].validation)
    )
    where = "left-out fold" if contest.folds else "test"
    print(f"\n`{contest.config}.yaml`\n\n| method | {where} {contest.metric} | the net less it, 95 % interval |")
    print("| --- | --- | --- |")
    for name in ranked:
        cells = [f"**{name}**" if name == NET else name, number(statistics.mean(found[name].means))]
        apart = "" if name == NET else shown(difference(found, name, contest.overlap), contest)
        print(f"| {' | '.join([*cells, apart])} |")
    print(f"\n{sentence(contest, chosen, difference(found, chosen, contest.overlap))}", flush=True)


def difference(found: Mapping[str, Found], name: str, overlap: float = 0.0) -> Interval:
    """Of the net and a method: over splits or folds; over the rows where there is one test file."""
    net, other = found[NET], found[name]
    pairs = [mine - its for mine, its in zip(net.means, other.means, strict=True)]
    if len(pairs) > 1:
        between = mean_interval(pairs, overlap)
        assert between is not None
        return between
    rows = np.mean(net.rows, axis=0) - np.mean(other.rows, axis=0)
    return Interval(float(rows.mean()), half=bootstrap_half(rows), count=len(rows))


def sentence(contest: Contest, chosen: str, apart: Interval) -> str:
    assert apart.low is not None
    assert apart.high is not None
    better = apart.high < 0 if contest.smaller_is_better else apart.low > 0
    worse = apart.low > 0 if contest.smaller_is_better else apart.high < 0
    verdict = "beats" if better else "loses to" if worse else "cannot be told from"
    return f"The net {verdict} {chosen}, the method that validation rows name: {shown(apart, contest)}."


def shown(apart: Interval, contest: Contest) -> str:
    """In points of accuracy, or in the target's unit."""
    scale, digits = (1, 3) if contest.smaller_is_better else (100, 2)
    if abs(apart.mean * scale) >= 100:
        digits = 0
    unit = "" if contest.smaller_is_better else " points"
    low, mean, high = (f"{scale * value:+,.{digits}f}" for value in (apart.low or 0.0, apart.mean, apart.high or 0.0))
    return f"{mean}{unit} ({low} to {high})"
