"""What is written in a cell becomes a number and the unit behind it, or a question.

Every character is accounted for: a raised or circled digit is a mark and no digit, and a space
within digits parts them, unless it parts thousands.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from common.declared import declared, declared_list
from common.fold import as_seen, fold_tight
from common.numbers import GROUPED, PLAIN, without_grouping
from returns.doubtful import Doubtful, doubtful, shortened
from schemas.records.forms import ReadCell

# Folded texts. A spreadsheet also writes 5. and .5 and 1e-05.
_EXPONENT = r"(?:e[+-]?[0-9]{1,2})?"
_PLAIN = re.compile(rf"[+-]?(?:{PLAIN}|[0-9]+\.|\.[0-9]+){_EXPONENT}")
_GROUPED = re.compile(rf"[+-]?{GROUPED}")
_SPACED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?: [0-9]{3})+(?:\.[0-9]+)?")
#: A number as it is seen, its digits nothing but digits, and whatever stands behind it.
_SPLIT = re.compile(
    rf"([+＋－−﹣-]?\s*[0-9.．。｡﹒,，\s]*[0-9.．。｡﹒](?i:{_EXPONENT}))(.*)", re.DOTALL
)
#: Folded like a comma or a minus sign, but in a number they may mean something else: 3、5, 3—5.
_UNCLEAR = re.compile("[、﹑､‐‑‒—―─━]")
_SAME = str.maketrans("＋－﹣−，．。｡﹒", "+---,....")
_FIGURE = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?")
_BITS = Decimal("1e-12")  # the part of a number in which its bits and its digits may differ
_AFTER_SIGN = re.compile(r"(?<=^[+-])\s+")


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """A number as written: ``unit`` is the one written with it (% too where its format has it)."""

    number: Decimal
    unit: str | None

    @property
    def decided(self) -> bool:
        """The writer named the unit."""
        return self.unit is not None


def written_in(cell: ReadCell, unit: str | None = None) -> ParsedNumber:
    """Return the number that a cell holds and the unit written with it. Raises Doubtful.

    ``unit`` may stand behind the number, besides all units that are known.
    """
    if cell.struck:
        raise doubtful("struck_out")
    if cell.kind == "number":
        return _stored(cell)
    if cell.kind == "text":
        return _typed(cell.value, unit)
    doubts = {
        "bool": doubtful("not_a_number"),
        "date": doubtful("date_for_number"),
        "error": doubtful("error_value"),
        "formula": doubtful("formula_without_value"),
    }
    raise doubts[cell.kind]


def _stored(cell: ReadCell) -> ParsedNumber:
    try:
        # As many digits as a spreadsheet keeps: a sum of tenths ends in …000000004.
        number = Decimal(format(float(cell.value), ".15g"))
    except (ValueError, InvalidOperation):
        raise _text(cell.value) from None
    signs = re.sub(r'"[^"]*"|\\.', "", cell.code).count("%")
    unit = "%" if signs else _unit_in(cell.shown)
    number = number.scaleb(2 * signs)
    if _shows_another(cell.shown, number):
        raise doubtful("format_scales", shown=shortened(cell.shown), stored=shortened(cell.value))
    return ParsedNumber(number, unit)


def _shows_another(shown: str, number: Decimal) -> bool:
    """Say whether a number's format shows another figure: scaled (0.0,), another sign, a text."""
    figures = _FIGURE.findall(as_seen(shown).translate(_SAME))
    if len(figures) != 1 or "e" in as_seen(shown).lower():
        return False
    figure = Decimal(without_grouping(figures[0]))
    if shown.strip().startswith(("(", "（")) and number < 0:
        number = -number
    last_place = Decimal(1).scaleb(int(figure.as_tuple().exponent))
    return abs(figure - number) > max(last_place / 2, abs(number) * _BITS)


def _unit_in(shown: str) -> str | None:
    """Return a unit that the number's own format shows behind it (0.0"亿元").

    Raises Doubtful for other words or marks beside it: 0"万" and 0.0"①" are more than the number.
    """
    match = _SPLIT.fullmatch(as_seen(shown).strip())
    beside = match[2] if match else shown
    if (unit := fold_tight(beside)) in _known_units():
        return unit
    if any(c.isalpha() or unicodedata.category(c) == "No" for c in beside):
        raise _text(shown)
    return None


def _typed(text: str, unit: str | None) -> ParsedNumber:
    match = None if _UNCLEAR.search(text) else _SPLIT.fullmatch(as_seen(text).strip())
    if match is None:
        raise _text(text)
    behind = fold_tight(match[2])
    if behind and behind not in _known_units() and behind != fold_tight(unit or ""):
        raise _text(text)
    return ParsedNumber(Decimal(_plain(match[1], text)), behind or None)


def _plain(seen: str, text: str) -> str:
    """Return a number's digits without what parts thousands. Raises Doubtful, quoting the text."""
    digits = _AFTER_SIGN.sub("", seen.translate(_SAME).lower())
    if " " in digits and not _SPACED.fullmatch(digits):
        raise doubtful("inner_space", text=shortened(text))
    digits = digits.replace(" ", "")
    if "," in digits and not _GROUPED.fullmatch(digits):
        raise doubtful("odd_commas", text=shortened(text))
    digits = without_grouping(digits)
    if not _PLAIN.fullmatch(digits):
        raise _text(text)
    return digits


def has_mark(text: str) -> bool:
    """Say whether a text holds a raised, circled or bracketed digit, which folds to a plain one."""
    return any(unicodedata.category(character) == "No" for character in text)


def _text(text: str) -> Doubtful:
    return doubtful("text_for_number", text=shortened(text))


@cache
def _known_units() -> frozenset[str]:
    return frozenset(map(fold_tight, declared_list("returns", "returns", "units", "known")))


def same_unit(first: str, second: str) -> bool:
    """Say whether two units are one, written in two ways."""
    one, other = fold_tight(first), fold_tight(second)
    return one == other or any(
        one in group and other in group
        for group in (
            {fold_tight(unit) for unit in same}
            for same in declared(list[list[str]], "returns", "returns", "units", "same")
        )
    )
