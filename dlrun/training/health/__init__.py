"""Layer health: what goes through each layer of a net, forwards and backwards, and how much its weights move.

Two ways in:

- **While it trains.** `Job(..., health=True)` (`dlrun train --health`) lets the keras engine measure at the start
  (epoch 0) and after each epoch, on a fixed sample of the measured train rows. The outcome's `health` is a document of
  plain JSON, which the runner keeps as `health.json` beside the record; `dlrun.insight.health` reads it. Training
  itself is not touched: its numbers are the same to the last bit.
- **Of a net as it is.** `health_of(network, x)` looks at any `keras.Sequential` of Dense, BatchNormalization,
  Activation and Dropout layers in this process, on TensorFlow, JAX or PyTorch::

      found = health_of(network, x)                       # activations, dead and saturated units, weights
      found = health_of(network, x, y, loss)              # and gradients; loss is a Keras loss, such as
                                                          # keras.losses.SparseCategoricalCrossentropy()
      found[0].name, found[0].spread, found[0].histogram.counts    # a LayerHealth per Dense layer, the output last

What each number means stands at `LayerHealth`, with formulas and sources in `docs/health.md`.
"""

from dlrun.training.health.histogram import BINS, Histogram
from dlrun.training.health.layer_health import MEASURES, LayerHealth
from dlrun.training.health.look import health_of

__all__ = ["BINS", "MEASURES", "Histogram", "LayerHealth", "health_of"]
