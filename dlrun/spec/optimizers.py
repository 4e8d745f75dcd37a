"""The optimizers of Keras with their own arguments: one class each, the tagged union at the end is the table.

Defaults are Keras' (`tests/spec/test_names.py` compares them with the installed Keras).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from dlrun.spec.section import (
    LARGEST,
    Count,
    CountOrZero,
    Fraction,
    Misfit,
    NonNegative,
    Positive,
    Section,
    Share,
    UnitInterval,
    by_name,
)


class Optimizer(Section):
    """What every Keras optimizer takes."""

    name: str
    learning_rate: Positive = 0.001
    """Step size; with a schedule, the rate it starts from."""
    weight_decay: NonNegative | None = None
    """Decoupled weight decay, applied to all kernels and biases."""
    clipnorm: Positive | None = None
    """Clips each weight's gradient to this norm."""
    clipvalue: Positive | None = None
    """Clips each gradient element to +-this value."""
    global_clipnorm: Positive | None = None
    """Clips all gradients together to this norm."""
    use_ema: bool = False
    """Keeps an exponential moving average of the weights."""
    ema_momentum: UnitInterval = 0.99
    """How slowly that average moves."""
    ema_overwrite_frequency: Count | None = None
    """Overwrites the weights by their average every so many steps."""
    loss_scale_factor: Positive | None = None
    """Multiplies the loss and divides the gradients, against underflow of small ones."""
    gradient_accumulation_steps: Annotated[int, Field(ge=2, le=LARGEST)] | None = None
    """Applies the mean gradient of so many batches at once."""

    @model_validator(mode="after")
    def one_clipping(self) -> Self:
        given = [key for key in ("clipnorm", "clipvalue", "global_clipnorm") if getattr(self, key) is not None]
        if len(given) > 1:
            raise Misfit(given[1], f"is a second way to clip, beside {given[0]}. Keep one of them")
        return self

    def arguments(self) -> dict[str, object]:
        """The keyword arguments for the Keras class, `name` left out."""
        return self.model_dump(exclude={"name"})


class SGD(Optimizer):
    """Gradient descent, with or without momentum."""

    name: Literal["sgd"] = "sgd"
    learning_rate: Positive = 0.01
    momentum: UnitInterval = 0.0
    nesterov: bool = False


class RMSprop(Optimizer):
    """Steps divided by a running root mean square of the gradient (Tieleman and Hinton 2012)."""

    name: Literal["rmsprop"] = "rmsprop"
    rho: Fraction = 0.9
    momentum: UnitInterval = 0.0
    epsilon: Positive = 1e-7
    centered: bool = False


class Adam(Optimizer):
    """Running mean and variance of the gradient (Kingma and Ba 2015)."""

    name: Literal["adam"] = "adam"
    beta_1: Fraction = 0.9
    beta_2: Fraction = 0.999
    epsilon: Positive = 1e-7
    amsgrad: bool = False


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019)."""

    name: Literal["adamw"] = "adamw"  # type: ignore[assignment]
    weight_decay: NonNegative | None = 0.004


class Adadelta(Optimizer):
    """Needs little tuning of the rate; `learning_rate: 1.0` is the paper's (Zeiler 2012)."""

    name: Literal["adadelta"] = "adadelta"
    rho: Fraction = 0.95
    epsilon: Positive = 1e-7


class Adagrad(Optimizer):
    """Steps shrink with the sum of squared gradients (Duchi et al. 2011)."""

    name: Literal["adagrad"] = "adagrad"
    initial_accumulator_value: NonNegative = 0.1
    epsilon: Positive = 1e-7


class Adamax(Optimizer):
    """Adam on the infinity norm (Kingma and Ba 2015)."""

    name: Literal["adamax"] = "adamax"
    beta_1: Fraction = 0.9
    beta_2: Fraction = 0.999
    epsilon: Positive = 1e-7


class Adafactor(Optimizer):
    """Adam with factored second moments, for little memory (Shazeer and Stern 2018)."""

    name: Literal["adafactor"] = "adafactor"
    beta_2_decay: Annotated[float, Field(lt=0)] = -0.8
    epsilon_1: Positive = 1e-30
    epsilon_2: Positive = 1e-3
    clip_threshold: Positive = 1.0
    relative_step: bool = True


class Nadam(Optimizer):
    """Adam with Nesterov momentum (Dozat 2015)."""

    name: Literal["nadam"] = "nadam"
    beta_1: Fraction = 0.9
    beta_2: Fraction = 0.999
    epsilon: Positive = 1e-7


class Ftrl(Optimizer):
    """Follow the regularized leader, for sparse linear models (McMahan et al. 2013)."""

    name: Literal["ftrl"] = "ftrl"
    learning_rate_power: Annotated[float, Field(le=0)] = -0.5
    initial_accumulator_value: NonNegative = 0.1
    l1_regularization_strength: NonNegative = 0.0
    l2_regularization_strength: NonNegative = 0.0
    l2_shrinkage_regularization_strength: NonNegative = 0.0
    beta: float = 0.0


class Lion(Optimizer):
    """The sign of a momentum; wants a 3 to 10 times smaller rate than Adam (Chen et al. 2023)."""

    name: Literal["lion"] = "lion"
    beta_1: Share = 0.9
    beta_2: Fraction = 0.99


class Lamb(Optimizer):
    """Adam with a trust ratio per layer, for large batches (You et al. 2019)."""

    name: Literal["lamb"] = "lamb"
    beta_1: Fraction = 0.9
    beta_2: Fraction = 0.999
    epsilon: Positive = 1e-7


class Muon(Optimizer):
    """Orthogonalised momentum for kernels, AdamW for the rest (Jordan et al. 2024)."""

    name: Literal["muon"] = "muon"
    weight_decay: NonNegative | None = 0.004
    adam_beta_1: Fraction = 0.9
    adam_beta_2: Fraction = 0.999
    adam_weight_decay: NonNegative = 0.004
    epsilon: Positive = 1e-7
    muon_a: float = 3.4445
    muon_b: float = -4.775
    muon_c: float = 2.0315
    adam_lr_ratio: Positive = 1
    momentum: Fraction = 0.95
    ns_steps: Count = 5
    nesterov: bool = True
    rms_rate: NonNegative = 0.2


class ScheduleFreeAdamW(Optimizer):
    """AdamW that averages its iterates in place of a schedule (Defazio et al. 2024)."""

    name: Literal["schedule_free_adamw"] = "schedule_free_adamw"
    learning_rate: Positive = 0.0025
    beta_1: Fraction = 0.9
    beta_2: Fraction = 0.999
    epsilon: Positive = 1e-8
    warmup_steps: CountOrZero = 0


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
    "adadelta": Adadelta,
    "adagrad": Adagrad,
    "adamax": Adamax,
    "adafactor": Adafactor,
    "nadam": Nadam,
    "ftrl": Ftrl,
    "lion": Lion,
    "lamb": Lamb,
    "muon": Muon,
    "schedule_free_adamw": ScheduleFreeAdamW,
}

AnyOptimizer = Annotated[
    Annotated[SGD, Tag("<sgd>")]
    | Annotated[RMSprop, Tag("<rmsprop>")]
    | Annotated[Adam, Tag("<adam>")]
    | Annotated[AdamW, Tag("<adamw>")]
    | Annotated[Adadelta, Tag("<adadelta>")]
    | Annotated[Adagrad, Tag("<adagrad>")]
    | Annotated[Adamax, Tag("<adamax>")]
    | Annotated[Adafactor, Tag("<adafactor>")]
    | Annotated[Nadam, Tag("<nadam>")]
    | Annotated[Ftrl, Tag("<ftrl>")]
    | Annotated[Lion, Tag("<lion>")]
    | Annotated[Lamb, Tag("<lamb>")]
    | Annotated[Muon, Tag("<muon>")]
    | Annotated[ScheduleFreeAdamW, Tag("<schedule_free_adamw>")],
    Discriminator(by_name),
]
