"""Words for true and false."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlrun.data.spellings import used_levels
from dlrun.data.table import Text

PAIRS = (
    ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("on", "off"), ("1", "0"),
    ("예", "아니오"), ("예", "아니요"), ("네", "아니오"), ("네", "아니요"),
    ("참", "거짓"), ("유", "무"), ("있음", "없음"),
)  # fmt: skip
"""(true, false), in lower case."""
TRUTH = {word: value for pair in PAIRS for word, value in zip(pair, (1.0, 0.0), strict=True)}


def truth(text: str) -> float:
    """1 for a word that means true, 0 for false, NaN for any other text. `1.0` is true too."""
    word = text.strip().lower()
    return TRUTH.get(word.removesuffix(".0"), np.nan)


def truths(texts: Sequence[str]) -> np.ndarray:
    """float64 (texts,): `truth` of each."""
    return np.array([truth(text) for text in texts], float)


def is_boolean(column: Text) -> bool:
    """Whether the column holds both words of one pair, in whatever case, and nothing else."""
    words = {level.strip().lower() for level in used_levels(column)[0]}
    return len(words) == 2 and any(words == set(pair) for pair in PAIRS)
