"""One writer per run: an OS lock, which a dying process lets go by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dlrun.errors import StoreBusy
from dlrun.store.files import writing

PATIENCE = 0.5
"""Seconds a writer waits: longer than any reader's look at the lock takes."""

MOST_FILES = 10_240
"""What macOS grants at most; more runs are not trained at once."""


_PREFIX = ".lock-"


def lock_path(runs: Path, run_id: str) -> Path:
    """Where the lock of a run lies: beside the run folders, because those are swapped as a whole."""
    return runs / f"{_PREFIX}{run_id}"


@contextmanager
def locked(runs: Path, run_id: str, patience: float = PATIENCE) -> Iterator[None]:
    """Holds the lock of a run.

    Args:
        patience: seconds to wait for it.
    Raises:
        StoreBusy: another process holds it.
        StoreNotWritable: the store cannot be written.
    """
    from filelock import FileLock, Timeout

    path = lock_path(runs, run_id)
    lock = FileLock(path, timeout=patience, is_singleton=False)
    try:
        with writing(path):
            lock.acquire()
    except Timeout:
        raise StoreBusy(f"{runs}: another process is writing run {run_id}. Wait for it, or end that process") from None
    try:
        yield
    finally:
        with suppress(OSError):  # Windows does not remove an open file; the next writer will use it again
            path.unlink()
        lock.release()


def allow_many_locks() -> None:
    """Lets this process, and those it starts, hold as many open files as the system grants: each lock is one, and many
    systems begin with 256 or 1024."""
    if os.name == "nt":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # macOS grants less than its hard limit says
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def is_locked(runs: Path, run_id: str) -> bool:
    """Whether some process holds the lock of a run. Creates nothing, needs no permission to write."""
    path = lock_path(runs, run_id)
    if not path.exists():
        return False
    return _probe_windows(path) if os.name == "nt" else _probe_posix(path)


def held_locks(folder: Path) -> set[str]:
    """The ids of the runs (or sweeps) in a folder that some process writes now."""
    try:
        names = os.listdir(folder)
    except OSError:
        return set()
    ids = (name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX))
    return {one for one in ids if is_locked(folder, one)}


def _probe_posix(path: Path) -> bool:
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _probe_windows(path: Path) -> bool:
    from filelock import FileLock, Timeout

    try:
        with FileLock(path, timeout=0, is_singleton=False):
            return False
    except Timeout:
        return True
    except OSError:
        return False
