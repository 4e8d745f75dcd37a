"""Every number by which a finding is decided, in one table. `docs/health.md` shows it; a test compares the two."""

from __future__ import annotations

from typing import Final, NamedTuple


class Threshold(NamedTuple):
    """One limit."""

    value: float
    of: str
    """What it is a share or a ratio of."""
    why: str


THRESHOLDS: Final[dict[str, Threshold]] = {
    "same": Threshold(
        0.9999, "mean |cosine| between units", "Random weights never come near it; equal ones stay at 1 for good."
    ),
    "gain": Threshold(
        0.25,
        "root mean square weight x square root of the inputs",
        "Glorot's start has about 1, He's 1.4. Below a quarter each layer passes on so little that depth kills it.",
    ),
    "signal": Threshold(
        100,
        "signal at the first hidden layer over the signal at the last, or the reverse",
        "Relu from He stays within 15 at 20 layers, batch normalization within 50; a sigmoid layer loses a factor 4.",
    ),
    "spread": Threshold(
        10,
        "spread of activations at the last hidden layer over the first, at the start, or the reverse",
        "A start that fits the activation keeps it level: within 3 at 20 layers.",
    ),
    "dead": Threshold(
        0.4, "units of a layer", "Sound relu nets have up to 0.2 of 64 units; beyond 0.4 much of the width is lost."
    ),
    "saturated": Threshold(
        0.4, "units x rows of a layer", "Sound tanh and sigmoid nets on digits stay below 0.1 in their first epochs."
    ),
    "alike": Threshold(
        0.5, "mean |cosine| between units", "Random weights have 0.1 with 64 inputs, trained ones up to 0.4."
    ),
    "alike_grown": Threshold(2, "the same at the start", "With few inputs units are alike by chance, from the start."),
    "update_high": Threshold(
        0.01, "the weights, per step", "Ten times the rule of thumb of 0.001: steps this large throw the net about."
    ),
    "update_low": Threshold(
        0.00001, "the weights, per step", "A hundredth of the rule of thumb: a thousand steps change a hundredth."
    ),
}
LIMITS: Final[dict[str, float]] = {name: threshold.value for name, threshold in THRESHOLDS.items()}
