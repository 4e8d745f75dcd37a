"""Random changes to train rows, made while training and never where a loss is measured."""

from __future__ import annotations

from typing import Annotated, Literal, Protocol

from pydantic import Field

from dlrun.spec.section import NonNegative, Section, UnitInterval

FOR_IMAGES = ("flip", "rotation", "shift", "zoom", "cutout")
"""Keys that need to know where each pixel lies."""


class Augmentation(Section):
    """What is done to train rows, in the training path only."""

    flip: Literal["horizontal", "vertical", "horizontal_and_vertical"] | None = None
    """Images: mirrored with a chance of one half."""
    rotation: UnitInterval | None = None
    """Images: up to this share of a full turn, either way."""
    shift: UnitInterval | None = None
    """Images: up to this share of the height and width."""
    zoom: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Images: larger or smaller by up to this share."""
    noise: NonNegative | None = None
    """Standard deviation of Gaussian noise on the scaled inputs; inputs of text columns stay as they are."""
    cutout: UnitInterval | None = None
    """Images: side of an erased square as a share of the image's shorter side."""
    mixup: NonNegative | None = None
    """alpha of the Beta distribution: rows and targets are mixed in pairs (Zhang et al. 2018). 0.2 is usual."""

    @property
    def acting(self) -> tuple[str, ...]:
        """The keys that do something, in the order of the config: a value of 0 does nothing."""
        return tuple(key for key in type(self).model_fields if getattr(self, key))


class HasAugmentation(Protocol):
    """The data section of an experiment."""

    @property
    def augmentation(self) -> Augmentation | None: ...


def acting(data: HasAugmentation) -> tuple[str, ...]:
    """The keys of `data.augmentation` that do something; none where nothing is augmented."""
    return () if data.augmentation is None else data.augmentation.acting
