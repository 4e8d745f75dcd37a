"""The search that a config's `sweep` asks for."""

from __future__ import annotations

import math
from collections.abc import Callable

from dlrun.errors import ConfigError, Problem
from dlrun.spec import Loaded
from dlrun.spec import sweep as words
from dlrun.spec.layers import place_of
from dlrun.sweeps import zoom
from dlrun.sweeps.grid import GridSearch
from dlrun.sweeps.halving import HalvingSearch
from dlrun.sweeps.proposals import Proposals, seeds_of
from dlrun.sweeps.random_search import RandomSearch
from dlrun.sweeps.space import Space, space_of
from dlrun.sweeps.tpe import TpeSearch
from dlrun.sweeps.trials import Search
from dlrun.sweeps.zoom import ZoomSearch


def search_of(loaded: Loaded) -> Search:
    """The search of a config that has a `sweep`.

    Raises:
        ConfigError: it has none, or the search cannot be carried out with these keys.
    """
    proposals = Proposals.of(loaded)
    space = space_in(loaded)
    given = None if loaded.experiment.sweep is None else loaded.experiment.sweep.search
    if given is None:
        return GridSearch(proposals.points.monitor, proposals, space)
    return SEARCHES[given.name](loaded, proposals, space, given)


def space_in(loaded: Loaded) -> Space:
    """What the sweep draws from."""
    sweep = loaded.experiment.sweep
    tree = loaded.layer.tree if loaded.layer is not None else {}
    return space_of((sweep and (sweep.grid or sweep.space)) or {}, tree)


def how_many(loaded: Loaded) -> int:
    """How many configurations a sweep will try at most, counted without building one. Points that say the same in two
    ways are counted twice."""
    sweep = loaded.experiment.sweep
    if sweep is None:
        return 0
    size = space_in(loaded).size
    if sweep.search is None:
        return size or 0
    return min(sweep.search.n_trials, math.inf if size is None else size)  # type: ignore[return-value]


def how_many_runs(loaded: Loaded) -> int:
    """How many runs those are at most: one per configuration, seed and fold."""
    return how_many(loaded) * len(seeds_of(loaded)) * most_folds(loaded)


def most_folds(loaded: Loaded) -> int:
    """Folds of a configuration, where `data.folds` is swept the most it can have."""
    sweep = loaded.experiment.sweep
    swept = ((sweep and (sweep.grid or sweep.space)) or {}).get("data.folds")
    if isinstance(swept, words.Interval):
        return int(swept.high)
    tried = [loaded.experiment.data.folds] if swept is None else swept
    return max(folds or 1 for folds in tried)


def random_search(loaded: Loaded, proposals: Proposals, space: Space, given: words.Search) -> Search:
    return RandomSearch(proposals.points.monitor, proposals, space, given.n_trials, loaded.experiment.seed)


def zoom_search(loaded: Loaded, proposals: Proposals, space: Space, given: words.Search) -> Search:
    rounds = given.rounds or min(zoom.ROUNDS, given.n_trials)
    return ZoomSearch(proposals.points.monitor, proposals, space, given.n_trials, loaded.experiment.seed, rounds)


def tpe_search(loaded: Loaded, proposals: Proposals, space: Space, given: words.Search) -> Search:
    return TpeSearch(proposals.points.monitor, proposals, space, given.n_trials, loaded.experiment.seed, given.rounds)


def halving_search(loaded: Loaded, proposals: Proposals, space: Space, given: words.Search) -> Search:
    if "fit.epochs" in space.dimensions and loaded.layer is not None:
        place = place_of(("sweep", "space", "fit.epochs"), loaded.layer.places)
        text = "sweep.space: fit.epochs cannot be swept by halving, which itself chooses how long runs train."
        raise ConfigError([Problem(place, f"{text} Use another search.")])
    return HalvingSearch(proposals.points.monitor, proposals, space, given.n_trials, loaded.experiment.seed,
                         loaded.experiment.fit.epochs, given.factor, given.min_epochs)  # fmt: skip


SEARCHES: dict[str, Callable[[Loaded, Proposals, Space, words.Search], Search]] = {
    "random": random_search,
    "zoom": zoom_search,
    "tpe": tpe_search,
    "halving": halving_search,
}
