"""The sweep as a user writes it by hand: a loop over `fit` with its default arguments but for a quiet screen.

    KERAS_BACKEND=tensorflow python bench/plain_sweep.py G1 [EVERY]

Takes every EVERY-th run of the grid and prints, as JSON, the seconds of importing, of the first run (which pays for
what Keras does once) and of the others, so that all runs can be told from some. Same rows, epochs, batches, networks
and seeds as dlrun. What it does not do: an honest train loss (`loss` is a mean over moving weights), a store, a table.
"""

import json
import sys
import time

began = time.perf_counter()
import keras  # noqa: E402
import numpy as np  # noqa: E402

from bench.workloads import Run, rows, spread, workload  # noqa: E402

sweep = workload(sys.argv[1])
runs = spread(sweep.runs(), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
x_train, y_train, x_val, y_val = rows(sweep.source)
imported = time.perf_counter() - began


def trained(run: Run) -> float:
    """Validation accuracy after the last epoch."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(run.seed)
    model = keras.Sequential([keras.Input((x_train.shape[1],))])
    for _ in range(run.depth):
        model.add(keras.layers.Dense(run.width, activation="relu"))
        model.add(keras.layers.Dropout(sweep.dropout))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(
        optimizer=keras.optimizers.Adam(run.learning_rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    history = model.fit(
        x_train, y_train, batch_size=sweep.batch, epochs=sweep.epochs, validation_data=(x_val, y_val), verbose=0
    )
    return float(history.history["val_accuracy"][-1])


seconds, accuracies = [], []
for run in runs:
    began = time.perf_counter()
    accuracies.append(trained(run))
    seconds.append(time.perf_counter() - began)
found = {"import": imported, "first": seconds[0], "others": sum(seconds[1:])}
print(json.dumps({"runs": len(runs), "seconds": found, "val_accuracy": float(np.mean(accuracies))}))
