"""Reading ``corrections.toml``: every key is known and every value of its kind, or all is refused.

A refusal names the file, the entry (and its line), the key, what is there and what should be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeGuard, TypeVar

from common.messages import Message, message
from common.refusal import Refusal, refusal
from common.toml import NotTomlError, parse_toml
from schemas.records.corrections import (
    BY_ENTITY,
    CORRECTABLE,
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
from schemas.vocabulary import KNOWN_DIRECTIONS, word

_DECISION = ("expect", "value", "accept", "reason", "by", "on")
_KEYS = ("serial_no", "column", "entity", "page", "table_no", "row", "finding", *_DECISION)
_WHERE = {
    ValuePlace: ("serial_no", "column", "entity"),
    CellPlace: ("page", "table_no", "row", "column"),
    FindingPlace: ("finding",),
}
Kind = TypeVar("Kind")
_ENTRY = re.compile(r"^\s*\[\[\s*correction\s*\]\]")
_AT_LINE = re.compile(r"\(at line (\d+)")


def parse_corrections(content: bytes, source: str) -> tuple[Correction, ...]:
    """Return the corrections of a file, in its order; an empty file has none.

    ``source`` names the file in refusals. Raises Refusal for a file that is not UTF-8 TOML and
    for every entry that is not complete and understood to the last key.
    """
    text = _decoded(content, source)
    try:
        declared = parse_toml(content)
    except NotTomlError as error:
        raise _not_toml(source, text, error) from error
    for key in declared:
        if key != "correction":
            raise refusal("schemas.bad_corrections_toml.unknown_key", source=source, key=key)
    entries = declared.get("correction", [])
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise refusal("schemas.bad_corrections_toml.not_a_list", source=source)
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
        raise refusal(
            "schemas.bad_corrections_toml.encoding", source=source, error=error
        ) from error


def _not_toml(source: str, text: str, error: NotTomlError) -> Refusal:
    found = _AT_LINE.search(str(error))
    line = int(found.group(1)) if found else len(text.split("\n"))
    shown = "".join(text.split("\n")[line - 1 : line]).strip()[:60]
    return refusal(
        "schemas.bad_corrections_toml.not_toml", source=source, line=line, error=error, shown=shown
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the file while it is read."""

    source: str
    number: int
    line: int | None
    given: Mapping[str, object]

    def read(self) -> Correction:
        """Return the correction, every key of it checked."""
        for key in self.given:
            if key not in _KEYS:
                raise self.refuse(key, message("schemas.expected.keys", keys="、".join(_KEYS)))
        where = self.place()
        expect = self.content("expect", where)
        return Correction(
            where=where,
            expect=expect,
            value=self.decision(where, expect),
            reason=self.filled("reason"),
            by=self.filled("by"),
            on=self.checked("on", _is_date, message("schemas.expected.date")),
            number=self.number,
            source=self.source,
        )

    def refuse(self, key: str, expected: Message) -> Refusal:
        """Return the refusal that names the entry, the key, what is there and what should be."""
        found = (
            message("schemas.found.value", value=self.given[key])
            if key in self.given
            else message("schemas.found.nothing")
        )
        entry = (
            message("schemas.correction_entry.alone", number=self.number)
            if self.line is None
            else message("schemas.correction_entry.lined", number=self.number, line=self.line)
        )
        return refusal(
            "schemas.bad_corrections_toml.entry",
            source=self.source,
            entry=entry.en,
            entry_zh=entry.zh,
            key=key,
            found=found.en,
            found_zh=found.zh,
            expected=expected.en,
            expected_zh=expected.zh,
        )

    def checked(
        self, key: str, fits: Callable[[object], TypeGuard[Kind]], expected: Message
    ) -> Kind:
        """Return a key's value, which must be there and fit."""
        value = self.given.get(key)
        if value is None or not fits(value):
            raise self.refuse(key, expected)
        return value

    def filled(self, key: str) -> str:
        """Return a text that is not blank."""
        return self.checked(key, _is_filled, message("schemas.expected.filled")).strip()

    def count(self, key: str) -> int:
        """Return a number from 1."""
        return self.checked(key, _is_count, message("schemas.expected.count"))

    def place(self) -> Place:
        """Return where the correction is; the keys given must make one place and no other."""
        if "finding" in self.given:
            kind: type = FindingPlace
        else:
            kind = ValuePlace if "serial_no" in self.given else CellPlace
        for key in self.given:
            if key not in (*_WHERE[kind], *_DECISION):
                allowed = "、".join(_WHERE[kind])
                raise self.refuse(key, message("schemas.expected.place_keys", keys=allowed))
        if kind is FindingPlace:
            return FindingPlace(self.filled("finding"))
        return self.value_place() if kind is ValuePlace else self.cell_place()

    def value_place(self) -> ValuePlace:
        """Return a place by serial number, column and perhaps entity."""
        serial_no = self.count("serial_no")
        names = message("schemas.expected.one_of", names="、".join(CORRECTABLE))
        column = self.checked("column", _is_column, names)
        if "entity" not in self.given:
            if column == OF_ENTITY:
                raise self.refuse("entity", message("schemas.expected.entity"))
            return ValuePlace(serial_no, column)
        if column not in (*BY_ENTITY, OF_ENTITY):
            raise self.refuse("entity", message("schemas.expected.no_entity"))
        return ValuePlace(serial_no, column, self.filled("entity"))

    def cell_place(self) -> CellPlace:
        """Return a place by page or table, row and column."""
        row = self.checked("row", _is_count, message("schemas.expected.row"))
        column = self.count("column")
        if "page" not in self.given and "table_no" not in self.given:
            raise self.refuse("page", message("schemas.expected.page"))
        numbers = {key: self.count(key) for key in ("page", "table_no") if key in self.given}
        return CellPlace(row, column, **numbers)

    def decision(self, where: Place, expect: Content) -> Content | None:
        """Return the right value, None where what was read is accepted."""
        accepts = self.given.get("accept")
        if accepts is not None and accepts is not True:
            raise self.refuse("accept", message("schemas.expected.true"))
        if ("value" in self.given) == bool(accepts):
            raise self.refuse("value", message("schemas.expected.value_or_accept"))
        if accepts:
            return None
        if isinstance(where, FindingPlace):
            raise self.refuse("value", message("schemas.expected.accept"))
        value = self.content("value", where)
        if value == expect:
            raise self.refuse("value", message("schemas.expected.another_value"))
        return value

    def content(self, key: str, where: Place) -> Content:
        """Return ``expect`` or ``value``, of the kind that the column holds."""
        column = where.column if isinstance(where, ValuePlace) else ""
        given = self.given.get(key)
        if column == OF_ENTITY and (key, given) != ("expect", ""):
            return float(self.checked(key, _is_points, message("schemas.expected.points")))
        if column in LISTS and isinstance(given, list):
            names = self.checked(key, _is_names, message("schemas.expected.names"))
            return tuple(name.strip() for name in names)
        if key == "expect" or column in ("", *MAY_BE_EMPTY):
            return self.checked(key, _is_text, message("schemas.expected.text"))
        if column == "direction":
            named = {word("direction", code): code for code in KNOWN_DIRECTIONS}
            way = self.checked(key, _is_direction, _listed(KNOWN_DIRECTIONS))
            return str(named.get(way, way))
        if column == "status":
            return self.checked(key, _is_status, _listed(STATUSES))
        return self.checked(key, _is_filled, message("schemas.expected.filled"))


def _listed(codes: tuple[str, ...]) -> Message:
    return message("schemas.expected.codes", codes=" / ".join(codes))


def _is_status(value: object) -> TypeGuard[str]:
    return value in STATUSES


def _is_direction(value: object) -> TypeGuard[str]:
    return value in KNOWN_DIRECTIONS or value in [word("direction", e) for e in KNOWN_DIRECTIONS]


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _is_filled(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_column(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value in CORRECTABLE


def _is_date(value: object) -> TypeGuard[date]:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_points(value: object) -> TypeGuard[float]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return 0 <= float(value) < float("inf")


def _is_names(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(map(_is_filled, value))
