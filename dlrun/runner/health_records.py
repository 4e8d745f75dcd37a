"""Layer health beside a run's record: written with it, or added to a run that was trained without."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from dlrun.errors import Interrupted, StoreError
from dlrun.runner.weights import TOLERANCE, is_as_recorded
from dlrun.store import RunFolder, Store
from dlrun.store.files import write_whole
from dlrun.training import Outcome

TOLERANCE_FUSED = 0.02
"""Relative difference that counts as none for a run of the fused engine. Its layers can only be looked at by the keras
engine, which rounds otherwise: in 32 bits with batch normalization the two drift apart by most of 1 % in 40 epochs."""


class OtherOutcome(StoreError):
    """Trained again, runs came to another end; no other run is concerned."""

    def __init__(self, *paths: Path):
        self.paths = paths
        they, replaces = ("it", "replaces it by a run") if len(paths) == 1 else ("they", "replaces them by runs")
        super().__init__(
            f"{', '.join(map(str, paths))}: trained again {they} came out differently (another engine, other versions "
            f"or another machine). `dlrun train CONFIG --health --force` {replaces} with health records"
        )


def lacks_health(folder: RunFolder) -> bool:
    """Whether it is a net of which no layer was measured."""
    return not folder.health_path.is_file() and folder.record().get("kind", "mlp") == "mlp"


def add_health(store: Store, folder: RunFolder, outcome: Outcome) -> None:
    """Puts what was measured in a second training into the folder of the finished run, if it came to the same end.

    Raises:
        Interrupted: it came to none.
        OtherOutcome: it came to another one.
        StoreBusy: another process writes the run.
        StoreNotWritable: no space left, or no permission.
    """
    if outcome.status == "interrupted":
        raise Interrupted("interrupted: nothing was changed. The same command trains this run again")
    record = folder.record()
    fused = record.get("engine") == "fused"
    same = is_as_recorded(outcome, record, TOLERANCE_FUSED if fused else TOLERANCE, same_epoch=not fused)
    if outcome.health is None or not same:
        raise OtherOutcome(folder.path)
    store.add_files(folder, health_file(outcome))


def keep_unfinished(folder: RunFolder, outcome: Outcome) -> None:
    """Writes what was measured of a run that was interrupted. Raises StoreNotWritable."""
    if outcome.health is not None and outcome.health["epochs"]:
        write_whole(folder.health_path, partial(write_document, document=outcome.health))


def health_file(outcome: Outcome) -> Mapping[str, Callable[[Path], None]]:
    """File name -> what writes it; nothing where nothing was measured."""
    if outcome.health is None:
        return {}
    return {RunFolder.HEALTH: partial(write_document, document=outcome.health)}


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
