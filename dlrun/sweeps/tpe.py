"""Optuna's tree-structured Parzen estimator (Bergstra et al. 2011), by ask and tell."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlrun.data.streams import seed_sequence, stream
from dlrun.spec.names import greater_is_better
from dlrun.sweeps.proposals import Batch, Proposals
from dlrun.sweeps.rounds import next_part, parts
from dlrun.sweeps.space import Dimension, Range, Space
from dlrun.sweeps.trials import Round, Scored, best_first, counted

if TYPE_CHECKING:
    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

ROUNDS = 8
"""Where `search.rounds` is not given."""
PATIENCE = 4
"""Proposals per trial that is wanted; where most of them were tried before, the others are drawn at random."""
STARTUP = 10
"""Trials that are drawn at random before the estimator is asked (Optuna's default)."""


@dataclass
class TpeSearch:
    """Each round is made by a fresh study that is told the whole history, so that the same history gives the same
    round, whatever happened in between.

    Args:
        rounds: into so many the trials are cut; when not given, into one of those that are drawn at random, since they
            learn nothing from each other, and up to `ROUNDS` - 1 more.
    """

    monitor: str
    proposals: Proposals
    space: Space
    n_trials: int
    seed: int
    rounds: int | None = None

    def sizes(self) -> list[int]:
        """How many trials each round has."""
        if self.rounds is not None:
            return parts(self.n_trials, self.rounds)
        first = min(self.n_trials, STARTUP)
        more = self.n_trials - first
        return [first, *parts(more, min(more, ROUNDS - 1))] if more else [first]

    def next_round(self, history: Sequence[Scored]) -> Round | None:
        """The next trials; None when `n_trials` have been run, or nothing new is proposed."""
        sizes = self.sizes()
        number = next_part(sizes, len(history))
        if number is None:
            return None
        batch = self.proposals.new(history)
        with quiet_optuna():
            self._fill(batch, sizes[number], self._study(history))
        if batch.refused and not batch.known:
            raise batch.first_errors()
        if not batch.trials:
            return None
        return Round(tuple(batch.trials), self._why(number, batch, history), warnings=tuple(batch.warnings))

    def _fill(self, batch: Batch, size: int, study: Study) -> None:
        from optuna.trial import TrialState

        distributions = {key: distribution(dimension) for key, dimension in self.space.dimensions.items()}
        for _ in range(PATIENCE * size):
            if len(batch.trials) == size:
                return
            asked = study.ask(distributions)
            if not batch.add(self.values(asked.params)):
                study.tell(asked, state=TrialState.FAIL)
        batch.draw(self.space, size - len(batch.trials), stream(self.seed, "search", len(batch.known)))

    def _study(self, history: Sequence[Scored]) -> Study:
        import optuna

        sampler = optuna.samplers.TPESampler(
            seed=int(seed_sequence(self.seed, "search", len(history)).generate_state(1)[0]),
            n_startup_trials=STARTUP,
            multivariate=True,
            warn_independent_sampling=False,
            constant_liar=True,  # those of one round know of each other
        )
        study = optuna.create_study(
            sampler=sampler, direction="maximize" if greater_is_better(self.monitor) else "minimize"
        )
        study.add_trials([self._told(scored, history) for scored in history])
        return study

    def _told(self, scored: Scored, history: Sequence[Scored]) -> FrozenTrial:
        """A trial as Optuna keeps it. One that came to no number counts as the worst that did, so that its
        neighbourhood is avoided."""
        from optuna.trial import TrialState, create_trial

        worst = next((other.score for other in reversed(best_first(history, self.monitor))), None)
        value = worst if scored.score is None else scored.score
        params = self.params(scored.trial.values)
        return create_trial(
            state=TrialState.FAIL if value is None else TrialState.COMPLETE,
            value=value,
            params=params,
            distributions={key: distribution(self.space.dimensions[key]) for key in params},
        )

    def params(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A trial's values as Optuna's: of a choice its place."""
        found = {}
        for key, value in values.items():
            dimension = self.space.dimensions[key]
            found[key] = value if isinstance(dimension, Range) else place_of(value, dimension.values)
        return found

    def values(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Optuna's parameters as a point."""
        found = {}
        for key, dimension in self.space.dimensions.items():
            value = params[key]
            found[key] = dimension.nearest(value) if isinstance(dimension, Range) else dimension.values[value]
        return found

    def _why(self, number: int, batch: Batch, history: Sequence[Scored]) -> str:
        known = len(best_first(history, self.monitor))
        how = "drawn at random to begin with" if known < STARTUP else f"proposed from {known:,} results"
        return f"tpe: round {number + 1} of {len(self.sizes())}: {counted(len(batch.trials))} {how}{batch.left_out}"


def distribution(dimension: Dimension) -> BaseDistribution:
    """What Optuna draws from; of a choice the place of a value."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if not isinstance(dimension, Range):
        return CategoricalDistribution(tuple(range(len(dimension.values))))
    if dimension.limits.whole:
        return IntDistribution(int(dimension.low), int(dimension.top), dimension.log, int(dimension.grain))
    return FloatDistribution(dimension.low, dimension.top, dimension.log, dimension.step)


def place_of(value: Any, values: Sequence[Any]) -> int:
    """Where the value stands; 1, 1.0 and true are different values."""
    return next(place for place, other in enumerate(values) if other is value or repr(other) == repr(value))


@contextmanager
def quiet_optuna() -> Iterator[None]:
    """Without Optuna's log of every study, and its warnings that some arguments may change."""
    import optuna

    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        optuna.logging.set_verbosity(level)
