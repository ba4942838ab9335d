"""Keys that follow an indicator through years, as a person confirmed them, and their CSV files.

``raw/keys/indicators.csv`` has one line an indicator of a document: its key, the name it had when
it was confirmed (``expect``), who confirmed it, when and why. ``kaohe keys`` proposes a file with
one line a pair of indicators, in which a person decides (:mod:`compare.keys`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from common.characters import guarded, unguarded
from common.messages import Message, message
from common.refusal import Refusal, refusal
from schemas.ids import DOCUMENT_ID_PATTERN, INDICATOR_KEY_PATTERN

#: Where the confirmed keys lie under ``raw``.
KEYS_FILE = Path("keys") / "indicators.csv"

KEY_COLUMNS = ("key", "document_id", "serial_no", "expect", "by", "on", "reason")
PROPOSAL_COLUMNS = (
    "确认", "指标键", "原文件", "原序号", "原名称", "新文件", "新序号", "新名称",
    "相似度", "提示", "理由",
)  # fmt: skip
YES, NO = "是", "否"

_DAY = re.compile(r"([12][0-9]{3})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class ConfirmedKey:
    """One indicator of a document and its key; ``line`` is that of its file."""

    key: str
    document_id: str
    serial_no: int
    expect: str
    by: str
    on: date
    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of a proposal file that a person answered: both indicators, and yes or no."""

    confirmed: bool
    key: str
    first: tuple[str, int, str]
    second: tuple[str, int, str]
    reason: str
    line: int


def parse_keys(content: bytes, source: str) -> tuple[ConfirmedKey, ...]:
    """Return the keys of a file, in its order; Refusal for a line that is not complete.

    The same indicator twice, or one key for two indicators of a document, is refused too.
    """
    keys = tuple(_key(row) for row in _rows(content, source, KEY_COLUMNS))
    _check_unique(keys, source)
    return keys


def parse_decisions(content: bytes, source: str) -> tuple[Decision, ...]:
    """Return the lines of a proposal file that were answered; those left blank are no decision."""
    rows = _rows(content, source, PROPOSAL_COLUMNS)
    return tuple(_decision(row) for row in rows if row.text("确认", needed=False))


def keys_text(keys: Sequence[ConfirmedKey]) -> str:
    """Return the content of a file of keys; parsing it gives the same keys.

    Lines end as RFC 4180 demands: the writer then puts a lone carriage return in quotes, too.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(KEY_COLUMNS)
    for key in keys:
        cells = (key.key, key.document_id, key.serial_no, key.expect, key.by, key.on, key.reason)
        writer.writerow(guarded(value) if isinstance(value, str) else value for value in cells)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a file while it is read."""

    source: str
    line: int
    given: dict[str, str]

    def text(self, column: str, *, needed: bool = True) -> str:
        value = unguarded(self.given[column].strip())
        if needed and not value:
            raise self.refuse(column, message("schemas.expected.filled"))
        return value

    def fitting(self, column: str, pattern: str, expected: Message) -> str:
        value = self.text(column)
        if not re.fullmatch(pattern, value):
            raise self.refuse(column, expected)
        return value

    def number(self, column: str) -> int:
        return int(self.fitting(column, "[1-9][0-9]{0,5}", message("schemas.expected.count")))

    def key(self, column: str) -> str:
        return self.fitting(column, INDICATOR_KEY_PATTERN, message("schemas.expected.key"))

    def document(self, column: str) -> str:
        return self.fitting(column, DOCUMENT_ID_PATTERN, message("schemas.expected.document_id"))

    def day(self, column: str) -> date:
        found = _DAY.fullmatch(self.text(column))
        try:
            return date(*map(int, found.groups())) if found else date(0, 1, 1)
        except ValueError:
            raise self.refuse(column, message("schemas.expected.date")) from None

    def refuse(self, column: str, expected: Message) -> Refusal:
        return refusal(
            "schemas.bad_keys.line",
            source=self.source,
            line=self.line,
            column=column,
            found=self.given.get(column, "")[:60],
            expected=expected.en,
            expected_zh=expected.zh,
        )


def _rows(content: bytes, source: str, columns: Sequence[str]) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(_decoded(content, source), newline=""))
    try:
        heading = [text.strip() for text in next(reader, [])]
        if heading != list(columns):
            raise refusal(
                "schemas.bad_keys.heading",
                source=source,
                found=",".join(heading)[:100],
                expected=",".join(columns),
            )
        for texts in reader:
            if any(text.strip() for text in texts):
                padded = [*texts, *[""] * (len(columns) - len(texts))]
                row = _Row(source, reader.line_num, dict(zip(columns, padded, strict=False)))
                if len(padded) > len(columns):
                    width = message("schemas.expected.columns", count=len(columns))
                    raise row.refuse(columns[-1], width)
                yield row
    except csv.Error as error:
        expected = message("schemas.expected.csv", error=error)
        raise _Row(source, reader.line_num, {}).refuse("CSV", expected) from error


def _decoded(content: bytes, source: str) -> str:
    """Return the text of a CSV file: UTF-8, or what a Chinese Excel writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refusal("schemas.bad_keys.encoding", source=source)


def _key(row: _Row) -> ConfirmedKey:
    return ConfirmedKey(
        row.key("key"),
        row.document("document_id"),
        row.number("serial_no"),
        row.text("expect"),
        row.text("by"),
        row.day("on"),
        row.text("reason"),
        row.line,
    )


def _decision(row: _Row) -> Decision:
    answer = message("schemas.expected.answer", yes=YES, no=NO)
    if row.fitting("确认", f"{YES}|{NO}", answer) == NO:
        return Decision(False, "", ("", 0, ""), ("", 0, ""), "", row.line)
    first, second = (
        (row.document(f"{side}文件"), row.number(f"{side}序号"), row.text(f"{side}名称"))
        for side in "原新"
    )
    return Decision(True, row.key("指标键"), first, second, row.text("理由"), row.line)


def _check_unique(keys: Sequence[ConfirmedKey], source: str) -> None:
    seen: dict[tuple[str, object], ConfirmedKey] = {}
    for key in keys:
        for what in (key.serial_no, key.key):
            other = seen.setdefault((key.document_id, what), key)
            if other is not key:
                raise clash(key, other, source)


def clash(key: ConfirmedKey, other: ConfirmedKey, source: str) -> Refusal:
    """Return the refusal of two keys for one indicator, or of one key for two of a document."""
    return refusal(
        "schemas.keys_clash",
        source=source,
        document_id=key.document_id,
        serial_no=key.serial_no,
        key=key.key,
        line=key.line,
        other_document=other.document_id,
        other_no=other.serial_no,
        other_key=other.key,
        other_line=other.line,
    )
