"""How fast this machine is beside the estimates of `cost`: a few epochs of one net, timed."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

from dlrun.training.blocks import Block, Crew
from dlrun.training.cost import epoch_seconds
from dlrun.training.fused.recipe import exact
from dlrun.training.job import never

EPOCHS = 4
"""Of which the first compiles and is left out."""


def measured_pace(crew: Crew, blocks: Sequence[Block]) -> float:
    """Seconds that an epoch takes per second that was estimated: 1 where there is nothing to fuse.

    The net is the one whose epoch is estimated to be the middle one, trained alone and not kept.
    """
    fused = sorted((block for block in blocks if block.engine == "fused"), key=lambda block: block.seconds)
    if not fused:
        return 1.0
    block = fused[len(fused) // 2]
    job = replace(block.jobs[0], until=EPOCHS)
    shape = exact(job.experiment.model.hidden)
    alone = replace(block, jobs=(job,), slots=1, shape=shape, program=f"{block.program}, timed")
    (outcome,) = [outcome for many in crew.run([alone], lambda b: b, lambda rows: None, never) for outcome in many]
    seconds = [row["seconds"] for row in outcome.curves[1:]]
    if not seconds:
        return 1.0
    return statistics.median(seconds) / epoch_seconds(block.recipe, shape, 1)
