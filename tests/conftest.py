"""What all tests share: hypothesis without a deadline, as a loaded machine is no failure of the code, and a folder of
compiled programs that is not the user's."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("dlrun", deadline=None)
settings.load_profile("dlrun")


LONGEST = Path("training", "fused")
"""Its files take the longest, so they come first: one that begins last would keep a single worker busy at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: str(LONGEST) not in str(item.path))


@pytest.fixture(scope="session", autouse=True)
def own_program_cache() -> Iterator[None]:
    """Tests, and the processes they start, share it; xdist has one per worker."""
    with tempfile.TemporaryDirectory(prefix="dlrun-programs-") as folder:
        os.environ["DLRUN_CACHE"] = folder
        yield
        del os.environ["DLRUN_CACHE"]
