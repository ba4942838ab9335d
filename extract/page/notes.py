"""What a clerk is told about a page: text that cannot be seen, cells mended, pages passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.page.lines import TextLine, box_of, chars_to_lines
from extract.page.page import UNREADABLE, Char, PageRecord
from schemas.records.document import Box, ReaderNote

LONGEST = 2000
"""A note quotes no more characters than this."""
PICTURE_PAGE = 0.5
"""A page of which pictures cover this part, with hardly any text, is a scanned page."""
FEW_CHARS = 20


def is_picture_page(page: PageRecord) -> bool:
    """Tell whether a page is a picture of text rather than text."""
    printed = sum(not char.text.isspace() for char in page.chars)
    return page.picture_share >= PICTURE_PAGE and printed < FEW_CHARS


def page_notes(page: PageRecord) -> Iterator[ReaderNote]:
    """Yield notes on text of a page that cannot be seen or not be read."""
    if is_picture_page(page):
        yield _note(
            "error",
            "picture_page",
            page.number,
            "the page is a picture without visible text; nothing was read from it",
            "本页是扫描图片，没有可读取的文字，本页内容没有读取，请人工补录。",
        )
    elif page.unseen:
        yield _note(
            "info",
            "invisible_text",
            page.number,
            "the file holds text that cannot be seen on the page; it was left out",
            "文件中有页面上看不见的文字（隐藏或白色），没有读入。",
            _quote(page.unseen),
            box_of(page.unseen),
        )
    if page.slanted:
        yield _note(
            "info",
            "slanted_text",
            page.number,
            "text across the page (a watermark) was left out",
            "本页有斜排文字（如水印），没有读入表格。",
            _quote(page.slanted),
            box_of(page.slanted),
        )
    yield from _unreadable_notes(page)
    yield from _cut_notes(page)


def _unreadable_notes(page: PageRecord) -> Iterator[ReaderNote]:
    unknown = [char for char in page.chars if UNREADABLE in char.text]
    if unknown:
        yield _note(
            "error",
            "unreadable_characters",
            page.number,
            f"{len(unknown)} glyphs do not tell which character they are",
            f"本页有 {len(unknown)} 个字在文件中没有文字编码，读成“{UNREADABLE}”，请对照原页核对。",
            None,
            box_of(unknown),
        )


def _cut_notes(page: PageRecord) -> Iterator[ReaderNote]:
    """Yield a note for each line of which a part is hidden at the side, as a cell's edge does.

    Whole lines that are hidden are no loss: another page shows them.
    """
    for char in page.cut:
        hidden = [other for other in page.clipped if abs(other.bottom - char.bottom) < 1]
        yield _note(
            "warning",
            "text_cut_off",
            page.number,
            "a line of text is cut off at the side; the page does not show its rest",
            "此处文字在页面上被边框截断，看不见的部分没有读入，请核对。",
            _quote(hidden),
            box_of([char]),
        )


def over_edge_note(page: int, run: Sequence[Char]) -> ReaderNote:
    """Return a note on a piece of text that runs over a cell's edge."""
    return _note(
        "warning",
        "text_over_edge",
        page,
        "a piece of text runs over a rule; it was put where most of it stands",
        "此处文字压过了表格线，已归入占大部分的单元格，请核对。",
        "".join(char.text for char in run),
        box_of(run),
    )


def repaired_note(page: int, box: Box) -> ReaderNote:
    """Return a note on a cell whose rules had to be mended."""
    return _note(
        "warning",
        "cell_repaired",
        page,
        "the rules around this cell are incomplete; it was cut out by the rules nearby",
        "此处表格线不完整，单元格按相邻的线划分，请对照原页核对。",
        None,
        box,
    )


def struck_note(page: int, chars: Sequence[Char]) -> ReaderNote:
    """Return a note on text that is struck through: it was read, though it may be void."""
    return _note(
        "warning",
        "struck_text",
        page,
        "text is struck through; it was read as it stands",
        "此处文字带删除线，已照原样读入，请核对是否作废。",
        _quote(chars),
        box_of(chars),
    )


def beside_note(page: int, line: TextLine) -> ReaderNote:
    """Return a note on text left or right of a table."""
    return _note(
        "info",
        "text_beside_table",
        page,
        "text stands beside the table, in no cell",
        "表格旁边有文字，不在任何单元格内。",
        line.text,
        line.box,
    )


def no_table_note(page: int, lines: Sequence[str]) -> ReaderNote:
    """Return a note on a page without a table that follows a table."""
    return _note(
        "info",
        "page_without_table",
        page,
        "the page has text but no ruled table",
        "本页只有文字，没有带框线的表格，文字没有读入表格。",
        "\n".join(lines)[:LONGEST],
    )


def skipped_note(code: str, page: int) -> ReaderNote:
    """Return a note on a page that could not be read (``page_too_heavy`` or ``page_damaged``)."""
    reason, reason_zh = {
        "page_too_heavy": ("holds too many drawing commands", "绘图内容过多"),
        "page_damaged": ("is damaged", "内部已损坏"),
    }[code]
    return _note(
        "error",
        code,
        page,
        f"the page {reason}; nothing was read from it",
        f"本页{reason_zh}，无法读取，本页内容没有读入，请人工补录或重新索取文件。",
    )


def passed_over_note(first: int, last: int) -> ReaderNote:
    """Return a note on pages of a long document that have no rules and were not read."""
    return _note(
        "info",
        "pages_passed_over",
        first,
        f"pages {first} to {last} have no ruled table and were not read",
        f"第 {first} 至 {last} 页没有带框线的表格，没有读取。",
    )


def broken_note(count: int) -> ReaderNote:
    """Return a note on compressed pieces of the file that do not unpack to their end."""
    return ReaderNote(
        "error",
        "broken_streams",
        f"{count} compressed pieces of the file are damaged; text or rules may be missing",
        f"文件内部有 {count} 处压缩数据损坏，可能缺字或缺线，请重新索取文件或逐页核对。",
    )


def rebuilt_note() -> ReaderNote:
    """Return a note on a file whose index of objects was damaged."""
    return ReaderNote(
        "warning",
        "index_rebuilt",
        "the file's index is damaged; it was rebuilt, and parts of the file may be lost",
        "文件的内部索引已损坏，按残存内容重建后读取，可能有缺失，请重新索取文件或逐页核对。",
    )


def _quote(chars: Sequence[Char]) -> str:
    return "\n".join(line.text for line in chars_to_lines(chars[:LONGEST], 1.0))


def _note(  # noqa: PLR0913, PLR0917 - the fields of one record
    severity: str,
    code: str,
    page: int,
    message: str,
    message_zh: str,
    text: str | None = None,
    box: Box | None = None,
) -> ReaderNote:
    return ReaderNote(severity, code, message, message_zh, text, page, box)
