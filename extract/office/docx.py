"""Read .docx: paragraphs as lines, tables with their merged cells, straight from the package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from common.refusal import Refusal
from extract.files.package import Package, attribute, local
from extract.office.docx_text import Element, PrintedText, child, children, hidden_styles, is_on
from extract.text.flow import MAX_CELLS, RawTable, Reading, document_of
from schemas.records.document import Cell, Document

_MAX_SPAN = 1000
_MAX_DEPTH = 20


def read_docx(path: Path) -> Document:
    """Return the document in a Word file; nothing deleted, hidden or outside the text is read.

    Headers and footers only help to complete the front matter. Raises ``Refusal``.
    """
    reading = Reading()
    with Package(path) as package:
        main = package.main_part()
        if main is None:
            raise Refusal("damaged", f"{path.name} has no main part",
                          f"文件“{path.name}”已损坏，缺少正文。请用 Word 或 WPS 打开，"
                          "另存一份 .docx 后再导入。")  # fmt: skip
        relations = package.relations(main)
        words = PrintedText(_hidden_styles(package, relations))
        body = child(package.tree(main), "body")
        if body is not None:
            _Body(reading, words).read(body)
        reading.margins.extend(_margin_lines(package, relations, words))
    _note_seen(reading, words)
    return document_of(path, "docx", "docx", reading)


def _hidden_styles(package: Package, relations: dict[str, tuple[str, str]]) -> frozenset[str]:
    for kind, target in relations.values():
        if kind.endswith("/styles") and target in package.names:
            return hidden_styles(package.tree(target))
    return frozenset()


def _margin_lines(
    package: Package, relations: dict[str, tuple[str, str]], words: PrintedText
) -> Iterator[str]:
    for kind, target in relations.values():
        if kind.endswith(("/header", "/footer")) and target in package.names:
            for paragraph in children(package.tree(target), ("p",)):
                yield words.paragraph(paragraph)


@dataclass(slots=True)
class _Body:
    """Walks a body (or a text box) and adds its lines and tables to the reading."""

    reading: Reading
    words: PrintedText
    depth: int = 0

    def read(self, body: Element) -> None:
        """Add what the body holds, in order; a text box's lines follow their paragraph."""
        for part in children(body, ("p", "tbl", "altChunk")):
            name = local(part)
            if name == "p":
                self._paragraph(part)
            elif name == "tbl":
                self._table(part)
            else:
                self.reading.note("warning", "embedded_part", "an embedded file was not read",
                                  "文档里嵌入了另一个文件，没有读取。")  # fmt: skip

    def _paragraph(self, paragraph: Element) -> None:
        seen = self.words.seen
        boxes = len(seen.boxes)
        self.reading.blocks.append(self.words.paragraph(paragraph))
        found = seen.boxes[boxes:]
        del seen.boxes[boxes:]
        for box in found:
            self._deeper(box)

    def _deeper(self, part: Element) -> None:
        if self.depth >= _MAX_DEPTH:
            raise Refusal("too_large", "text boxes or tables nested beyond all measure",
                          "文档的结构异常（嵌套过深），没有读取。"
                          "请打印成 .pdf 后再导入。")  # fmt: skip
        _Body(self.reading, self.words, self.depth + 1).read(part)

    def _table(self, table: Element) -> None:
        if _arranges(table):
            for row in children(table, ("tr",)):
                for cell in children(row, ("tc",)):
                    self._deeper(cell)
            return
        seen = self.words.seen
        pictures, numbered = seen.pictures, seen.numbered
        self.reading.blocks.append(_Grid(self.reading, self.words).read(table))
        for found, code, what in (
            (seen.pictures - pictures, "picture_in_cell", "张图片，图片里的文字没有读取"),
            (seen.numbered - numbered, "automatic_numbering", "处自动编号，编号没有读取"),
        ):
            if found:
                severity = "warning" if code == "picture_in_cell" else "info"
                self.reading.note(severity, code, f"a table holds {found} of: {code}",
                                  f"表格中有 {found} {what}。")  # fmt: skip


def _arranges(table: Element) -> bool:
    """Say whether a table is layout: a table in it has more cells than it has with own text."""
    inner = [part for part in table.iter() if local(part) == "tbl"][1:]
    if not inner:
        return False
    largest = max(sum(1 for part in nested.iter() if local(part) == "tc") for nested in inner)
    own = 0
    for row in children(table, ("tr",)):
        for cell in children(row, ("tc",)):
            if any(local(t) == "t" for p in children(cell, ("p",)) for t in p.iter()):
                own += 1
    return largest >= own


@dataclass(slots=True)
class _Grid:
    """Places one table's cells by gridSpan, gridBefore and the two kinds of vertical merging."""

    reading: Reading
    words: PrintedText

    def read(self, table: Element) -> RawTable:
        """Return the table's cells; a cell merged downwards is one cell."""
        cells: list[Cell] = []
        open_merges: dict[int, int] = {}  # first column -> index of the cell that goes on
        rows = 0
        for row in children(table, ("tr",)):
            properties = child(row, "trPr")
            if properties is not None and self._left_out(properties, row):
                continue
            rows += 1
            open_merges = self._row(row, properties, rows, cells, open_merges)
            if len(cells) > MAX_CELLS:
                raise Refusal("too_large", f"a table of more than {MAX_CELLS} cells",
                              "表格大得不正常，没有读取。请只保留指标表后再导入。")  # fmt: skip
        return RawTable(_within_width(cells), row_count=rows)

    def _left_out(self, properties: Element, row: Element) -> bool:
        """Say whether a row is not printed: deleted by a tracked change, or hidden."""
        if child(properties, "del") is not None:
            return True
        if is_on(properties, "hidden"):
            self.reading.note("info", "hidden_text", "a hidden row was not read",
                              "表格中有隐藏的行，没有读取。", self._text(row))  # fmt: skip
            return True
        return False

    def _text(self, element: Element) -> str:
        lines = (self.words.paragraph(part) for part in element.iter() if local(part) == "p")
        return " ".join(line for line in lines if line)[:200]

    def _row(
        self,
        row: Element,
        properties: Element | None,
        number: int,
        cells: list[Cell],
        above: dict[int, int],
    ) -> dict[int, int]:
        """Place one row; return the vertical merges that are open below it."""
        column = 1 + (_count(properties, "gridBefore", 0) if properties is not None else 0)
        going_on: dict[int, int] = {}
        beside: int | None = None
        for element in children(row, ("tc",)):
            merge = child(element, "tcPr")
            span = _count(merge, "gridSpan", 1) if merge is not None else 1
            across = _merging(merge, "hMerge")
            if across == "continue" and beside is not None:
                self._covered(self._cell_text(element))
                wider = cells[beside].column_span + span
                cells[beside] = replace(cells[beside], column_span=wider)
                column += span
                continue
            index = self._cell(element, number, column, span, cells, above)
            if _merging(merge, "vMerge"):
                going_on[column] = index
            beside = index
            column += span
        return going_on

    def _cell(
        self,
        element: Element,
        row: int,
        column: int,
        span: int,
        cells: list[Cell],
        above: dict[int, int],
    ) -> int:
        """Add a cell, or let the one above it that it continues grow; return the cell's index."""
        text = self._cell_text(element)
        merge = _merging(child(element, "tcPr"), "vMerge")
        upper = above.get(column)
        if merge == "continue" and upper is not None and cells[upper].column_span == span:
            cells[upper] = replace(cells[upper], row_span=cells[upper].row_span + 1)
            self._covered(text)
            return upper
        cells.append(Cell(row, column, text, 1, span))
        return len(cells) - 1

    def _covered(self, text: str) -> None:
        if text:
            self.reading.note("warning", "merged_away_text", "text in a merged-away cell",
                              "合并单元格盖住了一段文字，Word 不显示，没有读取。",
                              text)  # fmt: skip

    def _cell_text(self, element: Element) -> str:
        """Return a cell's text; tables and text boxes in it are told of."""
        lines: list[str] = []
        boxes = len(self.words.seen.boxes)
        for part in children(element, ("p", "tbl")):
            if local(part) == "p":
                lines.append(self.words.paragraph(part))
            else:
                lines.extend(self._nested_lines(part))
        for box in self.words.seen.boxes[boxes:]:
            self.reading.note("warning", "text_box", "a text box over a cell was not read into it",
                              "单元格上有文本框，其中的文字没有读入表格，请核对。",
                              self._text(box))  # fmt: skip
        del self.words.seen.boxes[boxes:]
        return "\n".join(line for line in lines if line.strip())

    def _nested_lines(self, table: Element) -> Iterator[str]:
        self.reading.note("warning", "nested_table", "a table inside a cell was read as text",
                          "单元格里还套有表格，已按文字读入该单元格，请核对。",
                          self._text(table))  # fmt: skip
        for row in children(table, ("tr",)):
            yield " ".join(self._text(cell) for cell in children(row, ("tc",)))


def _within_width(cells: list[Cell]) -> list[Cell]:
    """Cut cells at the table's real width, where the rightmost column that begins also ends."""
    if not cells:
        return cells
    rightmost = max(cell.column for cell in cells)
    width = min(c.column + c.column_span for c in cells if c.column == rightmost)
    return [replace(cell, column_span=min(cell.column_span, width - cell.column)) for cell in cells]


def _count(properties: Element, name: str, default: int) -> int:
    found = child(properties, name)
    value = (attribute(found, "val") or "") if found is not None else ""
    if not value.isdigit() or len(value) > 6:
        return default
    return min(max(int(value), default), _MAX_SPAN)


def _merging(properties: Element | None, name: str) -> str | None:
    """Return 'restart' or 'continue' for a merged cell, None for one that is not merged."""
    found = child(properties, name) if properties is not None else None
    if found is None:
        return None
    return "restart" if attribute(found, "val") == "restart" else "continue"


def _note_seen(reading: Reading, words: PrintedText) -> None:
    seen = words.seen
    hidden = "".join(seen.hidden).strip()
    if hidden:
        reading.note("info", "hidden_text", "hidden text was not read",
                     "文档中有隐藏文字，没有读取。", hidden[:200])  # fmt: skip
    for text in seen.struck[:20]:
        reading.note("warning", "struck_text", "struck-out text was not read",
                     "有带删除线的文字，没有读取，请核对。", text[:200])  # fmt: skip
    if seen.symbols:
        reading.note("warning", "symbol", f"{seen.symbols} symbols of a special font",
                     f"有 {seen.symbols} 个特殊字体的符号认不出，已用“\ufffd”代替，"
                     "请核对。")  # fmt: skip
    if seen.footnotes:
        reading.note("info", "footnote", f"{seen.footnotes} footnotes were not read",
                     f"文档有 {seen.footnotes} 处脚注或尾注，没有读取。")  # fmt: skip
