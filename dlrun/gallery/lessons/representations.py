"""Representations grow layer by layer; and training the layers one by one is not training them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.data import Prepared, Rows
from dlrun.gallery.evidence import higher
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.representations_drawn import chart, table
from dlrun.gallery.over_seeds import mean_row
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.words import Said
from dlrun.spec import Experiment

SEEDS = 5


@dataclass(frozen=True)
class Seen:
    """What a layer makes of the train and the validation rows: (rows, units)."""

    train: np.ndarray
    validation: np.ndarray

    def through(self, kernel: np.ndarray, bias: np.ndarray) -> Seen:
        """What one more layer with tanh makes of it."""
        return Seen(np.tanh(self.train @ kernel + bias), np.tanh(self.validation @ kernel + bias))


def teach(studio: Studio) -> Shown:
    experiment = studio.experiment("representations")
    data = studio.data(experiment)
    assert data.validation is not None
    start = Seen(data.train.x, data.validation.x)
    joint = studio.train(studio.seeds(experiment, SEEDS), weights=True)
    together = [layers(studio, run, start) for run in joint]
    apart, heads = one_by_one(studio, experiment, data, start)
    numbers = {
        "together": probed(together, data.train, data.validation),
        "one_by_one": probed(apart, data.train, data.validation),
        "joint_accuracy": [one.metric("val_accuracy") for one in joint],
        "greedy_accuracy": [one.metric("val_accuracy") for one in heads],
        "epochs": experiment.fit.epochs,
    }
    title, labels = LESSON.title, data.validation.y.tolist()
    seen = [planar(one.train, one.validation) for one in together[0]]
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=lambda language: chart(seen, labels, numbers, title.text(language), language),
        table=lambda language: table(numbers, language),
        notes=(Said("gallery_perceptron.representations_note", {"epochs": experiment.fit.epochs}),),
    )


def layers(studio: Studio, run: Trained, start: Seen) -> list[Seen]:
    """The rows as they come, and as each hidden layer shows them."""
    weights = studio.network(run).get_weights()
    found = [start]
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        found.append(found[-1].through(kernel, bias))
    return found


def one_by_one(
    studio: Studio, experiment: Experiment, data: Prepared, start: Seen
) -> tuple[list[list[Seen]], list[Trained]]:
    """Greedy training: a layer with an output layer on it, then the layer is kept as it is and the next one is trained
    on what it gives. The layers of each seed, and the runs of the last one."""
    found = [[start] for _ in range(SEEDS)]
    runs: list[Trained] = []
    for depth in range(len(experiment.model.hidden)):
        runs = studio.train(
            [next_layer(studio, data, seen[-1], depth, experiment.seed + place) for place, seen in enumerate(found)],
            weights=True,
        )
        for seen, run in zip(found, runs, strict=True):
            kernel, bias, *_ = studio.network(run).get_weights()
            seen.append(seen[-1].through(kernel, bias))
    return found, runs


def next_layer(studio: Studio, data: Prepared, seen: Seen, depth: int, seed: int) -> Experiment:
    """One hidden layer on the rows as the layers below show them, which stand in a file."""
    if depth == 0:
        return studio.experiment("representations", "model.depth=1", f"seed={seed}")
    assert data.validation is not None
    path = studio.store.root / "activations" / f"representations-{depth}-seed-{seed}.npz"
    studio.make_folder(path.parent)
    np.savez(
        path, x_train=seen.train, y_train=data.train.y, x_validation=seen.validation, y_validation=data.validation.y
    )
    sets = (f"data.source={path}", "data.rows=null", "data.noise=null", "data.scaling=none", "data.task=classification")
    return studio.experiment("representations", "model.depth=1", f"seed={seed}", *sets)


def probed(nets: list[list[Seen]], train: Rows, validation: Rows) -> list[list[float]]:
    """Per layer (the inputs first) one accuracy per seed: of a logistic regression that is fitted to what the layer
    makes of the train rows, on the validation rows."""
    from sklearn.linear_model import LogisticRegression

    known: dict[int, float] = {}  # all nets have the same inputs

    def accuracy(seen: Seen) -> float:
        if id(seen) not in known:
            probe = LogisticRegression(solver="newton-cholesky").fit(seen.train, train.y)
            known[id(seen)] = float(probe.score(seen.validation, validation.y))
        return known[id(seen)]

    return [[accuracy(net[depth]) for net in nets] for depth in range(len(nets[0]))]


def planar(train: np.ndarray, validation: np.ndarray) -> np.ndarray:
    """The validation rows on the two directions in which the train rows vary most: (rows, 2)."""
    from sklearn.decomposition import PCA

    found: np.ndarray = PCA(2).fit(train).transform(validation)
    return found


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    together, greedy = ([mean_row(one) for one in numbers[name]] for name in ("together", "one_by_one"))
    joint, apart = mean_row(numbers["joint_accuracy"]), mean_row(numbers["greedy_accuracy"])
    values = {
        "inputs": f"{together[0]['mean']:.1%}",
        "layers": ", ".join(f"{one['mean']:.1%}" for one in together[1:]),
        "greedy": ", ".join(f"{one['mean']:.1%}" for one in greedy[1:]),
        "second": f"{together[2]['mean']:.1%}",
        "second_alone": f"{greedy[2]['mean']:.1%}",
        "count": len(together) - 1,
        "seeds": SEEDS,
        "joint": f"{joint['mean']:.1%}",
        "apart": f"{apart['mean']:.1%}",
        "epochs": numbers["epochs"],
    }
    return (
        Said("gallery_perceptron.representations_1", values),
        Said("gallery_perceptron.representations_2", values),
        Said("gallery_perceptron.representations_3", values),
    )


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    inputs, first, *_, last = numbers["together"]
    joint, apart = numbers["joint_accuracy"], numbers["greedy_accuracy"]
    never_worse = all(one >= other for one, other in zip(joint, apart, strict=True)) and sum(joint) > sum(apart)
    return (
        Claim(Said("gallery_perceptron.representations_claim_last"), higher(last, first) and higher(last, inputs)),
        Claim(Said("gallery_perceptron.representations_claim_joint"), never_worse),
    )


LESSON = Lesson(6, "representations", Said("gallery_perceptron.representations_title"), teach)
