"""Which Keras backend computes. Keras reads its choice once, when it is imported, so one process has one backend."""

from __future__ import annotations

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


def choose(backend: str) -> None:
    """Makes Keras compute with this backend, and keeps TensorFlow's start-up messages away from the terminal.

    Raises:
        BackendError: for an unknown or missing backend, or when Keras already runs on another one.
    """
    if backend not in BACKENDS:
        raise BackendError(f"--backend must be one of {', '.join(BACKENDS)}. Received: {backend!r}.")
    if find_spec(MODULES[backend]) is None:
        way_out = WAYS_OUT.get(backend, "pip install --force-reinstall dlrun")
        raise BackendError(f"the {backend} backend needs the package {MODULES[backend]}: {way_out}")
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = backend
    with quiet_start(), without(*NOT_NEEDED):
        running = current()
    if running != backend:
        raise BackendError(
            f"Keras already runs on {running} in this process, and cannot change to {backend}. "
            f"Start a new process, or set KERAS_BACKEND={backend} before keras is imported."
        )


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


def device() -> str:
    """What the backend computes on: `cpu`, or the kind and model of the accelerator."""
    return {"tensorflow": _tensorflow_device, "jax": _jax_device, "torch": _torch_device}[current()]()


def _tensorflow_device() -> str:
    import tensorflow as tf

    accelerators = tf.config.list_physical_devices("GPU")
    if not accelerators:
        return "cpu"
    details = tf.config.experimental.get_device_details(accelerators[0])
    return f"gpu {details.get('device_name', '')}".strip()


def _jax_device() -> str:
    import jax

    first = jax.devices()[0]
    return "cpu" if first.platform == "cpu" else f"{first.platform} {first.device_kind}"


def _torch_device() -> str:
    import torch

    return f"gpu {torch.cuda.get_device_name()}" if torch.cuda.is_available() else "cpu"
