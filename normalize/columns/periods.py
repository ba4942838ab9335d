"""Parts of a year in the name of a column: 一季度, 上半年, 1-6月, 9月底序时进度."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from common.fold import fold

_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER = re.compile(r"第?([一二三四1-4])季度?|q([1-4])")
_HALF = re.compile(r"(上|下)半年度?|半年度?")
_MONTHS = re.compile(
    r"(?<!\d)(\d{1,2}|一)月?份?[-~—–－至到](\d{1,2})月份?|前([三3])个?季度?|前(\d{1,2})个月"
)
# First and last month of what has a name of its own; counted from January it is the year so far.
_SPANS = {
    (1, 3): "Q1", (4, 6): "Q2", (7, 9): "Q3", (10, 12): "Q4", (1, 6): "H1", (7, 12): "H2",
    (1, 9): "Q3",
}  # fmt: skip
_MONTH = re.compile(r"(\d{1,2}|十[一二]?|[一二三四五六七八九])月份?")
_YEAR = re.compile(r"(?:19|20)\d{2}年?度?")
# What may stand beside a period without changing that it is one.
_BESIDE = re.compile(
    r"截[至止]|到|累计|计划|应|完成(?!情况)|达到?|目标|任务|考核|序时|形象|工作|阶段|时序|进度|节点|要求|"
    r"末|底|前|止|值|数|量|比例|度|的|年|安排|\([^()]*\)|[、:,/-]"
)
_CHINESE_MONTHS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A part of a year: ``code`` is Q1, H1 or 06; ``last_month`` the month it ends with."""

    code: str
    last_month: int
    year: int | None = None

    def of(self, year: int | None) -> str | None:
        """Return the period in full (2020-Q1); its own year counts before the given one."""
        full = self.year or year
        return None if full is None else f"{full}-{self.code}"


@lru_cache(maxsize=4096)
def period_of(name: str) -> Period | None:
    """Return the part of a year that a name is of; None where it is of none, or of more.

    >>> period_of("2020年一季度目标"), period_of("前三季度")
    (Period(code='Q1', last_month=3, year=2020), Period(code='Q3', last_month=9, year=None))
    """
    folded = fold(name)
    year = re.search(r"(?:19|20)\d{2}", folded)
    rest = _YEAR.sub("", folded)
    for pattern, read in (
        (_MONTHS, _months),
        (_QUARTER, _quarter),
        (_HALF, _half),
        (_MONTH, _month),
    ):
        found = pattern.search(rest)
        if found is None:
            continue
        around = _BESIDE.sub("", rest[: found.start()] + rest[found.end() :])
        code = read(found)
        if around or code is None:
            return None
        return Period(code[0], code[1], int(year.group()) if year else None)
    return None


def _months(found: re.Match[str]) -> tuple[str, int] | None:
    first, last = (
        (found.group(1) or "1").replace("一", "1"),
        int(found.group(2) or found.group(4) or 9),
    )
    if code := _SPANS.get((int(first), last)):
        return code, last
    return (f"{last:02d}", last) if int(first) == 1 <= last <= 12 else None


def _quarter(found: re.Match[str]) -> tuple[str, int]:
    number = _NUMERALS[found.group(1) or found.group(2)]
    return f"Q{number}", 3 * number


def _half(found: re.Match[str]) -> tuple[str, int]:
    return ("H2", 12) if found.group(1) == "下" else ("H1", 6)


def _month(found: re.Match[str]) -> tuple[str, int] | None:
    text = found.group(1)
    month = int(text) if text.isdecimal() else _CHINESE_MONTHS.get(text, 0)
    return (f"{month:02d}", month) if 1 <= month <= 12 else None
