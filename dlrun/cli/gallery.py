"""`dlrun gallery`: the lessons of an introduction to deep learning, run and measured."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dlrun.cli.chosen import Lang
from dlrun.cli.terminal import AsJson, Quiet, Results, bold, print_json, print_table, say
from dlrun.errors import UsageError

if TYPE_CHECKING:
    from dlrun.gallery.lesson import Lesson, Shown
    from dlrun.gallery.studio import Studio

PAGE_ENDINGS = (".md", ".markdown")


def gallery(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A lesson by its name or number; the list when not given.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Run every lesson but those that take minutes.")] = False,
    long: Annotated[bool, typer.Option("--long", help="With --all: those that take minutes too.")] = False,
    picture: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where the picture goes: .png, .svg or .html."),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option("--page", metavar="FILE", help="Write what is run as a Markdown page, with pictures."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Train again what was trained before.")] = False,
    lang: Lang = "en",
    as_json: AsJson = False,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Run a lesson: what is taught, in three sentences with the numbers just measured, and a picture.

    Its runs are kept in a store of their own, RESULTS/gallery; what is there is not trained again.

    Example: dlrun gallery xor
    """
    if long and not everything:
        raise UsageError("gallery: --long goes with --all. A long lesson by itself is run by its name")
    if name is None and not everything:
        _refuse_without_lesson(picture, page, force)
        return _list(lang, as_json, quiet)
    from dlrun.gallery.table import lesson, lessons, number_of

    if name is not None and everything:
        raise UsageError(f"gallery: --all runs every lesson. Received the lesson {name!r} as well: leave one out")
    if everything and picture is not None:
        raise UsageError("gallery: -o is one picture. --all writes them beside each other with --page FILE")
    chosen = [one for one in lessons() if long or not one.long] if name is None else [lesson(number_of(name))]
    _refuse_places(picture, page)
    _run(chosen, picture, page, force, lang, as_json, quiet, results)
    return None


def _refuse_without_lesson(picture: Path | None, page: Path | None, force: bool) -> None:
    if picture is not None or page is not None or force:
        raise UsageError("gallery: which lesson? Give its name or number, or --all; `dlrun gallery` lists them")


def _refuse_places(picture: Path | None, page: Path | None) -> None:
    """Before anything is trained: what could not be written in the end."""
    from dlrun.insight.figures.saving import ENDINGS

    for option, path, endings in (("-o", picture, ENDINGS), ("--page", page, PAGE_ENDINGS)):
        if path is None:
            continue
        if path.suffix.lower() not in endings:
            raise UsageError(f"gallery: {option} must end in {', '.join(endings)}. Received: {str(path)!r}")
        if os.path.isdir(path):  # as Path.is_dir, but for a name that is too long
            raise UsageError(f"gallery: {option} needs the name of a file. Received: {str(path)!r}, which is a folder")
        if not os.path.isdir(path.parent):
            raise UsageError(f"gallery: {option} needs a folder that is there. Received: {str(path)!r}")


def _list(lang: str, as_json: bool, quiet: bool) -> None:
    from dlrun.gallery.table import lessons
    from dlrun.insight.table import Column, Table
    from dlrun.insight.words import said

    rows = [
        {"number": one.number, "name": one.name, "lesson": one.title.text(lang), "long": one.long} for one in lessons()
    ]
    if as_json:
        return print_json({"lessons": rows})
    columns = (
        Column("number", said("gallery.number", lang), "count", rank=3),
        Column("name", said("gallery.name", lang), "text", rank=9),
        Column("lesson", said("gallery.lesson", lang), "text", rank=8),
    )
    print_table(Table(columns, rows), quiet)
    long = ", ".join(str(row["name"]) for row in rows if row["long"])
    say(said("gallery.how", lang, long=long or "-"), quiet)
    return None


def _run(
    chosen: Sequence[Lesson],
    picture: Path | None,
    page: Path | None,
    force: bool,
    lang: str,
    as_json: bool,
    quiet: bool,
    results: Path | None,
) -> None:
    from dlrun.cli.stopping import Stopping
    from dlrun.gallery.studio import Studio
    from dlrun.store import Store

    stopping = Stopping()
    stopping.listen()
    store = Store(Store.default(results).root / "gallery")
    shown: list[tuple[Lesson, Shown]] = []
    with stopping.heeded(), Studio(store, lambda text: say(text, quiet), stopping, force) as studio:
        for one in chosen:
            found = one.teach(studio)
            shown.append((one, found))
            kept = _draw(one, found, lang, studio, picture) if picture is not None or not as_json else None
            if not as_json:
                _print(one, found, lang, studio, kept, quiet)
            if picture is not None and kept is None:
                raise UsageError(f"gallery: the lesson {one.name!r} has no picture, so nothing was written for -o")
    if page is not None:
        from dlrun.gallery.page import write_page

        write_page(page, shown, lang)
        say(str(page), quiet)
    if as_json:
        print_json({"lessons": [_document(one, found, lang) for one, found in shown]})


def _print(one: Lesson, found: Shown, lang: str, studio: Studio, picture: Path | None, quiet: bool) -> None:
    from dlrun.gallery.studio import config_folder
    from dlrun.insight.words import said

    print(bold(f"{one.number}. {one.title.text(lang)}"))
    for sentence in found.sentences:
        print(sentence.text(lang))
    if found.table is not None:
        print()
        print_table(found.table(lang), quiet)
    for note in found.notes:
        say(note.text(lang), quiet)
    for claim in found.claims:
        if not claim.holds:
            print(said("gallery.otherwise", lang, claim=claim.text))
    if picture is not None:
        print(said("gallery.picture", lang, path=picture))
    say(said("gallery.config", lang, path=config_folder() / f"{one.name}.yaml"), quiet)
    say(said("gallery.runs", lang, store=studio.store.root), quiet)
    print()


def _draw(one: Lesson, found: Shown, lang: str, studio: Studio, asked: Path | None) -> Path | None:
    """Draws the picture where it is asked for, else beside the runs, so that each lesson leaves one behind; gives the
    place, None for a lesson without a picture."""
    from dlrun.insight.figures.saving import save

    if found.picture is None:
        return None
    path = (
        asked or studio.store.root / "pictures" / f"{one.number:02}-{one.name}{'' if lang == 'en' else f'.{lang}'}.png"
    )
    if asked is None:
        studio.make_folder(path.parent)
    save(found.picture(lang), path, one.title.text(lang))
    return path


def _document(one: Lesson, found: Shown, lang: str) -> dict[str, Any]:
    from dlrun.store.record import finite

    return {
        "number": one.number,
        "name": one.name,
        "title": one.title.text(lang),
        "sentences": [sentence.text(lang) for sentence in found.sentences],
        "numbers": finite(dict(found.numbers)),
        "claims": [{"claim": claim.text.text(lang), "holds": claim.holds} for claim in found.claims],
        "notes": [note.text(lang) for note in found.notes],
    }
