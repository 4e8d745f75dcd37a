"""Rules that understand a config: combinations that Keras would take and that cannot do what they say.

Each gives an error or a warning with its reason. `rules_of_spec` needs the config alone, `rules_of_data` also what the
data turned out to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from dlrun.spec.augmentation import FOR_IMAGES, acting
from dlrun.spec.experiment import Experiment, KernelInitializer
from dlrun.spec.names import (
    BUILT_IN_SETS,
    CLASSIFICATION_LOSSES,
    CLASSIFICATION_METRICS,
    GATES,
    GENERATORS,
    REGRESSION_LOSSES,
    REGRESSION_METRICS,
)
from dlrun.spec.schedules import OneCycle, Piecewise, ReduceLROnPlateau, Warmed


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found."""

    is_error: bool
    path: str
    """The dotted key it is about."""
    text: str
    """What is wrong and the way out; read after the path."""


def error(path: str, text: str) -> Finding:
    return Finding(True, path, text)


def warning(path: str, text: str) -> Finding:
    return Finding(False, path, text)


@dataclass(frozen=True)
class Facts:
    """What a rule may know of the data."""

    kind: str
    """binary, multiclass or regression."""
    train_rows: int
    has_validation: bool
    shares: tuple[float, ...] = ()
    """The share of each class; empty for regression or if unknown."""
    images: bool = False
    """Whether rows are images."""
    numeric: bool = True
    """Whether an input holds an amount, in place of a category or a truth value."""


Rule = Callable[[Experiment], Iterator[Finding]]


def rules_of_spec(experiment: Experiment) -> list[Finding]:
    """Findings that need no data, errors first."""
    found = [finding for rule in RULES for finding in rule(experiment)]
    return sorted(found, key=lambda finding: not finding.is_error)


def rules_of_data(experiment: Experiment, facts: Facts) -> list[Finding]:
    """Findings that need to know the task and the rows, errors first."""
    found = [finding for rule in DATA_RULES for finding in rule(experiment, facts)]
    return sorted(found, key=lambda finding: not finding.is_error)


# --- data ------------------------------------------------------------------------------------------------------------

FOR_TABLES = ("target", "separator", "encoding", "na_values", "label_map", "group", "time")


def keys_for_other_sources(experiment: Experiment) -> Iterator[Finding]:
    data = experiment.data
    generated = data.source in GENERATORS
    for key in ("rows", "noise"):
        if getattr(data, key) is not None and not generated:
            yield error(
                f"data.{key}",
                f"is for generators ({', '.join(GENERATORS)}); {shown(data.source)} is none. Leave it out.",
            )
    if data.source in BUILT_IN_SETS or generated or data.inline is not None:
        for key in FOR_TABLES:
            if getattr(data, key) is not None:
                yield error(f"data.{key}", f"is for data files; {shown(data.source)} is none. Leave it out.")


def shown(source: str | None) -> str:
    return "inline data" if source is None else repr(source)


def validation_of_a_truth_table(experiment: Experiment) -> Iterator[Finding]:
    data = experiment.data
    exact = data.source in GATES and data.rows in (None, 4) and not data.noise
    for key in ("validation_split", "test_split", "folds") if exact else ():
        if getattr(data, key):
            yield error(
                f"data.{key}",
                f"must be {'null' if key == 'folds' else 0} for the truth table of {data.source}: each of its 4 rows "
                "is needed to learn it. Or give data.rows and data.noise to scatter points around the corners.",
            )


def folds(experiment: Experiment) -> Iterator[Finding]:
    data = experiment.data
    if data.folds is None:
        return
    default = type(data).model_fields["validation_split"].default
    if data.validation_split not in (0, default):
        yield error(
            "data.validation_split",
            f"has no place beside data.folds: each fold is the validation rows of one run. "
            f"Leave one of them out. Received: {data.validation_split:g}.",
        )
    if data.validation_source is not None:
        yield error(
            "data.validation_source",
            "has no place beside data.folds: each fold is the validation rows of one run. Leave one of them out.",
        )
    if data.time is not None:
        yield error(
            "data.folds",
            "cannot go with data.time: rows of the past would be validated with a net that knows later ones. "
            "Use data.validation_split, which holds out the latest rows.",
        )


def augmentation_of_nothing(experiment: Experiment) -> Iterator[Finding]:
    given = experiment.data.augmentation
    if given is not None and not given.model_dump(exclude_none=True):
        yield warning("data.augmentation", "names no change, so train rows stay as they are. Leave it out.")


def mixup_of_single_rows(experiment: Experiment) -> Iterator[Finding]:
    if "mixup" in acting(experiment.data) and experiment.fit.batch_size == 1:
        yield warning(
            "data.augmentation.mixup", "has no other row to mix with in batches of 1. Use a larger fit.batch_size."
        )


DIGITS = ("digits", "mnist")
HALF_TURNED = 0.25
"""A rotation above it turns some images nearly upside down."""


def augmentation_that_changes_the_class(experiment: Experiment) -> Iterator[Finding]:
    data, given = experiment.data, experiment.data.augmentation
    if given is None:
        return
    if data.source in DIGITS and given.flip:
        yield warning(
            "data.augmentation.flip", "mirrors digits: a mirrored 2 or 7 is no digit. Use rotation and shift."
        )
    if data.source in DIGITS and (given.rotation or 0.0) > HALF_TURNED:
        yield warning(
            "data.augmentation.rotation",
            f"{given.rotation:g} of a turn makes a 9 of a 6. Digits bear about 0.05.",
        )
    if given.cutout == 1:
        yield warning("data.augmentation.cutout", "1 erases the whole of square images. Use 0.3, say.")


# --- model -----------------------------------------------------------------------------------------------------------

SATURATING = ("tanh", "sigmoid", "hard_sigmoid", "softsign", "hard_tanh")


def initializer_name(given: str | KernelInitializer) -> str:
    return given.name if isinstance(given, KernelInitializer) else given


def initializer_and_activation(experiment: Experiment) -> Iterator[Finding]:
    model = experiment.model
    name = initializer_name(model.kernel_initializer)
    for activation in dict.fromkeys(model.each_layer(model.activation)):
        if name.startswith("he_") and activation in SATURATING:
            yield warning(
                "model.kernel_initializer",
                f"{name} is made for ReLU; with {activation} it starts with saturated units. "
                "Use glorot_uniform or glorot_normal.",
            )
    if name in ("zeros", "ones", "constant") and model.hidden and model.weights is None:
        yield warning(
            "model.kernel_initializer",
            f"{name} starts all units of a layer alike, and they stay alike. Use glorot_uniform or he_normal.",
        )


def initializer_of_biases(experiment: Experiment) -> Iterator[Finding]:
    name = initializer_name(experiment.model.bias_initializer)
    if name in ("identity", "orthogonal"):
        yield error("model.bias_initializer", f"{name} fills kernels, not biases. Use zeros.")


def layers_that_cannot_learn(experiment: Experiment) -> Iterator[Finding]:
    model = experiment.model
    activations = model.each_layer(model.activation)
    if "step" in activations and experiment.fit.epochs > 0:
        yield warning(
            "model.activation",
            "step has no gradient, so nothing below it learns. Give model.weights by hand, or use sigmoid.",
        )
    if len(activations) > 0 and set(activations) == {"linear"}:
        yield warning(
            "model.activation", "linear layers stacked are one linear layer. Use relu or tanh to gain from depth."
        )
    if "softmax" in activations or "log_softmax" in activations:
        yield warning(
            "model.activation", "softmax in a hidden layer makes its units compete; it belongs to the output."
        )


def regularisation(experiment: Experiment) -> Iterator[Finding]:
    model, optimizer = experiment.model, experiment.optimizer
    if model.l2 > 0 and optimizer.weight_decay:
        yield warning(
            "model.l2",
            f"adds to the weight_decay {optimizer.weight_decay:g} of {optimizer.name}: weights shrink twice. Keep one.",
        )
    dropout = model.dropout if isinstance(model.dropout, tuple) else (model.dropout,)
    if any(dropout) and not model.hidden:
        yield warning("model.dropout", "has no hidden layer to act on. Set model.depth to 1 or more.")
    if model.batch_normalization and experiment.fit.batch_size == 1:
        yield warning(
            "model.batch_normalization", "normalises a batch of 1 row to nothing. Use a larger fit.batch_size."
        )
    if model.batch_normalization and not model.hidden:
        yield warning("model.batch_normalization", "has no hidden layer to act on. Set model.depth to 1 or more.")


def averages(experiment: Experiment) -> Iterator[Finding]:
    optimizer = experiment.optimizer
    if optimizer.use_ema and optimizer.ema_overwrite_frequency is None:
        yield error(
            "optimizer.use_ema",
            "needs optimizer.ema_overwrite_frequency, in steps: without it the average takes the weights' place after "
            "the last epoch only, when the best one is chosen already.",
        )


# --- schedule, fit ---------------------------------------------------------------------------------------------------


def schedules(experiment: Experiment) -> Iterator[Finding]:
    schedule, epochs = experiment.schedule, experiment.fit.epochs
    if isinstance(schedule, OneCycle) and schedule.max_learning_rate < experiment.optimizer.learning_rate:
        yield error(
            "schedule.max_learning_rate",
            f"must not be below optimizer.learning_rate {experiment.optimizer.learning_rate:g}. "
            f"Received: {schedule.max_learning_rate:g}.",
        )
    if isinstance(schedule, Warmed) and 0 < epochs <= schedule.warmup_epochs:
        yield error("schedule.warmup_epochs", f"must be below fit.epochs {epochs}. Received: {schedule.warmup_epochs}.")
    if isinstance(schedule, Piecewise) and schedule.boundaries[-1] >= epochs > 0:
        yield warning("schedule.boundaries", f"has {schedule.boundaries[-1]}, but training ends after {epochs} epochs.")
    if schedule.name != "constant" and experiment.optimizer.name == "schedule_free_adamw":
        yield warning("schedule", "is not needed: schedule_free_adamw is made to go without one.")


def patience(experiment: Experiment) -> Iterator[Finding]:
    stopping, schedule, epochs = experiment.fit.early_stopping, experiment.schedule, experiment.fit.epochs
    if isinstance(schedule, ReduceLROnPlateau):
        if stopping is not None and schedule.patience >= stopping.patience:
            yield warning(
                "schedule.patience",
                f"{schedule.patience} is not below fit.early_stopping.patience {stopping.patience}: "
                "training stops before the rate falls.",
            )
        elif schedule.patience >= epochs > 0:
            yield warning(
                "schedule.patience", f"{schedule.patience} is not below fit.epochs {epochs}: the rate never falls."
            )
    if stopping is not None and stopping.patience + stopping.start_from_epoch >= epochs > 0:
        after = f" after the first {stopping.start_from_epoch} epochs" if stopping.start_from_epoch else ""
        yield warning(
            "fit.early_stopping.patience",
            f"{stopping.patience}{after} is not below fit.epochs {epochs}: it never stops training.",
        )


def monitors(experiment: Experiment) -> Iterator[tuple[str, str]]:
    """The keys that name a curve, with the curve they name."""
    if experiment.fit.monitor != "auto":
        yield "fit.monitor", experiment.fit.monitor
    watching = {
        "fit.early_stopping": experiment.fit.early_stopping,
        "schedule": experiment.schedule,
        "sweep.search": experiment.sweep and experiment.sweep.search,
    }
    for path, part in watching.items():
        named = getattr(part, "monitor", None)
        if named is not None:
            yield f"{path}.monitor", named


def monitors_exist(experiment: Experiment) -> Iterator[Finding]:
    metrics: tuple[str, ...] = (*CLASSIFICATION_METRICS, *REGRESSION_METRICS)
    if isinstance(experiment.fit.metrics, tuple):
        metrics = experiment.fit.metrics
    yield from monitors_among(experiment, metrics, experiment.has_validation)


def monitors_among(experiment: Experiment, metrics: tuple[str, ...], has_validation: bool) -> Iterator[Finding]:
    """An error for every monitor that names no column of the curves."""
    sides = ("val", "train") if has_validation else ("train",)
    columns = [f"{side}_{measure}" for measure in ("loss", *metrics) for side in sides]
    for path, name in monitors(experiment):
        if name in columns:
            continue
        if name.startswith("val_") and not has_validation:
            yield error(
                path, f"names {name!r}, but no rows are held out. Use train_loss, or set data.validation_split."
            )
        elif name in ("loss", *metrics):
            yield error(path, f"must say on which rows: val_{name} or train_{name}. Received: {name!r}.")
        else:
            close = [column for column in columns if column.startswith(name)] or get_close_matches(name, columns, n=1)
            near = f" Did you mean `{close[0]}`?" if close else ""
            first = ", ".join(columns[: 2 * len(sides)])
            yield error(path, f"must be a column of the curves, such as {first}. Received: {name!r}.{near}")


# --- what the data decide --------------------------------------------------------------------------------------------


UNBALANCED = 4.0
"""Classes are unbalanced where the most frequent one has more than so many times the rows of the rarest; of two, where
the rarer has less than a fifth of the rows."""


def unbalanced(shares: tuple[float, ...]) -> bool:
    """Whether classes of these shares are so unequal that accuracy says little."""
    return bool(shares) and max(shares) > UNBALANCED * min(shares)


def auto_metrics(kind: str, shares: tuple[float, ...] = ()) -> tuple[str, ...]:
    """The metrics of `fit.metrics: auto` for a kind of task and the shares of its classes."""
    if kind == "regression":
        return ("mean_absolute_error", "root_mean_squared_error")
    return ("accuracy", "auc", "balanced_accuracy") if unbalanced(shares) else ("accuracy",)


def metrics_fit_the_task(experiment: Experiment, facts: Facts) -> Iterator[Finding]:
    known = REGRESSION_METRICS if facts.kind == "regression" else CLASSIFICATION_METRICS
    given = experiment.fit.metrics
    if isinstance(given, tuple):
        for metric in given:
            if metric not in known:
                yield error(
                    "fit.metrics", f"{metric} does not fit a {task_word(facts)} task; these do: {', '.join(known)}."
                )
    metrics = given if isinstance(given, tuple) else auto_metrics(facts.kind, facts.shares)
    yield from monitors_among(experiment, metrics, facts.has_validation)


def task_word(facts: Facts) -> str:
    return "regression" if facts.kind == "regression" else "classification"


OUTPUTS_OF_LOSS = {
    "binary_crossentropy": ("sigmoid", "hard_sigmoid"),
    "binary_focal_crossentropy": ("sigmoid", "hard_sigmoid"),
    "categorical_crossentropy": ("softmax",),
    "sparse_categorical_crossentropy": ("softmax",),
    "categorical_focal_crossentropy": ("softmax",),
    "kl_divergence": ("softmax",),
}
"""Losses that read their input as probabilities, and the output activations that give them."""


BINARY_LOSSES = ("binary_crossentropy", "binary_focal_crossentropy", "hinge", "squared_hinge")
LOSSES = {
    "binary": (*BINARY_LOSSES, "mean_squared_error", "mean_absolute_error", "huber"),
    "multiclass": tuple(name for name in CLASSIFICATION_LOSSES if name not in BINARY_LOSSES),
    "regression": REGRESSION_LOSSES,
}
"""The losses of each kind of task; two classes have one output."""
TASKS = {"binary": "two classes", "multiclass": "three classes or more", "regression": "regression"}


def loss_fits_the_task(experiment: Experiment, facts: Facts) -> Iterator[Finding]:
    loss = resolved_loss(experiment, facts.kind)
    if loss in LOSSES[facts.kind]:
        yield from output_fits_the_loss(experiment, facts, loss)
    else:
        known = ", ".join(LOSSES[facts.kind])
        yield error("fit.loss", f"{loss} does not fit {TASKS[facts.kind]}; these do: {known}.")


def output_fits_the_loss(experiment: Experiment, facts: Facts, loss: str) -> Iterator[Finding]:
    output = experiment.model.output_activation
    wanted = OUTPUTS_OF_LOSS.get(loss)
    if output is None:
        return
    if wanted and output not in (*wanted, "step"):
        yield error(
            "model.output_activation",
            f"must be {' or '.join(wanted)} for the loss {loss}, which reads probabilities. Received: {output!r}.",
        )
    elif output == "softmax" and facts.kind != "multiclass":
        yield error(
            "model.output_activation", "softmax over one output is always 1. Use sigmoid, or linear for numbers."
        )
    elif loss in ("hinge", "squared_hinge") and output in ("sigmoid", "hard_sigmoid", "softmax", "relu"):
        yield error(
            "model.output_activation",
            f"must give both signs for the loss {loss}: tanh or linear. Received: {output!r}.",
        )
    elif loss == "poisson" and output not in ("softplus", "exponential", "relu", "sigmoid"):
        yield error(
            "model.output_activation",
            f"must be above 0 for the loss poisson: softplus or exponential. Received: {output!r}.",
        )
    elif facts.kind == "regression" and output in ("sigmoid", "tanh", "softmax", "hard_sigmoid"):
        yield warning(
            "model.output_activation", f"{output} cannot reach values far from the mean; regression wants linear."
        )


def resolved_loss(experiment: Experiment, kind: str) -> str:
    """The loss that `auto` stands for."""
    by_task = {
        "binary": "binary_crossentropy",
        "multiclass": "sparse_categorical_crossentropy",
        "regression": "mean_squared_error",
    }
    return by_task[kind] if experiment.fit.loss == "auto" else experiment.fit.loss


SMOOTHABLE = ("binary_crossentropy", "binary_focal_crossentropy", "categorical_crossentropy",
              "categorical_focal_crossentropy", "sparse_categorical_crossentropy")  # fmt: skip


def only_for_classes(experiment: Experiment, facts: Facts) -> Iterator[Finding]:
    fit = experiment.fit
    if facts.kind == "regression":
        for key, is_set in (
            ("class_weight", fit.class_weight is not None),
            ("label_smoothing", fit.label_smoothing > 0),
        ):
            if is_set:
                yield error(f"fit.{key}", "is for classification; this target is a number.")
    elif fit.label_smoothing > 0 and resolved_loss(experiment, facts.kind) not in SMOOTHABLE:
        yield error("fit.label_smoothing", f"needs a cross-entropy loss. Received: {fit.loss}.")


def batch_fits_the_rows(experiment: Experiment, facts: Facts) -> Iterator[Finding]:
    size = experiment.fit.batch_size
    if isinstance(size, int) and size > facts.train_rows:
        yield warning(
            "fit.batch_size",
            f"{size} is more than the {facts.train_rows} train rows: every epoch is one step. `full` says so.",
        )


HARD_LOSSES = ("categorical_hinge", "hinge", "squared_hinge")
"""Losses that know a row's class and nothing between classes."""


def augmentation_fits_the_rows(experiment: Experiment, facts: Facts) -> Iterator[Finding]:
    wanted = acting(experiment.data)
    for key in () if facts.images else FOR_IMAGES:
        if key in wanted:
            yield error(
                f"data.augmentation.{key}",
                "is for images; these rows are a table (of arrays only those of bytes, uint8, are images). For tables "
                "there are noise and mixup.",
            )
    if "noise" in wanted and not facts.numeric:
        yield error(
            "data.augmentation.noise",
            "has no column of numbers to act on: categories and truth values stay as they are. Use mixup.",
        )
    loss = resolved_loss(experiment, facts.kind)
    if "mixup" in wanted and loss in HARD_LOSSES:
        yield error(
            "data.augmentation.mixup",
            f"makes targets between classes, which the loss {loss} cannot take. Use a cross-entropy (fit.loss: auto).",
        )


RULES: tuple[Rule, ...] = (
    keys_for_other_sources,
    validation_of_a_truth_table,
    folds,
    augmentation_of_nothing,
    mixup_of_single_rows,
    augmentation_that_changes_the_class,
    initializer_and_activation,
    initializer_of_biases,
    layers_that_cannot_learn,
    regularisation,
    averages,
    schedules,
    patience,
    monitors_exist,
)
DATA_RULES: tuple[Callable[[Experiment, Facts], Iterator[Finding]], ...] = (
    metrics_fit_the_task,
    loss_fits_the_task,
    only_for_classes,
    batch_fits_the_rows,
    augmentation_fits_the_rows,
)
