"""Configs that do not hold, each with all that is said of it. The messages are what a user reads: judge them as one.

Most stand in bad/*.txt, one block each:

    ### title [cli]        `[cli]`: the tests of the command line use it too
    ...                    what config.yaml holds
    @ other.yaml           what follows is another file of the same folder
    $ --set key=value      an argument
    > message              all of them in their order; {folder} stands for the folder's path

Those that no text file can hold stand below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

BLOCKS = Path(__file__).parent / "bad"
DIGITS = "data: {source: digits}\n"


@dataclass(frozen=True)
class Bad:
    """A config in a folder of its own, with its messages."""

    title: str
    text: str | bytes
    """What config.yaml holds."""
    messages: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    """Other files of the folder."""
    cli: bool = False

    def write(self, folder: Path) -> Path:
        """Puts the files into the folder; gives back the config's path, relative to it."""
        for name, content in {**self.files, "config.yaml": self.text}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Path("config.yaml")

    def expected(self, folder: Path) -> list[str]:
        """The messages where the config stands in this folder."""
        return [message.replace("{folder}", str(folder)) for message in self.messages]


def read(path: Path) -> Iterator[Bad]:
    """The blocks of a file."""
    for block in path.read_text(encoding="utf-8").split("### ")[1:]:
        title, *lines = block.strip("\n").split("\n")
        bad = Bad(f"{path.stem}: {title.removesuffix(' [cli]')}", "", cli=title.endswith(" [cli]"))
        yield with_lines(bad, lines)


def with_lines(bad: Bad, lines: list[str]) -> Bad:
    files, name = {"config.yaml": ""}, "config.yaml"
    for line in lines:
        if line.startswith("@ "):
            name = line[2:]
            files[name] = ""
        elif line.startswith("$ --set "):
            bad = replace(bad, sets=(*bad.sets, line[len("$ --set ") :]))
        elif line.startswith("> "):
            bad = replace(bad, messages=(*bad.messages, line[2:]))
        else:
            files[name] += f"{line}\n"
    return replace(bad, text=files.pop("config.yaml"), files=files)


UNWRITABLE = [
    Bad("nothing", "", ("config.yaml: is empty. A config needs at least `data: {source: digits}`.",), cli=True),
    Bad(
        "a tab",
        "data:\n\tsource: digits\n",
        (
            r"config.yaml:2: is not valid YAML: found character '\t' that cannot start any token. "
            "The line holds a tab; indent with spaces.",
        ),
        cli=True,
    ),
    Bad(
        "Hangul in CP949",
        "name: 실험\ndata: {source: digits}\n".encode("cp949"),
        ("config.yaml:1: must be UTF-8 text. Received: byte 0xbd. Save the file as UTF-8.",),
        cli=True,
    ),
    Bad(
        "a base in CP949",
        "base: b.yaml\n",
        ("b.yaml:1: must be UTF-8 text. Received: byte 0xbd. Save the file as UTF-8.",),
        files={"b.yaml": "name: 실험".encode("cp949")},
    ),
    Bad(
        "UTF-16",
        "\ufeffseed: 1\n".encode("utf-16-le"),
        ("config.yaml:1: must be UTF-8 text. Received: byte 0xff. Save the file as UTF-8.",),
    ),
    Bad(
        "binary",
        bytes(range(256)),
        ("config.yaml:2: must be UTF-8 text. Received: byte 0x80. Save the file as UTF-8.",),
        cli=True,
    ),
    Bad(
        "a zip file",
        b"PK\x03\x04\x14\x00",
        ("config.yaml:1: must be plain text. Received: the control character U+0003.",),
    ),
    Bad(
        "a NUL byte",
        b"seed: 1\nname: a\x00b\n",
        ("config.yaml:2: must be plain text. Received: the control character U+0000.",),
        cli=True,
    ),
    Bad(
        "an escape sequence",
        b"name: \x1b[31mred\n",
        ("config.yaml:1: must be plain text. Received: the control character U+001B.",),
    ),
    Bad(
        "5,000 brackets",
        DIGITS + "model: " + "[" * 5000 + "]" * 5000,
        ("config.yaml:2: is nested deeper than 20 levels.",),
        cli=True,
    ),
    Bad("5,000 braces", DIGITS + "model: " + "{a: " * 5000, ("config.yaml:2: is nested deeper than 20 levels.",)),
    Bad(
        "60 levels",
        DIGITS + "".join("  " * level + "a:\n" for level in range(60)),
        ("config.yaml:23: is nested deeper than 20 levels.",),
    ),
    Bad(
        "a key in a key in a key",
        DIGITS + "? " * 3000 + "a",
        (
            "config.yaml:2: must have plain text as keys. Received: a list or mapping as a key.",
            "config.yaml:2: is nested deeper than 20 levels.",
        ),
    ),
    Bad(
        "an integer of 5,000 digits",
        DIGITS + "seed: " + "9" * 5000,
        (f"config.yaml:2: seed must be a whole number >= 0. Received: '{'9' * 59}... (5002 characters).",),
        cli=True,
    ),
    Bad(
        "a hexadecimal of 5,000 digits",
        DIGITS + "seed: 0x" + "f" * 5000,
        (f"config.yaml:2: seed must be a whole number >= 0. Received: '0x{'f' * 57}... (5004 characters).",),
    ),
    Bad(
        "a base of 5,000 letters",
        "base: " + "a" * 5000,
        (f"config.yaml:1: base must be a config file that exists. Received: '{'a' * 59}... (5002 characters).",),
    ),
    Bad(
        "a base that is empty",
        "base: b.yaml\n",
        ("b.yaml: is empty. A config needs at least `data: {source: digits}`.",),
        files={"b.yaml": ""},
    ),
    Bad(
        "a key of 500 letters",
        DIGITS + "a" * 500 + ": 3\n",
        (
            f"config.yaml:2: '{'a' * 60}'... is not a key of a config. "
            "Known: base, name, seed, data, model, optimizer, schedule, fit, sweep.",
        ),
    ),
    Bad(
        "2,000 layers",
        DIGITS + f"model: {{units: [{', '.join(['8'] * 2000)}]}}\n",
        ("config.yaml:2: model.units must leave at most 1,000 hidden layers. Received: 2,000.",),
    ),
    Bad(
        "a line break in --set",
        DIGITS,
        (r"--set 'fit.epochs=a\nb': fit.epochs must be a whole number >= 0. Received: 'a b'.",),
        sets=("fit.epochs=a\nb",),
    ),
]

BAD = [*UNWRITABLE, *(bad for path in sorted(BLOCKS.glob("*.txt")) for bad in read(path))]
ON_THE_COMMAND_LINE = [bad for bad in BAD if bad.cli]
