"""Backpropagation: four equations, checked against Keras and against differences."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons import backpropagation_equations as equations
from dlrun.gallery.lessons.backpropagation_drawn import chart, table
from dlrun.gallery.lessons.backpropagation_equations import Gradient, Net
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.words import Said

SEEDS = 5
ROWS = 64
"""Over so many rows derivatives are checked."""
STEP = 1e-4
STEPS = tuple(10.0**-power for power in range(1, 12))
"""Of the differences in the picture."""
EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
"""Activations are put into these bins."""
REPEATS = 20


def teach(studio: Studio) -> Shown:
    start = studio.experiment("backpropagation", "fit.epochs=0")
    runs = studio.train(studio.seeds(start, SEEDS), weights=True)
    rows = studio.data(runs[0].experiment).train
    x, y = rows.x.astype("float64"), rows.y[:, None].astype("float64")
    some = (x[:ROWS], y[:ROWS])
    nets = opened(studio, runs, *some)
    ours = [equations.gradient(net, *some) for net, _ in nets]
    keras = np.array([equations.apart(one, theirs) for one, (_, theirs) in zip(ours, nets, strict=True)])
    central = np.array([checked(net, one, some, STEP, True) for (net, _), one in zip(nets, ours, strict=True)])
    one_sided = np.array([checked(net, one, some, STEP, False) for (net, _), one in zip(nets, ours, strict=True)])
    layers = [layer_row(place, nets, keras, central, one_sided) for place in range(len(ours[0]))]
    first = nets[0][0]
    steps = [step_row(first, ours[0], some, step) for step in STEPS]
    seconds = {
        "equations": timed(lambda: equations.gradient(first, *some)),
        "differences": timed(lambda: equations.differences(first, *some, STEP), 1),
    }
    speeds = [learning(net, x, y) for net, _ in nets]
    weak, saturated = (float(np.mean([one[key] for one in speeds])) for key in ("weak", "saturated"))
    parameters = sum(one["parameters"] for one in layers)
    values = {
        "units": "-".join(str(len(kernel)) for kernel, _ in first) + "-1",
        "parameters": parameters,
        "seeds": SEEDS,
        "keras": f"{keras.max():.0e}",
        "central": f"{central.max():.0e}",
        "passes": 2 * parameters,
        "slow": f"{1e3 * seconds['differences']:.0f}",
        "fast": f"{1e3 * seconds['equations']:.2f}",
        "weak": f"{weak:.2f}",
        "saturated": f"{saturated:.2f}",
        "rows": ROWS,
        **{f"best_{kind}": f"{min(one[kind] for one in steps):.0e}" for kind in ("central", "one_sided")},
        **{f"at_{kind}": f"{min(steps, key=lambda one: one[kind])['step']:.0e}" for kind in ("central", "one_sided")},
    }
    return Shown(
        numbers={
            "layers": layers,
            "steps": steps,
            "seconds": seconds,
            "learning": speeds,
            "weak": weak,
            "saturated": saturated,
        },
        sentences=(
            Said("gallery_descent.backpropagation_1", values),
            Said("gallery_descent.backpropagation_2", values),
            Said("gallery_descent.backpropagation_3", values),
        ),
        claims=(
            Claim(Said("gallery_descent.backpropagation_claim_keras"), float(keras.max()) < 1e-10),
            Claim(Said("gallery_descent.backpropagation_claim_central"), float(central.max()) < 1e-5),
            Claim(Said("gallery_descent.backpropagation_claim_better"), bool((central < one_sided).all())),
            Claim(Said("gallery_descent.backpropagation_claim_weak"), max(one["weak"] for one in speeds) < 0.2),
            Claim(
                Said("gallery_descent.backpropagation_claim_saturated"), max(one["saturated"] for one in speeds) < 0.5
            ),
        ),
        picture=lambda language: chart(steps, speeds, LESSON.title.text(language), language),
        table=lambda language: table(layers, language),
        notes=(Said("gallery_descent.backpropagation_note", values),),
    )


def opened(studio: Studio, runs: list[Trained], x: np.ndarray, y: np.ndarray) -> list[tuple[Net, Gradient]]:
    """Each run's weights, layer by layer, and Keras' own derivatives of the mean loss by them."""
    keras = studio.keras()
    import jax

    from dlrun.training.precision import numbers_in

    with numbers_in("float64"):
        networks = [studio.network(run) for run in runs]

        def loss(values: list[Any]) -> Any:
            outputs, _ = networks[0].stateless_call(values, [], x)
            return keras.ops.mean(keras.losses.binary_crossentropy(y, outputs))

        gradient = jax.jit(jax.grad(loss))
        weights = [[one.value for one in network.trainable_variables] for network in networks]
        return [(in_pairs(values), in_pairs(gradient(values))) for values in weights]


def in_pairs(arrays: list[Any]) -> list[tuple[np.ndarray, np.ndarray]]:
    copies = [np.array(one) for one in arrays]
    return list(zip(copies[::2], copies[1::2], strict=True))


def checked(net: Net, ours: Gradient, rows: tuple[np.ndarray, np.ndarray], step: float, central: bool) -> list[float]:
    return equations.apart(equations.differences(net, *rows, step, central), ours)


def layer_row(
    place: int, nets: list[tuple[Net, Gradient]], keras: np.ndarray, central: np.ndarray, one_sided: np.ndarray
) -> dict[str, Any]:
    """The largest differences in one layer over all nets, as shares of its largest derivative."""
    kernel, bias = nets[0][0][place]
    return {
        "layer": place + 1,
        "parameters": kernel.size + bias.size,
        "largest": max(float(np.abs(found[place][0]).max()) for _, found in nets),
        "keras": float(keras[:, place].max()),
        "central": float(central[:, place].max()),
        "one_sided": float(one_sided[:, place].max()),
    }


def step_row(net: Net, ours: Gradient, rows: tuple[np.ndarray, np.ndarray], step: float) -> dict[str, float]:
    return {
        "step": step,
        "central": max(checked(net, ours, rows, step, True)),
        "one_sided": max(checked(net, ours, rows, step, False)),
    }


def timed(call: Callable[[], object], repeats: int = REPEATS) -> float:
    """Seconds of one call: the least of some."""
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return min(taken)


def learning(net: Net, x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    """How large the derivatives by the second layer's weights are, row by row, in units of the row's mean: by the
    activation of the unit that a weight comes from, and by that of the unit it leads to."""
    found = equations.activations(net, x)
    before, after = found[1], found[2]
    by_weight = np.abs(before[:, :, None] * equations.errors(net, found, y)[1][:, None, :])
    shares = by_weight / by_weight.mean((1, 2), keepdims=True)
    comes = binned(np.broadcast_to(before[:, :, None], shares.shape), shares)
    leads = binned(np.broadcast_to(after[:, None, :], shares.shape), shares)
    return {
        "from": comes,
        "to": leads,
        "weak": mean_where(shares, small(before)[:, :, None]) / mean_where(shares, large(before)[:, :, None]),
        "saturated": mean_where(shares, (small(after) | large(after))[:, None, :])
        / mean_where(shares, middle(after)[:, None, :]),
    }


def most(speeds: list[dict[str, Any]], kind: str) -> float:
    return float(max(one[kind] for one in speeds))


def small(activation: np.ndarray) -> np.ndarray:
    return activation < EDGES[1]


def large(activation: np.ndarray) -> np.ndarray:
    return activation > EDGES[-2]


def middle(activation: np.ndarray) -> np.ndarray:
    return (activation >= EDGES[2]) & (activation <= EDGES[-3])


def mean_where(values: np.ndarray, chosen: np.ndarray) -> float:
    return float(values[np.broadcast_to(chosen, values.shape)].mean())


def binned(activation: np.ndarray, shares: np.ndarray) -> list[float | None]:
    """The mean share in each bin of the activation; None where a bin is empty."""
    places = np.clip(np.digitize(activation, EDGES) - 1, 0, len(EDGES) - 2)
    return [
        float(shares[places == place].mean()) if (places == place).any() else None for place in range(len(EDGES) - 1)
    ]


LESSON = Lesson(12, "backpropagation", Said("gallery_descent.backpropagation_title"), teach)
