"""Which Keras backend computes. Keras reads its choice once, when it is imported, so one process has one backend."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from dlrun.errors import BackendError
from dlrun.spec.names import BACKENDS

MODULES = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}
"""Backend -> the module that has to be there."""
WAYS_OUT = {"torch": "pip install dlrun[torch]"}
"""Backends that come with an extra; the others come with dlrun itself."""
AS_NEEDED = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
"""Lets TensorFlow and JAX take a GPU's memory as they need it, in place of most of it at their start."""

M_TRIM_THRESHOLD, M_TOP_PAD = -1, -2
"""glibc's numbers for what `mallopt` sets."""
KEPT = 64 * 1024**2
"""Bytes of freed memory that stay with the process."""


def choose(backend: str) -> None:
    """Makes Keras compute with this backend, and keeps TensorFlow's start-up messages away from the terminal.

    What the user sets of AS_NEEDED stays.

    Raises:
        BackendError: for an unknown or missing backend, or when Keras already runs on another one.
    """
    require(backend)
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = backend
    for name, value in AS_NEEDED.items():
        os.environ.setdefault(name, value)
    if backend == "tensorflow":
        keep_freed_memory()
    with quiet_start(), without(*NOT_NEEDED):
        running = current()
    if running != backend:
        raise BackendError(
            f"Keras already runs on {running} in this process, and cannot change to {backend}. "
            f"Start a new process, or set KERAS_BACKEND={backend} before keras is imported."
        )


def require(backend: str) -> None:
    """Raises BackendError for an unknown or missing backend; loads nothing."""
    if backend not in BACKENDS:
        raise BackendError(f"--backend must be one of {', '.join(BACKENDS)}. Received: {backend!r}.")
    if find_spec(MODULES[backend]) is None:
        way_out = WAYS_OUT.get(backend, "pip install --force-reinstall dlrun")
        raise BackendError(f"the {backend} backend needs the package {MODULES[backend]}: {way_out}")


def keep_freed_memory() -> None:
    """Lets glibc, where there is one, ask the system for 64 MB at a time and keep as much when it is freed.

    TensorFlow frees its arrays at each step and asks for them again at the next: a hundred page faults per step of a
    net with 270,000 weights, a tenth of the time.
    """
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt"):
        for parameter in (M_TRIM_THRESHOLD, M_TOP_PAD):
            ctypes.CDLL(None).mallopt(parameter, KEPT)


@contextmanager
def quiet_start() -> Iterator[None]:
    """Lets nothing through to stderr while libraries load, except exceptions.

    TensorFlow writes to the file descriptor itself, before it reads TF_CPP_MIN_LOG_LEVEL.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


NOT_NEEDED = ("sklearn", "pandas")
"""Keras imports these where it finds them, for its scikit-learn wrappers and for data frames: a second for nothing."""


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Lets an import of these modules fail with an ImportError, as if they were not installed; those that are loaded
    already stay usable. Keras goes on without what it does not find."""
    hidden = [module for module in modules if module not in sys.modules]
    for module in hidden:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for module in hidden:
            sys.modules.pop(module, None)


def current() -> str:
    """The backend that Keras runs on; imports Keras where that has not happened."""
    import keras

    return str(keras.backend.backend())
