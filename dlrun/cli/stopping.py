"""Ctrl-C and SIGTERM: noted when they come, obeyed where it is safe.

Python raises KeyboardInterrupt wherever it happens to be. In the middle of an import that is a traceback of somebody
else's, and in a callback from compiled code (JAX has many) it is swallowed. So a signal is only noted, and training
asks after every call of a compiled program whether it shall go on. A second signal ends the process at once: what is in
the store is whole at any moment.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from dlrun.errors import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM)
EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


class Stopping:
    """Asked by calling it: whether training shall end."""

    def __init__(self) -> None:
        self.received: signal.Signals | None = None

    def __call__(self) -> bool:
        return self.received is not None

    @property
    def exit_code(self) -> int:
        """Of the signal that came: 130 for Ctrl-C, 143 for SIGTERM."""
        return EXIT_CODES[self.received or signal.SIGINT]

    def listen(self) -> None:
        """Takes the signals from now on; to be called in the main thread."""
        for number in SIGNALS:
            signal.signal(number, self._note)

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """What is interrupted within ends the process with the signal's exit code."""
        try:
            yield
        except Interrupted as interrupted:
            interrupted.exit_code = self.exit_code
            raise

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.received is not None:
            os._exit(EXIT_CODES[signal.Signals(number)])
        self.received = signal.Signals(number)
        os.write(2, b"\nstopping; once more ends it at once\n")  # print may be what was interrupted
