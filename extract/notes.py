"""Notes on what a reader saw and could not put into a cell."""

from __future__ import annotations

from common.messages import message
from schemas.records.document import Box, ReaderNote
from schemas.vocabulary import Severity


def reader_note(
    name: str,
    *,
    severity: Severity = Severity.WARNING,
    text: str | None = None,
    page: int | None = None,
    box: Box | None = None,
    **slots: object,
) -> ReaderNote:
    """Return the note of a message of ``extract/data/messages.toml``, its slots filled.

    ``text`` is what is quoted; ``page`` (1-based) and ``box`` say where it stands.
    """
    said = message(f"extract.{name}", **slots)
    return ReaderNote(severity, said.code, said.en, said.zh, text, page, box)
