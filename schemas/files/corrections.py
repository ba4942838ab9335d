"""Reading ``corrections.toml``: every key known, every value of its kind, nothing half understood.

What a mistake is refused with names the file, the entry (and its line), the key, what stands
there and what should.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from common.refusal import Refusal
from schemas.records.corrections import (
    BY_ENTITY,
    COLUMN_NAMES,
    LISTS,
    MAY_BE_EMPTY,
    OF_ENTITY,
    STATUSES,
    CellPlace,
    Content,
    Correction,
    FindingPlace,
    Place,
    ValuePlace,
)

_SAID = ("expect", "value", "accept", "reason", "by", "on")
_KEYS = ("serial_no", "column", "entity", "page", "table_no", "row", "finding", *_SAID)
_WHERE = {
    ValuePlace: ("serial_no", "column", "entity"),
    CellPlace: ("page", "table_no", "row", "column"),
    FindingPlace: ("finding",),
}
_TEXT = ("text in quotes", "加引号的文字")
_FILLED = ("text that is not empty", "非空的文字")
_COUNT = ("a number from 1", "从1起的整数")
_ENTRY = re.compile(r"^\s*\[\[\s*correction\s*\]\]")
_AT_LINE = re.compile(r"\(at line (\d+)")


def parse_corrections(content: bytes, source: str) -> tuple[Correction, ...]:
    """Return the corrections of a file, in its order; an empty file has none.

    ``source`` names the file in refusals. Raises Refusal for a file that is not UTF-8 TOML and
    for every entry that is not complete and understood to the last key.
    """
    text = _decoded(content, source)
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(source, text, error) from error
    for key in told:
        if key != "correction":
            raise _bad_file(source, key, "unknown key", "文件中只应有 [[correction]] 条目")
    entries = told.get("correction", [])
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise _bad_file(source, "correction", "not a list", "每条更正应以 [[correction]] 开头")
    lines = [n for n, line in enumerate(text.split("\n"), 1) if _ENTRY.match(line)]
    known = lines if len(lines) == len(entries) else [None] * len(entries)
    return tuple(
        _Entry(source, number, line, entry).read()
        for number, (line, entry) in enumerate(zip(known, entries, strict=True), 1)
    )


def _decoded(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            "bad_corrections_toml",
            f"{source}: not UTF-8: {error}",
            f"更正文件 {source} 不是 UTF-8 编码。请用记事本打开，另存为 UTF-8 编码后再试。",
        ) from error


def _not_toml(source: str, text: str, error: tomllib.TOMLDecodeError) -> Refusal:
    found = _AT_LINE.search(str(error))
    line = int(found.group(1)) if found else len(text.split("\n"))
    shown = "".join(text.split("\n")[line - 1 : line]).strip()[:60]
    return Refusal(
        "bad_corrections_toml",
        f"{source}, line {line}: not TOML ({error}): {shown}",
        f"更正文件 {source} 第{line}行格式有误：“{shown}”。"
        "应为“名称 = 值”，文字须加英文双引号；请改正后重试，本次没有作任何更正。",
    )


def _bad_file(source: str, key: str, found: str, expected_zh: str) -> Refusal:
    return Refusal(
        "bad_corrections_toml",
        f"{source}: {key}: {found}; the file is a list of [[correction]]",
        f"更正文件 {source} 有误（{key}）：{expected_zh}。请改正后重试。",
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the file while it is read."""

    source: str
    number: int
    line: int | None
    given: Mapping[str, Any]

    def read(self) -> Correction:
        """Return the correction, every key of it checked."""
        for key in self.given:
            if key not in _KEYS:
                raise self.refuse(key, "an unknown key", "、".join(_KEYS), "、".join(_KEYS))
        where = self.place()
        expect = self.content("expect", where)
        return Correction(
            where=where,
            expect=expect,
            value=self.decision(where, expect),
            reason=self.filled("reason"),
            by=self.filled("by"),
            on=self.checked("on", _is_date, "a date such as 2026-01-05", "日期，如 2026-01-05"),
            number=self.number,
            source=self.source,
        )

    def refuse(self, key: str, found: str, expected: str, expected_zh: str) -> Refusal:
        """Say which key of which entry is wrong."""
        at = "" if self.line is None else f" (line {self.line})"
        at_zh = "" if self.line is None else f"（第{self.line}行）"
        stands = repr(self.given[key]) if key in self.given else "nothing"
        stands_zh = f"现为 {self.given[key]!r}" if key in self.given else "没有填写"
        return Refusal(
            "bad_corrections_toml",
            f"{self.source}: correction {self.number}{at}: {key}: {found}: {stands}; "
            f"expected {expected}",
            f"更正文件 {self.source} 第{self.number}条{at_zh}有误：{key} {stands_zh}，"
            f"应为{expected_zh}。请改正后重试，本次没有作任何更正。",
        )

    def checked(self, key: str, fits: Callable[[Any], bool], expected: str, zh: str) -> Any:
        """Return a key's value, which must be there and fit."""
        value = self.given.get(key)
        if value is None or not fits(value):
            raise self.refuse(key, "missing" if value is None else "does not fit", expected, zh)
        return value

    def filled(self, key: str) -> str:
        """Return a text that says something."""
        return str(self.checked(key, _is_filled, *_FILLED)).strip()

    def place(self) -> Place:
        """Return where the correction is; the keys given must make one place and no other."""
        if "finding" in self.given:
            kind: type = FindingPlace
        else:
            kind = ValuePlace if "serial_no" in self.given else CellPlace
        for key in self.given:
            if key not in (*_WHERE[kind], *_SAID):
                allowed = "、".join(_WHERE[kind])
                raise self.refuse(key, "goes with another place", allowed, f"只用 {allowed}")
        if kind is FindingPlace:
            return FindingPlace(self.filled("finding"))
        return self.value_place() if kind is ValuePlace else self.cell_place()

    def value_place(self) -> ValuePlace:
        """Return a place by serial number, column and perhaps entity."""
        serial_no: int = self.checked("serial_no", _is_count, *_COUNT)
        names = "、".join(COLUMN_NAMES)
        column: str = self.checked("column", _is_column, names, f"下列之一：{names}")
        if "entity" not in self.given:
            if column == OF_ENTITY:
                raise self.refuse("entity", "missing", "the entity", "考核对象的名称")
            return ValuePlace(serial_no, column)
        if column not in (*BY_ENTITY, OF_ENTITY):
            raise self.refuse("entity", f"{column} has none", "no entity", "不写考核对象")
        return ValuePlace(serial_no, column, self.filled("entity"))

    def cell_place(self) -> CellPlace:
        """Return a place by page or table, row and column."""
        row = self.checked(
            "row", _is_count, "serial_no, finding, or row", "整数（或改用 serial_no）"
        )
        column = self.checked("column", _is_count, *_COUNT)
        if "page" not in self.given and "table_no" not in self.given:
            raise self.refuse(
                "page", "missing", "page or table_no", "页码（没有页的格式写 table_no）"
            )
        numbers = {
            key: self.checked(key, _is_count, *_COUNT)
            for key in ("page", "table_no")
            if key in self.given
        }
        return CellPlace(row, column, **numbers)

    def decision(self, where: Place, expect: Content) -> Content | None:
        """Return the right value, None where what was read is accepted."""
        accepts = self.given.get("accept")
        if accepts is not None and accepts is not True:
            raise self.refuse("accept", "is only ever true", "true", "true（不接受时不要写）")
        if ("value" in self.given) == bool(accepts):
            raise self.refuse(
                "value", "one of both", "either value or accept = true", "value 与 accept 只写一个"
            )
        if accepts:
            return None
        if isinstance(where, FindingPlace):
            raise self.refuse("value", "a finding has none", "accept = true", "accept = true")
        value = self.content("value", where)
        if value == expect:
            raise self.refuse("value", "as was read", "another value", "与 expect 不同的值")
        return value

    def content(self, key: str, where: Place) -> Content:
        """Return ``expect`` or ``value``, of the kind that the column holds."""
        column = where.column if isinstance(where, ValuePlace) else None
        blank = key == "expect" and self.given.get(key) == ""
        if column == OF_ENTITY and not blank:
            zh = "不小于0的数字"
            return float(self.checked(key, _is_points, "a number not below 0", zh))
        if column in LISTS and isinstance(self.given.get(key), list):
            names = self.checked(key, _is_names, "a list of names", "单位名称的列表")
            return tuple(name.strip() for name in names)
        if key == "value" and column == "status":
            listed = " / ".join(STATUSES)
            return str(self.checked(key, lambda value: value in STATUSES, listed, listed))
        may_be_empty = key == "expect" or column is None or column in MAY_BE_EMPTY
        fits, kind = (_is_text, _TEXT) if may_be_empty else (_is_filled, _FILLED)
        return str(self.checked(key, fits, *kind))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_column(value: object) -> bool:
    return isinstance(value, str) and value in COLUMN_NAMES


def _is_date(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_points(value: object) -> bool:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    return fits and 0 <= float(value) < float("inf")  # type: ignore[arg-type]


def _is_names(value: list[object]) -> bool:
    return all(map(_is_filled, value))
