import numpy as np
import pytest

from dlrun.data.generators import CLOUDS, GATE_OUTPUTS, generated_table
from dlrun.spec import Data

GATES = {
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "nand": lambda a, b: 1 - (a & b),
    "nor": lambda a, b: 1 - (a | b),
    "xor": lambda a, b: a ^ b,
    "xnor": lambda a, b: 1 - (a ^ b),
}


def arrays(name, **keys):
    table = generated_table(name, Data(source=name, **keys))
    x = np.stack([table.columns["x1"].values, table.columns["x2"].values], axis=1)
    return x, table.columns["y"].numbers()


@pytest.mark.parametrize("keys", [{}, {"rows": 4}, {"rows": 4, "noise": 0.0}, {"noise": 0.0}])
@pytest.mark.parametrize("name", GATE_OUTPUTS)
def test_gates_are_their_truth_table(name, keys):
    x, y = arrays(name, **keys)
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert y.tolist() == [GATES[name](int(a), int(b)) for a, b in x]


@pytest.mark.parametrize("rows", [5, 42, 400])
@pytest.mark.parametrize("name", GATE_OUTPUTS)
def test_gates_scatter_equally_around_the_corners(name, rows):
    x, y = arrays(name, rows=rows, noise=0.05)
    corners = np.round(x).astype(int)
    counts = np.unique(corners, axis=0, return_counts=True)[1]
    assert counts.max() - counts.min() <= 1
    assert y.tolist() == [GATES[name](a, b) for a, b in corners]
    assert len(np.unique(x, axis=0)) == rows


def test_the_noise_of_gates_is_a_standard_deviation():
    x, _ = arrays("xor", rows=40_000, noise=0.1)
    np.testing.assert_allclose((x - np.round(x)).std(axis=0), 0.1, rtol=0.02)


@pytest.mark.parametrize(("name", "classes"), [("moons", 2), ("circles", 2), ("spirals", 2), ("blobs", 3)])
def test_clouds_have_equal_classes_and_their_defaults(name, classes):
    x, y = arrays(name)
    assert x.shape == (1000, 2)
    assert np.isfinite(x).all()
    counts = np.unique(y, return_counts=True)[1]
    assert len(counts) == classes
    assert counts.max() - counts.min() <= 1
    np.testing.assert_array_equal(x, arrays(name, rows=1000, noise=0.1)[0])


@pytest.mark.parametrize("name", [*CLOUDS, "xor"])
def test_drawn_from_the_split_seed_alone(name):
    first, again = arrays(name, rows=30, noise=0.2), arrays(name, rows=30, noise=0.2)
    np.testing.assert_array_equal(first[0], again[0])
    other, _ = arrays(name, rows=30, noise=0.2, split_seed=1)
    assert (first[0] != other).any()


@pytest.mark.parametrize("name", CLOUDS)
def test_clouds_without_noise_keep_their_shape(name):
    x, y = arrays(name, rows=301, noise=0.0)
    radius = np.hypot(*x.T)
    if name == "circles":
        np.testing.assert_allclose(radius, np.where(y == 0, 1.0, 0.5), atol=1e-8)
    if name == "blobs":
        assert len(np.unique(x, axis=0)) == 3
    if name == "spirals":  # the angle says how far along the arm a point lies, hence its radius
        angle = 2 * np.pi * 1.5 * radius / 2 + np.pi * y
        np.testing.assert_allclose(x, radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1), atol=1e-7)
