"""What an experiment is: data, model, optimizer, schedule, fit, seed. Frozen, validated, equal by value.

The keys and their defaults are the config file's; `docs/config.md` and the JSON Schema are made from these classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Strict, Tag, field_validator, model_validator

from dlrun.spec.augmentation import Augmentation
from dlrun.spec.names import LOSS_ALIASES, Activation, Initializer, Loss, Metric
from dlrun.spec.optimizers import Adam, AnyOptimizer
from dlrun.spec.other_kinds import MADE_BY, Baseline, Ensemble, Kind
from dlrun.spec.schedules import AnySchedule, Constant
from dlrun.spec.section import (
    LARGEST,
    Column,
    Columns,
    Count,
    CountOrZero,
    Counts,
    Fraction,
    Label,
    Labels,
    Matrix,
    Misfit,
    NonNegative,
    Numbers,
    Section,
    Share,
    Text,
    one_or_list,
    text_or_mapping,
)
from dlrun.spec.sweep import Sweep

DEFAULT_UNITS = (64, 64)
DEFAULT_NAMES = {"optimizer": "adam", "schedule": "constant"}
"""What is meant where a file gives arguments without a name."""
Side = Annotated[int, Field(ge=1, le=4096)]
"""Pixels."""
DEEPEST_NET = 1000
"""Hidden layers that a net may have: what comes above is a slip, and would take hours to build."""


class Inline(Section):
    """Rows written in the config itself."""

    x: Annotated[Matrix, Field(min_length=1)]
    """One list of numbers per row."""
    y: Annotated[tuple[float | int | str | bool, ...], Strict(False), Field(min_length=1)]
    """One label or number per row."""


class Data(Section):
    """Which rows are trained on, and how they are split and scaled."""

    source: Text | None = None
    """A built-in name (digits, iris, wine, breast_cancer, diabetes, mnist, fashion_mnist; and, or, nand, nor, xor,
    xnor; moons, circles, spirals, blobs) or the path of a table (CSV or other text, Parquet), of arrays (.npz), of a
    folder of MNIST's idx files, or of a folder or .zip with a folder of images per class. A relative path starts at the
    config file, else at the folder that the environment variable DLRUN_DATA names."""
    inline: Inline | None = None
    """Rows written here, in place of `source`."""
    target: Column | None = None
    """The column to predict, by name or position (-1 is the last)."""
    header: bool | None = None
    """Whether the first line names the columns; found when not given. Without one they are called column_1, column_2,
    ..."""
    separator: Text | None = None
    """One character, or `whitespace`; found when not given."""
    encoding: Text | None = None
    """For example utf-8 or cp949; found when not given."""
    decimal: Literal[".", ","] | None = None
    """The decimal mark; found when not given."""
    na_values: Labels | None = None
    """Texts that mean a missing value; `?`, `NA` and the like are known."""
    task: Literal["auto", "classification", "regression"] = "auto"
    """auto: texts are classes, and so are whole numbers of which there are few different ones; else regression."""
    exclude: Columns | None = None
    """Columns left out."""
    features: Columns | None = None
    """The only columns used."""
    label_map: dict[str, Label] | None = None
    """Renames labels, for files that spell one class in two ways."""
    group: Column | None = None
    """Rows with the same value in this column stay on one side of a split."""
    time: Column | None = None
    """The latest rows by this column are the validation rows."""
    validation_split: Fraction = 0.2
    """Share of the rows held out for validation, seeded, stratified for classes. 0: no validation."""
    test_split: Fraction = 0.0
    """Share of the rows kept for `dlrun evaluate`."""
    validation_source: Text | None = None
    """Another file whose rows are the validation rows."""
    test_source: Text | None = None
    """Another file whose rows are the test rows."""
    folds: Annotated[int, Field(ge=2, le=LARGEST)] | None = None
    """k for cross-validation: one run per seed and fold, each validated on its fold, in place of `validation_split`."""
    split_seed: CountOrZero = 0
    """Seed of the split: all seeds of a configuration share it."""
    train_fraction: Share = 1.0
    """Trains on this share of the train rows only."""
    rows: Count | None = None
    """Generators: how many rows (gates: 4, the truth table; the others: 1000)."""
    noise: NonNegative | None = None
    """Generators: standard deviation of the noise (gates: 0; the others: 0.1)."""
    image_size: (
        Annotated[
            Annotated[Side, Tag("<one>")]
            | Annotated[tuple[Side, ...], Strict(False), Field(min_length=2, max_length=2), Tag("<list>")],
            Discriminator(one_or_list),
        ]
        | None
    ) = None
    """Folders of images: [height, width], or one number for both, to which they are scaled. When not given, their own
    size where all have the same, else 32."""
    scaling: Literal["standard", "minmax", "robust", "none"] = "standard"
    """Fitted on train rows only. standard: a column that a few outliers stretch is scaled by its median and
    interquartile range, and the outliers are drawn in. Pixels are divided by their largest value instead."""
    augmentation: Augmentation | None = None
    """Changes train rows at random while training."""

    @model_validator(mode="after")
    def one_source(self) -> Data:
        if (self.source is None) == (self.inline is None):
            came = "neither" if self.source is None else "both"
            raise ValueError(f"needs `source` or `inline`, exactly one of them. Received: {came}")
        if self.exclude is not None and self.features is not None:
            raise Misfit("features", "is a second way to say what `exclude` says. Keep one of them")
        if self.validation_split + self.test_split >= 1:
            sum_of_shares = f"{self.validation_split:g} + {self.test_split:g}"
            raise Misfit(
                "test_split",
                f"must leave train rows: its sum with validation_split must be < 1. Received: {sum_of_shares}",
            )
        if self.separator is not None and len(self.separator) > 1 and self.separator != "whitespace":
            raise Misfit("separator", f"must be one character, or `whitespace`. Received: {self.separator[:20]!r}")
        return self


INITIALIZER_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "constant": ("value",),
    "identity": ("gain",),
    "orthogonal": ("gain",),
    "random_normal": ("mean", "stddev"),
    "random_uniform": ("minval", "maxval"),
    "truncated_normal": ("mean", "stddev"),
    "variance_scaling": ("scale", "mode", "distribution"),
}
"""The arguments of each initializer; those not named here take none."""


class KernelInitializer(Section):
    """An initial distribution with Keras' arguments; those that the named one does not take stay unset."""

    name: Initializer
    """One of Keras' initializers."""
    mean: float | None = None
    stddev: NonNegative | None = None
    minval: float | None = None
    maxval: float | None = None
    value: float | None = None
    gain: float | None = None
    scale: Annotated[float, Field(gt=0)] | None = None
    mode: Literal["fan_in", "fan_out", "fan_avg"] | None = None
    distribution: Literal["truncated_normal", "untruncated_normal", "uniform"] | None = None

    @model_validator(mode="after")
    def own_arguments(self) -> KernelInitializer:
        foreign = sorted(self.arguments().keys() - set(INITIALIZER_ARGUMENTS.get(self.name, ())))
        if foreign:
            known = ", ".join(INITIALIZER_ARGUMENTS.get(self.name, ())) or "none"
            raise Misfit(foreign[0], f"is not an argument of {self.name}; its arguments: {known}")
        return self

    def arguments(self) -> dict[str, object]:
        """The arguments that were given."""
        return self.model_dump(exclude={"name"}, exclude_none=True)


class GivenLayer(Section):
    """Weights of one Dense layer, put together by hand."""

    kernel: Matrix
    """One list per input, one number per unit."""
    bias: Numbers | None = None
    """One number per unit."""


AnyInitializer = Annotated[
    Annotated[Initializer, Tag("<text>")] | Annotated[KernelInitializer, Tag("<mapping>")],
    Discriminator(text_or_mapping),
]


class Model(Section):
    """The multilayer perceptron."""

    units: Counts = DEFAULT_UNITS
    """Units of each hidden Dense layer; [] is the linear model. `width` with `depth` is short for it."""
    widen: Count = 1
    """Multiplies every width."""
    deepen: Count = 1
    """Repeats every hidden layer: [8, 4] deepened by 2 is [8, 8, 4, 4]."""
    activation: Annotated[
        Annotated[Activation, Tag("<one>")] | Annotated[tuple[Activation, ...], Strict(False), Tag("<list>")],
        Discriminator(one_or_list),
    ] = "relu"
    """Any Keras name, or `step`; one, or a list per hidden layer."""
    dropout: Annotated[
        Annotated[Fraction, Tag("<one>")] | Annotated[tuple[Fraction, ...], Strict(False), Tag("<list>")],
        Discriminator(one_or_list),
    ] = 0.0
    """Share of units dropped while training; one, or a list per hidden layer."""
    batch_normalization: bool = False
    """Order: Dense, batch normalization, activation, dropout."""
    kernel_initializer: AnyInitializer = "glorot_uniform"
    """A Keras name, or a mapping such as `{name: random_normal, stddev: 0.01}`."""
    bias_initializer: AnyInitializer = "zeros"
    """As `kernel_initializer`."""
    use_bias: bool = True
    """Whether Dense layers have a bias."""
    l1: NonNegative = 0.0
    """L1 penalty on every Dense kernel."""
    l2: NonNegative = 0.0
    """L2 penalty on every Dense kernel."""
    output_activation: Activation | None = None
    """Of the output layer; follows the task when not given."""
    weights: Annotated[tuple[GivenLayer, ...], Strict(False)] | None = None
    """Given weights of every Dense layer, the output layer included."""

    @property
    def hidden(self) -> tuple[int, ...]:
        """Units of the hidden layers as they are built, `widen` and `deepen` carried out."""
        return tuple(units * self.widen for units in self.units for _ in range(self.deepen))

    def each_layer(self, value: Any) -> tuple[Any, ...]:
        """One entry per hidden layer of a value that may be one, or a list per layer of `units`."""
        per_layer = value if isinstance(value, tuple) else (value,) * len(self.units)
        return tuple(item for item in per_layer for _ in range(self.deepen))

    @field_validator("kernel_initializer", "bias_initializer", mode="before")
    @classmethod
    def without_arguments(cls, value: object) -> object:
        """`{name: he_normal}` is the long form of `he_normal`, and the same experiment."""
        return value["name"] if isinstance(value, Mapping) and value.keys() == {"name"} else value

    @model_validator(mode="after")
    def a_net_that_can_be_built(self) -> Model:
        layers = len(self.units) * self.deepen
        if layers > DEEPEST_NET:
            key = "units" if self.deepen == 1 else "deepen"
            raise Misfit(key, f"must leave at most {DEEPEST_NET:,} hidden layers. Received: {layers:,}")
        if max(self.units, default=0) * self.widen > LARGEST:
            widest = max(self.units) * self.widen
            raise Misfit("widen", f"must leave at most {LARGEST:,} units in a layer. Received: {widest:,}")
        return self

    @model_validator(mode="after")
    def lists_fit(self) -> Model:
        for key in ("activation", "dropout"):
            value = getattr(self, key)
            if isinstance(value, tuple) and len(value) != len(self.units):
                raise Misfit(
                    key,
                    f"must be one value, or one per hidden layer: {len(self.units)}. Received: a list of {len(value)}",
                )
        wanted = len(self.hidden) + 1
        if self.weights is not None and len(self.weights) != wanted:
            raise Misfit(
                "weights",
                f"must have one entry per hidden layer and one for the output: {wanted}. Received: {len(self.weights)}",
            )
        return self


class EarlyStopping(Section):
    """Keras' `EarlyStopping`. Which weights are kept is `fit.keep`, with or without it."""

    monitor: Text | None = None
    """The curve to watch; `fit.monitor` when not given."""
    min_delta: NonNegative = 0.0
    """Smaller changes do not count as better."""
    patience: CountOrZero = 0
    """Epochs without a better value after which training ends."""
    mode: Literal["auto", "min", "max"] = "auto"
    """Whether lower or higher is better; auto: higher for scores such as accuracy, else lower."""
    baseline: float | None = None
    """Training ends where this value is not reached within `patience` epochs."""
    start_from_epoch: CountOrZero = 0
    """Epochs at the start that are not watched."""


class Fit(Section):
    """How it is trained."""

    epochs: CountOrZero = 50
    """0 measures the start without training."""
    batch_size: Annotated[
        Annotated[Count, Tag("<one>")] | Annotated[Literal["full"], Tag("<text>")],
        Discriminator(lambda value: "<text>" if isinstance(value, str) else "<one>"),
    ] = 32
    """Rows per step; `full` is batch gradient descent, 1 is online."""
    early_stopping: EarlyStopping | None = None
    """Ends training when the monitored curve gets no better, such as `{patience: 8}`."""
    monitor: Text = "auto"
    """The curve that decides which epoch is best: val_loss, or train_loss when there are no validation rows."""
    keep: Literal["best", "last"] = "best"
    """Whose weights and metrics are reported: the best epoch's or the last one's."""
    metrics: Annotated[
        Annotated[Literal["auto"], Tag("<text>")] | Annotated[tuple[Metric, ...], Strict(False), Tag("<list>")],
        Discriminator(lambda value: "<list>" if isinstance(value, (list, tuple)) else "<text>"),
    ] = "auto"
    """auto: accuracy, and auc and balanced_accuracy where the most frequent class has more than 4 times the rows of the
    rarest; for numbers mean_absolute_error and root_mean_squared_error. With two classes f1, precision, recall and
    average_precision are those of the second label in sorted order; with more, the mean over the classes."""
    loss: Loss = "auto"
    """Keras' name; follows the task when not given."""
    class_weight: (
        Annotated[
            Annotated[Literal["balanced"], Tag("<text>")]
            | Annotated[dict[str, Annotated[float, Field(ge=0)]], Tag("<mapping>")],
            Discriminator(text_or_mapping),
        ]
        | None
    ) = None
    """balanced, or a weight per label."""
    label_smoothing: Fraction = 0.0
    """Share of each label that is spread over all classes, in the training loss only."""
    precision: Literal["float32", "float64", "mixed_bfloat16", "mixed_float16"] = "float32"
    """Of weights and computation; the mixed ones compute in 16 bits."""

    @field_validator("loss", mode="before")
    @classmethod
    def full_name(cls, value: object) -> object:
        return LOSS_ALIASES.get(value, value) if isinstance(value, str) else value


class Experiment(Section):
    """One experiment: what is to be trained. A run is an experiment trained once."""

    name: Text = "run"
    """A label; decoration, not part of a run's identity."""
    seed: CountOrZero = 0
    """Initial weights, batch order and dropout are drawn from it."""
    data: Data
    # model_construct: the same defaults, without building a validator at import
    model: Model = Model.model_construct()
    optimizer: AnyOptimizer = Adam.model_construct()
    """A Keras optimizer: its name, or a mapping with its name and arguments."""
    schedule: AnySchedule = Constant.model_construct()
    """How the learning rate changes, epoch by epoch: a name, or a mapping with its name and arguments."""
    fit: Fit = Fit.model_construct()
    sweep: Sweep | None = None
    """What `dlrun sweep` tries; `dlrun train` trains the base."""
    baseline: Baseline | None = None
    """A classical method in place of the net; made by `dlrun baselines`."""
    ensemble: Ensemble | None = None
    """Several runs in place of the net; made by `dlrun ensemble`."""

    @property
    def kind(self) -> Kind:
        """What is trained."""
        if self.ensemble is not None:
            return "ensemble"
        return "mlp" if self.baseline is None else "baseline"

    @field_validator("optimizer", "schedule", mode="before")
    @classmethod
    def name_alone(cls, value: object) -> object:
        """`optimizer: adam` is short for `optimizer: {name: adam}`."""
        return {"name": value} if isinstance(value, str) else value

    @property
    def monitor(self) -> str:
        """The curve column that decides which epoch is best."""
        if self.fit.monitor != "auto":
            return self.fit.monitor
        return "val_loss" if self.has_validation else "train_loss"

    @property
    def has_validation(self) -> bool:
        """Whether there are validation rows."""
        data = self.data
        return data.validation_split > 0 or data.validation_source is not None or data.folds is not None

    def with_seed(self, seed: int) -> Experiment:
        """The same configuration with another seed."""
        return self.model_copy(update={"seed": seed})

    def to_dict(self) -> Mapping[str, Any]:
        """Every key with its value, defaults included, as plain YAML-able types. What only commands make is in it where
        it was made."""
        return self.model_dump(mode="json", exclude={section for section in MADE_BY if getattr(self, section) is None})
