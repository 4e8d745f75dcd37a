"""The capacity map: what each pair of two keys came to, where it under- and overfits, how small a net will do."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from dlrun.errors import UsageError
from dlrun.insight import numbers
from dlrun.insight.comparison import metric_words
from dlrun.insight.configurations import Configuration
from dlrun.insight.maps.axis import Axis, axis_of
from dlrun.insight.maps.edges import Edge, edges
from dlrun.insight.maps.swept import DEPTH, WIDTH, Swept, differ, key_of
from dlrun.insight.metrics import bare, greater_is_better
from dlrun.insight.statistics import interval_of
from dlrun.insight.words import Said
from dlrun.store.names import visible

MOST = 16
"""Levels of an axis; numbers that take more are put into ranges."""
RANGES = 8
OK, DIVERGED, UNFINISHED, MISSING = "ok", "diverged", "unfinished", "missing"

Cell = dict[str, Any]
"""One cell as a flat row: `x`, `y` (labels), `x_place`, `y_place`, `state` (ok, diverged, unfinished, missing), `runs`
("3 of 3"), `tried` (configurations in it), the means of `train_loss`, `val_loss`, `gap` and other metrics,
`parameters`, `seconds`, `verdict` and `verdict_share`, `best`, `smallest`, `id` (of its best run)."""


@dataclass(frozen=True)
class CapacityMap:
    """A grid of cells, row by row from the lowest level of y."""

    name: str
    x: Axis
    y: Axis
    cells: list[Cell]
    monitor: str
    values: tuple[str, ...]
    """The columns of cells that are numbers."""
    others: tuple[str, ...]
    """Titles of further keys that were swept, of which every cell shows its best."""
    error: float | None
    """Standard error of the best cell's mean; None for a single run."""
    edges: tuple[Edge, ...]
    notes: tuple[Said, ...]
    seeds: int
    """The most that a configuration has."""

    @property
    def best(self) -> Cell | None:
        return next((cell for cell in self.cells if cell["best"]), None)

    @property
    def smallest(self) -> Cell | None:
        """The cell with the fewest parameters within one standard error of the best; None where that cannot be known,
        or where all nets have equally many."""
        return next((cell for cell in self.cells if cell["smallest"]), None)


def capacity_map(swept: Swept, x: str | None = None, y: str | None = None) -> CapacityMap:
    """The map of two swept keys, width and depth when not given.

    Where further keys were swept, a cell shows the best configuration in it: that of which most runs came to a number,
    then that with the best mean of the monitor over its seeds.

    Raises:
        UsageError: no two such keys were swept.
    """
    keys, notes = _keys(swept, x, y)
    across, up = (axis_of(key, swept.title(key), swept.column(key), MOST, RANGES) for key in keys)
    inside: dict[tuple[int, int], list[int]] = {}
    for place, position in enumerate(zip(across.places, up.places, strict=True)):
        inside.setdefault(position, []).append(place)
    cells = [
        _cell(swept, across, up, inside, column, row)
        for row in range(len(up.levels))
        for column in range(len(across.levels))
    ]
    best, error = _mark(cells, swept)
    others = tuple(key.title for key in swept.keys if key.key not in keys)
    notes += _notes(swept, cells, (across, up), others)
    found = edges((across, up), cells, best, error, swept) if best is not None else ()
    values = tuple(dict.fromkeys(key for cell in cells for key, value in cell.items() if _is_value(key, value)))
    return CapacityMap(
        swept.name, across, up, cells, swept.monitor, values, others, error, found, (*swept.notes, *notes), swept.seeds
    )


def value_named(found: CapacityMap, name: str) -> str:
    """The column of cells that a user means: `val_loss`, `gap`, `accuracy` (of validation), `parameters`, `seconds`.

    Raises:
        UsageError: cells have no such value.
    """
    for key in (name, name.replace(" ", "_"), f"val_{name}"):
        if key in found.values:
            return key
    raise UsageError(f"--value: must be one of {', '.join(found.values)}. Received: {visible(name)!r}")


def value_said(key: str) -> Said:
    """A value's name, in no language yet."""
    if key in ("train_loss", "val_loss", "gap", "parameters", "seconds"):
        return Said(f"maps.value_{key}")
    side, _, metric = key.partition("_")
    if side in ("train", "val") and metric:
        return Said(f"maps.value_{side}", {"metric": metric_words(metric)})
    return Said("maps.value", {"metric": key})


def value_title(key: str, language: str = "en") -> str:
    """A value's name for people."""
    return value_said(key).text(language)


def lower_is_better(key: str) -> bool | None:
    """Which way a value is better; None where neither is."""
    if key in ("parameters", "seconds"):
        return True
    return None if key == "gap" else not greater_is_better(key)


# --- which keys ------------------------------------------------------------------------------------------------------


def _keys(swept: Swept, x: str | None, y: str | None) -> tuple[tuple[str, str], list[Said]]:
    """The keys of the map, and what to say of them where nobody named them."""
    named = [key_of(swept, name, option) if name else None for name, option in ((x, "--x"), (y, "--y"))]
    known = [key.key for key in swept.keys]
    if named[0] is not None and named[0] == named[1]:
        raise UsageError(f"--x and --y: must be two keys. Received: {named[0]} twice")
    rest = [key for key in known if key not in named]
    if None not in named:
        return (str(named[0]), str(named[1])), []
    if named != [None, None]:
        other = _other(swept, named[0] or named[1] or "", rest)
        return (named[0] or other, named[1] or other), []
    if WIDTH in known and DEPTH in known:
        return (WIDTH, DEPTH), []
    if len(known) == 2:
        return (known[0], known[1]), [Said("maps.two_keys", {"x": known[0], "y": known[1]})]
    raise UsageError(_no_pair(swept, known))


def _other(swept: Swept, named: str, rest: Sequence[str]) -> str:
    """The second key where one is named: the other of width and depth, or the only other one."""
    wanted = {WIDTH: DEPTH, DEPTH: WIDTH}.get(named)
    if wanted in rest:
        return str(wanted)
    if len(rest) == 1:
        return rest[0]
    raise UsageError(f"map: needs two keys, --x and --y. {differ(swept)}")


def _no_pair(swept: Swept, known: Sequence[str]) -> str:
    if not known:
        return f"map: there is one configuration alone, so there is nothing to map. {_SWEEP}"
    if len(known) == 1:
        return f"map: needs two keys in which the runs differ. {differ(swept)}. `dlrun effects` looks at a single key"
    return (
        f"map: the runs do not differ in both width and depth. {differ(swept)}. "
        f"Name two, such as --x {visible(known[0])} --y {visible(known[1])}, or let `dlrun effects` weigh them all"
    )


_SWEEP = "`dlrun sweep CONFIG --grid model.width=16,32,64 --grid model.depth=1..4` makes a sweep"


# --- cells -----------------------------------------------------------------------------------------------------------


def _cell(
    swept: Swept, x: Axis, y: Axis, inside: Mapping[tuple[int, int], Sequence[int]], column: int, row: int
) -> Cell:
    places = inside.get((column, row), ())
    cell: Cell = {
        "x": x.labels[column],
        "y": y.labels[row],
        "x_place": column,
        "y_place": row,
        "state": MISSING,
        "tried": len(places),
        "best": False,
        "smallest": False,
    }
    if not places:
        return cell
    place = min(places, key=lambda place: swept.configurations[place].order)
    verdict = swept.verdicts[place]
    return cell | {
        "state": _state(swept.configurations[place]),
        "verdict": verdict[0] if verdict else None,
        "verdict_share": verdict[1] if verdict else None,
        "settings": {key.key: swept.settings[place].get(key.key) for key in swept.keys},
        **_measured(swept.configurations[place]),
    }


def _state(found: Configuration) -> str:
    if found.usable:
        return OK
    ended = all("spec" in entry.record for entry in found.entries)
    return DIVERGED if ended else UNFINISHED


def _measured(found: Configuration) -> Cell:
    """Means over the runs that came to a number; seconds per run; what the net weighs."""
    names = dict.fromkeys(key for entry in found.usable for key in entry.record.get("metrics", {}))
    means: Cell = {key: found.mean(key) for key in names}
    train, val = means.get("train_loss"), means.get("val_loss")
    if train is not None and val is not None:
        means["gap"] = val - train
    spans = [span for entry in found.usable if (span := entry.record.get("seconds", {}).get("total")) is not None]
    interval = interval_of(found.sample(found.monitor))  # folds and splits share rows, as `compare` knows
    return {
        "id": found.best_run.folder.id,
        "runs": f"{len(found.usable)} of {found.runs}",
        **means,
        "half": interval.half if interval else None,
        "error": interval.error if interval else None,
        "parameters": next((n for entry in found.entries if (n := entry.record.get("parameters"))), None),
        "seconds": fmean(spans) if spans else None,
    }


def _is_value(key: str, value: Any) -> bool:
    named = key in ("gap", "parameters", "seconds") or key.startswith(("train_", "val_"))
    return named and isinstance(value, (int, float)) and not isinstance(value, bool)


def _mark(cells: Sequence[Cell], swept: Swept) -> tuple[Cell | None, float | None]:
    """Marks the best cell, and the one with the fewest parameters within one standard error of it (Breiman et al.
    1984); of a cell of which some runs diverged, neither. Gives the best and its standard error.

    Where the best cell's parameters are not recorded nothing can be called smaller than it, so no cell is marked.
    """
    known = [cell for cell in cells if cell.get(swept.monitor) is not None and cell["state"] == OK]
    whole = [cell for cell in known if cell["runs"].split(" of ")[0] == cell["runs"].split(" of ")[1]] or known
    if not whole:
        return None, None
    best = min(whole, key=lambda cell: swept.sign * cell[swept.monitor])
    best["best"] = True
    error = best["error"]
    if error is None or not best["parameters"]:
        return best, error
    limit = swept.sign * best[swept.monitor] + error
    near = [cell for cell in whole if cell["parameters"] and swept.sign * cell[swept.monitor] <= limit]
    if near and len({cell["parameters"] for cell in whole}) > 1:
        min(near, key=lambda cell: (cell["parameters"], swept.sign * cell[swept.monitor]))["smallest"] = True
    return best, error


def _notes(swept: Swept, cells: Sequence[Cell], axes: Sequence[Axis], others: Sequence[str]) -> list[Said]:
    notes = []
    if others:
        listed = visible(", ".join(others))
        notes.append(Said("maps.best_of_the_rest", {"others": listed, "monitor": _monitor_words(swept)}))
    notes += [Said("maps.ranges", {"key": axis.title, "count": len(axis.spans)}) for axis in axes if axis.ranges]
    counts = {state: sum(cell["state"] == state for cell in cells) for state in (DIVERGED, UNFINISHED, MISSING)}
    notes += [Said(f"maps.cells_{state}", {"count": count}) for state, count in counts.items() if count]
    partly = sum(cell["state"] == OK and cell["runs"] != _all(cell["runs"]) for cell in cells)
    return notes + ([Said("maps.cells_partly", {"count": partly})] if partly else [])


def _all(runs: str) -> str:
    total = runs.split(" of ")[1]
    return f"{total} of {total}"


def _monitor_words(swept: Swept) -> Said:
    return value_said(swept.monitor)


# --- in words --------------------------------------------------------------------------------------------------------


def findings(found: CapacityMap, command: str = "dlrun sweep CONFIG") -> list[Said]:
    """The best cell, the smallest net that is as good, and the sides on which the sweep ended too early.

    Args:
        command: what sweeps around the same experiment; the words that go on beyond the edge are added to it.
    """
    best = found.best
    if best is None:
        return [Said("maps.none_usable", {})]
    said = [Said("maps.best", _of(found, best) | {"half": _half(best)})]
    smallest = found.smallest
    if found.error is None:
        said.append(Said("maps.no_error", {}))
    elif smallest is not None and smallest is best:
        said.append(Said("maps.best_is_smallest", {}))
    elif smallest is not None:
        share = f"{100 * smallest['parameters'] / best['parameters']:.0f}"
        said.append(Said("maps.smallest", _of(found, smallest) | {"share": share}))
    said += [_said_of_sides(found)] if _sides(found) else []
    said += [edge.said for edge in found.edges]
    return said + ([Said("maps.beyond", {"command": f"{command} {grid_beyond(found)}"})] if found.edges else [])


def grid_beyond(found: CapacityMap) -> str:
    """The words of `dlrun sweep` that go on where the best cell lies at an edge, all other keys as they are there."""
    best = found.best or {}
    beyond = {edge.key: sorted([edge.at, *edge.values]) for edge in found.edges}
    words = [f"--grid {key}={','.join(map(numbers.setting, values))}" for key, values in beyond.items()]
    rest = {key: value for key, value in best.get("settings", {}).items() if key not in beyond and value is not None}
    fixed = [f"--set {shlex.quote(f'{key}={numbers.setting(value)}')}" for key, value in rest.items()]
    return " ".join([*words, *fixed, *([f"--seeds {found.seeds}"] if found.seeds > 1 else [])])


def _of(found: CapacityMap, cell: Cell) -> dict[str, Any]:
    rest = "".join(
        f", {title} {numbers.setting(value)}"
        for key, value in cell["settings"].items()
        if key not in (found.x.key, found.y.key)
        and (title := key.rpartition(".")[2].replace("_", " "))
        and value is not None
    )
    return {
        "where": f"{found.x.title} {cell['x']}, {found.y.title} {cell['y']}{visible(rest)}",
        "monitor": value_said(found.monitor),
        "value": numbers.number(cell[found.monitor]),
        "usable": cell["runs"].split(" of ")[0],
        "planned": cell["runs"].split(" of ")[1],
        "parameters": numbers.count(cell["parameters"]),
    }


def _half(cell: Cell) -> str:
    return f" ± {numbers.number(cell['half'])}" if cell["half"] is not None else ""


def _sides(found: CapacityMap) -> dict[str, int]:
    counts: dict[str, int] = {}
    for cell in found.cells:
        if cell.get("verdict"):
            counts[cell["verdict"]] = counts.get(cell["verdict"], 0) + 1
    return counts


def _said_of_sides(found: CapacityMap) -> Said:
    counts = _sides(found)
    under = counts.get("underfit", 0) + counts.get("not converged", 0)
    return Said("maps.sides", {"under": under, "over": counts.get("overfit", 0), "all": sum(counts.values())})


def is_loss(key: str) -> bool:
    """Whether a value is a loss, for which ratios matter."""
    return bare(key) == "loss"
