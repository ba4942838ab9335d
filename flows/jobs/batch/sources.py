"""Which documents are meant by what somebody named: files, folders of one notice, whole folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from extract.files.pictures import pages_of
from flows.jobs.sidecar import NOT_DOCUMENTS, SIDECAR

_NO_DOCUMENTS = (".", "~$", "README")


def documents_of(sources: Iterable[Path]) -> list[Path]:
    """Return the documents of all sources, each once, in order of sources and names.

    Each is a file, or a folder that is one notice (:func:`is_one_notice`). What is not there, or is
    a folder with nothing in it, is returned as it was named, so that it is refused by its name.
    """
    found: dict[Path, Path] = {}
    for source in sources:
        for path in _within(source, frozenset()) if source.is_dir() else (source,):
            found.setdefault(path.resolve(), path)
    return list(found.values())


def _within(folder: Path, above: frozenset[Path]) -> Iterator[Path]:
    """Yield the documents of a folder; a link to a folder above it is not followed again."""
    own = folder.resolve()
    if own in above:
        return
    entries = _entries(folder)
    if not entries or is_one_notice(folder, entries):
        yield folder
        return
    for entry in entries:
        if entry.is_dir():
            yield from (_within(entry, above | {own}) if _entries(entry) else ())
        else:
            yield entry


def is_one_notice(folder: Path, entries: list[Path]) -> bool:
    """Say whether a folder is one notice.

    It has a sidecar, lies in ``raw/notices``, or holds one document or the pictures of its pages
    and nothing else.
    """
    own = folder.resolve()
    if (own / SIDECAR).is_file() or (own.parent.name, own.parent.parent.name) == ("notices", "raw"):
        return True
    files = [entry for entry in entries if entry.is_file()]
    return len(files) == len(entries) and (len(files) == 1 or bool(pages_of(folder)))


def _entries(folder: Path) -> list[Path]:
    """Return what may be documents or folders of them, by name."""
    return [
        path
        for path in sorted(folder.iterdir())
        if not path.name.startswith(_NO_DOCUMENTS) and path.name not in NOT_DOCUMENTS
    ]
