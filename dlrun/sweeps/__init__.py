"""Many experiments from one: which configurations are tried, round by round."""

from dlrun.sweeps.search import how_many, how_many_runs, search_of
from dlrun.sweeps.trials import Round, Scored, Search, Trial

__all__ = ["Round", "Scored", "Search", "Trial", "how_many", "how_many_runs", "search_of"]
