"""What a page shows that cannot be read: pictures of text, hidden or cut text, unknown glyphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from extract.notes import reader_note
from extract.page.lines import box_of, chars_to_lines
from extract.page.page import UNREADABLE, Char, PageRecord
from schemas.records.document import Box, ReaderNote
from schemas.vocabulary import Severity

LONGEST = 2000
"""A note quotes no more characters than this."""
PICTURE_PAGE = 0.5
"""A page of which pictures cover this part, with hardly any text, is a scanned page."""
FEW_CHARS = 20


def is_picture_page(page: PageRecord) -> bool:
    """Tell whether a page is a picture of text rather than text."""
    if page.picture_share < PICTURE_PAGE:
        return False
    return sum(not char.text.isspace() for char in page.chars) < FEW_CHARS


def page_notes(page: PageRecord) -> Iterator[ReaderNote]:
    """Yield notes on text of a page that cannot be seen or not be read."""
    if is_picture_page(page):
        yield reader_note("picture_page", severity=Severity.ERROR, page=page.number)
    elif page.unseen:
        yield reader_note("invisible_text", **_left_out(page, page.unseen))
    if page.covered:
        yield reader_note("hidden_text.covered", **_left_out(page, page.covered))
    if page.annotations:
        text = "\n".join(page.annotations)[:LONGEST]
        yield reader_note("annotated", severity=Severity.INFO, text=text, page=page.number)
    if page.cropped:
        yield reader_note("page_cropped", severity=Severity.ERROR, page=page.number)
    if page.slanted:
        yield reader_note("slanted_text", **_left_out(page, page.slanted))
    if unknown := [char for char in page.chars if UNREADABLE in char.text]:
        yield reader_note(
            "unreadable_characters",
            severity=Severity.ERROR,
            page=page.number,
            box=box_of(unknown),
            count=len(unknown),
        )
    yield from _cut_notes(page)


class _LeftOut(TypedDict):
    severity: Severity
    text: str
    page: int
    box: Box


def _left_out(page: PageRecord, chars: Sequence[Char]) -> _LeftOut:
    """Return what a note on characters of a page that are out of its cells says beside its text."""
    return {
        "severity": Severity.INFO,
        "text": quoted(chars),
        "page": page.number,
        "box": box_of(chars),
    }


def _cut_notes(page: PageRecord) -> Iterator[ReaderNote]:
    """Yield a note for each line of which a part is hidden at the side, as a cell's edge does.

    Whole lines that are hidden are no loss: another page shows them.
    """
    for char in page.cut:
        hidden = [other for other in page.clipped if _on_line(other, char)]
        yield reader_note("text_cut_off", text=quoted(hidden), page=page.number, box=box_of([char]))


def _on_line(char: Char, other: Char) -> bool:
    return abs(char.bottom - other.bottom) < 1


def passed_over(first: int, last: int) -> ReaderNote:
    """Return a note on pages of a long document that show no table and were not read."""
    return reader_note(
        "pages_passed_over", severity=Severity.INFO, page=first, first=first, last=last
    )


def quoted(chars: Sequence[Char]) -> str:
    """Return characters as lines of text, as a note quotes them."""
    return "\n".join(line.text for line in chars_to_lines(chars[:LONGEST], 1.0))
