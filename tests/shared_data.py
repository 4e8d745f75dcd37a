"""The real data sets beside the repository, and the configs that need them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.command import ROOT

SHARED = Path(os.environ.get("DLRUN_DATA") or ROOT.parent / "shared" / "data")
NEEDED = {
    "mnist": "mnist",
    "augmented": "mnist",
    "fashion_mnist": "fashion-mnist",
    "adult": "adult",
    "california_housing": "california-housing",
    "titanic": "titanic",
    "wine_quality": "wine-quality",
}
"""Config -> the folder below DLRUN_DATA that it reads."""


def config_params() -> list[object]:
    """Every config of the repository; those whose data are absent are skipped with the reason."""
    return [pytest.param(path, marks=_skip(path), id=path.stem) for path in sorted((ROOT / "configs").glob("*.yaml"))]


def _skip(config: Path) -> pytest.MarkDecorator:
    folder = SHARED / NEEDED.get(config.stem, ".")
    return pytest.mark.skipif(config.stem in NEEDED and not folder.is_dir(), reason=f"needs {folder}")
