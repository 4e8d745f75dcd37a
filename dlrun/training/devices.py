"""The devices that a backend finds here, and taking one or several of them.

A process computes on one choice, as it has one backend: TensorFlow and JAX look for devices once, when they first
compute.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any

from dlrun.errors import BackendError
from dlrun.training.backend import choose, quiet_start, require
from dlrun.training.device_words import BACKEND_NAMES, Wish, parse
from dlrun.training.train_functions import jax_device


@dataclass(frozen=True)
class Devices:
    """What is computed on."""

    name: str
    """`cpu`, `gpu NVIDIA H200`, `2 x cpu (virtual)`: for the record of a run."""
    members: tuple[str, ...] = ()
    """Where there are several: `gpu:0`, `gpu:1`, as Keras and TensorFlow name them. Empty for a single device."""

    @property
    def several(self) -> bool:
        return len(self.members) > 1

    def scope(self) -> AbstractContextManager[Any]:
        """On JAX, the variables made inside lie on every member: Keras' data parallelism."""
        import keras

        if not self.several or keras.backend.backend() != "jax":
            return nullcontext()
        data_parallel: Any = keras.distribution.DataParallel
        scope: AbstractContextManager[Any] = data_parallel(devices=list(self.members)).scope()
        return scope


def take(word: str, backend: str) -> Devices:
    """Loads the backend and takes the devices that `--device WORD` asks for; `auto` is the first that it prefers.

    Raises:
        BackendError: the backend or the devices are not there, or this process computes on others already.
    """
    wish = parse(word, backend)
    require(backend)
    first = BEFORE_KERAS.get(backend)
    if first is not None:
        with quiet_start():
            first(wish)
    choose(backend)
    with quiet_start():
        return TAKE[backend](wish)


def one_or_several(wish: Wish, names: Sequence[str]) -> Devices:
    """The devices of these names, taken in this order: what is hidden from the backend has no number."""
    if len(names) == 1:
        return Devices(names[0])
    virtual = " (virtual)" if wish.kind == "cpu" else ""
    counted = ", ".join(f"{count} x {name}{virtual}" for name, count in Counter(names).items())
    return Devices(counted, tuple(f"{wish.kind}:{place}" for place in range(len(names))))


def too_late(wish: Wish, backend: str) -> BackendError:
    name = BACKEND_NAMES[backend]
    text = f"--device {wish.word}: {name} already computes on another device in this process. Start a new process."
    return BackendError(text)


def take_on_tensorflow(wish: Wish) -> Devices:
    """What is not taken is hidden from TensorFlow, which would take memory there."""
    import tensorflow as tf

    logging.getLogger("tensorflow").setLevel(logging.WARNING)  # it tells which devices a strategy has
    graphics = tf.config.list_physical_devices("GPU")
    names = [tensorflow_name(gpu) for gpu in graphics]
    if wish.kind == "auto":
        with suppress(RuntimeError):  # it computes already: on its first GPU
            tf.config.set_visible_devices(graphics[:1], "GPU")
        return Devices(names[0] if names else "cpu")
    there = [("cpu", "cpu"), *(("gpu", name) for name in names)]
    taken = [] if wish.kind == "cpu" else wish.among(there, "tensorflow")
    try:
        tf.config.set_visible_devices([graphics[place] for place in taken], "GPU")
        split_tensorflow_cpu(wish.virtual_cpus)
    except RuntimeError:
        raise too_late(wish, "tensorflow") from None
    return one_or_several(wish, [names[place] for place in taken] or ["cpu"] * wish.virtual_cpus)


def tensorflow_name(gpu: Any) -> str:
    import tensorflow as tf

    return f"gpu {tf.config.experimental.get_device_details(gpu).get('device_name', '')}".strip()


def split_tensorflow_cpu(count: int) -> None:
    import tensorflow as tf

    if count > 1:
        (whole,) = tf.config.list_physical_devices("CPU")
        tf.config.set_logical_device_configuration(whole, [tf.config.LogicalDeviceConfiguration()] * count)


def settle_jax(wish: Wish) -> None:
    """Where the CPU is wished, JAX is kept from starting anything else."""

    if wish.kind == "cpu":
        set_jax("jax_platforms", "cpu")
        if wish.several:
            with suppress(RuntimeError):  # it computes already: what it has is counted later
                set_jax("jax_num_cpu_devices", wish.virtual_cpus)


def set_jax(option: str, value: Any) -> None:
    import jax

    jax.config.update(option, value)  # type: ignore[no-untyped-call, unused-ignore]


def take_on_jax(wish: Wish) -> Devices:
    import jax

    try:
        preferred = jax.devices()
    except (RuntimeError, AssertionError):
        named = os.environ.get("JAX_PLATFORMS", "")
        raise BackendError(f"--device {wish.word}: JAX finds no device with JAX_PLATFORMS={named!r}.") from None
    if wish.kind == "auto":
        return Devices(jax_name(jax_device()))
    found = jax_cpus(wish) if wish.kind == "cpu" else jax_accelerators(wish, preferred)
    set_jax("jax_default_device", found[0])
    return one_or_several(wish, [jax_name(device) for device in found])


def jax_cpus(wish: Wish) -> list[Any]:
    import jax

    found = jax.devices("cpu")
    if len(found) < wish.virtual_cpus:
        raise too_late(wish, "jax")
    return found[: wish.virtual_cpus]


def jax_accelerators(wish: Wish, preferred: Sequence[Any]) -> list[Any]:
    accelerators = [device for device in preferred if device.platform != "cpu"]
    there = [("cpu", "cpu"), *((device.platform, jax_name(device)) for device in accelerators)]
    of_kind = [device for device in accelerators if device.platform == wish.kind]
    return [of_kind[place] for place in wish.among(there, "jax")]


def jax_name(device: Any) -> str:
    return "cpu" if device.platform == "cpu" else f"{device.platform} {device.device_kind}"


def settle_torch(wish: Wish) -> None:
    """Keras reads once, when it is imported, where PyTorch is to compute."""
    if wish.kind == "auto":
        return
    there = [("cpu", "cpu"), *(("gpu", name) for _, name in torch_accelerators())]
    place = "cpu" if wish.kind == "cpu" else torch_accelerators()[wish.among(there, "torch")[0]][0]
    os.environ["KERAS_TORCH_DEVICE"] = place


def take_on_torch(wish: Wish) -> Devices:
    """Where Keras puts a tensor."""
    import keras

    place = keras.ops.convert_to_tensor(0.0).device
    if wish.kind != "auto" and not str(place).startswith(os.environ["KERAS_TORCH_DEVICE"]):
        raise too_late(wish, "torch")
    names = dict(torch_accelerators())
    return Devices(names.get(str(place)) or names.get(place.type, place.type))


def torch_accelerators() -> list[tuple[str, str]]:
    """PyTorch's word and our name of each: `("cuda:0", "gpu NVIDIA H200")`."""
    import torch

    if torch.backends.mps.is_available():
        return [("mps", "gpu Apple")]
    return [(f"cuda:{place}", f"gpu {torch.cuda.get_device_name(place)}") for place in range(torch.cuda.device_count())]


BEFORE_KERAS: dict[str, Callable[[Wish], None]] = {"jax": settle_jax, "torch": settle_torch}
TAKE: dict[str, Callable[[Wish], Devices]] = {
    "tensorflow": take_on_tensorflow,
    "jax": take_on_jax,
    "torch": take_on_torch,
}
