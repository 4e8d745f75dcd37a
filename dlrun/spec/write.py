"""An experiment as YAML text, with every default written out; `load` reads it back as an equal one."""

from __future__ import annotations

from typing import Any

import yaml

from dlrun.spec.experiment import Experiment
from dlrun.spec.yaml_text import scalar


def text_node(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if isinstance(scalar(text), str) and text.isprintable() else '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def sequence_node(writer: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    """Lists of plain values stand on one line."""
    plain = not any(isinstance(item, (dict, list)) for item in items)
    return writer.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=plain)


class Plain(yaml.SafeDumper):
    """PyYAML quotes what YAML 1.1 would misread; this one also what YAML 1.2 reads as a number, such as `1e-3`.
    No anchors and aliases for values that happen to be the same object."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


Plain.add_representer(str, text_node)
Plain.add_representer(list, sequence_node)


def dump(content: Any) -> str:
    """Plain types as YAML: key order kept, lists of numbers on one line, Hangul as it is."""
    return str(
        yaml.dump(content, Dumper=Plain, sort_keys=False, allow_unicode=True, default_flow_style=False, width=110)
    )


def to_yaml(experiment: Experiment) -> str:
    """The whole experiment, defaults included."""
    return dump(experiment.to_dict())
