"""Conditional formats of a sheet, as far as they decide whether a cell's value is seen."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from extract.files.package import Element, child, local
from extract.office.sheets.cell_look import (
    BLACK,
    WHITE,
    Color,
    Palette,
    Style,
    entries,
    is_hidden,
    toggled,
)

Value = float | str
_BLANK_CODE = ";;;"
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$")
_ERROR_TEST = re.compile(r"ISERR(?:OR)?\(\$?[A-Z]{1,3}\$?\d{1,7}\)$")
_COMPARED: dict[str, Callable[[Value, Value], bool]] = {
    "equal": operator.eq,
    "notEqual": operator.ne,
    "lessThan": operator.lt,
    "lessThanOrEqual": operator.le,
    "greaterThan": operator.gt,
    "greaterThanOrEqual": operator.ge,
}
_CONTAINED: dict[str, Callable[[str, str], bool]] = {
    "containsText": operator.contains,
    "notContainsText": lambda value, text: text not in value,
    "beginsWith": str.startswith,
    "endsWith": str.endswith,
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What a conditional format changes of a cell's look; None: nothing."""

    ink: Color | None = None
    ground: Color | None = None
    code: str | None = None
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One rule: where it holds, what it asks, and the format that it then gives."""

    ranges: tuple[tuple[int, int, int, int], ...]
    kind: str
    asks: str
    formulas: tuple[str, ...]
    text: str
    priority: int
    format: Changes

    def covers(self, row: int, column: int) -> bool:
        """Say whether the rule is about a cell."""
        return any(a <= row <= c and b <= column <= d for a, b, c, d in self.ranges)

    def holds(self, value: Value) -> bool | None:
        """Say whether a cell's value fulfils the rule; None where that cannot be told."""
        if self.kind == "always":
            return isinstance(value, float)
        if self.kind == "cellIs":
            return self._compares(value)
        if self.kind in _CONTAINED:
            return _CONTAINED[self.kind](str(value), self.text)
        if self.kind in ("containsBlanks", "notContainsBlanks"):
            return (str(value).strip() == "") is (self.kind == "containsBlanks")
        if self.kind == "containsErrors" or _ERROR_TEST.match(self._first()):
            return isinstance(value, str) and value.startswith("#")
        return {"TRUE": True, "FALSE": False}.get(self._first())

    def _first(self) -> str:
        return self.formulas[0].strip().upper() if self.formulas else ""

    def _compares(self, value: Value) -> bool | None:
        limits = [_literal(formula) for formula in self.formulas]
        same = [limit for limit in limits if type(limit) is type(value)]
        if not limits or None in limits:
            return None
        if len(same) < len(limits):
            return self.asks == "notEqual"
        if self.asks in ("between", "notBetween") and len(same) == 2:
            low, high = sorted(same, key=str if isinstance(value, str) else float)
            within = not _COMPARED["lessThan"](value, low) and not _COMPARED["lessThan"](
                high, value
            )
            return within is (self.asks == "between")
        return _COMPARED[self.asks](value, same[0]) if self.asks in _COMPARED else None


def _literal(formula: str) -> Value | None:
    text = formula.strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return None


def formats_of(root: Element, colors: Palette) -> list[Changes]:
    """Return the formats that a workbook's conditions give, by number."""
    return [_format(each, colors) for each in entries(root, "dxfs")]


def _format(element: Element, colors: Palette) -> Changes:
    font, fill, number = (child(element, name) for name in ("font", "fill", "numFmt"))
    ink = child(font, "color") if font is not None else None
    pattern = child(fill, "patternFill") if fill is not None else None
    ground = None
    if pattern is not None:
        own = child(pattern, "bgColor")
        ground = colors.color(own if own is not None else child(pattern, "fgColor"), WHITE)
    return Changes(
        colors.color(ink, BLACK) if ink is not None else None,
        ground,
        number.get("formatCode") if number is not None else None,
        font is not None and toggled(font, "strike"),
    )


def conditions_of(element: Element, formats: Sequence[Changes]) -> Iterator[Condition]:
    """Yield the rules of one ``conditionalFormatting`` that change how a text is seen."""
    ranges = tuple(filter(None, map(_range, (element.get("sqref") or "").upper().split())))
    for rule in element if ranges else ():
        if local(rule) == "cfRule" and (found := _condition(rule, ranges, formats)) is not None:
            yield found


def _condition(
    rule: Element, ranges: tuple[tuple[int, int, int, int], ...], formats: Sequence[Changes]
) -> Condition | None:
    kind, given = _given(rule, formats)
    if given == Changes():
        return None
    formulas = tuple(part.text or "" for part in rule if local(part) == "formula")
    asks, text = rule.get("operator") or "", rule.get("text") or ""
    return Condition(ranges, kind, asks, formulas, text, _number(rule.get("priority")) or 0, given)


def _given(rule: Element, formats: Sequence[Changes]) -> tuple[str, Changes]:
    """Return a rule's kind and format; bars and signs may stand instead of the number."""
    for part in rule:
        if local(part) in ("dataBar", "iconSet") and part.get("showValue") in ("0", "false"):
            return "always", Changes(code=_BLANK_CODE)
    index = _number(rule.get("dxfId"))
    known = index is not None and index < len(formats)
    return rule.get("type") or "", formats[index or 0] if known else Changes()


def _number(text: str | None) -> int | None:
    known = text is not None and re.fullmatch("[0-9]{1,9}", text)
    return int(text or "") if known else None


def _range(text: str) -> tuple[int, int, int, int] | None:
    match = _RANGE.match(text)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    return (
        int(top), _column(left), int(bottom or top), _column(right or left),
    )  # fmt: skip


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True, slots=True)
class Conditioned:
    """A cell's style after the rules about it; ``unsure``: one that may hide it cannot be told."""

    style: Style
    unsure: bool = False


def conditioned(
    style: Style, value: Value, row: int, column: int, conditions: Sequence[Condition]
) -> Conditioned:
    """Return the style that a cell has by the rules about it; the first one is the strongest."""
    about = [each for each in conditions if each.covers(row, column)]
    found, unsure = style, False
    for each in sorted(about, key=lambda condition: -condition.priority):
        holds = each.holds(value)
        if holds is not False:
            changed = _changed(found, each.format)
            hides = is_hidden(changed.font, changed) or changed.code.startswith(_BLANK_CODE)
            unsure |= holds is None and (hides or changed.font.struck)
            found = changed if holds else found
    return Conditioned(found, unsure)


def _changed(style: Style, given: Changes) -> Style:
    font = style.font
    if given.ink is not None:
        font = replace(font, ink=given.ink)
    return replace(
        style,
        font=replace(font, struck=font.struck or given.struck),
        ground=style.ground if given.ground is None else given.ground,
        code=style.code if given.code is None else given.code,
    )
