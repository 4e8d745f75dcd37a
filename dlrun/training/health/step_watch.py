"""How much a single step changes the weights: they are read just before and just after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlrun.training.health.layer_health import host, relative_change


@dataclass
class StepWatch:
    """Watches one step of each epoch that is measured, the last of full size: `Batches.apart` makes it a call of its
    own.

    Args:
        trainer: the compiled model that is trained.
        layers: the Dense layers in it.
        call: which call of an epoch the step is, from 0.
        due: whether an epoch, from 1, is measured.
    """

    trainer: Any
    layers: list[Any]
    call: int
    due: Callable[[int], bool]
    changes: list[float | None] = field(default_factory=list)
    """Of each kernel, in the epoch that was watched last; empty where none was."""
    _watched: bool = False
    _calls: int = 0
    _before: list[np.ndarray] = field(default_factory=list)

    def taken(self) -> list[float | None]:
        """The changes of the epoch that has just ended; None where it was not watched."""
        found, self.changes = self.changes or [None] * len(self.layers), []
        return found

    def callback(self) -> Any:
        """For Keras' `fit`."""
        import keras

        calling: Callable[..., Any] = keras.callbacks.LambdaCallback
        return calling(on_epoch_begin=self._epoch_begins, on_train_batch_end=self._call_ends)

    def _epoch_begins(self, epoch: int, *_: Any, **__: Any) -> None:
        self._watched, self._calls, self.changes = self.due(epoch + 1), 0, []
        if self._watched and self.call == 0:
            self._before = self._kernels()

    def _call_ends(self, *_: Any, **__: Any) -> None:
        if self._watched and self._calls == self.call - 1:
            self._before = self._kernels()
        elif self._watched and self._calls == self.call:
            self.changes = [relative_change(*pair) for pair in zip(self._before, self._kernels(), strict=True)]
            self._before = []
        self._calls += 1

    def _kernels(self) -> list[np.ndarray]:
        if hasattr(self.trainer, "jax_state_sync"):  # on JAX the weights are elsewhere while an epoch lasts
            self.trainer.jax_state_sync()
        return [host(layer.kernel) for layer in self.layers]
