"""The sweep as a hand-written PyTorch loop: two processes of one thread each, dropout, the fused Adam kernel.

    python bench/torch_sweep.py G1 [EVERY]

Same rows, epochs, batches, networks and seeds as dlrun; validation loss and accuracy after every epoch. What it does
not do: any train loss, a store. PyTorch is no dependency of dlrun: where it is absent this prints `{"absent": ...}`.
"""

import itertools
import json
import multiprocessing
import sys
from functools import partial

import numpy as np

from bench.workloads import Run, Split, Workload, rows, spread, workload

try:
    import torch
except ImportError:
    print(json.dumps({"absent": "PyTorch is not installed"}))
    sys.exit()


def trained(sweep: Workload, split: Split, run: Run) -> float:
    """Validation accuracy after the last epoch."""
    torch.manual_seed(run.seed)
    x_train, y_train, x_val, y_val = (torch.from_numpy(part) for part in split)
    y_train, y_val = y_train.long(), y_val.long()
    net = network(run, x_train.shape[1], sweep.dropout)
    optimizer = torch.optim.Adam(net.parameters(), run.learning_rate, fused=True)
    loss_of = torch.nn.CrossEntropyLoss()
    accuracy = 0.0
    for _ in range(sweep.epochs):
        net.train()
        order = torch.randperm(len(x_train))
        for begin in range(0, len(order), sweep.batch):
            batch = order[begin : begin + sweep.batch]
            optimizer.zero_grad(set_to_none=True)
            loss_of(net(x_train[batch]), y_train[batch]).backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            outputs = net(x_val)
            loss_of(outputs, y_val).item()
            accuracy = (outputs.argmax(1) == y_val).float().mean().item()
    return accuracy


def network(run: Run, features: int, dropout: float) -> torch.nn.Sequential:
    widths = [features] + [run.width] * run.depth
    layers: list[torch.nn.Module] = []
    for inputs, units in itertools.pairwise(widths):
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU(), torch.nn.Dropout(dropout)]
    return torch.nn.Sequential(*layers, torch.nn.Linear(widths[-1], 10))


def main() -> None:
    sweep = workload(sys.argv[1])
    runs = spread(sweep.runs(), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    split = rows(sweep.source)
    torch.set_num_threads(1)
    with multiprocessing.get_context("fork").Pool(2) as pool:  # a fork inherits the imports: the quickest start
        accuracies = pool.map(partial(trained, sweep, split), runs, chunksize=1)
    print(json.dumps({"runs": len(runs), "val_accuracy": float(np.mean(accuracies))}))


if __name__ == "__main__":
    main()
