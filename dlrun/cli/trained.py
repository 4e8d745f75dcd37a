"""What `dlrun train` shows when it is done: one run whole, several as a table, or all as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from dlrun.cli.terminal import bold, print_json, print_table, say
from dlrun.store import Entry, RunFolder, Store

FAILED = ("failed", "diverged")


def show_trained(store: Store, folders: Sequence[RunFolder], as_json: bool) -> int:
    """Prints the runs; gives the exit code: 1 when one failed or diverged."""
    from dlrun.insight.listing import run_document

    entries = [store.entry(folder) for folder in folders]
    if as_json:
        print_json({"runs": [run_document(entry.folder, entry.record) for entry in entries]})
    elif len(entries) == 1:
        print_one(entries[0])
    else:
        print_several(entries)
    for entry in entries:
        if entry.record["status"] in FAILED:
            say(f"{entry.folder.path.name}: {entry.record['status']}: {entry.record.get('reason')}")
    return int(any(entry.record["status"] in FAILED for entry in entries))


def print_one(entry: Entry) -> None:
    from dlrun.insight.summary import short_summary_lines

    for line, heading in short_summary_lines(entry):
        print(bold(line) if heading else line)


def print_several(entries: Sequence[Entry]) -> None:
    from dlrun.insight.comparison import compare

    print_table(compare(entries))
