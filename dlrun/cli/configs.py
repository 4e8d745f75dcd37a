"""What the user names on the command line -> a loaded config: a YAML file, a data file or a built-in name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dlrun.cli.terminal import say
from dlrun.errors import ConfigError, UsageError
from dlrun.spec import Finding, Loaded, load
from dlrun.spec.names import SOURCES
from dlrun.spec.yaml_text import scalar
from dlrun.store.names import visible

CONFIG_SUFFIXES = (".yaml", ".yml")


def load_config(named: str | None, sets: Sequence[str], target: str | None = None) -> Loaded:
    """The experiment that a command's first argument names.

    Raises:
        ConfigError: with every problem of the config.
        UsageError: nothing was named.
    """
    if named is None:
        raise UsageError(f"needs a config, a data file or a built-in name.{configs_here()}")
    extra = [] if target is None else [f"data.target={target}"]
    if named in SOURCES:
        return load(None, [*extra, *sets], {"name": named, "data": {"source": named}})
    path = Path(named)
    if path.suffix.lower() in CONFIG_SUFFIXES or not path.exists():
        return load(path, [*extra, *sets])
    data: dict[str, Any] = {"source": str(path.absolute())}
    if target is not None:
        data["target"] = scalar(target)
    return load(None, sets, {"name": path.stem, "data": data})


def configs_here() -> str:
    """The configs in ./configs, so that the user can pick one."""
    found = sorted(path for pattern in ("*.yaml", "*.yml") for path in Path("configs").glob(pattern))
    return "".join(f"\n  {path}" for path in found) and " Configs here:" + "".join(f"\n  {path}" for path in found)


def judge(loaded: Loaded, findings: Sequence[Finding]) -> None:
    """Raises what is an error, at its place in the config; shows what is a warning."""
    errors = [loaded.problem(finding) for finding in findings if finding.is_error]
    if errors:
        raise ConfigError(errors)
    for finding in findings:
        say(f"warning: {visible(str(loaded.problem(finding)))}")


def show_warnings(loaded: Loaded) -> None:
    """Shows what the rules find odd in the config itself."""
    for problem in loaded.warnings:
        say(f"warning: {visible(str(problem))}")
