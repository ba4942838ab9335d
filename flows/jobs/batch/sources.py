"""Which documents are meant by what somebody named: files, folders of one notice, whole folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from extract.files.pictures import is_picture
from flows.jobs.sidecar.document import NOT_DOCUMENTS, SIDECAR, leads_above

_NO_DOCUMENTS = (".", "~$", "README")


def documents_of(sources: Iterable[Path]) -> list[Path]:
    """Return the documents of all sources, each once, in order of sources and names.

    Each is a file, or a folder that is one notice (:func:`is_one_notice`). What is not there, is a
    folder with nothing in it, may not be looked into, or leads to a folder above itself is returned
    as it was named, so that it is refused by its name.
    """
    found: dict[str, Path] = {}
    for source in sources:
        within = list(_within(source)) if _is_folder(source) else ()
        for path in within or (source,):
            found.setdefault(os.path.realpath(path), path)  # Path.resolve() fails for a loop
    return list(found.values())


def _within(folder: Path) -> Iterator[Path]:
    """Yield the documents of a folder."""
    try:
        entries = _entries(folder)
        is_one = bool(entries) and is_one_notice(folder, entries)
    except OSError:
        yield folder
        return
    for path in (folder,) if is_one else entries:
        if is_one or not _is_folder(path) or leads_above(path):
            yield path
        else:
            yield from _within(path)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what is above it may not be looked into
        return False


def is_one_notice(folder: Path, entries: list[Path]) -> bool:
    """Say whether a folder is one notice.

    It has a sidecar, lies in ``raw/notices``, or holds one document or the pictures of its pages
    and nothing else.
    """
    own = folder.resolve()
    if (own / SIDECAR).is_file() or (own.parent.name, own.parent.parent.name) == ("notices", "raw"):
        return True
    files = [entry for entry in entries if entry.is_file()]
    return len(files) == len(entries) and (len(files) == 1 or _are_pages(files))


def _are_pages(files: Iterable[Path]) -> bool:
    """Say whether files are pictures and notes on them; one that may not be read is either."""
    kinds = {_is_picture(file) for file in files if file.suffix != ".toml"}
    return True in kinds and False not in kinds


def _is_picture(file: Path) -> bool | None:
    try:
        return is_picture(file)
    except OSError:
        return None


def _entries(folder: Path) -> list[Path]:
    """Return what may be documents or folders of them, by name."""
    return [
        path
        for path in sorted(folder.iterdir())
        if not path.name.startswith(_NO_DOCUMENTS) and path.name not in NOT_DOCUMENTS
    ]
