"""scikit-learn's own data sets, read from the files in its package: importing it takes 0.8 s, reading takes 5 ms.

Where a future scikit-learn keeps them elsewhere, its own loaders are asked. `diabetes` comes in its own units
(scikit-learn's default is the same data standardised over all rows, which would let validation rows into the scaling).
"""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dlrun.data.table import Column, Numeric, Table, Text

DIGITS_WHITE = 16.0
"""The pixels of `digits` run from 0 to 16."""

IRIS_FEATURES = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
WINE_FEATURES = (
    "alcohol",
    "malic_acid",
    "ash",
    "alcalinity_of_ash",
    "magnesium",
    "total_phenols",
    "flavanoids",
    "nonflavanoid_phenols",
    "proanthocyanins",
    "color_intensity",
    "hue",
    "od280/od315_of_diluted_wines",
    "proline",
)
_CELL_FEATURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)
BREAST_CANCER_FEATURES = (
    *(f"mean {name}" for name in _CELL_FEATURES),
    *(f"{name} error" for name in _CELL_FEATURES),
    *(f"worst {name}" for name in _CELL_FEATURES),
)
DIABETES_FEATURES = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
DIGITS_FEATURES = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))


def digits() -> Table:
    """1,797 images of 8 x 8 pixels; target `digit`."""
    raw = _packaged("digits.csv.gz")
    x, y = (raw[:, :-1], raw[:, -1]) if raw is not None else _loaded("load_digits")
    labels = tuple(str(digit) for digit in range(10))
    return _table("digits", x, DIGITS_FEATURES, "digit", Text(y.astype(np.int64), labels), DIGITS_WHITE)


def iris() -> Table:
    """150 flowers, 4 measures; target `species`."""
    return _labelled("iris", "iris.csv", IRIS_FEATURES, "species", ("setosa", "versicolor", "virginica"))


def wine() -> Table:
    """178 wines, 13 analyses; target `cultivar`."""
    return _labelled("wine", "wine_data.csv", WINE_FEATURES, "cultivar", ("class_0", "class_1", "class_2"))


def breast_cancer() -> Table:
    """569 tumours, 30 measures of their cells; target `diagnosis`."""
    features = BREAST_CANCER_FEATURES
    return _labelled("breast_cancer", "breast_cancer.csv", features, "diagnosis", ("malignant", "benign"))


def diabetes() -> Table:
    """442 patients, 10 measures in their own units; target `progression` after one year, a number."""
    x, y = _packaged("diabetes_data_raw.csv.gz", None), _packaged("diabetes_target.csv.gz", None)
    if x is None or y is None:
        x, y = _loaded("load_diabetes", scaled=False)
    return _table("diabetes", x, DIABETES_FEATURES, "progression", Numeric(y))


SETS: dict[str, Callable[[], Table]] = {
    "digits": digits,
    "iris": iris,
    "wine": wine,
    "breast_cancer": breast_cancer,
    "diabetes": diabetes,
}


def _labelled(name: str, file: str, features: tuple[str, ...], target: str, labels: tuple[str, ...]) -> Table:
    raw = _packaged(file, skip=1)
    x, y = (raw[:, :-1], raw[:, -1]) if raw is not None else _loaded(f"load_{name}")
    return _table(name, x, features, target, Text(y.astype(np.int64), labels))


def _table(
    name: str, x: np.ndarray, features: tuple[str, ...], target: str, y: Column, white: float | None = None
) -> Table:
    columns: dict[str, Column] = {
        feature: Numeric(values) for feature, values in zip(features, np.ascontiguousarray(x.T), strict=True)
    }
    return Table(name, {**columns, target: y}, np.arange(len(x)), target=target, white=white)


def _packaged(file: str, delimiter: str | None = ",", skip: int = 0) -> np.ndarray | None:
    """The numbers in a data file of the installed scikit-learn; None where it is not there."""
    spec = importlib.util.find_spec("sklearn")
    folders = [] if spec is None else list(spec.submodule_search_locations or [])
    path = next((path for folder in folders if (path := Path(folder, "datasets", "data", file)).is_file()), None)
    if path is None:
        return None
    raw = path.read_bytes()
    lines = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode().splitlines()
    return np.loadtxt(lines, delimiter=delimiter, skiprows=skip)


def _loaded(loader: str, **arguments: bool) -> tuple[np.ndarray, np.ndarray]:
    import sklearn.datasets

    x, y = getattr(sklearn.datasets, loader)(return_X_y=True, **arguments)
    return x, y
