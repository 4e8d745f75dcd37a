"""The page docs/config.md, from the classes that check a config. `python -m dlrun.spec.reference FILE` writes it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from dlrun.spec.expectation import Schema, expectation, resolve
from dlrun.spec.experiment import INITIALIZER_ARGUMENTS
from dlrun.spec.known_keys import definitions
from dlrun.spec.layers import NAMED
from dlrun.spec.names import Activation, Initializer, Loss, names_of
from dlrun.spec.optimizers import Optimizer
from dlrun.spec.schedules import Warmed
from dlrun.spec.schema import json_schema
from dlrun.spec.section import Section

INTRODUCTION = """\
# The experiment file

<!-- Made by `python -m dlrun.spec.reference docs/config.md`; edit dlrun/spec instead. -->

An experiment is a YAML file. Only `data` is needed; every other key has a default, and `dlrun check FILE` shows what
comes out. This one trains two hidden layers of 64 units on handwritten digits, and stops when it gets no better:

```yaml
name: first
data:
  source: digits
model:
  width: 64
  depth: 2
  dropout: 0.2
optimizer: {name: adam, learning_rate: 0.001}
fit:
  epochs: 40
  early_stopping: {patience: 8}
```

`dlrun train first.yaml` trains it. A table of your own needs `source: people.csv` and `target: income`.

**Mistakes are errors.** An unknown key, a wrong type, `true` for a number, a key given twice: each is reported with its
line, what must hold, what came, and the nearest known key. All of them at once, before anything is trained.

**YAML 1.2.** `1e-3` is a number, `no` and `12:30` are text, `010` is 10. No tags, anchors or aliases: `base` inherits.

## One file from another

```yaml
base: first.yaml
name: wide
model: {width: 256}
```

`base` names another file, relative to this one. This file wins key by key, and what it does not say is inherited. The
base may have a base too.

- **width, depth, units.** `units: [64, 64]` lists the hidden layers, and is what is stored; `width` with `depth` is
  short for it. A file that gives one of the two takes the other from what it inherits: depth is the number of layers,
  width the widest. A file that gives `units` forgets both.
- **Another optimizer or schedule** keeps the inherited arguments that it takes too, such as `learning_rate`, and drops
  the others.
- **One or the other.** `source` replaces an inherited `inline`, `features` an inherited `exclude`, and the other way
  round.
- **Whole.** `sweep`, `data.inline` and the initializers are replaced whole, not key by key.
- **Paths** start at the folder of the file that writes them, on the command line at the current folder.

`--set` changes one key for one command, over all files: `dlrun train wide.yaml --set fit.epochs=100 --set
optimizer=sgd`. The value is read as YAML, and as plain text where the key wants text: `--set name=123`.

In the tables below, a key without a default may be left out, or be `null`.
"""

INITIALIZERS = """\
`kernel_initializer` and `bias_initializer` are a name, or a mapping with a name and arguments. These take arguments,
all others none: {arguments}.
"""

OPTIMIZERS = """\
A name, or a mapping with its name and arguments: `optimizer: adam` is `optimizer: {name: adam}`. Without a name it is
adam. Arguments and defaults are Keras', whose documentation explains each. All optimizers take the following;
`clipnorm`, `clipvalue` and `global_clipnorm` exclude one another.
"""

SCHEDULES = """\
A name, or a mapping with its name and arguments, counted in epochs. Without a name it is `constant`. All but
`reduce_lr_on_plateau` take `warmup_epochs` (0): so many epochs in which the rate rises linearly, before the schedule
begins.
"""

SWEEP = """\
What `dlrun sweep` tries; `dlrun train` leaves it alone and trains the base. Keys are written with dots:

```yaml
sweep:
  grid: {model.width: [16, 64], model.depth: [1, 2, 3]}
  seeds: 3
```

Or a search over a space, in place of `grid`:

```yaml
sweep:
  search: {name: random, n_trials: 32}
  space:
    model.width: {low: 8, high: 256, step: 8}
    optimizer.learning_rate: {low: 1e-4, high: 1e-1, log: true}
    model.activation: [relu, tanh]
```
"""


LISTS = {"Activations": names_of(Activation), "Initializers": names_of(Initializer), "Losses": names_of(Loss)}
"""Names that are too many for a table, and the heading under which they stand."""


def reference() -> str:
    """The page, as Markdown."""
    parts = [INTRODUCTION, "## Top of the file\n", keys_table(top())]
    parts += [*section("data", "Data"), sub("data.inline", "Inline"), sub("data.augmentation", "Augmentation")]
    parts += [*section("model", "Model"), initializers(), sub("model.weights", "GivenLayer", "a list, one per layer")]
    parts += ["## optimizer\n", OPTIMIZERS, keys_table(shared_arguments()), optimizers()]
    parts += ["## schedule\n", SCHEDULES, schedules()]
    parts += [*section("fit", "Fit"), sub("fit.early_stopping", "EarlyStopping")]
    parts += ["## sweep\n", SWEEP, keys_table(properties("Sweep")), sub("sweep.search", "Search")]
    parts += [sub("sweep.space", "Interval", "under each key, or a list of values in its place")]
    parts += ["## Names\n", *(f"### {head}\n\n{quoted(words)}.\n" for head, words in LISTS.items())]
    return "\n".join(parts)


def quoted(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


# --- sections --------------------------------------------------------------------------------------------------------


def top() -> dict[str, Schema]:
    """The keys at the top that are no sections."""
    return {key: node for key, node in json_schema()["properties"].items() if key in ("base", "name", "seed")}


def properties(definition: str) -> dict[str, Schema]:
    return dict(definitions()[definition]["properties"])


def section(key: str, definition: str) -> list[str]:
    return [f"## {key}\n", f"{definitions()[definition]['description']}\n", keys_table(properties(definition))]


def sub(path: str, definition: str, remark: str = "") -> str:
    """The table of a section inside a section."""
    head = f"### {path}\n\n{definitions()[definition]['description']}"
    return f"{head}{f' Here: {remark}.' if remark else ''}\n\n{keys_table(properties(definition))}"


def keys_table(nodes: Mapping[str, Schema]) -> str:
    """A row per key: what it must be, its default, what it means."""
    rows = [(f"`{key}`", wanted(node), default(node), meaning(node)) for key, node in nodes.items()]
    return table(("key", "must be", "default", "meaning"), rows)


def wanted(node: Schema) -> str:
    """What a key must hold; where that is one of many names, a link to them."""
    text = expectation(node, definitions()).removesuffix(", or null")
    for head, words in LISTS.items():
        text = text.replace(f"one of {', '.join(words)}", f"one of the [{head.lower()}](#{head.lower()})")
    return text


def default(node: Schema) -> str:
    """The value that is meant where a file does not give one; nothing where null means `not given`."""
    if node.get("default") is None:
        return ""
    return f"`{flow(node['default'])}`"


def flow(value: object) -> str:
    """A default as a config would write it."""
    if isinstance(value, str):
        return value
    return f"{value:g}" if isinstance(value, float) else json.dumps(value)


def meaning(node: Schema) -> str:
    text = node.get("description") or resolve(node, definitions()).get("description", "")
    return " ".join(str(text).split())


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; bars inside a cell are escaped."""
    lines = [list(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


# --- what is chosen by name ------------------------------------------------------------------------------------------


def initializers() -> str:
    given = [f"`{name}` ({quoted(arguments)})" for name, arguments in INITIALIZER_ARGUMENTS.items()]
    return INITIALIZERS.format(arguments="; ".join(given))


def shared_arguments() -> dict[str, Schema]:
    """The arguments that every optimizer takes, with Adam's defaults."""
    return {key: node for key, node in properties("Adam").items() if key in Optimizer.model_fields and key != "name"}


def optimizers() -> str:
    """A row per optimizer: its own arguments with their defaults, and what it is."""
    rows = []
    for name, choice in NAMED["optimizer"].items():
        own = [f"`{key}` {default(node).strip('`')}" for key, node in own_arguments(choice, Optimizer).items()]
        rows.append((f"**{name}**", ", ".join(own), about(choice)))
    return table(("name", "its own arguments and defaults", "what it is"), rows)


def schedules() -> str:
    """A row per schedule, followed by one for each of its own arguments."""
    rows = []
    for name, choice in NAMED["schedule"].items():
        rows.append((f"**{name}**", "", "", about(choice)))
        rows += [
            (f"`{key}`", wanted(node), default(node), meaning(node))
            for key, node in own_arguments(choice, Warmed).items()
        ]
    return table(("name, arguments", "must be", "default", "meaning"), rows)


def own_arguments(choice: type[Section], common: type[Section]) -> dict[str, Schema]:
    """The arguments that not all take, and those with a default of their own."""
    own = {}
    for key, node in properties(choice.__name__).items():
        inherited = common.model_fields.get(key)
        if key != "name" and (inherited is None or inherited.default != node.get("default")):
            own[key] = node
    return own


def about(choice: type[Section]) -> str:
    """What an optimizer or schedule is."""
    return meaning(definitions()[choice.__name__])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")
