"""One run on one screen: what it was, how good it became beside the trivial predictor, what it cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlrun.errors import StoreError
from dlrun.insight import numbers
from dlrun.insight.evaluation import headlines
from dlrun.insight.listing import run_document
from dlrun.insight.metrics import metric_names, trivial_value
from dlrun.insight.same_rows import kind_of
from dlrun.insight.spec_values import SpecValues
from dlrun.insight.table import Column, Table
from dlrun.insight.terminal_table import cells, lines, padded
from dlrun.insight.verdict.stored import verdict_of_run
from dlrun.store import Entry, Record
from dlrun.store.evaluations import read_evaluations
from dlrun.store.names import visible
from dlrun.store.record import finite
from dlrun.store.run_folder import DAMAGED

_MOST_CLASSES = 12
"""More are counted, not listed."""


@dataclass(frozen=True)
class Section:
    """A heading and lines of (what, value), all printable."""

    title: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Summary:
    """What `dlrun show` shows."""

    sections: list[Section]
    metrics: Table
    """One row per metric at the kept epoch: train, validation, the trivial predictor."""
    metrics_title: str


def summary(entry: Entry) -> Summary:
    """The summary of a run, finished or not; parts that are not known are left out."""
    record = entry.record
    sections = [
        Section("run", _run(entry)),
        Section("members", _members(entry)),
        _settings(entry),
        Section("data", _data(record)),
        Section("network and training", _training(record)),
        Section("environment", _environment(record)),
        Section("files", [(visible(name), numbers.size(octets)) for name, octets in entry.folder.files()]),
    ]
    record, title = _measured(entry)
    return Summary([section for section in sections if section.lines], metric_table(record), title)


def document(entry: Entry) -> dict[str, Any]:
    """A run in a JSON answer: as in a listing, with its notes, its evaluations (the oldest first) and all that is
    recorded.

    Raises:
        StoreError: its log of evaluations is damaged.
    """
    record = entry.record
    return {
        **run_document(entry.folder, record),
        "trivial": finite(record.get("trivial", {})),
        "notes": list(record.get("notes", [])),
        "evaluations": [dict(evaluation) for evaluation in read_evaluations(entry.folder)],
        "record": finite(record),
    }


def summary_lines(found: Summary) -> list[tuple[str, bool]]:
    """The page for a terminal: lines, and whether each is a heading. The metrics come after the first section."""
    page: list[tuple[str, bool]] = []
    for place, section in enumerate(found.sections):
        page += _block(section.title, _aligned(section.lines))
        if place == 0 and found.metrics.rows:
            page += _block(found.metrics_title, lines(found.metrics, None)[0])
    return page[1:]


def short_summary_lines(entry: Entry) -> list[tuple[str, bool]]:
    """What is shown right after training: the run and its metrics."""
    found = summary(entry)
    return summary_lines(Summary(found.sections[:1], found.metrics, found.metrics_title))


def _block(title: str, text: Sequence[str]) -> list[tuple[str, bool]]:
    return [("", False), (title, True), *((f"  {line}", False) for line in text)]


def _aligned(pairs: Sequence[tuple[str, str]]) -> list[str]:
    width = max((cells(what) for what, _ in pairs), default=0)
    return [f"{padded(what, width)}  {value}" for what, value in pairs]


def metric_table(record: Record) -> Table:
    """One row per metric: its name, on the train rows, on the validation rows, of the trivial predictor.

    The trivial predictor is measured on the validation rows, or on the train rows where none are held out.
    """
    metrics = record.get("metrics", {})
    held_out = any(key.startswith("val_") for key in metrics)
    side = "val_" if held_out else "train_"
    columns = (
        Column("metric", "", "text"),
        Column("train", "train"),
        Column("validation", "validation"),
        Column("trivial", "trivial predictor"),
    )
    rows = [
        {
            "metric": name.replace("_", " "),
            "train": metrics.get(f"train_{name}"),
            "validation": metrics.get(f"val_{name}"),
            "trivial": trivial_value(record, f"{side}{name}"),
        }
        for name in metric_names(metrics)
    ]
    return Table(tuple(column for column in columns if held_out or column.key != "validation"), rows)


def _lines(found: Mapping[str, object]) -> list[tuple[str, str]]:
    """The pairs that are known, as printable texts."""
    return [(visible(what), visible(str(value))) for what, value in found.items() if value not in (None, "")]


def _run(entry: Entry) -> list[tuple[str, str]]:
    record = entry.record
    status = record["status"]
    seed = record.get("seed")
    known = _lines(
        {
            "name": record["name"],
            "id": entry.folder.id,
            "status": f"{status}: {record['reason']}" if record.get("reason") else status,
            "seed": None if seed is None else seed,
            "fold": record.get("fold"),
            "kind": None if kind_of(record) == "mlp" else kind_of(record),
            "epochs": _epochs(record) if kind_of(record) == "mlp" else None,
            "verdict": verdict_of_run(entry),
            "time": _times(record.get("seconds", {})),
            "finished" if entry.folder.finished else "last written": numbers.moment(entry.time),
            "folder": entry.folder.path,
        }
    )
    notes = [visible(str(note)) for note in record.get("notes", [])]
    known += [("" if place else "tested", visible(line)) for place, line in enumerate(_tested(entry))]
    return [*known, *(("" if place else "notes", note) for place, note in enumerate(notes))]


def _tested(entry: Entry) -> list[str]:
    try:
        return headlines(entry.folder)
    except StoreError as error:
        return [str(error)]


def _epochs(record: Record) -> str | None:
    trained = record.get("epochs")
    if trained is None:
        return None
    best, kept = record.get("best_epoch"), record.get("kept_epoch")
    text = numbers.count(trained)
    if best is not None:
        text += f", best {best} by {record.get('monitor')}"
    return text if kept in (best, None) else f"{text}, weights of {kept} kept"


def _times(seconds: Mapping[str, float]) -> str:
    parts = [f"{phase} {numbers.seconds(span)}" for phase, span in seconds.items() if phase != "total"]
    if "total" not in seconds:
        return ", ".join(parts)
    total = numbers.seconds(seconds["total"])
    return f"{total} ({', '.join(parts)})" if parts else total


def _measured(entry: Entry) -> tuple[Record, str]:
    """The record whose metrics are shown, and their heading; of an unfinished run its last epoch's."""
    record = entry.record
    if kind_of(record) != "mlp":
        return record, "metrics"
    if record.get("kept_epoch") is not None:
        return record, f"metrics at epoch {record['kept_epoch']}"
    if entry.folder.finished or record["status"] == DAMAGED:
        return record, "metrics"
    try:
        curves = entry.folder.curves()
    except StoreError:
        return record, "metrics"
    last = {column: values[-1] for column, values in curves.items() if values and column.startswith(("train_", "val_"))}
    so_far: Record = {**record, "metrics": dict(last)}
    return so_far, f"metrics at epoch {record.get('epochs')}, the last so far"


def _members(entry: Entry) -> list[tuple[str, str]]:
    """A line per member of an ensemble."""
    if kind_of(entry.record) != "ensemble" or not entry.folder.finished:
        return []
    from dlrun.insight.ensemble import member_lines

    try:
        return member_lines(entry)
    except StoreError as error:
        return [("", visible(str(error)))]


def _settings(entry: Entry) -> Section:
    if "spec" not in entry.record:
        return Section("settings", [] if entry.folder.finished else _full_spec(entry))
    values = SpecValues([entry])
    heeded = [
        key for key in values.changed_keys() if kind_of(entry.record) == "mlp" or values.column(key)[0] is not None
    ]
    found = {key: numbers.setting(values.column(key)[0]) for key in heeded if key != "ensemble.members"}
    return Section("settings that differ from the defaults", _lines(found))


def _full_spec(entry: Entry) -> list[tuple[str, str]]:
    """Of a run without a record: what differs from the defaults is not known, so the main choices are named."""
    try:
        spec: dict[str, Any] = entry.folder.spec()
    except StoreError:
        return []
    found = {
        f"{part}.{key}": numbers.setting(spec[part][key])
        for part, key in _MAIN_CHOICES
        if isinstance(spec.get(part), dict) and key in spec[part]
    }
    return _lines(found)


_MAIN_CHOICES = (
    ("data", "source"),
    ("model", "units"),
    ("model", "activation"),
    ("model", "dropout"),
    ("optimizer", "name"),
    ("optimizer", "learning_rate"),
    ("schedule", "name"),
    ("fit", "epochs"),
    ("fit", "batch_size"),
)


def _data(record: Record) -> list[tuple[str, str]]:
    origin = record.get("data", {})
    return _lines(
        {
            "source": origin.get("source"),
            "rows": _rows(record),
            "features": numbers.count(record["features"]) if record.get("features") is not None else None,
            "classes": _classes(record.get("classes")),
            "target": _target(record),
            "fingerprint": origin.get("fingerprint"),
        }
    )


def _rows(record: Record) -> str:
    rows = record.get("rows", {})
    parts = [f"{numbers.count(rows[part])} {part}" for part in ("train", "validation", "test") if rows.get(part)]
    measured = rows.get("measured_train")
    if measured is not None and measured != rows.get("train"):
        parts.append(f"train loss measured on {numbers.count(measured)}")
    return ", ".join(parts)


def _classes(classes: Mapping[str, int] | None) -> str | None:
    if not classes:
        return None
    if len(classes) > _MOST_CLASSES:
        counts = classes.values()
        return f"{len(classes)}, of {numbers.count(min(counts))} to {numbers.count(max(counts))} rows"
    return ", ".join(f"{label} ({numbers.count(rows)})" for label, rows in classes.items())


def _target(record: Record) -> str | None:
    target = record.get("target")
    if not target:
        return None
    mean, spread = numbers.number(target.get("mean")), numbers.number(target.get("spread"))
    return f"{target.get('name')} (mean {mean}, spread {spread})"


def _training(record: Record) -> list[tuple[str, str]]:
    counted = {
        "parameters": record.get("parameters"),
        "steps per epoch": record.get("steps_per_epoch"),
        "steps in all": record.get("steps"),
    }
    return _lines({what: numbers.count(value) for what, value in counted.items() if value is not None})


def _environment(record: Record) -> list[tuple[str, str]]:
    versions = ", ".join(f"{package} {version}" for package, version in record.get("versions", {}).items())
    found = {key: record.get(key) for key in ("backend", "engine", "device")}
    return _lines({**found, "git commit": record.get("git_commit"), "versions": versions})
