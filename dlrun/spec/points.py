"""One point of a sweep -> its experiment, through the same layers and rules as a config file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlrun.errors import ConfigError, Problem
from dlrun.spec.experiment import Data, Experiment
from dlrun.spec.findings import Finding
from dlrun.spec.identity import configuration
from dlrun.spec.layers import NAMED, lay, place_of
from dlrun.spec.load import Loaded, build
from dlrun.spec.problems import flow
from dlrun.spec.rules import rules_of_spec
from dlrun.spec.swept import points_layer, without_sweep
from dlrun.spec.yaml_text import printable

ANY_DATA = Data.model_construct(source="digits")
"""Stands in for data where they do not matter: thousands of inline rows need not be validated at every point."""


@dataclass(frozen=True)
class Point:
    """A point that holds."""

    values: Mapping[str, Any]
    """Swept key -> value. An argument that the point's optimizer or schedule does not take is left out."""
    experiment: Experiment
    """Without `sweep`, of the config's own seed. Equal data sections are one object."""
    warnings: tuple[Finding, ...]
    identity: str
    """Equal for points that are the same experiment."""


@dataclass
class Points:
    """Builds the points of one config's sweep.

    Args:
        loaded: a config with a `sweep`.
    """

    loaded: Loaded
    _data: dict[str, Data] = field(default_factory=dict)

    def __post_init__(self) -> None:
        base = self.loaded.experiment
        if base.sweep is None or self.loaded.layer is None:
            raise ConfigError([Problem("", "sweep is required, such as `sweep: {grid: {model.width: [16, 64]}}`.")])
        self.section = "grid" if base.sweep.grid is not None else "space"
        self.keys = tuple(base.sweep.grid or base.sweep.space or {})
        self.place = place_of(("sweep", self.section), self.loaded.layer.places)
        self._below = without_sweep(self.loaded.layer)
        self._changes_data = any(key.split(".")[0] == "data" for key in self.keys)
        if not self._changes_data:
            self._below.tree["data"] = {"source": ANY_DATA.source}
            places = self._below.places.items()
            self._below.places = {path: place for path, place in places if path[:1] != ("data",)}
        self._data[base.data.model_dump_json()] = base.data

    @property
    def monitor(self) -> str:
        """The curve that decides which configuration is better."""
        base = self.loaded.experiment
        search = base.sweep.search if base.sweep is not None else None
        return (search and search.monitor) or base.monitor

    @property
    def base_warnings(self) -> tuple[Finding, ...]:
        """What the rules find odd in the config itself."""
        return tuple(finding for finding in rules_of_spec(self.loaded.experiment) if not finding.is_error)

    def at(self, values: Mapping[str, Any]) -> Point:
        """The point with these values.

        Raises:
            ConfigError: it does not hold; the message names the point.
        """
        taken = {key: value for key, value in values.items() if is_taken(key, values)}
        layer = points_layer(taken, self.place)
        try:
            experiment = self._with_data(build(lay(self._below, layer)))
        except ConfigError as error:
            raise self.refused(taken, [problem.text for problem in error.problems]) from None
        findings = rules_of_spec(experiment)
        errors = [f"{finding.path} {finding.text}" for finding in findings if finding.is_error]
        errors += self._without_monitor(experiment)
        if errors:
            raise self.refused(taken, errors)
        return Point(taken, experiment, tuple(findings), self._identity(experiment))

    def refused(self, values: Mapping[str, Any], texts: list[str]) -> ConfigError:
        """The error that says what does not hold at a point."""
        return ConfigError([Problem(self.place, f"sweep.{self.section}: {in_words(values)}: {text}") for text in texts])

    def _with_data(self, experiment: Experiment) -> Experiment:
        data = self.loaded.experiment.data
        if self._changes_data:
            data = self._data.setdefault(experiment.data.model_dump_json(), experiment.data)
        return experiment.model_copy(update={"data": data, "sweep": None})

    def _without_monitor(self, experiment: Experiment) -> list[str]:
        if not self.monitor.startswith("val_") or experiment.has_validation:
            return []
        return [f"no rows are held out, but {self.monitor} decides which configuration is better."]

    def _identity(self, experiment: Experiment) -> str:
        """Of the configuration; data sections are one object where they are equal."""
        rest = configuration(experiment.model_copy(update={"data": ANY_DATA}))
        return f"{json.dumps(rest, sort_keys=True)} {id(experiment.data)}"


def is_taken(key: str, values: Mapping[str, Any]) -> bool:
    """Whether the optimizer or schedule that a point chooses takes this key, if it is one of its arguments."""
    section, _, argument = key.partition(".")
    name = values.get(f"{section}.name") if section in NAMED else None
    return name is None or argument == "name" or argument in NAMED[section][name].model_fields


def in_words(values: Mapping[str, Any]) -> str:
    """`model.width=16, optimizer.name=adam`."""
    return ", ".join(f"{key}={one_line(value)}" for key, value in values.items())


def one_line(value: Any) -> str:
    """A value as the command line takes it."""
    if isinstance(value, str):
        return printable(value)
    return f"{value:.12g}" if isinstance(value, float) else flow(value)
