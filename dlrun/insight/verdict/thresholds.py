"""Every number by which a verdict is decided, in one table. `docs/verdicts.md` shows it; a test compares the two."""

from __future__ import annotations

from typing import Final, NamedTuple


class Threshold(NamedTuple):
    """One limit."""

    value: float
    of: str
    """What it is a share or a count of."""
    why: str


THRESHOLDS: Final[dict[str, Threshold]] = {
    "epochs": Threshold(3, "epochs", "Fewer show no trend: it is *not converged*."),
    "sure": Threshold(
        3, "standard errors", "A fall or a rise counts from here; below it one of many curves shows it by chance."
    ),
    "above_trivial": Threshold(
        1.1,
        "the trivial loss",
        "Median train loss of the last third: a net that ends a tenth worse than a constant, and no longer falls, was "
        "thrown out by its steps.",
    ),
    "swing": Threshold(
        0.12,
        "the trivial loss",
        "Noise of the *train* loss, measured on the same rows with dropout off: usual rates gave at most 0.034.",
    ),
    "wander": Threshold(
        0.006,
        "the trivial loss",
        "The same where nothing is learnt: a net that cannot fit lies still at the trivial loss (at most 0.002 seen); "
        "one that moves is kicked about by its steps.",
    ),
    "jump": Threshold(0.2, "the trivial loss", "A rise of the train loss from one epoch to the next that is a jump."),
    "jumps": Threshold(0.15, "the epochs", "With so many jumps it is no accident of one batch."),
    "rise": Threshold(
        0.05, "the lowest validation loss", "Smoothed, from the lowest epoch to the last: smaller is a plateau."
    ),
    "rise_of_fall": Threshold(
        0.01, "all that it fell", "A rise must exceed this too: a loss near 0 need not stay there to the last digit."
    ),
    "rows": Threshold(
        18,
        "validation rows",
        "With fewer the error of a squared loss is above a third of it, and single rows make a gap or a rise.",
    ),
    "rise_kept": Threshold(
        0.08, "the lowest validation loss", "At the kept epoch. The mildest run made to overfit rose by 0.10."
    ),
    "falling": Threshold(
        0.04,
        "all that it fell",
        "In a quarter of the epochs, at the slope of the end. An exponential with a fifth of its way to go falls by "
        "0.12, a power law by 0.08; with a hundredth to go by 0.02.",
    ),
    "noise_share": Threshold(
        0.15,
        "the trivial loss",
        "Noise of the validation loss from epoch to epoch: the best epoch is then the luckiest one, by twice as much.",
    ),
    "lost_error": Threshold(
        0.25,
        "what was learnt",
        "Standard error of the share that is lost; from here on, and where one of them reaches the limit of overfit, "
        "the answer is left open.",
    ),
    "learnt_least": Threshold(0.02, "the trivial loss", "With less learnt a share of it means nothing."),
    "learnt": Threshold(
        0.25,
        "the trivial loss",
        "A train loss above three quarters of the trivial loss. Sound nets on titanic, where inputs tell little, reach "
        "0.35.",
    ),
    "classes": Threshold(5, "classes", "From here on they are many, for the next line."),
    "learnt_of_many": Threshold(
        0.45,
        "the trivial loss",
        "In place of 0.25 where classes are many: a single unit on digits reaches 0.37 by ruling out classes.",
    ),
    "lost": Threshold(
        0.35,
        "what was learnt",
        "More than a third of what was learnt holds on the train rows only; sound nets lost at most 0.3.",
    ),
}
LIMITS: Final[dict[str, float]] = {name: threshold.value for name, threshold in THRESHOLDS.items()}
