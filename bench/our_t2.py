"""Our side of T2: the engine that `dlrun train` uses, honest train and validation loss after every epoch."""

import itertools
import os
import statistics
import time

import numpy as np

from bench.t2_rows import BATCH, CLASSES, EPOCHS, PIXELS, TRAIN, rows
from dlrun.data import Prepared, Rows, Task
from dlrun.spec import Experiment
from dlrun.training import Job, load_engine

x, y = rows()
number = np.arange(len(x))
data = Prepared(
    train=Rows(x[:TRAIN], y[:TRAIN], number[:TRAIN]),
    validation=Rows(x[TRAIN:], y[TRAIN:], number[TRAIN:]),
    test=None,
    task=Task("multiclass", "label", tuple(map(str, range(CLASSES)))),
    feature_names=tuple(f"pixel_{position}" for position in range(PIXELS)),
    preprocessing={},
    fingerprint="t2",
)
experiment = Experiment.model_validate(
    {
        "data": {"source": "digits"},  # only named: the rows above are what is trained on
        "model": {"units": [256, 256], "dropout": 0.2},
        "fit": {"epochs": EPOCHS, "batch_size": BATCH},
    }
)
ends: list[float] = []
engine = load_engine(os.environ["KERAS_BACKEND"])
for outcome in engine.run([Job("000000000000", experiment, data)], lambda job, row: ends.append(time.perf_counter())):
    assert outcome.status == "completed", outcome.reason
print(statistics.median(end - start for start, end in itertools.pairwise(ends)))
