"""The picture and the table of the lesson on ensembles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.gallery.drawing import Axis, Groups, finished, level, lines, means, panel, panels
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said

OVER = ("single", "chosen")
ZERO = "#777777"


def word(key: str, language: str, **values: Any) -> str:
    return said(f"gallery_generalisation.ensembles_{key}", language, **values)


def table(rows: Sequence[Mapping[str, Any]], language: str) -> Table:
    found = [
        {
            "way": word(f"of_{one['way']}", language),
            "accuracy": one["accuracy"],
            "loss": one["loss"],
            **{f"over_{other}": spread(one, other) for other in OVER},
        }
        for one in rows
    ]
    kinds: tuple[tuple[str, Any], ...] = (
        ("way", "text"), ("accuracy", "number"), ("loss", "number"), ("over_single", "text"), ("over_chosen", "text"),
    )  # fmt: skip
    columns = [Column(key, word(key, language), kind, rank=9 - place) for place, (key, kind) in enumerate(kinds)]
    return Table(tuple(columns), found)


def spread(row: Mapping[str, Any], other: str) -> str | None:
    """`+1.6 ± 0.3` in points; None for a way against itself, and for a single net against another."""
    if row["way"] in OVER and (row["way"], other) != ("chosen", "single"):
        return None
    gain = row[f"accuracy_over_{other}"]
    return f"{100 * gain['mean']:+.1f} ± {100 * (gain['high'] - gain['mean']):.1f}"


def chart(numbers: Mapping[str, Any], title: str, language: str) -> Any:
    """What more members bring, and what each way of joining brings against the average and the chosen net."""
    figure = panels(
        [
            panel(of_members(numbers["by_members"], language), word("members_title", language), (280, 260)),
            panel(of_ways(numbers["ways"], language), word("ways_title", language), (430, 260)),
        ],
        columns=2,
        spacing=40,
    )
    return finished(figure, title, word("subtitle", language, splits=numbers["splits"]))


def of_members(rows: Sequence[Mapping[str, Any]], language: str) -> Any:
    across = Axis(word("members", language), domain=(0.5, len(rows) + 0.5),
                  values=tuple(float(one["members"]) for one in rows), format="d", grid=False)  # fmt: skip
    up, found = gain_axis(language), [{"members": one["members"], **in_points(one)} for one in rows]
    return level(0, up, ZERO) + lines(found, "members", "mean", across, up) + means(found, "members", up, across)


def of_ways(rows: Sequence[Mapping[str, Any]], language: str) -> Any:
    names = {other: word(f"against_{other}", language) for other in OVER}
    found = [
        {"way": word(f"of_{one['way']}", language), "over": names[other], **in_points(one[f"accuracy_over_{other}"])}
        for one in rows
        if one["way"] not in OVER
        for other in OVER
    ]
    up = gain_axis(language)
    groups = Groups("over", tuple(names.values()), legend="bottom")
    return level(0, up, ZERO) + means(found, "way", up, groups=groups)


def gain_axis(language: str) -> Axis:
    return Axis(word("gain", language), format="+.1f")


def in_points(gain: Mapping[str, Any]) -> dict[str, float]:
    return {key: 100 * gain[key] for key in ("mean", "low", "high")}
