"""The long lesson at a small size: that it runs, opens the test rows once and says what it found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlrun.gallery.lessons import mnist_ensemble
from dlrun.gallery.studio import Studio
from dlrun.insight.figures.saving import svg
from dlrun.insight.words import LANGUAGES
from dlrun.spec import Experiment
from dlrun.store import Store
from dlrun.store.evaluations import read_evaluations
from tests.shared_data import SHARED

needs_images = pytest.mark.skipif(
    not ((SHARED / "mnist").is_dir() and (SHARED / "fashion-mnist").is_dir()), reason=f"needs images in {SHARED}"
)


class Small(Studio):
    """Trains on 270 images, for one epoch, two narrow layers."""

    def experiment(self, name: str, *sets: str) -> Experiment:
        return super().experiment(name, *sets, "data.train_fraction=0.005", "fit.epochs=1", "model.units=[16]")


@needs_images
@pytest.mark.slow
def test_it_runs_and_opens_the_test_rows_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLRUN_DATA", str(SHARED))
    monkeypatch.setattr(mnist_ensemble, "SEEDS", 2)
    store = Store(tmp_path)
    with Small(store, tell=lambda _: None) as studio:
        shown = mnist_ensemble.teach(studio)
        again = mnist_ensemble.teach(studio)
    assert shown.numbers["sets"] == again.numbers["sets"]
    json.dumps(shown.numbers, allow_nan=False)
    for one in shown.numbers["sets"]:
        assert one["test_rows"] == 10_000
        assert one["test"]["low"] <= one["test"]["mean"] <= one["test"]["high"]
    looks = [(folder.path.name, len(read_evaluations(folder))) for folder in store.folders()]
    opened = [(name, count) for name, count in looks if count]
    assert [count for _, count in opened] == [1, 1]
    assert all("-of-2-" in name for name, _ in opened)
    assert [claim.holds for claim in shown.claims[:2]] == [False, False]
    for language in LANGUAGES:
        assert all(sentence.text(language) for sentence in shown.sentences)
        assert all(note.text(language) for note in shown.notes)
        assert shown.table is not None
        assert shown.table(language).texts()
        assert shown.picture is not None
        assert "<svg" in svg(shown.picture(language))
