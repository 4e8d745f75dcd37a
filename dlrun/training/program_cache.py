"""Compiled programs that outlive the process: JAX's compilation cache, in one folder for all projects of a user."""

from __future__ import annotations

import os
from pathlib import Path

from dlrun.training.devices import set_jax

VARIABLE = "DLRUN_CACHE"
"""The environment variable that names the folder."""
MOST_BYTES = 1024**3
"""The oldest programs go when the folder grows beyond this."""
WORTH_KEEPING = 0.1
"""Seconds of compilation."""


def cache_folder() -> Path:
    """Where compiled programs are kept: DLRUN_CACHE, else the user's cache folder."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given).expanduser().absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dlrun" / "programs"


def keep_compiled(folder: Path) -> None:
    """Lets JAX keep what it compiles in this folder from now on. One that cannot be written costs time, nothing else:
    JAX compiles again."""
    set_jax("jax_compilation_cache_dir", str(folder))
    set_jax("jax_persistent_cache_min_compile_time_secs", WORTH_KEEPING)
    set_jax("jax_persistent_cache_min_entry_size_bytes", -1)
    set_jax("jax_compilation_cache_max_size", MOST_BYTES)
