"""The words of `--device`: what they ask for, which backend can do it, and what is said where it is not there."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from dlrun.errors import BackendError

EXAMPLES = ("auto", "cpu", "gpu", "gpu:1", "gpus", "gpus:2", "tpu", "tpu:1", "tpus", "cpus:2")
"""One of each form. The number is a position, counted from 0, after a single device and a count after several."""
FORM = re.compile(r"(?P<kind>cpu|gpu|tpu)(?P<several>s?)(:(?P<number>[0-9]{1,4}))?")
MOST_VIRTUAL = 64
BACKEND_NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
HIDING = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "JAX_PLATFORMS")
"""Settings of the user that hide devices."""
WAYS_OUT = {
    ("gpu", "tensorflow"): "An NVIDIA GPU needs: pip install dlrun[gpu]",
    ("gpu", "jax"): "An NVIDIA GPU needs: pip install dlrun[gpu]",
    ("tpu", "jax"): "A TPU needs: pip install dlrun[tpu]",
}
"""What is to be installed for a kind and a backend."""


@dataclass(frozen=True)
class Wish:
    """What `--device` asks for."""

    word: str
    kind: str
    """auto, cpu, gpu or tpu."""
    several: bool = False
    number: int | None = None
    """The position of one device, counted from 0, or how many of several; None: the first one, or all."""

    @property
    def virtual_cpus(self) -> int:
        """How many devices the CPU is split into: 1 is the CPU itself."""
        return self.number or 1 if self.kind == "cpu" else 1

    def among(self, there: Sequence[tuple[str, str]], backend: str) -> list[int]:
        """Positions, among the devices of the wished kind, of those that are taken.

        Args:
            there: kind and name of every device here: `("gpu", "gpu NVIDIA H200")`.
            backend: that sees them.

        Raises:
            BackendError: there are not so many.
        """
        found = sum(kind == self.kind for kind, _ in there)
        first, last = (0, found if self.number is None else self.number) if self.several else (self.number or 0,) * 2
        wanted = range(first, last if self.several else first + 1)
        if not wanted or wanted[-1] >= found:
            raise BackendError(self._missing(found, there, backend))
        return list(wanted)

    def _missing(self, found: int, there: Sequence[tuple[str, str]], backend: str) -> str:
        kind = self.kind.upper()
        sees = f"only {found} {kind}{'s' if found > 1 else ''}" if found else f"no {kind}"
        hiding = [f"{name}={os.environ[name]!r}" for name in HIDING if name in os.environ]
        way_out = f"{', '.join(hiding)} may hide some." if hiding else WAYS_OUT.get((self.kind, backend), "")
        text = f"--device {self.word}: {BACKEND_NAMES[backend]} sees {sees} here. There is: {listed(there)}"
        return f"{text}. {way_out}" if way_out and (hiding or not found) else text


def listed(there: Sequence[tuple[str, str]]) -> str:
    """`cpu, gpu:0 (NVIDIA H200), gpu:1 (NVIDIA H200)`."""
    places: dict[str, int] = {}
    words = []
    for kind, name in there:
        place = places[kind] = places.get(kind, -1) + 1
        model = name.removeprefix(kind).strip()
        words.append("cpu" if kind == "cpu" else f"{kind}:{place}" + (f" ({model})" if model else ""))
    return ", ".join(words)


def parse(word: str, backend: str) -> Wish:
    """The wish in a word such as `gpu:1`. Loads nothing.

    Raises:
        BackendError: no such word, or one that this backend cannot do.
    """
    if word == "auto":
        return Wish(word, word)
    found = FORM.fullmatch(word)
    if found is None:
        near = get_close_matches(word.lower(), EXAMPLES, 1, 0.4)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise BackendError(f"--device must be one of {', '.join(EXAMPLES)}. Received: {word!r}.{hint}")
    number = None if found["number"] is None else int(found["number"])
    wish = Wish(word, found["kind"], bool(found["several"]), number)
    refusal = refused(wish, backend)
    if refusal is not None:
        raise BackendError(f"--device {word}: {refusal}")
    return wish


def refused(wish: Wish, backend: str) -> str | None:
    """Why no machine could give this with this backend."""
    if wish.kind == "tpu" and backend != "jax":
        return f"only JAX computes on a TPU; add --backend jax. Received: --backend {backend}."
    if wish.several and backend == "torch":
        return "PyTorch trains on one device here; several need --backend jax or --backend tensorflow."
    if wish.kind == "cpu" and wish.several and not 1 <= (wish.number or 0) <= MOST_VIRTUAL:
        return f"needs how many virtual devices the CPU is split into, 1 to {MOST_VIRTUAL}, such as cpus:2."
    if wish.kind == "cpu" and not wish.several and wish.number:
        return "there is one CPU. Two virtual ones are cpus:2."
    if wish.several and wish.number == 0:
        return f"needs at least 1, such as {wish.kind}s:2; {wish.kind}s takes all."
    return None
