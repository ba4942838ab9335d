"""Read .html (also as saved by Office, also single-file .mhtml): tables with their spans."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from common.refusal import Refusal
from extract.files.encoding import decode, decode_as
from extract.files.kinds import is_mhtml
from extract.text.flow import MAX_CELLS, RawTable, Reading, document_of
from extract.web.flow import (
    Element,
    Flow,
    Page,
    hidden_selectors,
    invisible,
    tag_of,
    visible_text,
    walk,
)
from extract.web.spans import Spanned, place
from schemas.records.document import Document

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_GROUPS = ("thead", "tbody", "tfoot")


def read_html(path: Path) -> Document:
    """Return the document in a web page; nothing is fetched, nothing hidden is read."""
    root = _parse(path, _page_text(path, path.read_bytes()))
    reading = Reading()
    page = Page(hidden_selectors(root))
    for title in root.iter("title"):
        reading.margins.append(visible_text(title))
    _read_flow(root, page, reading)
    _note_left_out(page, reading)
    return document_of(path, "html", "html", reading)


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
        raise Refusal("encoding", f"{path.name}: the page's encoding cannot be told",
                      f"网页“{path.name}”的文字编码认不出。请用浏览器打开，"
                      "打印成 .pdf 或另存为 UTF-8 编码的网页后再导入。")  # fmt: skip
    if re.search(r"<!ENTITY\b", text[:65536], re.IGNORECASE):
        raise Refusal("xml_entities", f"{path.name} declares entities",
                      f"网页“{path.name}”带有正常网页不会有的实体定义，可能是恶意文件，没有读取。"
                      "请向发文单位重新索取。")  # fmt: skip
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
    raise Refusal("damaged", f"{path.name}: no page in the web archive",
                  f"单文件网页“{path.name}”里没有网页内容。"
                  "请用浏览器重新保存，或打印成 .pdf 后再导入。")  # fmt: skip


def _parse(path: Path, text: str) -> Element:
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
    if root is None or limits:
        raise Refusal("too_large", f"{path.name}: the page is empty or nested beyond all measure",
                      f"网页“{path.name}”的结构异常（没有内容，或嵌套过深），没有读取。"
                      "请用浏览器打开，打印成 .pdf 后再导入。")  # fmt: skip
    return root


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
    cells = [cell for group in groups for row in group for cell in row]
    if len(cells) > MAX_CELLS:
        raise Refusal("too_large", f"a table of {len(cells)} cells",
                      f"网页中的表格有 {len(cells)} 个单元格，远超考核指标表的大小，没有读取。"
                      "请只保留指标表后再导入。")  # fmt: skip
    if _arranges(table, cells):
        for cell in cells:
            _read_flow(cell, page, reading)
        return
    for caption in table.iterchildren("caption"):
        if not page.hides(caption):
            reading.blocks.append(_cell_text(caption, page, reading))
    _add_cells(groups, page, reading)


def _add_cells(groups: list[list[list[Element]]], page: Page, reading: Reading) -> None:
    """Add a table's cells at their places; note what may be wrong or is missing in them."""
    pictures = page.pictures
    spanned = [
        [[_spanned(cell, page, reading) for cell in row] for row in group] for group in groups
    ]
    placed, overlapped = place(spanned)
    reading.blocks.append(RawTable(placed, row_count=sum(map(len, spanned))))
    if overlapped:
        reading.note("warning", "overlapping_cells", "spans of a table's cells overlap",
                     "表格中有合并单元格互相重叠，重叠处可能读错，请核对。")  # fmt: skip
    found = page.pictures - pictures
    if found:
        reading.note("warning", "picture_in_cell", "a table holds pictures, which are not read",
                     f"表格中有 {found} 张图片，图片里的文字没有读取。")  # fmt: skip


def _arranges(table: Element, cells: list[Element]) -> bool:
    """Say whether a table is layout: a table in it has more cells than it has with text."""
    inner = [sum(1 for _ in nested.iter("td", "th")) for nested in table.iter("table")][1:]
    if not inner:
        return False
    own = sum(1 for cell in cells if cell.find(".//table") is None and visible_text(cell))
    return max(inner) >= own


def _row_groups(table: Element, page: Page) -> list[list[list[Element]]]:
    """Return the visible cells by row and row group, in the order they are shown."""
    found: dict[str, list[list[list[Element]]]] = {name: [] for name in _GROUPS}
    loose: list[list[Element]] = []
    for child in _visible(table, page):
        tag = tag_of(child)
        if tag in _GROUPS:
            found[tag].append(_rows(child, page))
        elif tag in ("tr", "td", "th"):
            if not loose:
                found["tbody"].append(loose)
            _add_row(child, page, loose)
    return [group for name in _GROUPS for group in found[name]]


def _rows(group: Element, page: Page) -> list[list[Element]]:
    rows: list[list[Element]] = []
    for child in _visible(group, page):
        _add_row(child, page, rows)
    return rows


def _add_row(child: Element, page: Page, rows: list[list[Element]]) -> None:
    """Add a <tr>'s cells as a row; a cell without a <tr> goes into the last row."""
    tag = tag_of(child)
    if tag == "tr":
        rows.append([cell for cell in _visible(child, page) if tag_of(cell) in ("td", "th")])
    elif tag in ("td", "th"):
        if not rows:
            rows.append([])
        rows[-1].append(child)


def _visible(parent: Element, page: Page) -> Iterator[Element]:
    """Yield the shown children; those of elements that have no place in a table stand in."""
    for child in parent:
        tag = tag_of(child)
        if not tag:
            continue
        if page.hides(child):
            text = visible_text(child)
            if text:
                page.hidden_texts.append(text)
        elif tag in ("form", "div", "span", "center", "font"):
            yield from _visible(child, page)
        else:
            yield child


def _spanned(cell: Element, page: Page, reading: Reading) -> Spanned:
    text = "" if invisible(cell) else _cell_text(cell, page, reading)
    return Spanned(text, _number(cell, "rowspan"), max(_number(cell, "colspan"), 1))


def _number(cell: Element, name: str) -> int:
    match = re.match(r"\s*\+?(\d{1,6})", cell.get(name) or "")
    return int(match[1]) if match else 1


def _cell_text(cell: Element, page: Page, reading: Reading) -> str:
    """Return a cell's text; a table inside it becomes lines of its rows, and is told of."""
    flow = Flow()
    for nested in walk(cell, page, flow):
        flow.line_break()
        for group in _row_groups(nested, page):
            for row in group:
                flow.text(" ".join(visible_text(inner) for inner in row))
                flow.line_break()
        reading.note("warning", "nested_table", "a table inside a cell was read as lines of text",
                     "单元格里还套有表格，已按文字读入该单元格，请核对。",
                     visible_text(nested)[:200])  # fmt: skip
    return flow.finish()


def _note_left_out(page: Page, reading: Reading) -> None:
    if page.hidden_texts:
        reading.note("info", "hidden_text", f"{len(page.hidden_texts)} hidden elements not read",
                     f"网页中有 {len(page.hidden_texts)} 处隐藏内容，没有读取。",
                     "；".join(page.hidden_texts)[:200])  # fmt: skip
    for text in page.struck_texts[:20]:
        reading.note("warning", "struck_text", "struck-out text not read",
                     "有带删除线的文字，没有读取，请核对。", text[:200])  # fmt: skip
