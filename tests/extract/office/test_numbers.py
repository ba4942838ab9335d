from __future__ import annotations

from extract.office.sheets.number_format import BUILTIN, UNKNOWN, show
from tests.support.for_each import for_each


@for_each(
    "value, code, text",
    [
        (5, "General", "5"),
        (4.3, "General", "4.3"),
        (4.2999999999999998, "General", "4.3"),
        (0.1 + 0.2, "General", "0.3"),
        (-1.5, "General", "-1.5"),
        (123456789012, "General", "123456789012"),
        (0.0001, "General", "0.0001"),
        (3.0, "0.0", "3.0"),
        (3, "0.00", "3.00"),
        (2.345, "0.00", "2.35"),
        (0.5, "0", "1"),
        (0.18, "0.00_ ", "0.18"),
        (1, "0%", "100%"),
        (0.725, "0.0%", "72.5%"),
        (0.725, "0%", "73%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (999, "#,##0", "999"),
        (0.5, "#.##", ".5"),
        (5, "0.##", "5"),
        (-3.14, "0.0_);(0.0)", "(3.1)"),
        (-3.14, "0.0;[Red]-0.0", "-3.1"),
        (-3.14, "0.0", "-3.1"),
        (-0.01, "0.0", "0.0"),
        (0, "0.0;-0.0;\"---\"", "---"),
        (7, ";;;", ""),
        (12, '0"户"', "12户"),
        (12, "0\\户", "12户"),
        (12.5, '"约"0.0"亿元"', "约12.5亿元"),
        (12345, '0.0,"千"', "12.3千"),
        (80000, "0!.0,", "8.0"),
        (-123456, '0!.0000"亿"', "-12.3456亿"),
        (4, '0!.0,"万"', "0.0万"),
        (13801234567, "000-0000-0000", "138-0123-4567"),
        (12, "@", "12"),
        (12, "[$¥-804]#,##0.00", "¥12.00"),
        (5, "G/通用格式", "5"),
        (5, 'G/通用格式"分"', "5分"),
        (5, "000", "005"),
        (44171, 'yyyy"年"m"月"d"日"', "2020年12月6日"),
        (44171, "yyyy-mm-dd", "2020-12-06"),
        (44171, "yyyy/m/d;@", "2020/12/6"),
        (44171, "[$-804]yyyy\"年\"m\"月\"", "2020年12月"),
        (44171.5, "yyyy/m/d h:mm", "2020/12/6 12:00"),
        (0.75, "h:mm:ss", "18:00:00"),
        (0.75, "h:mm AM/PM", "6:00 PM"),
    ],
)  # fmt: skip
def test_shown_as_printed(value: float, code: str, text: str) -> None:
    shown = show(value, code)
    assert shown.text == text
    assert shown.sure


@for_each(
    "value, code",
    [
        (0.5, "# ?/?"),
        (1234, "0.00E+00"),
        (-5, "[>100]0;0.0"),
        (5, "[DBNum1]0"),
        (-5, "yyyy/m/d"),
        (1e300, "yyyy/m/d"),
        (1e300, "0.00"),
        (5, UNKNOWN),
        (44171, "yyyy/m/d aaaa"),
        (5, "0." + "0" * 300),
        (float("inf"), "0"),
    ],
)  # fmt: skip
def test_what_is_not_known_says_so(value: float, code: str) -> None:
    assert not show(value, code).sure


def test_the_1904_calendar() -> None:
    assert show(0, "yyyy-mm-dd", epoch_1904=True).text == "1904-01-01"


def test_every_builtin_format_shows_something() -> None:
    assert all(show(44171.5, code).text for code in BUILTIN.values())
