"""What a run was made with: versions and the user's own git commit."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version

import dlrun

RECORDED = ("keras", "numpy", "scikit-learn", "pandas")
OF_BACKEND = {
    "tensorflow": ("tensorflow",),
    "jax": ("jax", "jaxlib"),
    "torch": ("torch",),
    "sklearn": ("scipy", "skops"),
}


def versions(backend: str) -> dict[str, str]:
    """Package -> version, for what can change a run's numbers. Read from package metadata: nothing is imported."""
    found = {"dlrun": dlrun.__version__, "python": platform.python_version(), "platform": platform.platform()}
    for package in (*RECORDED, *OF_BACKEND[backend]):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def git_commit() -> str | None:
    """The commit of the folder the user works in, with a `+` when there are uncommitted changes; None outside git."""
    try:
        commit = git("rev-parse", "--short=12", "HEAD")
        return f"{commit}+" if git("status", "--porcelain", "--untracked-files=no") else commit
    except (OSError, subprocess.SubprocessError):
        return None


def git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, timeout=5, check=True)
    return done.stdout.strip()
