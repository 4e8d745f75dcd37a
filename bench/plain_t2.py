"""The other side of T2: a hand-written script with `fit`'s default arguments but for a quiet screen."""

import itertools
import statistics
import time

import keras

from bench.t2_rows import BATCH, EPOCHS, TRAIN, rows

x, y = rows()
model = keras.Sequential([keras.Input((784,))])
for _ in range(2):
    model.add(keras.layers.Dense(256, activation="relu"))
    model.add(keras.layers.Dropout(0.2))
model.add(keras.layers.Dense(10, activation="softmax"))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])


class Clock(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Seconds of each epoch, its validation included."""

    def __init__(self) -> None:
        super().__init__()
        self.ends = [time.perf_counter()]

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.ends.append(time.perf_counter())


clock = Clock()
model.fit(
    x[:TRAIN], y[:TRAIN], batch_size=BATCH, epochs=EPOCHS, validation_data=(x[TRAIN:], y[TRAIN:]), verbose=0,
    callbacks=[clock],
)  # fmt: skip
epochs = [end - start for start, end in itertools.pairwise(clock.ends)]
print(statistics.median(epochs[1:]))
