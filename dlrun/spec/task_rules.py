"""Rules of what is minimised and measured: metrics, monitors and losses that fit the task."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from dlrun.spec.experiment import Experiment
from dlrun.spec.findings import Facts, Finding, error, warning
from dlrun.spec.names import CLASSIFICATION_LOSSES, CLASSIFICATION_METRICS, REGRESSION_LOSSES, REGRESSION_METRICS


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
