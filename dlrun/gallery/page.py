"""Lessons as a Markdown page with their pictures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dlrun.gallery.lesson import Lesson, Shown
from dlrun.insight.figures.saving import save
from dlrun.insight.table_formats import to_markdown
from dlrun.insight.words import said
from dlrun.store.files import write_whole, writing

PICTURES = Path("images", "gallery")
"""Below the page's folder."""


def write_page(path: Path, shown: Sequence[tuple[Lesson, Shown]], language: str) -> None:
    """Writes the page, and each lesson's picture as SVG into `images/gallery` beside it.

    Raises:
        StoreNotWritable: no space left, or no permission.
    """
    parts = [f"# {said('gallery.page_title', language)}", _intro(shown, path, language)]
    for one, found in shown:
        parts += _lesson(one, found, path, language)
    text = "\n\n".join(parts) + "\n"
    write_whole(path, lambda aside: _write(aside, text))


def _intro(shown: Sequence[tuple[Lesson, Shown]], path: Path, language: str) -> str:
    what = "--all" if len(shown) != 1 else shown[0][0].name
    if len(shown) != 1 and any(one.long for one, _ in shown):
        what += " --long"
    lang = "" if language == "en" else f" --lang {language}"
    return said("gallery.page_intro", language, command=f"dlrun gallery {what}{lang} --page {path.name}")


def _lesson(one: Lesson, found: Shown, path: Path, language: str) -> list[str]:
    parts = [f"## {one.number}. {one.title.text(language)}", said("gallery.page_run", language, name=one.name)]
    parts += [" ".join(sentence.text(language) for sentence in found.sentences)]
    parts += [said("gallery.otherwise", language, claim=claim.text) for claim in found.claims if not claim.holds]
    if found.table is not None:
        parts.append(to_markdown(found.table(language)).rstrip())
    parts += [note.text(language) for note in found.notes]
    if found.picture is not None:
        place = PICTURES / f"{one.number:02}-{one.name}{'' if language == 'en' else f'.{language}'}.svg"
        with writing(path.parent / place):
            (path.parent / place).parent.mkdir(parents=True, exist_ok=True)
        save(found.picture(language), path.parent / place, one.title.text(language))
        parts.append(f"![{one.title.text(language)}]({place.as_posix()})")
    return parts


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
