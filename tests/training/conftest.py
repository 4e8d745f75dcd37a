"""These tests compute in this process on one Keras backend: TensorFlow, or what KERAS_BACKEND names."""

from __future__ import annotations

import os
import warnings

from dlrun.training.backend import choose

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what the backends say of each other while they load is theirs
    choose(os.environ.get("KERAS_BACKEND", "tensorflow"))
