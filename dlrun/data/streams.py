"""Randomness by named streams: every draw comes from (seed, name, indices), never from global state."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, name: str, *indices: int) -> np.random.Generator:
    """The generator of one named stream (`split`, `init`, `shuffle`, `dropout`, `augment`, ...).

    Streams of different names, seeds or indices are independent (numpy's `SeedSequence` spawn keys).
    """
    return np.random.default_rng(seed_sequence(seed, name, *indices))


def seed_sequence(seed: int, name: str, *indices: int) -> np.random.SeedSequence:
    """The `SeedSequence` behind `stream`, for consumers that want plain integers."""
    return np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()), *indices))
