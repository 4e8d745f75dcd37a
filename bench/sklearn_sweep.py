"""The sweep in scikit-learn: `MLPClassifier`, two processes of one thread each.

    python bench/sklearn_sweep.py G1 [EVERY]

Same rows, epochs, batches, widths, depths, learning rates and seeds as dlrun; validation loss and accuracy after every
epoch. What it does not do: dropout (it has none), an honest train loss, a store.
"""

import json
import os
import sys

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import numpy as np
from joblib import Parallel, delayed
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from bench.workloads import Run, Split, Workload, rows, spread, workload


def trained(sweep: Workload, run: Run, split: Split) -> float:
    """Validation accuracy after the last epoch."""
    x_train, y_train, x_val, y_val = split
    net = MLPClassifier(
        (run.width,) * run.depth,
        learning_rate_init=run.learning_rate,
        batch_size=sweep.batch,
        alpha=0.0,
        random_state=run.seed,
    )
    accuracy = 0.0
    for _ in range(sweep.epochs):
        net.partial_fit(x_train, y_train, classes=np.arange(10))
        outputs = net.predict_proba(x_val)
        log_loss(y_val, outputs)
        accuracy = float(np.mean(outputs.argmax(axis=1) == y_val))
    return accuracy


def main() -> None:
    sweep = workload(sys.argv[1])
    runs = spread(sweep.runs(), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    split = rows(sweep.source)
    accuracies = Parallel(n_jobs=2)(delayed(trained)(sweep, run, split) for run in runs)
    print(json.dumps({"runs": len(runs), "val_accuracy": float(np.mean(accuracies))}))


if __name__ == "__main__":
    main()
