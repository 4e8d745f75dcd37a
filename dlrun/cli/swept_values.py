"""The swept keys of a configuration: their values, and the words by which tables and progress name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight.numbers import setting
from dlrun.spec import Experiment
from dlrun.store.spec_file import flatten


def swept_keys(experiment: Experiment) -> tuple[str, ...]:
    """The dotted keys that tell the configurations of a sweep apart."""
    sweep = experiment.sweep
    return tuple((sweep and (sweep.grid or sweep.space)) or ())


def swept_values(experiment: Experiment, keys: Sequence[str]) -> dict[str, Any]:
    """Key -> value; width and depth as the net is built, of a whole section what is not left at its default."""
    tree, hidden = experiment.to_dict(), experiment.model.hidden
    known = flatten(tree) | {"model.width": max(hidden, default=0), "model.depth": len(hidden)}
    return {key: known[key] if key in known else section(experiment, key) for key in keys}


def section(experiment: Experiment, key: str) -> Any:
    """A section that is swept whole, such as `schedule`: its name, with the arguments that are not left at their
    defaults; None where the experiment has no such key."""
    node: Any = experiment
    for word in key.split("."):
        node = node.get(word) if isinstance(node, Mapping) else getattr(node, word, None)
    if not hasattr(node, "model_dump"):
        return node
    changed = node.model_dump(mode="json", exclude_defaults=True)
    if "name" not in type(node).model_fields:
        return changed
    return {"name": node.name, **changed} if changed.keys() - {"name"} else node.name


def title(key: str) -> str:
    """`optimizer.learning_rate` -> `learning rate`; `optimizer.name` -> `optimizer`: as in the table of results."""
    return key.removesuffix(".name").rpartition(".")[2].replace("_", " ")


def titles(keys: Sequence[str]) -> dict[str, str]:
    """Key -> title; the whole key where two would have the same."""
    short = [title(key) for key in keys]
    return {key: word if short.count(word) == 1 else key for key, word in zip(keys, short, strict=True)}


def label(experiment: Experiment, swept: Sequence[str]) -> str:
    """A configuration in words, by the keys that are swept; by its name where there are none."""
    words, values = titles(swept), swept_values(experiment, swept)
    return ", ".join(f"{words[key]} {setting(values[key])}" for key in swept) or experiment.name
