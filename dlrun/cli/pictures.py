"""Where pictures go: the options that name their files, and the writing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from dlrun.errors import UsageError
from dlrun.store.names import visible

Png = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a picture.")]
Svg = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a vector picture.")]
Html = Annotated[Path | None, typer.Option(metavar="FILE", help="Write an offline page with tooltips.")]


def saved(files: Sequence[Path | None], figure: Callable[[], Any], title: str) -> bool:
    """Writes the figure to each file that is named and prints its path; says whether there was one."""
    wanted = [(path, ending) for path, ending in zip(files, (".png", ".svg", ".html"), strict=True) if path is not None]
    for path, ending in wanted:
        if path.suffix.lower() != ending:
            raise UsageError(f"--{ending[1:]}: a file's name must end in {ending}. Received: {visible(str(path))!r}")
    if wanted:
        from dlrun.insight.figures.saving import save

        drawn = figure()
        for path, _ in wanted:
            save(drawn, path, title)
            print(visible(str(path)))
    return bool(wanted)
