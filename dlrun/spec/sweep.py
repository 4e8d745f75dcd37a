"""A search over keys of an experiment: what `dlrun sweep` reads. Search words are Optuna's."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Strict, Tag, model_validator

from dlrun.spec.section import LARGEST, Count, CountOrZero, Misfit, Positive, Section, Text, one_or_list


class Interval(Section):
    """A range of numbers to draw from."""

    low: float
    """The least value."""
    high: float
    """The greatest value."""
    step: Positive | None = None
    """Only low, low + step, low + 2 step, ..."""
    log: bool = False
    """Uniform in the logarithm."""

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if not self.low < self.high:
            raise Misfit("low", f"must be below high, {self.high:g}. Received: {self.low:g}")
        if self.log and self.low <= 0:
            raise Misfit("low", f"must be > 0 where log is true. Received: {self.low:g}")
        if self.log and self.step is not None:
            raise Misfit("step", "has no meaning where log is true. Keep one of them")
        if self.step is not None and self.step > self.high - self.low:
            raise Misfit("step", f"must be at most high - low, {self.high - self.low:g}. Received: {self.step:g}")
        return self


OWN_KEYS = {"rounds": ("zoom", "tpe"), "factor": ("halving",), "min_epochs": ("halving",)}
"""Keys of a search that only some searches read."""


class Search(Section):
    """How configurations are drawn from `space`."""

    name: Literal["random", "zoom", "tpe", "halving"]
    """random: independent draws. zoom: rounds of draws from ranges that shrink around the best quarter, and widen where
    the best lies at a bound. tpe: Optuna's sampler. halving: random draws, of which the worse end early."""
    n_trials: Count = 64
    """How many configurations are tried."""
    monitor: Text | None = None
    """The curve that decides which configuration is better; `fit.monitor` when not given."""
    rounds: Count | None = None
    """zoom and tpe: `n_trials` is cut into so many rounds, each of which learns from those before it; 3 for zoom, 8 for
    tpe when not given."""
    factor: Annotated[int, Field(ge=2, le=LARGEST)] = 3
    """halving: one in so many configurations goes on, to so many times as many epochs."""
    min_epochs: Count = 3
    """halving: no run ends before so many epochs."""

    @model_validator(mode="after")
    def own_keys(self) -> Self:
        for key, searches in OWN_KEYS.items():
            if self.name not in searches and getattr(self, key) != type(self).model_fields[key].default:
                raise Misfit(key, f"is for {' and '.join(searches)}; {self.name} does not read it. Leave it out")
        if self.rounds is not None and self.rounds > self.n_trials:
            raise Misfit("rounds", f"must be at most n_trials, {self.n_trials}. Received: {self.rounds}")
        return self


Choices = Annotated[tuple[Any, ...], Strict(False), Field(min_length=1)]


class Sweep(Section):
    """A grid, or a search over a space, each with several seeds."""

    grid: dict[str, Choices] | None = None
    """Key path -> values: every combination is run."""
    search: Search | None = None
    """How configurations are drawn from `space`, in place of `grid`."""
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
        given = [key for key in ("grid", "search", "space") if getattr(self, key) is not None]
        if given not in (["grid"], ["search", "space"]):
            came = " and ".join(f"`{key}`" for key in given) or "none of them"
            raise ValueError(f"needs `grid`, or `search` together with `space`. Received: {came}")
        for key in ("grid", "space"):
            if getattr(self, key) == {}:
                raise Misfit(key, "needs at least one key, such as `model.width: [16, 64]`. Received: none")
        if isinstance(self.seeds, tuple) and len(set(self.seeds)) < len(self.seeds):
            raise Misfit("seeds", f"must differ from one another. Received: {list(self.seeds)}")
        return self
