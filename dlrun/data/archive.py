"""Files in a folder or a zip archive, by their path inside it. Nothing is unpacked to disk."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from dlrun.data import text_file
from dlrun.errors import DataError

MOST_FILES = 1_000_000
_UNSEEN = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Member:
    """One file."""

    path: tuple[str, ...]
    """Names of the folders it is in, and its own."""
    read: Callable[[], bytes]
    """Its content. Raises DataError where it cannot be read."""

    @property
    def name(self) -> str:
        return "/".join(self.path)

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path[-1]).suffix.lower()


@contextmanager
def members(source: str) -> Iterator[list[Member]]:
    """The files of a folder or zip archive, sorted by path, those left out that systems hide; or a single file.

    Raises DataError for an archive that is damaged, leads outside of itself or holds too much.
    """
    path = Path(source).expanduser()
    if path.is_file() and path.suffix.lower() != ".zip":
        yield [Member((path.name,), partial(_file, source, path))]
        return
    if path.is_dir():
        yield sorted(_in_folder(source, path), key=lambda member: member.path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield sorted(_in_zip(source, archive), key=lambda member: member.path)
    except zipfile.BadZipFile as error:
        raise DataError(f"{source}: is cut off, damaged or no zip archive") from error
    except OSError as error:
        raise DataError(f"{source}: cannot be read: {error.strerror or error}") from error


def _seen(parts: tuple[str, ...]) -> bool:
    return bool(parts) and not any(part.startswith(".") or part in _UNSEEN for part in parts)


def _in_folder(source: str, folder: Path) -> list[Member]:
    found = []
    for above, folders, files in os.walk(folder, followlinks=True, onerror=partial(_not_listed, source)):
        inside = Path(above).relative_to(folder).parts
        if len(inside) > 20:  # a link that leads back to a folder above it
            raise DataError(f"{source}: folders are nested too deeply: {'/'.join(inside[:4])}/...")
        folders[:] = [name for name in folders if _seen((name,))]
        for name in files:
            if _seen((name,)):
                found.append(Member((*inside, name), partial(_file, source, Path(above, name))))
        if len(found) > MOST_FILES:
            raise DataError(f"{source}: holds more than {MOST_FILES:,} files, which is not read")
    return found


def _not_listed(source: str, error: OSError) -> None:
    raise DataError(f"{source}: cannot be read: {error.strerror} ({error.filename!r})") from error


def _file(source: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{source}: {path.name!r} cannot be read: {error.strerror}") from error


def _in_zip(source: str, archive: zipfile.ZipFile) -> list[Member]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    size = sum(info.file_size for info in infos)
    if size > text_file.MOST_UNPACKED or len(infos) > MOST_FILES:
        raise DataError(
            f"{source}: would unpack to {size:,} bytes in {len(infos):,} files; at most "
            f"{text_file.MOST_UNPACKED:,} bytes in {MOST_FILES:,} files are read. Unpack it and give the folder"
        )
    found = []
    for info in infos:
        parts = PurePosixPath(info.filename.replace("\\", "/")).parts
        if ".." in parts or info.filename.startswith("/") or (parts[:1] and parts[0].endswith(":")):
            raise DataError(f"{source}: holds a path that leads outside of it, {info.filename!r}: it is not read")
        if _seen(parts):
            found.append(Member(parts, partial(_from_zip, source, archive, info)))
    return found


def _from_zip(source: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as stream:
            content = stream.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise DataError(f"{source}: {info.filename!r} is damaged") from error
    except (NotImplementedError, RuntimeError) as error:  # another compression, or a password
        raise DataError(f"{source}: {info.filename!r} cannot be unpacked: {error}") from error
    if len(content) != info.file_size:
        raise DataError(f"{source}: {info.filename!r} is not as long as the archive says: it is not read")
    return content
