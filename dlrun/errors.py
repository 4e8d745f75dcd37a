"""Every error a user can meet, one tree.

    DlrunError                  exit code 2 unless a class below says otherwise
    ├── UsageError              the command line asks for something that cannot be
    │   └── NotAvailable        a key or option that is known, but not built yet
    ├── ConfigError             a config file (or `--set`) that does not hold
    ├── DataError               a data file that cannot be trained on
    ├── BackendError            a Keras backend or device that is not there
    ├── NoSuchRun               exit 4: no run answers to that name
    ├── StoreError              exit 5: the store is damaged
    │   └── StoreBusy           exit 5: another process writes this run
    ├── StoreNotWritable        exit 6: no space, or no permission
    ├── TrainingFailed          exit 1: a run failed or diverged
    └── Interrupted             exit 130: Ctrl-C (143: SIGTERM)

The command line catches `DlrunError` alone, prints its text and ends with its `exit_code`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class DlrunError(Exception):
    """Base of all errors that are the user's to know. Its text is one complete message."""

    exit_code = 2


class UsageError(DlrunError):
    """A command line that cannot be carried out."""


class NotAvailable(UsageError):
    """A known key or option whose work is not built yet."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a config: where it stands and what must hold."""

    where: str
    """`file:line` or the command-line option that brought the value."""
    text: str
    """What must hold, what came and the way out, beginning with the key's path."""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


class ConfigError(DlrunError):
    """A config that does not hold; carries all problems found, not only the first."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DataError(DlrunError):
    """Data that cannot be read or trained on."""


class BackendError(DlrunError):
    """A Keras backend or a device that is not there."""


class NoSuchRun(DlrunError):
    """No run in the store answers to the given name."""

    exit_code = 4


class StoreError(DlrunError):
    """The store, or a run in it, is damaged."""

    exit_code = 5


class StoreBusy(StoreError):
    """Another process is writing the same run."""


class StoreNotWritable(DlrunError):
    """No space left, or no permission to write."""

    exit_code = 6


class TrainingFailed(DlrunError):
    """A run failed, or its loss became infinite or not a number."""

    exit_code = 1


class Interrupted(DlrunError):
    """The user, or the system, stopped the work; says what is saved and how to go on."""

    exit_code = 130
