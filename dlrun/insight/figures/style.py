"""What all figures share: the font, colours that people with any colour vision tell apart, quiet axes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

FEW = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#444444")
"""Okabe and Ito's colours, which people with any colour vision tell apart (jfly.uni-koeln.de/color); no yellow."""
MANY = (
    "#332288", "#88CCEE", "#117733", "#DDAA33", "#CC6677", "#AA4499",
    "#44AA99", "#882255", "#999933", "#0077BB", "#EE7733", "#666666",
)  # fmt: skip
"""Paul Tol's muted scheme (personal.sron.nl/~pault), lengthened to twelve."""
QUIET, INK, PALE = "#555555", "#222222", "#C9C9C9"
"""Axes and remarks; titles and labels; what stands in the background."""

FONT = "Noto Sans, NanumGothic, Noto Sans CJK KR, DejaVu Sans, sans-serif"
WIDTH, HEIGHT = 560, 320
MOST_AS_LIST = 200
SEQUENTIAL: Literal["viridis"] = "viridis"
DIVERGING: Literal["blueorange"] = "blueorange"
"""Vega's schemes: both keep their order for any colour vision, and in grey print."""


def colors(number: int) -> tuple[str, ...]:
    """So many colours; beyond twelve they begin again."""
    palette = FEW if number <= len(FEW) else MANY
    return tuple(palette[place % len(palette)] for place in range(number))


_VIRIDIS = ("#440154", "#482878", "#3E4A89", "#31688E", "#26828E", "#1F9E89", "#35B779", "#6DCD59", "#B4DE2C")
"""matplotlib's viridis at ninths, without its last, which is too light for a line on white."""


def steps(count: int) -> tuple[str, ...]:
    """So many colours from dark to light, for values that have an order."""
    last = len(_VIRIDIS) - 1
    return tuple(_between(place * last / max(1, count - 1)) for place in range(count))


def _between(place: float) -> str:
    low = min(int(place), len(_VIRIDIS) - 2)
    ends = [[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in _VIRIDIS[low : low + 2]]
    mixed = [round(one + (other - one) * (place - low)) for one, other in zip(*ends, strict=True)]
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def continuous(low: float, high: float, log: bool = False, reverse: bool = False) -> Any:
    """A colour scale (`alt.Scale`) from dark to light for values between low and high.

    Args:
        log: equal ratios are equal steps; low must be above 0.
        reverse: from light to dark.
    """
    import altair as alt

    # the lightest yellow has too little contrast on white, so the scheme ends before it
    scheme: Any = alt.SchemeParams(name=SEQUENTIAL, extent=[0.0, 0.92])
    return alt.Scale(type="log" if log else "linear", domain=[low, high], scheme=scheme, reverse=reverse)


def diverging(reach: float) -> Any:
    """A colour scale (`alt.Scale`) with white at 0, blue below and orange above, as far as `reach` both ways."""
    import altair as alt

    return alt.Scale(domain=[-reach, reach], domainMid=0, scheme=DIVERGING)


def inline_rows(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as they stand in the figure, without pandas. They are plain JSON: no NaN, no infinity.

    Many rows stand there as JSON text, which Vega reads as well: altair copies and checks lists again and again (20 s
    for 40,000 rows). In a chart's `to_dict` rows stand under `datasets`, in that of `saving.definition` all as lists.
    """
    import altair as alt

    if len(rows) > MOST_AS_LIST:
        text = json.dumps(list(rows), ensure_ascii=False, allow_nan=False)
        return alt.InlineData(values=text, format=alt.JsonDataFormat(type="json"))
    return alt.InlineData(values=[dict(row) for row in rows])


def styled(figure: Any, title: str = "", subtitle: str | Sequence[str] = "", limit: float = 760) -> Any:
    """The figure with its titles and the looks all figures share. Call it once, last.

    Args:
        limit: points after which the titles are cut, so that a long name does not widen the figure.
    """
    import altair as alt

    if title:
        figure = figure.properties(title=alt.Title(title, subtitle=subtitle, limit=limit))
    return (
        figure.properties(background="white", padding=14)
        .configure(font=FONT, locale=alt.Locale(number=_numbers()))
        .configure_view(stroke=None)
        .configure_title(fontSize=15, fontWeight=600, anchor="start", frame="group", offset=10, color=INK,
                         subtitleColor=QUIET, subtitleFontSize=12, subtitlePadding=4)
        .configure_axis(
            labelFontSize=12, titleFontSize=13, titleFontWeight="normal", titleColor=QUIET, labelColor=QUIET,
            gridColor="#ECECEC", domainColor="#BBBBBB", tickColor="#BBBBBB", titlePadding=8,
        )
        .configure_legend(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", titleColor=QUIET,
                          labelColor="#333333", rowPadding=4, labelLimit=320)
    )  # fmt: skip


def _numbers() -> Any:
    """d3's locale with a plain hyphen before negative numbers: its minus sign is in few fonts, and a renderer that has
    to look for it changes the font of the whole text."""
    import altair as alt

    return alt.NumberLocale(decimal=".", thousands=",", grouping=[3], currency=["$", ""], minus="-")
