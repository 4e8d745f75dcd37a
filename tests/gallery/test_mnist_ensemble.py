"""The long lesson at a small size: that it runs, opens the test rows once and says what it found."""

from __future__ import annotations

import pytest

from dlrun.insight.words import LANGUAGES
from tests.shared_data import SHARED
from tests.training.fused.child import reports

needs_images = pytest.mark.skipif(
    not ((SHARED / "mnist").is_dir() and (SHARED / "fashion-mnist").is_dir()), reason=f"needs images in {SHARED}"
)


@needs_images
@pytest.mark.slow
def test_it_runs_and_opens_the_test_rows_once() -> None:
    found = reports("tests.gallery.mnist_checks", ["taught twice"])["taught twice"]
    assert "failed" not in found, found["failed"]
    assert found["the same again"]
    for one in found["sets"]:
        assert one["test_rows"] == 10_000
        assert one["test"]["low"] <= one["test"]["mean"] <= one["test"]["high"]
    opened = {name: count for name, count in found["looks"].items() if count}
    assert list(opened.values()) == [1, 1]
    assert all("-of-2-" in name for name in opened)
    assert found["claims"][:2] == [False, False]
    for language in LANGUAGES:
        assert all(found["texts"][language])
        assert found["rows"][language]
        assert found["pictures"][language]
