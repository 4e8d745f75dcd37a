"""Rules of `data.augmentation`: changes that do nothing, that change what a row is, or that its rows cannot take."""

from __future__ import annotations

from collections.abc import Iterator

from dlrun.spec.augmentation import FOR_IMAGES, acting
from dlrun.spec.experiment import Experiment
from dlrun.spec.findings import Facts, Finding, error, warning
from dlrun.spec.task_rules import resolved_loss


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
