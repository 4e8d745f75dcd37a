"""The instrument in chunks."""

from __future__ import annotations

import numpy as np
import pytest

from dlrun.training import forward as module
from dlrun.training.backend import current
from dlrun.training.forward import Forward
from dlrun.training.network import build
from dlrun.training.objective import objective_of
from tests.training.cases import digits, experiment


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    spec, data = experiment(model={"l2": 0.1}), digits()
    network = build(spec.model, 64, 10, "softmax", 0)
    objective = objective_of(spec, data.task)
    whole = Forward(network, objective, current(), 64, 300)
    monkeypatch.setattr(module, "BYTES_PER_CALL", 0)
    monkeypatch.setattr(module, "SMALLEST_CHUNK", 128)
    parts = Forward(network, objective, current(), 64, 300)
    assert len(whole.chunks(data.train)) == 1
    assert [chunk.rows for chunk in parts.chunks(data.train)] == [128, 128, 44]
    one, other = whole.read(whole.chunks(data.train)), parts.read(parts.chunks(data.train))
    np.testing.assert_allclose(one.outputs, other.outputs, atol=1e-6)
    assert one.mean_loss == pytest.approx(other.mean_loss, rel=1e-6)
    kernels = [weights for weights in network.get_weights() if weights.ndim == 2]
    assert (
        one.penalty
        == other.penalty
        == pytest.approx(0.1 * sum(float((kernel**2).sum()) for kernel in kernels), rel=1e-5)
    )


def test_more_rows_than_were_measured_and_none_at_all() -> None:
    spec, data = experiment(), digits()
    network = build(spec.model, 64, 10, "softmax", 0)
    small = Forward(network, objective_of(spec, data.task), current(), 64, 100)
    assert small.outputs(data.train.x).shape == (300, 10)
    assert small.outputs(data.train.x[:0]).shape == (0, 10)
