"""Methods that are another row's: 同上, 同第1项, 按“投资额”的办法执行.

What is meant is taken from that row of the same column; where the row is not there, is not sure,
or says nothing itself, a gap says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from common.declared import declared
from common.fold import clean, fold
from common.numbers import chinese, counted
from normalize.methods.model import gap
from normalize.text.clean import not_assessed
from normalize.text.names import plain_name


@dataclass(frozen=True, slots=True)
class MethodLine:
    """One row of a column of methods: its printed number, its name, and what it says."""

    number: int | None
    name: str
    text: str

    @property
    def called(self) -> str:
        """What a person finds the row by."""
        return f"“{self.name}”" if self.number is None else f"第{self.number}项"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a row's method is: the text meant, the text that lands, and why it is not sure."""

    text: str
    whole: str
    gaps: tuple[str, ...] = ()


def meant(at: int, lines: Sequence[MethodLine]) -> Meant:
    """Return the method of a row (from 0), taken from the row that it refers to if it does.

    >>> lines = [MethodLine(1, "投资额", "每少1亿元扣2分"), MethodLine(2, "出口额", "同上")]
    >>> meant(1, lines).text, meant(1, lines).whole
    ('每少1亿元扣2分', '同上（第1项：每少1亿元扣2分）')
    """
    printed = clean(lines[at].text)
    seen, now = {at}, at
    while _refers(lines[now].text):
        row = _row(now, lines)
        if row is None or row in seen:
            return Meant(printed, printed, (gap("refers"),))
        seen.add(row)
        now = row
    text = clean(lines[now].text)
    if now == at:
        return Meant(printed, printed)
    if not text or not_assessed(text):
        return Meant(printed, printed, (gap("refers"),))
    return Meant(text, f"{printed}（{lines[now].called}：{text}）")


def is_elsewhere(text: str) -> bool:
    """Whether a text says nothing but that the method stands in an annex.

    >>> is_elsewhere("详见附件2"), is_elsewhere("按附件2计分，未完成不得分")
    (True, False)
    """
    return _pattern("elsewhere").fullmatch(_bare(text)) is not None


def _refers(text: str) -> bool:
    return any(_pattern(name).fullmatch(_bare(text)) for name in ("above", "numbered", "named"))


def _row(at: int, lines: Sequence[MethodLine]) -> int | None:
    """Return the row that a row refers to, None where it is not sure."""
    text = _bare(lines[at].text)
    if _pattern("above").fullmatch(text):
        return at - 1 if at else None
    if found := _pattern("numbered").fullmatch(text):
        said = found["number"]
        number = counted(said) or int(chinese(said) or 0)
        held = [row for row, line in enumerate(lines) if line.number == number]
    elif found := _pattern("named").fullmatch(text):
        name = plain_name(found["name"])
        held = [row for row, line in enumerate(lines) if plain_name(line.name) == name]
    else:
        return None
    return held[0] if len(held) == 1 else None


def _bare(text: str) -> str:
    return fold(text).strip(".。;；,，")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    said = declared(dict[str, str], "normalize", "methods", "refers")
    words = {key: str(said[key]) for key in ("by", "methods", "ends", "items")}
    return re.compile(str(said[name]).format(**words))
