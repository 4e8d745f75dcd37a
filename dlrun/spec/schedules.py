"""Learning-rate schedules, counted in epochs: one class each, the tagged union at the end is the table.

What the keys mean as numbers per epoch stands in `dlrun.training.schedules`. All but `reduce_lr_on_plateau` reach Keras
through `LearningRateScheduler`; that one through `ReduceLROnPlateau`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from dlrun.spec.section import (
    Count,
    CountOrZero,
    Counts,
    Misfit,
    NonNegative,
    Positive,
    Rates,
    Section,
    Share,
    Text,
    UnitInterval,
    by_name,
)


class Schedule(Section):
    """How the learning rate changes while training."""

    name: str


class Warmed(Schedule):
    """A schedule whose rate is a formula of the epoch, and can be warmed up."""

    warmup_epochs: CountOrZero = 0
    """The rate rises linearly over so many epochs before the schedule begins."""


class Constant(Warmed):
    """The rate stays what it is."""

    name: Literal["constant"] = "constant"


class Step(Warmed):
    """The rate falls in steps."""

    name: Literal["step"] = "step"
    factor: Share = 0.5
    """The rate is multiplied by this ..."""
    every: Count = 10
    """... after every so many epochs."""


class Exponential(Warmed):
    """The rate falls by the same factor in equal times."""

    name: Literal["exponential"] = "exponential"
    decay_rate: Share = 0.5
    """The factor ..."""
    decay_epochs: Positive = 10
    """... by which the rate falls over so many epochs."""
    staircase: bool = False
    """In steps instead of smoothly."""


class InverseTime(Warmed):
    """rate = learning_rate / (1 + decay_rate * epoch / decay_epochs)."""

    name: Literal["inverse_time"] = "inverse_time"
    decay_rate: NonNegative = 1.0
    """How strongly it falls."""
    decay_epochs: Positive = 10
    """The unit of time."""


class Polynomial(Warmed):
    """The rate falls to `end_learning_rate` over all epochs, along (1 - share of the epochs done) ** power."""

    name: Literal["polynomial"] = "polynomial"
    end_learning_rate: NonNegative = 0.0001
    """The rate at the end."""
    power: Positive = 1.0
    """1 is a straight line."""


class Cosine(Warmed):
    """The rate falls along half a cosine over all epochs (Loshchilov and Hutter 2017)."""

    name: Literal["cosine"] = "cosine"
    alpha: UnitInterval = 0.0
    """The rate ends at this share of where it began."""


class CosineRestarts(Warmed):
    """Half a cosine, again and again (Loshchilov and Hutter 2017)."""

    name: Literal["cosine_restarts"] = "cosine_restarts"
    first_decay_epochs: Count = 10
    """Epochs of the first period."""
    t_mul: Annotated[float, Field(ge=1)] = 2.0
    """Each period is so many times as long as the one before."""
    m_mul: Share = 1.0
    """Each restart begins at so many times the rate of the one before."""
    alpha: UnitInterval = 0.0
    """Each period ends at this share of `learning_rate`."""


class OneCycle(Warmed):
    """Up to a high rate and down to nothing over all epochs (Smith 2018)."""

    name: Literal["one_cycle"] = "one_cycle"
    max_learning_rate: Positive = 0.01
    """The highest rate; not below `optimizer.learning_rate`."""
    pct_start: Annotated[float, Field(gt=0, lt=1)] = 0.3
    """The share of the epochs in which the rate rises from `learning_rate` to `max_learning_rate`."""


class Piecewise(Warmed):
    """Rates of your own; `optimizer.learning_rate` has no part in them."""

    name: Literal["piecewise"] = "piecewise"
    boundaries: Annotated[Counts, Field(min_length=1)]
    """Epochs after which the rate changes, rising."""
    values: Annotated[Rates, Field(min_length=2)]
    """The rates: one more than there are boundaries."""

    @model_validator(mode="after")
    def one_value_more(self) -> Self:
        if len(self.values) != len(self.boundaries) + 1:
            wanted = len(self.boundaries) + 1
            raise Misfit(
                "values", f"needs one rate more than there are boundaries: {wanted}. Received: {len(self.values)}"
            )
        if list(self.boundaries) != sorted(set(self.boundaries)):
            raise Misfit("boundaries", f"must rise. Received: {list(self.boundaries)}")
        return self


class ReduceLROnPlateau(Schedule):
    """Keras' callback: the rate falls when the monitored curve gets no better."""

    name: Literal["reduce_lr_on_plateau"] = "reduce_lr_on_plateau"
    monitor: Text | None = None
    """The curve to watch; `fit.monitor` when not given."""
    factor: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """The rate is multiplied by this ..."""
    patience: CountOrZero = 10
    """... after so many epochs without a better value."""
    mode: Literal["auto", "min", "max"] = "auto"
    """Whether lower or higher is better; auto: higher for scores such as accuracy, else lower."""
    min_delta: NonNegative = 1e-4
    """Smaller changes do not count as better."""
    cooldown: CountOrZero = 0
    """Epochs to wait after each fall."""
    min_lr: NonNegative = 0.0
    """The rate never falls below this."""


SCHEDULES: dict[str, type[Schedule]] = {
    "constant": Constant,
    "step": Step,
    "exponential": Exponential,
    "inverse_time": InverseTime,
    "polynomial": Polynomial,
    "cosine": Cosine,
    "cosine_restarts": CosineRestarts,
    "one_cycle": OneCycle,
    "piecewise": Piecewise,
    "reduce_lr_on_plateau": ReduceLROnPlateau,
}

AnySchedule = Annotated[
    Annotated[Constant, Tag("<constant>")]
    | Annotated[Step, Tag("<step>")]
    | Annotated[Exponential, Tag("<exponential>")]
    | Annotated[InverseTime, Tag("<inverse_time>")]
    | Annotated[Polynomial, Tag("<polynomial>")]
    | Annotated[Cosine, Tag("<cosine>")]
    | Annotated[CosineRestarts, Tag("<cosine_restarts>")]
    | Annotated[OneCycle, Tag("<one_cycle>")]
    | Annotated[Piecewise, Tag("<piecewise>")]
    | Annotated[ReduceLROnPlateau, Tag("<reduce_lr_on_plateau>")],
    Discriminator(by_name),
]
