"""Lessons taught in a process of their own, whose Keras is on JAX: see `tests.training.fused.child`."""

from __future__ import annotations

import atexit
import json
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from dlrun.gallery.studio import Studio
from dlrun.gallery.table import NAMES, lesson
from dlrun.insight.figures.saving import svg
from dlrun.insight.words import LANGUAGES
from dlrun.store import Store


@cache
def studio() -> Studio:
    """One for all lessons, so that its workers start once."""
    folder = tempfile.TemporaryDirectory(prefix="dlrun-gallery-")
    found = Studio(Store(Path(folder.name)), tell=lambda _: None)
    atexit.register(folder.cleanup)
    atexit.register(found.__exit__)  # runs before the folder goes
    return found


def taught(number: int) -> dict[str, Any]:
    """What a lesson came to: its numbers as JSON, the claims that do not hold, and whatever it shows per language."""
    shown = lesson(number).teach(studio())
    said = [*shown.sentences, *shown.notes, *(claim.text for claim in shown.claims)]
    return {
        "claims": len(shown.claims),
        "broken": [claim.text.text() for claim in shown.claims if not claim.holds],
        "numbers": json.dumps(dict(shown.numbers), allow_nan=False),
        "texts": {language: [one.text(language) for one in said] for language in LANGUAGES},
        "rows": {language: len(shown.table(language).texts()) if shown.table else None for language in LANGUAGES},
        "pictures": {
            language: shown.picture is None or "<svg" in svg(shown.picture(language)) for language in LANGUAGES
        },
    }


CHECKS: dict[str, Callable[[], dict[str, Any]]] = {name: partial(taught, number) for number, name in NAMES.items()}
