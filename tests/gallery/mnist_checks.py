"""The long lesson at a small size, in a process of its own whose Keras is on JAX: see `tests.training.fused.child`."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from dlrun.gallery.lessons import mnist_ensemble
from dlrun.gallery.studio import Studio
from dlrun.insight.figures.saving import svg
from dlrun.insight.words import LANGUAGES
from dlrun.spec import Experiment
from dlrun.store import Store
from dlrun.store.evaluations import read_evaluations
from tests.shared_data import SHARED

SEEDS = 2


class Small(Studio):
    """Trains on 270 images, for one epoch, two narrow layers."""

    def experiment(self, name: str, *sets: str) -> Experiment:
        return super().experiment(name, *sets, "data.train_fraction=0.005", "fit.epochs=1", "model.units=[16]")


def taught_twice() -> dict[str, Any]:
    """What the lesson came to, and per run of its store how often test rows were opened."""
    os.environ["DLRUN_DATA"] = str(SHARED)
    mnist_ensemble.SEEDS = SEEDS
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        with Small(store, tell=lambda _: None) as studio:
            shown = mnist_ensemble.teach(studio)
            again = mnist_ensemble.teach(studio)
        looks = {found.path.name: len(read_evaluations(found)) for found in store.folders()}
    assert shown.table is not None
    assert shown.picture is not None
    said = [*shown.sentences, *shown.notes]
    return {
        "sets": json.loads(json.dumps(shown.numbers["sets"], allow_nan=False)),
        "the same again": shown.numbers["sets"] == again.numbers["sets"],
        "looks": looks,
        "claims": [claim.holds for claim in shown.claims],
        "texts": {language: [one.text(language) for one in said] for language in LANGUAGES},
        "rows": {language: len(shown.table(language).texts()) for language in LANGUAGES},
        "pictures": {language: "<svg" in svg(shown.picture(language)) for language in LANGUAGES},
    }


CHECKS = {"taught twice": taught_twice}
