"""The next experiment as a config file of its own: the run's spec as its base, the change above it."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path

from dlrun.errors import UsageError
from dlrun.insight.verdict.changes import patch_lines
from dlrun.insight.verdict.diagnosis import NextExperiment
from dlrun.store import RunFolder
from dlrun.store.files import write_whole


def write_child(path: Path, folder: RunFolder, change: NextExperiment | None, force: bool) -> None:
    """Writes a config that `dlrun train` takes. Its base is the run's `spec.yaml`, which names data by absolute paths.

    Raises:
        UsageError: there is nothing to write, or a file that must not be replaced.
        StoreNotWritable: no space left, or no permission.
    """
    if change is None or not change.patch:
        why = "the run has no verdict" if change is None else change.why.text()
        raise UsageError(f"--write: there is no change of the config to write: {why}")
    if path.is_dir() or not path.name:
        raise UsageError(f"--write: must be a file. Received: {str(path)!r}, which is a folder")
    if path.exists() and not force:
        raise UsageError(f"--write: {str(path)!r} is there already. --force replaces it")
    text = child_text(path, folder, change)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise UsageError(f"--write: the store's path must be text that UTF-8 can hold. Received: {str(folder.path)!r}")
    write_whole(path, partial(_write, text=text))


def child_text(path: Path, folder: RunFolder, change: NextExperiment) -> str:
    """The text of the config that lies at `path`."""
    base = json.dumps(_from(path, folder.spec_path), ensure_ascii=False)  # a text that YAML reads as well
    return "\n".join([f"# {change.why.text()}", f"base: {base}", *patch_lines(change.patch), ""])


def _from(path: Path, target: Path) -> str:
    """The path of a file as it is seen from the folder of another one."""
    start = os.path.realpath(path.parent)
    try:
        return os.path.relpath(os.path.realpath(target), start).replace(os.sep, "/")
    except ValueError:  # on another drive
        return str(target.absolute())


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
