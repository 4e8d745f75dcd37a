"""Rules that understand a config: combinations that Keras would take and that cannot do what they say.

Each gives an error or a warning with its reason. `rules_of_spec` needs the config alone, `rules_of_data` also what the
data turned out to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dlrun.spec.augmentation_rules import (
    augmentation_fits_the_rows,
    augmentation_of_nothing,
    augmentation_that_changes_the_class,
    mixup_of_single_rows,
)
from dlrun.spec.experiment import Experiment, KernelInitializer
from dlrun.spec.findings import Facts, Finding, error, warning
from dlrun.spec.names import BUILT_IN_SETS, GATES, GENERATORS
from dlrun.spec.schedules import OneCycle, Piecewise, ReduceLROnPlateau, Warmed
from dlrun.spec.task_rules import loss_fits_the_task, metrics_fit_the_task, monitors_exist, only_for_classes

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


def batch_fits_the_rows(experiment: Experiment, facts: Facts) -> Iterator[Finding]:
    size = experiment.fit.batch_size
    if isinstance(size, int) and size > facts.train_rows:
        yield warning(
            "fit.batch_size",
            f"{size} is more than the {facts.train_rows} train rows: every epoch is one step. `full` says so.",
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
