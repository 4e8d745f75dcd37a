"""Random changes to train rows. The keys load and validate; training with them is built by a later issue."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dlrun.spec.section import NonNegative, Section, UnitInterval


class Augmentation(Section):
    """What is done to train rows, in the training path only."""

    flip: Literal["horizontal", "vertical", "horizontal_and_vertical"] | None = None
    """Images: mirrored with a chance of one half."""
    rotation: UnitInterval | None = None
    """Up to this share of a full turn, either way."""
    shift: UnitInterval | None = None
    """Up to this share of the height and width."""
    zoom: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Larger or smaller by up to this share."""
    noise: NonNegative | None = None
    """Standard deviation of Gaussian noise on the scaled inputs."""
    cutout: UnitInterval | None = None
    """Side of the erased square as a share of the image's."""
    mixup: NonNegative | None = None
    """alpha of the Beta distribution (Zhang et al. 2018)."""
