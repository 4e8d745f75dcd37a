"""A search over keys of an experiment: what `dlrun sweep` reads. Search words are Optuna's."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Strict, Tag, model_validator

from dlrun.spec.section import Count, CountOrZero, Positive, Section, Text, one_or_list


class Interval(Section):
    """A range of numbers to draw from."""

    low: float
    high: float
    step: Positive | None = None
    """Only low, low + step, low + 2 step, ..."""
    log: bool = False
    """Uniform in the logarithm."""

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if not self.low < self.high:
            raise ValueError(f"needs low < high. Received: low={self.low}, high={self.high}")
        if self.log and self.low <= 0:
            raise ValueError(f"needs low > 0 with log: true. Received: low={self.low}")
        if self.log and self.step is not None:
            raise ValueError("takes `log` or `step`, not both. Received: both")
        return self


class Search(Section):
    """How configurations are drawn from `space`."""

    name: Literal["random", "zoom", "tpe", "halving"]
    n_trials: Count = 64
    monitor: Text = "val_loss"


Choices = Annotated[tuple[Any, ...], Strict(False), Field(min_length=1)]


class Sweep(Section):
    """A grid, or a search over a space, each with several seeds."""

    grid: dict[str, Choices] | None = None
    """Key path -> values: every combination is run."""
    search: Search | None = None
    space: (
        dict[
            str,
            Annotated[
                Annotated[Choices, Tag("<list>")] | Annotated[Interval, Tag("<one>")],
                Discriminator(one_or_list),
            ],
        ]
        | None
    ) = None
    """Key path -> values, or a range: what `search` draws from."""
    seeds: Annotated[
        Annotated[Count, Tag("<one>")]
        | Annotated[tuple[CountOrZero, ...], Strict(False), Field(min_length=1), Tag("<list>")],
        Discriminator(one_or_list),
    ] = 1
    """How many seeds, counted up from `seed`; or a list of them."""

    @model_validator(mode="after")
    def grid_or_search(self) -> Self:
        if (self.grid is None) == (self.search is None):
            came = "neither" if self.grid is None else "both"
            raise ValueError(f"needs `grid` or `search`, exactly one of them. Received: {came}")
        if (self.search is None) != (self.space is None):
            raise ValueError("needs `search` and `space` together. Received: one of them")
        if self.grid is not None and not self.grid:
            raise ValueError("needs at least one key in `grid`. Received: none")
        return self
