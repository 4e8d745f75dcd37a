"""MNIST and Fashion-MNIST by name: from the folder that DLRUN_DATA names, else Keras' own copy, which it downloads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dlrun.data.arrays import loaded_arrays
from dlrun.data.idx_folder import idx_arrays, idx_files, image_arrays_table
from dlrun.data.table import Table
from dlrun.errors import DataError

DATA_FOLDER = "DLRUN_DATA"
FOLDERS: dict[str, tuple[str, ...]] = {
    "mnist": ("mnist", "MNIST"),
    "fashion_mnist": ("fashion-mnist", "fashion_mnist", "FashionMNIST"),
}
"""Name -> what its folder below DLRUN_DATA may be called."""
KERAS_COPIES = {"mnist": "mnist.npz", "fashion_mnist": "fashion-mnist"}
"""Name -> file or folder below Keras' `datasets`."""
_LONGEST_DOWNLOAD = 900
_DOWNLOAD = "import sys; from keras import datasets; getattr(datasets, sys.argv[1]).load_data()"


def known_arrays(name: str) -> dict[str, np.ndarray]:
    """x_train, y_train, x_test, y_test of a named set.

    Raises DataError where it is in neither place and cannot be downloaded.
    """
    folder = _own_folder(name)
    if folder is not None:
        return idx_arrays(str(folder))
    copy = _keras_folder() / KERAS_COPIES[name]
    if not copy.exists():
        _download(name)
    return loaded_arrays(str(copy)) if copy.suffix == ".npz" else idx_arrays(str(copy))


def known_table(name: str) -> Table:
    """A named set; the 10,000 images of its test file are the test rows."""
    return image_arrays_table(name, known_arrays(name))


def _own_folder(name: str) -> Path | None:
    root = os.environ.get(DATA_FOLDER)
    if not root:
        return None
    folders = (Path(root).expanduser() / folder for folder in FOLDERS[name])
    return next((folder for folder in folders if folder.is_dir() and idx_files(folder)), None)


def _keras_folder() -> Path:
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets"


def _download(name: str) -> None:
    """Lets Keras fetch the set, in a process of its own: here the backend is not chosen yet."""
    command = [sys.executable, "-c", _DOWNLOAD, name]
    environment: Mapping[str, str] = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=_LONGEST_DOWNLOAD)
        reason = "" if not done.returncode else (done.stderr.strip().splitlines() or ["it failed"])[-1]
    except subprocess.TimeoutExpired:
        reason = f"it took longer than {_LONGEST_DOWNLOAD} s"
    if reason:
        root = os.environ.get(DATA_FOLDER)
        looked = f"below {DATA_FOLDER} ({root})" if root else f"({DATA_FOLDER} names no folder)"
        raise DataError(
            f"{name}: is neither {looked} nor in {_keras_folder()}, and Keras could not download it: {reason[:200]}. "
            f"Offline, put its four idx files into a folder, and give the folder as data.source or let "
            f"{DATA_FOLDER} name the folder above {FOLDERS[name][0]!r}"
        )


KNOWN = tuple(FOLDERS)
