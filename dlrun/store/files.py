"""Files that are either whole or absent: written aside, synced, renamed; and a disk's errors in plain words."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dlrun.errors import StoreNotWritable

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns an `OSError` for want of space or permission into `StoreNotWritable`, which names the path."""
    try:
        yield
    except OSError as error:
        known = as_store_error(error, path)
        if known is None:
            raise
        raise known from error


def as_store_error(error: OSError, path: Path | None = None) -> StoreNotWritable | None:
    """The error in plain words if it is for want of space or permission, else None."""
    where = path or error.filename or "the disk"
    if error.errno in _NO_SPACE:
        return StoreNotWritable(f"{where}: no space left. Free some, or choose another --results")
    if error.errno in _NOT_WRITABLE or (path is not None and error.errno == errno.ENOENT):
        return StoreNotWritable(
            f"{where}: cannot be written ({error.strerror}). Choose another place; for the store: --results"
        )
    return None


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Lets `write` fill a file aside, syncs it and puts it in the place of `path` in one step.

    The file aside keeps the suffix of `path`, which Keras and numpy look at.
    """
    aside = path.with_name(f".aside-{path.name}")
    with writing(path):
        try:
            write(aside)
            sync(aside)
            os.replace(aside, path)
        finally:
            with suppress(OSError):
                aside.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Returns when the file's content is on the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Returns when the folder's list of names is on the disk; Windows does that by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_folder(path: Path) -> None:
    """Removes a folder that may be absent. Links are removed, never followed."""
    with writing(path):
        if path.is_symlink():
            path.unlink()
        elif path.exists():
            shutil.rmtree(path)
