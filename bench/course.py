"""What the commands of the course take: the whole gallery but for its long lesson, a learning-rate range test, and what
augmentation and layer health add to an epoch of 784-512-512-10 on MNIST. Whole processes, or an epoch's median seconds.
MNIST needs the data: DLRUN_DATA names their folder.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from pathlib import Path
from typing import Any

from bench.processes import DLRUN, in_turns, report, run, scratch, seconds
from bench.real_data import CONFIGS, DATA, skipped

ROUNDS = 3
EPOCHS = 5
GALLERY_MUST = 360.0
"""Seconds on two cores."""
EXTRAS: dict[str, tuple[str, ...]] = {
    "plain": (),
    "rotation and shift": ("--set", "data.augmentation={rotation: 0.03, shift: 0.1}"),
    "noise and mixup": ("--set", "data.augmentation={noise: 0.1, mixup: 0.2}"),
    "--health": ("--health",),
}


def main() -> None:
    with scratch() as folder:
        began = time.perf_counter()
        run([DLRUN, "gallery", "--all", "--results", folder])
        took = time.perf_counter() - began
        verdict = "reached" if took <= GALLERY_MUST else "MISSED"
        print(f"\ngallery, 24 lessons: {took:.0f} s (must {GALLERY_MUST:.0f} s: {verdict})")
    for backend in ("tensorflow", "jax"):
        each = [seconds([DLRUN, "lr-range", "digits", "--backend", backend, "-q"]) for _ in range(ROUNDS)]
        print(f"lr-range digits on {backend}, 3 seeds of 200 steps: {statistics.median(each):.1f} s")
    if not os.environ.get("DLRUN_DATA"):
        skipped("augmentation and health on MNIST")
        return
    for backend in ("tensorflow", "jax"):
        sides = {name: lambda words=words, backend=backend: epoch(words, backend) for name, words in EXTRAS.items()}
        report(f"one epoch of 784-512-512-10 on 60,000 images, {backend}", in_turns(sides, ROUNDS), "plain", {})


def epoch(words: tuple[str, ...], backend: str) -> float:
    """Seconds of one epoch, training and measuring: the median over those after the first."""
    with scratch() as folder:
        command = [DLRUN, "train", str(CONFIGS / "public" / "mnist_512_512.yaml"), "--set", f"fit.epochs={EPOCHS}"]
        answer = json.loads(run([*command, *words, "--backend", backend, "--results", folder, "-q", "--json"], DATA))
        (one,) = answer["runs"]
        return statistics.median(curve(one)[2:])


def curve(one: dict[str, Any]) -> list[float]:
    """Seconds per epoch."""
    head, *rows = (Path(one["path"]) / "curves.csv").read_text().splitlines()
    place = head.split(",").index("seconds")
    return [float(row.split(",")[place]) for row in rows]
