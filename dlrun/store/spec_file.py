"""`spec.yaml`: the experiment with every default filled in, read back without loading the spec's classes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from dlrun.errors import StoreError


def read_spec(path: Path) -> dict[str, Any]:
    """The nested mapping in a run's `spec.yaml`, scalars as YAML 1.2 reads them.

    Raises:
        StoreError: the file is absent, or no mapping.
    """
    import yaml

    try:
        spec = yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise StoreError(f"{path}: cannot be read: {str(error).splitlines()[0]}") from error
    if not isinstance(spec, dict):
        raise StoreError(f"{path}: must hold a mapping. Received: {type(spec).__name__}")
    return spec


def flatten(spec: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Dotted key -> value, for tables: {"model": {"l2": 0.1}} -> {"model.l2": 0.1}. Lists stay values."""
    flat: dict[str, Any] = {}
    for key, value in spec.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            flat.update(flatten(value, f"{path}."))
        else:
            flat[path] = value
    return flat


def _loader() -> Any:
    """A safe C loader with the core schema of YAML 1.2, in which `no` is text and `1e-3` a number."""
    import yaml

    class CoreLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    for tag, pattern, first in _SCALARS:
        CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), first)
    CoreLoader.add_constructor("tag:yaml.org,2002:float", _float)
    CoreLoader.add_constructor("tag:yaml.org,2002:int", _int)
    return CoreLoader


_SCALARS = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
)


def _float(loader: Any, node: Any) -> float:
    text = loader.construct_scalar(node).lower()
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


def _int(loader: Any, node: Any) -> int:
    return int(loader.construct_scalar(node))
