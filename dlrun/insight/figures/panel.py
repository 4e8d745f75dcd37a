"""One frame of a figure with an epoch axis: its layers, and labels where they lie on no line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlrun.insight.curve_rows import Point
from dlrun.insight.figures.axes import Axis
from dlrun.insight.figures.placing import TEXT_HEIGHT, Place, free_box, spread, text_width, walked
from dlrun.insight.figures.style import INK, QUIET, inline_rows

MARGIN = 26.0
"""Points between the frame and the labels right of it."""
LABEL_LIMIT = 420


def baseline_words(value: float, percent: bool) -> str:
    """`trivial predictor 2.30`."""
    plain = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:#.3g}".rstrip(".")
    return f"trivial predictor {f'{value:.1%}' if percent else plain}"


@dataclass(frozen=True)
class Panel:
    """A frame with its two axes."""

    x: Axis
    y: Axis
    labelled_x: bool = True
    labelled_y: bool = True

    def encode_x(self, field: str = "epoch") -> Any:
        import altair as alt

        axis = self.x.axis(labels=self.labelled_x, grid=False)
        title = self.x.title if self.labelled_x else None
        return alt.X(f"{field}:Q", title=title, scale=self.x.scale(), axis=axis)

    def encode_y(self, field: str = "value") -> Any:
        import altair as alt

        title = self.y.title if self.labelled_y else None
        return alt.Y(f"{field}:Q", title=title, scale=self.y.scale(), axis=self.y.axis(labels=self.labelled_y))

    def place(self, point: Mapping[str, Any]) -> Place:
        """Points from the frame's lower left corner."""
        return self.x.place(point["epoch"]), self.y.place(point["value"])

    def frame(self, *layers: Any) -> Any:
        """The layers in a frame of the axes' size."""
        import altair as alt

        return alt.layer(*layers).properties(width=self.x.size, height=self.y.size)

    def rule(self, value: float, text: str, avoid: Sequence[Sequence[Place]] = ()) -> list[Any]:
        """A thin horizontal line with its name, above or below it, left or right, where the fewest curves pass."""
        import altair as alt

        height = self.y.place(value)
        ends = self._rule_label(height, text, avoid)
        rows = [{"value": value, "text": text, "epoch": self.x.value(ends[0]), "label": self.y.value(ends[1])}]
        base = alt.Chart(inline_rows(rows))
        rule = base.mark_rule(stroke=QUIET, strokeWidth=1, strokeDash=[2, 3])
        words = base.mark_text(align="left", baseline="middle", fontSize=11, color=QUIET)
        return [
            rule.encode(y=self.encode_y()),
            words.encode(x=self.encode_x(), y=self.encode_y("label"), text="text:N"),
        ]

    def _rule_label(self, height: float, text: str, avoid: Sequence[Sequence[Place]]) -> Place:
        width = text_width(text) * 11 / 12
        lefts = (self.x.size - width - 4, 4.0, (self.x.size - width) / 2)
        choices = [(left, height + up) for up in (8.0, -8.0) for left in lefts if 4 < height + up < self.y.size - 4]

        taken = [place for line in avoid for place in walked(line)]

        def crossed(choice: Place) -> int:
            left, middle = choice
            return sum(left - 6 <= x <= left + width + 6 and abs(y - middle) < 10 for x, y in taken)

        return min(choices, key=crossed, default=(4.0, height + 8))

    def note(self, point: Point, text: str, avoid: Sequence[Sequence[Place]]) -> list[Any]:
        """Words about a point, beside it where they lie on no line; a fine line leads to them when they are far."""
        import altair as alt

        anchor = self.place(point)
        box = free_box(anchor, (text_width(text), TEXT_HEIGHT), avoid, (self.x.size, self.y.size))
        x, y = box.middle
        row = {"epoch": self.x.value(x), "value": self.y.value(y), "text": text}
        words = alt.Chart(inline_rows([row])).mark_text(align="center", baseline="middle", fontSize=12, color=INK)
        layers = [words.encode(x=self.encode_x(), y=self.encode_y(), text="text:N")]
        near_x = min(max(anchor[0], box.left), box.left + box.width)
        near_y = box.bottom if box.bottom > anchor[1] else box.bottom + box.height
        if abs(anchor[1] - near_y) + abs(anchor[0] - near_x) > 30:
            ends = [anchor, (near_x, near_y)]
            layers.insert(0, self.leader([ends], [QUIET]))
        return layers

    def leader(self, lines: Sequence[Sequence[Place]], colors: Sequence[str]) -> Any:
        """Fine lines between places."""
        import altair as alt

        rows = [
            {"line": number, "epoch": self.x.value(x), "value": self.y.value(y), "color": color, "at": at}
            for number, (line, color) in enumerate(zip(lines, colors, strict=True))
            for at, (x, y) in enumerate(line)
        ]
        marks = alt.Chart(inline_rows(rows))
        where = {"x": self.encode_x(), "y": self.encode_y(), "detail": "line:N", "order": "at:Q"}
        if len(set(colors)) == 1:
            return marks.mark_line(strokeWidth=1, color=colors[0]).encode(**where)
        return marks.mark_line(strokeWidth=1).encode(**where, color=alt.Color("color:N", scale=None, legend=None))

    def margin_labels(self, ends: Sequence[Point], texts: Sequence[str], colors: Sequence[str]) -> list[Any]:
        """Names right of the frame, each at the height where its line ends, moved apart, joined to it by a stroke."""
        import altair as alt

        heights = [self.y.place(point["value"]) for point in ends]
        moved = spread(heights, TEXT_HEIGHT + 1, 4.0, self.y.size - 4.0)
        right = self.x.size
        strokes: list[list[Place]] = []
        for point, height, label in zip(ends, heights, moved, strict=True):
            at_edge = self.x.place(point["epoch"]) > right - 12
            begin = (self.x.place(point["epoch"]), height) if at_edge else (right + 10, label)
            strokes.append([begin, (right + MARGIN - 5, label)])
        rows = [
            {"epoch": self.x.value(right + MARGIN), "value": self.y.value(label), "text": text}
            for label, text in zip(moved, texts, strict=True)
        ]
        words = alt.Chart(inline_rows(rows)).mark_text(
            align="left", baseline="middle", fontSize=12, color=INK, limit=LABEL_LIMIT
        )
        return [
            self.leader(strokes, colors),
            words.encode(x=self.encode_x(), y=self.encode_y(), text="text:N"),
        ]
