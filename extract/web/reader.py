"""Read .html (also as saved by Office, also single-file .mhtml): tables with their spans."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from common.refusal import refusal
from extract.files.encoding import decode, decode_as
from extract.files.kinds import is_mhtml
from extract.text.flow import MAX_CELLS, RawTable, Reading, document_of
from extract.web.cascade import Element
from extract.web.flow import Flow, Page, visible_text, walk
from extract.web.spans import MAX_SPAN, Spanned, SpannedRow, place_shown, without_columns
from extract.web.styles import Styles, tag_of
from schemas.records.document import Document
from schemas.vocabulary import Severity

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_GROUPS = ("thead", "tbody", "tfoot")


def read_html(path: Path) -> Document:
    """Return the document in a web page; nothing is fetched, nothing hidden is read."""
    root = _parse(path, _page_text(path, path.read_bytes()))
    reading = Reading()
    try:
        page = Page(Styles(root))
    except RecursionError:  # selectors nested beyond all measure
        raise refusal("extract.too_large.web_nesting", file=path.name) from None
    for title in root.iter("title"):
        reading.margins.append(visible_text(title))
    _read_flow(root, page, reading)
    _note_left_out(page, reading)
    return document_of(path, "html", "html", reading)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of HTML as it is seen, and what of it is not read."""

    text: str
    hidden: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()
    pictures: int = 0


def read_fragment(text: str) -> Fragment:
    """Return a piece of HTML within another text, without tables, as it is seen."""
    root = _parsed(f"<div>{text}</div>")
    page, flow = Page(Styles(root)), Flow()
    for _ in walk(root, page, flow) if root is not None else ():
        pass
    hidden, struck = tuple(page.hidden_texts), tuple(page.struck_texts)
    return Fragment(flow.finish(), hidden, struck, page.pictures)


def read_tables(text: str, reading: Reading, written: Callable[[str], str]) -> None:
    """Add the tables in a piece of HTML within another text to a reading.

    ``written`` turns what is written in a cell into what is meant. A table whose cells all reach
    over one row and one column may have lost how far they reach: it is not regular.
    """
    root = _parsed(text)
    if root is None:
        return
    before = len(reading.blocks)
    page = Page(Styles(root), written=written)
    _read_flow(root, page, reading)
    for block in reading.blocks[before:]:
        if isinstance(block, RawTable):
            block.regular = any(cell.row_span * cell.column_span > 1 for cell in block.cells)
    _note_left_out(page, reading)


def _page_text(path: Path, data: bytes) -> str:
    """Return the page's text: UTF-8 where it is valid, else as declared, else GB18030."""
    text = decode(data)
    if text is not None and is_mhtml(text):
        data = _mhtml_page(path, data)
        text = decode(data)
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff")) and not _is_utf8(data):
        text = decode_as(data, declared[1].decode("ascii")) or text
    if text is None:
        raise refusal("extract.encoding.web", file=path.name)
    if re.search(r"<!ENTITY\b", text[:65536], re.IGNORECASE):
        raise refusal("extract.xml_entities.web", file=path.name)
    return text


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mhtml_page(path: Path, data: bytes) -> bytes:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload
    raise refusal("extract.damaged.web", file=path.name)


def _parse(path: Path, text: str) -> Element:
    root = _parsed(text)
    if root is None:
        raise refusal("extract.too_large.web_nesting", file=path.name)
    return root


def _parsed(text: str) -> Element | None:
    """Return a page's tree; None where it is empty or nested beyond all measure."""
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    limits = [entry for entry in parser.error_log if entry.type_name == "ERR_RESOURCE_LIMIT"]
    return None if limits else root


def _read_flow(element: Element, page: Page, reading: Reading) -> None:
    """Add an element's lines and tables to the reading, in the order of the page."""
    flow = Flow()
    for table in walk(element, page, flow):
        reading.blocks.append(flow.finish())
        _read_table(table, page, reading)
    reading.blocks.append(flow.finish())


def _read_table(table: Element, page: Page, reading: Reading) -> None:
    """Add a table; one that only arranges other tables on the page gives its contents."""
    groups = _row_groups(table, page)
    cells = [cell for group in groups for row in group if row.shown for cell in row.cells]
    if len(cells) > MAX_CELLS:
        raise refusal("extract.too_large.web_cells", count=len(cells))
    if _arranges(table, cells):
        for cell in cells:
            _read_flow(cell, page, reading)
        return
    for caption in table.iterchildren("caption"):
        if not page.styles.look(caption).gone:
            reading.blocks.append(_cell_text(caption, page, reading))
    _add_cells(groups, _folded_columns(table, page), page, reading)


def _add_cells(groups: list[list[_WebRow]], folded: set[int], page: Page, reading: Reading) -> None:
    """Add a table's cells at their places; note what may be wrong or is missing in them."""
    pictures = page.pictures
    spanned = [[_spanned_row(row, page, reading) for row in group] for group in groups]
    placed = place_shown(spanned)
    count = sum(row.shown for group in groups for row in group)
    shown = without_columns(placed.cells, folded) if folded else placed.cells
    reading.blocks.append(RawTable(shown, row_count=count))
    if folded:
        reading.add_note("hidden_text.columns", count=len(folded))
    if placed.overlapped:
        reading.add_note("overlapping_cells.web")
    for text in placed.cut[:20]:
        reading.add_note("overlapping_cells.cut", text=text[:200])
    found = page.pictures - pictures
    if found:
        reading.add_note("picture_in_cell.web", count=found)


def _folded_columns(table: Element, page: Page) -> set[int]:
    """Return the columns (1-based) that a table folds away."""
    folded: set[int] = set()
    column = 1
    for part in table.iterchildren("colgroup", "col"):
        for each in part.iterchildren("col") if len(part) else (part,):
            width = min(_number(each, "span"), MAX_SPAN)
            if page.styles.collapses(each) or page.styles.collapses(part):
                folded.update(range(column, column + width))
            column += width
    return folded


def _spanned_row(row: _WebRow, page: Page, reading: Reading) -> SpannedRow:
    if not row.shown:
        spans = [_spans(cell) for cell in row.cells]
        return SpannedRow([Spanned("", *each) for each in spans], shown=False)
    return SpannedRow([_spanned(cell, page, reading) for cell in row.cells])


def _arranges(table: Element, cells: list[Element]) -> bool:
    """Say whether a table is layout: a table in it has more cells than it has with text."""
    inner = [sum(1 for _ in nested.iter("td", "th")) for nested in table.iter("table")][1:]
    if not inner:
        return False
    own = sum(1 for cell in cells if cell.find(".//table") is None and visible_text(cell))
    return max(inner) >= own


@dataclass(frozen=True, slots=True)
class _WebRow:
    """A row's cells; those of a row that is not shown count only for spans over it."""

    cells: list[Element]
    shown: bool = True


def _row_groups(table: Element, page: Page) -> list[list[_WebRow]]:
    """Return the cells by row and row group, in the order they are shown."""
    found: dict[str, list[list[_WebRow]]] = {name: [] for name in _GROUPS}
    loose: list[_WebRow] = []
    for child in _visible(table, page):
        tag = tag_of(child)
        if tag in _GROUPS:
            found[tag].append(_rows(child, page))
        elif tag in ("tr", "td", "th"):
            if not loose:
                found["tbody"].append(loose)
            _add_row(child, page, loose)
    return [group for name in _GROUPS for group in found[name]]


def _rows(group: Element, page: Page) -> list[_WebRow]:
    rows: list[_WebRow] = []
    for child in _visible(group, page):
        _add_row(child, page, rows)
    return rows


def _add_row(child: Element, page: Page, rows: list[_WebRow]) -> None:
    """Add a <tr>'s cells as a row; a cell without a <tr> goes into the last row."""
    tag = tag_of(child)
    if tag == "tr":
        cells = [cell for cell in _visible(child, page) if tag_of(cell) in ("td", "th")]
        rows.append(_WebRow(cells, shown=not _folded(child, page)))
    elif tag in ("td", "th"):
        if not rows:
            rows.append(_WebRow([]))
        rows[-1].cells.append(child)


def _visible(parent: Element, page: Page) -> Iterator[Element]:
    """Yield the shown children, and hidden rows, over which spans may reach.

    In place of elements foreign to a table come their own children.
    """
    for child in parent:
        tag = tag_of(child)
        if not tag:
            continue
        if _folded(child, page):
            page.leave_out(child)
            if tag == "tr":
                yield child
        elif tag in ("form", "div", "span", "center", "font"):
            yield from _visible(child, page)
        else:
            yield child


def _folded(part: Element, page: Page) -> bool:
    """Say whether a part of a table takes no room: a row may also be folded away."""
    return page.styles.look(part).gone or (
        tag_of(part) in ("tr", *_GROUPS) and page.styles.collapses(part)
    )


def _spanned(cell: Element, page: Page, reading: Reading) -> Spanned:
    return Spanned(_cell_text(cell, page, reading), *_spans(cell))


def _spans(cell: Element) -> tuple[int, int]:
    return _number(cell, "rowspan"), max(_number(cell, "colspan"), 1)


def _number(cell: Element, name: str) -> int:
    match = re.match(r"\s*\+?(\d{1,6})", cell.get(name) or "")
    return int(match[1]) if match else 1


def _cell_text(cell: Element, page: Page, reading: Reading) -> str:
    """Return a cell's text; a table inside it becomes lines of its rows, with a note."""
    flow = Flow()
    for nested in walk(cell, page, flow):
        flow.line_break()
        for group in _row_groups(nested, page):
            for row in filter(lambda each: each.shown, group):
                flow.text(" ".join(visible_text(inner) for inner in row.cells))
                flow.line_break()
        reading.add_note("nested_table.web", text=visible_text(nested)[:200])
    return page.written(flow.finish())


def _note_left_out(page: Page, reading: Reading) -> None:
    if page.hidden_texts:
        count, texts = len(page.hidden_texts), "；".join(page.hidden_texts)
        reading.add_note("hidden_text.web", severity=Severity.INFO, text=texts[:200], count=count)
    for text in page.struck_texts[:20]:
        reading.add_note("struck_text.web", text=text[:200])
    if page.generated_unread:
        texts = "；".join(dict.fromkeys(page.generated_unread))
        reading.add_note("generated_text", text=texts[:200], count=len(page.generated_unread))
