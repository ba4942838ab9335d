"""The replies that went back to departments, found again by listing what is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.jobs.returns import filing


@dataclass(frozen=True, slots=True)
class FiledReply:
    """One reply: ``name`` is its path from the folder of the replies, with slashes.

    ``received_on`` and ``number`` are those of the return that it answers; ``refused`` counts the
    lines sent back, None where the reply does not tell.
    """

    name: str
    received_on: date
    number: int
    refused: int | None


def replies_to(
    replies: Path, year: int, department: str, document_id: str
) -> tuple[FiledReply, ...]:
    """Return a department's replies of a document, the latest first.

    Those that do not tell which document of the year they are of are among them.
    """
    from report.workbook import stated_properties

    found = []
    for day, number, path in _lying_in(filing.department_folder(replies, year, department)):
        stated = stated_properties(path)
        if stated.get("identifier", document_id) == document_id:
            count = stated.get("keywords", "")
            refused = int(count) if count.isdecimal() else None
            found.append(FiledReply(_name(replies, path), day, number, refused))
    return tuple(sorted(found, key=lambda each: (each.received_on, each.number), reverse=True))


def reply_named(replies: Path, name: str) -> Path | None:
    """Return the reply of a name among those that are there; None for any other name."""
    folders = replies.glob("*/*")
    there = {_name(replies, path): path for folder in folders for _, _, path in _lying_in(folder)}
    return there.get(name)


def _name(replies: Path, path: Path) -> str:
    return path.relative_to(replies).as_posix()


def _lying_in(folder: Path) -> list[tuple[date, int, Path]]:
    """Return the workbooks in a department's folder; a link, which may lead elsewhere, is none."""
    if not folder.is_dir() or folder.is_symlink() or folder.parent.is_symlink():
        return []
    return [
        each
        for each in filing.filed_in(folder)
        if each[2].suffix == ".xlsx" and not each[2].is_symlink()
    ]
