"""Show a stored number as a spreadsheet prints it: its number format, not its bits."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

# Formats that files name only by number (ECMA-376 18.8.30, and the Chinese ones Excel adds).
BUILTIN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: "#,##0;-#,##0;-", 42: '"¥"#,##0;-"¥"#,##0;"¥"-',
    43: "#,##0.00;-#,##0.00;-", 44: '"¥"#,##0.00;-"¥"#,##0.00;"¥"-',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)\]")
_COMPARED: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
UNKNOWN = "[?]General"  # shown plainly, and not sure
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<general>General|G/通用格式)"
    r"|(?P<exponent>E[+-])|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)|(?P<digit>[0#?.,]+)"
    r"|(?P<percent>%)|(?P<text>@)|(?P<other>.)",
    re.DOTALL,
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_COLORS = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|color\s?\d+|颜色\d+|[黑蓝青绿红白黄]色?|洋红",
    re.IGNORECASE,
)
_MOST_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as printed; ``sure`` is False where its format has a part that is not known."""

    text: str
    sure: bool = True


Token = tuple[str, str]


def show(value: float, code: str, *, epoch_1904: bool = False) -> Shown:
    """Return a stored number as its format prints it."""
    number = Decimal(format(value, ".15g"))  # as many digits as a spreadsheet keeps
    if not number.is_finite():
        return Shown(str(value), sure=False)
    section, number, sure = _section(code, number)
    tokens = _tokens(section)
    return _by_kind(number, tokens, sure and _known(tokens), epoch_1904)


def _by_kind(number: Decimal, tokens: list[Token], sure: bool, epoch_1904: bool) -> Shown:
    kinds = {kind for kind, _ in tokens}
    if "general" in kinds:
        return Shown(_with_literals(tokens, _general(number), "general"), sure)
    if "date" in kinds or "ampm" in kinds or _elapsed(tokens):
        text = _date(float(number), tokens, epoch_1904)
        return Shown(text if text is not None else _general(number), sure and text is not None)
    if "digit" in kinds:
        text, known = _number(number, tokens)
        return Shown(text, sure and known)
    if "text" in kinds:
        return Shown(_with_literals(tokens, _general(number), "text"), sure)
    return Shown(_with_literals(tokens, "", ""), sure)


def _tokens(section: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(section):
        kind = match.lastgroup or "space"
        text = match[kind] if match.lastgroup else ""
        if kind == "other" and text.isascii() and text.isalpha():
            kind = "unknown"
        elif kind in ("quoted", "escaped", "currency", "other"):
            kind = "literal"
        found.append((kind, text))
    return found


def _split(code: str) -> list[str]:
    """Return a format's sections; semicolons inside quotes or after an escape do not divide."""
    sections = [""]
    for match in re.finditer(r'"[^"]*"?|[\\!].|\[[^\]]*\]?|.', code, re.DOTALL):
        if match[0] == ";":
            sections.append("")
        else:
            sections[-1] += match[0]
    return sections


def _section(code: str, number: Decimal) -> tuple[str, Decimal, bool]:
    """Return the section for a number, the number as that section shows it, and certainty."""
    sections = _split(code or "General")
    if any(map(_CONDITION.search, sections)):
        return _on_condition(sections[:3], number)
    if len(sections) >= 2 and number < 0:
        return sections[1], -number, True
    if len(sections) >= 3 and number == 0:
        return sections[2], number, True
    return sections[0], number, True


def _on_condition(sections: list[str], number: Decimal) -> tuple[str, Decimal, bool]:
    """Return the first section whose condition ([>=100]) holds, else the first that has none."""
    without = None
    for section in sections:
        condition = _CONDITION.search(section)
        if condition is None:
            without = section if without is None else without
        elif _COMPARED[condition[1]](number, Decimal(condition[2])):
            return _CONDITION.sub("", section), number, number >= 0
    return without or "General", number, without is not None and number >= 0


def _known(tokens: list[Token]) -> bool:
    return all(
        _COLORS.fullmatch(text) or re.fullmatch(r"[hHmMsS]+", text)
        for kind, text in tokens
        if kind == "bracket"
    ) and not any(kind in ("exponent", "unknown") for kind, _ in tokens)


def _elapsed(tokens: list[Token]) -> bool:
    return any(kind == "bracket" and re.fullmatch(r"[hHmMsS]+", text) for kind, text in tokens)


def _general(number: Decimal) -> str:
    """Return a number without a format: all its digits, no exponent for what a notice holds."""
    if number and not -9 <= number.adjusted() <= 14:
        return format(number, "E")
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_literals(tokens: list[Token], value: str, kind: str) -> str:
    shown = ""
    for token, text in tokens:
        if token == "literal":
            shown += text
        elif token == "percent":
            shown += "%"
        elif token == kind:
            shown += value
            value = ""
    if kind == "general" and value.startswith("-"):
        return value
    return shown


def _number(number: Decimal, tokens: list[Token]) -> tuple[str, bool]:
    """Show a number by its digit places; False with it where the places are unusual."""
    runs = [text for kind, text in tokens if kind == "digit"]
    places = "".join(runs)
    if places.count(".") > 1 or ("literal", "/") in tokens:
        return _general(number), False  # a fraction, or places with text in between
    trimmed = places.rstrip(",")  # each comma after the last place divides by a thousand
    percents = tokens.count(("percent", "%"))
    number = number.scaleb(2 * percents - 3 * (len(places) - len(trimmed)))
    whole, _, fraction = trimmed.partition(".")
    if number.adjusted() + len(fraction) > _MOST_DIGITS:
        return _general(number), False
    digits = _digits(abs(number), whole, fraction)
    sign = "-" if number < 0 and digits.strip("0.,") else ""
    if len(runs) > 1 and not {".", ","} & set(trimmed):
        return sign + _parted(tokens, digits), True
    return sign + _with_literals(tokens, digits, "digit"), len(runs) == 1


def _parted(tokens: list[Token], digits: str) -> str:
    """Show digits with what a format puts between their places: 0!.0, shows 80000 as 8.0."""
    shown, first = "", next(at for at, (kind, _) in enumerate(tokens) if kind == "digit")
    for at, (kind, text) in reversed([*enumerate(tokens)]):
        if kind == "digit":
            count = len(text.rstrip(","))
            part = digits if at == first else digits[max(len(digits) - count, 0) :]
            digits = digits[: len(digits) - len(part)]
            shown = part + shown
        elif kind in ("literal", "percent"):
            shown = text + shown
    return shown


def _digits(number: Decimal, whole: str, fraction: str) -> str:
    """Return the digits for the places before and after the point, rounded half up.

    Where 0.## leaves no digit after the point, a spreadsheet prints the bare point; it is left out.
    """
    rounded = number.quantize(Decimal(1).scaleb(-len(fraction)), rounding=ROUND_HALF_UP)
    units, _, rest = format(rounded, "f").partition(".")
    least = len(whole.replace(",", "").lstrip("#?"))
    units = units.lstrip("0").rjust(least, "0")
    if "," in whole:
        units = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", units)
    needed = len(fraction.rstrip("#?"))
    while len(rest) > needed and rest.endswith("0"):
        rest = rest[:-1]
    return f"{units}.{rest}" if rest else units


def _date(value: float, tokens: list[Token], epoch_1904: bool) -> str | None:
    """Show a day number as a date or time; None where it is no day of any calendar."""
    start = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)
    if not 0 <= value < 2_958_466 or _elapsed(tokens):
        return None
    if not epoch_1904 and value < 60:
        start = datetime(1899, 12, 31)  # before the 29 February 1900 that spreadsheets invented
    moment = start + timedelta(seconds=round(value * 86400))
    shown = ""
    after_hour = False
    for index, (kind, text) in enumerate(tokens):
        if kind == "date":
            minutes = text.lower() in ("m", "mm") and (after_hour or _before_seconds(tokens, index))
            shown += _date_part(moment, text.lower(), minutes, _half_day(tokens))
            after_hour = text.lower().startswith("h")
        elif kind == "ampm":
            names = text.split("/")
            shown += names[moment.hour >= 12]
        elif kind in ("literal", "digit"):
            shown += text
    return shown


def _before_seconds(tokens: list[Token], index: int) -> bool:
    following = [text.lower() for kind, text in tokens[index + 1 :] if kind == "date"]
    return bool(following) and following[0].startswith("s")


def _half_day(tokens: list[Token]) -> bool:
    return any(kind == "ampm" for kind, _ in tokens)


def _date_part(moment: datetime, part: str, minutes: bool, half_day: bool) -> str:
    if minutes:
        return str(moment.minute).zfill(len(part))
    if part.startswith("y"):
        return str(moment.year) if len(part) > 2 else str(moment.year % 100).zfill(2)
    if part in ("mmm", "mmmm", "mmmmm"):
        return _MONTHS[moment.month - 1]
    hour = (moment.hour % 12 or 12) if half_day else moment.hour
    values = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}
    return str(values[part[0]]).zfill(len(part) if len(part) <= 2 else 1)
