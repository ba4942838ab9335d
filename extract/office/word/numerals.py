"""The numbers of lists in the forms that Word gives them."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST = 3999


def shown(number: int, form: str) -> str | None:
    """Return a list's number as Word shows it in a form (w:numFmt); None for a form not known."""
    if form == "none":
        return ""
    make = _FORMS.get(form)
    known = make is not None and number >= 0 and (number <= _MOST or form.startswith("decimal"))
    return make(number) if make is not None and known else None


def circled(number: int) -> str | None:
    """Return a number in a circle, up to 50."""
    for first, last, code in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(code + number - first)
    return "⓪" if number == 0 else None


def _counted(number: int, digits: str, units: str) -> str:
    """Return a number in words of counting: 12 is 十二, 205 is 二百零五."""
    if number == 0:
        return digits[0]
    text, gap = "", False
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + digits[digit] + units[place].strip()
        gap = False
    return text


def _counting(number: int) -> str:
    text = _counted(number, _DIGITS, " 十百千")
    return text[1:] if 10 <= number < 20 else text


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        text += sign * times
    return text


def _letters(number: int) -> str:
    """Return a, b ... z, aa, bb: Word repeats the letter."""
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""


def _block(first: int, last: int, code: int) -> Callable[[int], str | None]:
    return lambda number: chr(code + number - first) if first <= number <= last else None


def _cycle(signs: str) -> Callable[[int], str | None]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else None


def _digits(signs: str) -> Callable[[int], str | None]:
    return lambda number: "".join(signs[int(digit)] for digit in str(number))


_FORMS: dict[str, Callable[[int], str | None]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _digits("０１２３４５６７８９"),
    "decimalFullWidth2": _digits("０１２３４５６７８９"),
    "numberInDash": lambda number: f"- {number} -",
    "chineseCounting": _counting,
    "chineseCountingThousand": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _counting,
    "japaneseCounting": _counting,
    "ideographDigital": _digits(_DIGITS),
    "japaneseDigitalTenThousand": _digits(_DIGITS),
    "taiwaneseDigital": _digits("○一二三四五六七八九"),
    "chineseLegalSimplified": lambda number: _counted(number, _LEGAL, " 拾佰仟"),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": _block(1, 20, 0x2474),
    "decimalEnclosedFullstop": _block(1, 20, 0x2488),
    "ideographEnclosedCircle": _block(1, 10, 0x3280),
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
}
