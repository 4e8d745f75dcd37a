"""Which experiment is the same experiment: the id of a run is a hash of what decides its numbers."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from dlrun.spec.augmentation import acting
from dlrun.spec.experiment import Experiment

ID_LENGTH = 12
"""Hex digits: 48 bits, so that a million runs share one with a chance of 1 in 500."""

NOT_IN_THE_ID = ("name", "seed", "sweep")
"""Decoration; the seed is hashed beside the configuration."""
IN_THE_FINGERPRINT = ("source", "inline", "rows", "noise", "validation_source", "test_source")
"""Keys of `data` that say where rows come from: the fingerprint of the rows stands for them."""


def run_id(experiment: Experiment, fingerprint: str, backend: str, fold: int | None = None) -> str:
    """The id of one run: 12 hex digits.

    Args:
        experiment: what is trained.
        fingerprint: hex digest of the data's content.
        backend: tensorflow, jax or torch.
        fold: which fold of `data.folds`, from 0.
    """
    return digest(configuration(experiment) | {"data_content": fingerprint, "seed": experiment.seed, "fold": fold,
                                               "backend": backend})  # fmt: skip


def configuration_id(experiment: Experiment, fingerprint: str, backend: str) -> str:
    """What all seeds and folds of a configuration share: 12 hex digits. Arguments as of `run_id`."""
    return digest(configuration(experiment) | {"data_content": fingerprint, "backend": backend})


def digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


def configuration(experiment: Experiment) -> dict[str, Any]:
    """The values that decide the numbers and differ from their defaults. A key that a later version adds is not in it
    while it has its default, so old ids stay."""
    content = changed(experiment)
    for key in NOT_IN_THE_ID:
        content.pop(key, None)
    content["data"] = {key: value for key, value in content["data"].items() if key not in IN_THE_FINGERPRINT}
    content["model"] = content.get("model", {}) | built_model(experiment)
    changes = content["data"].pop("augmentation", {})  # noise of 0 is no noise
    if acting(experiment.data):
        content["data"]["augmentation"] = {key: changes[key] for key in acting(experiment.data)}
    return content


def built_model(experiment: Experiment) -> dict[str, Any]:
    """The net as it is built, so that [8, 4] deepened by 2 and [8, 8, 4, 4] are one experiment."""
    model = experiment.model
    return {
        "units": list(model.hidden),
        "widen": 1,
        "deepen": 1,
        "activation": one_if_alike(model.each_layer(model.activation)),
        "dropout": one_if_alike(model.each_layer(model.dropout)),
    }


def one_if_alike(values: tuple[Any, ...]) -> Any:
    """One value where all layers have the same, else the list; None without layers, where none has an effect."""
    if not values:
        return None
    return values[0] if len(set(values)) == 1 else list(values)


def changed(experiment: Experiment) -> dict[str, Any]:
    """The values that differ from their defaults, as plain types; the names of optimizer and schedule always."""
    content: dict[str, Any] = experiment.model_dump(mode="json", exclude_defaults=True)
    content.setdefault("data", {})
    for key, section in (("optimizer", experiment.optimizer), ("schedule", experiment.schedule)):
        content[key] = {"name": section.name} | section.model_dump(mode="json", exclude_defaults=True)
    return content


def flat(content: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested keys as dotted ones: `{"model": {"l2": 0.1}}` -> `{"model.l2": 0.1}`. Empty mappings vanish."""
    result: dict[str, Any] = {}
    for key, value in content.items():
        if isinstance(value, dict):
            result |= flat(value, f"{prefix}{key}.")
        else:
            result[f"{prefix}{key}"] = value
    return result
