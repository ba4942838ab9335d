"""What a clerk writes becomes a number in the unit that is asked for, or a question.

A figure that can be meant in two ways is never decided silently: 0.125 under per cent may be
12.5 % whose sign was lost or 0.125 %. Who writes the unit with the number has decided it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

from common.declared import declared
from schemas.records.forms import ReadCell

PER_CENT = frozenset({"%", "‰"})

#: A figure is far from its target where it is less than a tenth of it, or a thousand times it.
_FAR, _BEYOND = 0.1, 1000.0
#: Up to here a per-cent figure without its sign may be a fraction of 1.
_FRACTION, _WIDE_FRACTION = 1.0, 5.0
_MOST = 1e14

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]{1,2})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SPLIT = re.compile(r"([+-]?[0-9.,]*[0-9.](?:e[+-]?[0-9]{1,2})?)(.*)", re.DOTALL)
_MINUS = str.maketrans({"−": "-", "－": "-", "–": "-", "﹣": "-", "。": ".", "，": ",", "％": "%"})


class Doubtful(ValueError):  # noqa: N818 - it is a doubt, not a failure
    """A cell that gives no number; ``code`` is stable, ``zh`` says what is wrong and what to do."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.zh = zh


@dataclass(frozen=True, slots=True)
class Expected:
    """What a column asks for: the unit, a number near which the figure should lie, a name.

    ``whole`` is set where events are counted.
    """

    unit: str | None
    near: float | None = None
    name: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A number as written: ``unit`` is the one written with it (% too where its format says so)."""

    number: Decimal
    unit: str | None

    @property
    def decided(self) -> bool:
        """The writer named the unit."""
        return self.unit is not None


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Return a text in plain letters and digits, without white space, in lower case."""
    plain = unicodedata.normalize("NFKC", text.translate(_MINUS).replace("m²", "m2"))
    return "".join(plain.split()).lower().replace("²", "2").translate(_MINUS)


def number_of(cell: ReadCell, expected: Expected) -> float:
    """Return the cell's figure in the expected unit. Raises Doubtful."""
    written = written_in(cell, expected.unit)
    _check_unit(written, expected.unit)
    value = float(written.number)
    if not abs(value) <= _MOST:
        raise Doubtful("too_big", f"{cell.shown} is too big", "数值大得不合理。请核对后重填。")
    if not written.decided:
        _check_near(value, cell.shown, expected)
    _check_possible(value, expected)
    return value


def written_in(cell: ReadCell, unit: str | None = None) -> Written:
    """Return the number that a cell holds and the unit written with it. Raises Doubtful.

    ``unit`` may stand behind the number, besides all units that are known.
    """
    if cell.struck:
        raise Doubtful(
            "struck_out",
            "the text is struck out",
            "内容带有删除线，无法判断是否有效。请去掉删除线，或清空后重填。",
        )
    if cell.kind == "number":
        return _stored(cell)
    if cell.kind == "text":
        return _typed(cell.value, unit)
    raise Doubtful(*_NO_NUMBER[cell.kind])


_NO_NUMBER = {
    "bool": ("not_a_number", "TRUE or FALSE", "这里是逻辑值，不是数字。请填数字。"),
    "date": (
        "date_for_number",
        "a date where a number is expected",
        "这里是日期格式，数字可能被软件当成了日期。请把单元格格式改为“常规”后重填数字。",
    ),
    "error": (
        "error_value",
        "an error value",
        "公式出错，没有得到数值。请改正公式，或直接填数字。",
    ),
    "formula": (
        "formula_without_value",
        "a formula whose result is not stored",
        "公式没有保存计算结果。请用 Excel 或 WPS 打开、保存后再交，或直接填数字。",
    ),
}


def _stored(cell: ReadCell) -> Written:
    try:
        # As many digits as a spreadsheet keeps: a sum of tenths ends in …000000004.
        number = Decimal(format(float(cell.value), ".15g"))
    except (ValueError, InvalidOperation):
        raise _text(cell.value) from None
    signs = re.sub(r'"[^"]*"|\\.', "", cell.code).count("%")
    if signs:
        return Written(number * 100, "%")
    return Written(number, _unit_in(cell.shown))


def _unit_in(shown: str) -> str | None:
    """Return a unit that the number's own format shows behind it (0.0"亿元")."""
    match = _SPLIT.fullmatch(folded(shown))
    return match[2] if match and match[2] in _known_units() else None


def _typed(text: str, unit: str | None) -> Written:
    plain = folded(text)
    match = _SPLIT.fullmatch(plain)
    if match is None:
        raise _text(text)
    digits, rest = match[1], match[2]
    if rest and rest not in _known_units() and rest != folded(unit or ""):
        raise _text(text)
    if "," in digits and not _GROUPED.fullmatch(digits):
        raise Doubtful(
            "odd_commas",
            f"{text!r}: commas do not part thousands",
            f"“{shortened(text)}”中的逗号不是千位分隔，无法判断是小数点还是分隔符。"
            "请只用小数点，不用逗号。",
        )
    digits = digits.replace(",", "")
    if not _PLAIN.fullmatch(digits):
        raise _text(text)
    return Written(Decimal(digits), rest or None)


def _text(text: str) -> Doubtful:
    return Doubtful(
        "text_for_number",
        f"{text!r} is not a number",
        f"“{shortened(text)}”不是数字。请只填数字；文字说明请写在“依据”一列。",
    )


def shortened(text: str) -> str:
    """Return a text as a message quotes it."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"


@cache
def _known_units() -> frozenset[str]:
    return frozenset(map(folded, declared("returns", "returns")["units"]["known"]))


def same_unit(first: str, second: str) -> bool:
    """Say whether two units are one, written in two ways."""
    one, other = folded(first), folded(second)
    return one == other or any(
        one in group and other in group
        for group in (
            {folded(unit) for unit in same}
            for same in declared("returns", "returns")["units"]["same"]
        )
    )


def _check_unit(written: Written, expected: str | None) -> None:
    if written.unit is None or (expected and same_unit(written.unit, expected)):
        return
    wanted = f"应按“{expected}”填写" if expected else "此行没有计量单位"
    raise Doubtful(
        "other_unit",
        f"written in {written.unit}, expected {expected}",
        f"所填的单位是“{written.unit}”，{wanted}。请换算后只填数字。",
    )


def _check_near(value: float, shown: str, expected: Expected) -> None:
    """Ask where a bare number may be meant in another scale; ``near`` tells what is likely."""
    near = abs(expected.near or 0.0)
    size = abs(value)
    if size == 0:
        return
    if expected.unit in PER_CENT:
        may_be_fraction = size <= (_WIDE_FRACTION if near else _FRACTION)
        if may_be_fraction and (not near or size / near < _FAR):
            raise _fraction(shown, value, expected.unit or "%")
    elif near and expected.unit and size / near >= _BEYOND:
        raise Doubtful(
            "scale",
            f"{shown} is {size / near:.0f} times the target",
            f"所填的 {shortened(shown)} 是目标值的 {size / near:.0f} 倍，"
            f"可能没有按“{expected.unit}”换算。请换算后重填；如确实如此，请连单位一起写，"
            f"例如“{shortened(shown)}{expected.unit}”。",
        )


def _fraction(shown: str, value: float, unit: str) -> Doubtful:
    scaled = f"{Decimal(format(value, '.15g')) * (100 if unit == '%' else 1000):f}"
    scaled = scaled.rstrip("0").rstrip(".") if "." in scaled else scaled
    return Doubtful(
        "fraction_or_per_cent",
        f"{shown} may mean {scaled}{unit} or {shown}{unit}",
        f"此行单位是“{unit}”，所填的 {shortened(shown)} 可能是 {scaled}{unit}，"
        f"也可能是 {shortened(shown)}{unit}。请连同“{unit}”一起写清楚。",
    )


def _check_possible(value: float, expected: Expected) -> None:
    unit, name = expected.unit or "", expected.name
    if unit == "%" and name.endswith(tuple(declared("returns", "returns")["shares"]["bounded"])):
        if not 0 <= value <= 100:
            raise _impossible(f"{value:g}%", f"“{shortened(name)}”应在 0 至 100% 之间")
    elif unit == "%" and value < -100:
        raise _impossible(f"{value:g}%", "百分比不可能低于 -100%")
    counted = expected.whole or unit in declared("returns", "returns")["units"]["whole"]
    if counted and (value < 0 or value != int(value)):
        raise _impossible(f"{value:g}{unit}", f"按“{unit or '次'}”计数应是不小于 0 的整数")


def _impossible(found: str, rule: str) -> Doubtful:
    return Doubtful(
        "impossible_value", f"{found} cannot be", f"{found} 不合理：{rule}。请核对后重填。"
    )


def award_of(cell: ReadCell) -> float:
    """Return an award in per cent of the points, 0 to 100. Raises Doubtful."""
    written = written_in(cell)
    value = float(written.number)
    if written.unit not in (None, "%"):
        raise Doubtful(
            "other_unit",
            f"written in {written.unit}, expected %",
            f"评定得分应是 0 至 100 的百分数，所填带有“{written.unit}”。请换算成百分数后只填数字。",
        )
    if not 0 <= value <= 100:
        raise Doubtful(
            "impossible_value",
            f"an award of {value:g} %",
            f"评定得分 {value:g}% 不合理，应在 0 至 100 之间。请核对后重填。",
        )
    if 0 < value <= _FRACTION and not written.decided:
        raise _fraction(cell.shown, value, "%")
    return value
