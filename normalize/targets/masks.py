"""Numbers of a target that measure nothing: titles, document numbers, dates, ordinals, codes.

Masks keep every position: a span found in a masked text is the same span of the printed one.
"""

from __future__ import annotations

import re

from common.numbers import NUMBER
from normalize.text.units import unit_source

# Control characters: a cleaned text never holds them.
MASK = "\x01"
MASKED_DIGIT = "\x02"

_YEAR = r"(?:19|20)[0-9]{2}"
_YEARS = rf"(?<![0-9.]){_YEAR}(?:[-—–~～至到]{_YEAR})?(?:年度?|学年)"
_DAY = r"[0-9]{1,2}[日号]"
_DATES = re.compile(
    rf"{_YEARS}(?:[0-9]{{1,2}}月份?(?:{_DAY})?)?"
    rf"|(?<![0-9.个])[0-9]{{1,2}}(?:[-—~～至、][0-9]{{1,2}})?月份?(?:{_DAY}|[底末初中上下])?(?![0-9])"
    rf"|(?<![0-9.]){_YEAR}[-./][0-9]{{1,2}}(?:[-./][0-9]{{1,2}})?(?![0-9.%])"
    rf"|(?<![0-9.]){_YEAR}(?=[-—~～至到]{_YEAR}年)"
)
_LABELS = re.compile(
    r"[〔\[【(（]\s*(?:19|20)[0-9]{2}\s*[〕\]】)）]\s*[0-9]*号?"
    r"|第[0-9]+(?![0-9]*[位名])(?:[-—~～至、][0-9]+)?"
    r"|[0-9]+号(?=文|[)）令])"
    r"|(?:(?<=^)|(?<=[；;。：:]))[0-9]{1,2}(?:[、)）](?![.．,，]?[0-9])"
    r"|[.．](?![.．,，。·:：'’`、;；]*[OoQlI|SBZ]*[0-9]|[OoQlI|SBZ]++(?![A-Za-z])))"
    r"|(?:(?<=^)|(?<=[，,；;。：:、]))[（(\[【][0-9]{1,2}[）)\]】]"
    rf"|(?![QSBZ]+[0-9]+(?:[.．][0-9]|(?:{unit_source()})(?:$|[，,、；;。]|以)))"
    r"(?![OolI|]+[0-9]|(?:(?<=[0-9])|(?<=[0-9][.．,，]))[OoQlI|SBZ]+[0-9])(?=[A-Za-z]*[A-Z]|pm[12])"
    rf"(?<![0-9])(?<![0-9][-.．~～—])(?![A-Za-z]+[0-9.]+(?:[-—~～至]|(?:{unit_source()})(?:$|[，,、；;。（(]|以|之?内|左右|上下)))"
    r"[A-Za-z]+-?[0-9]+(?:\.[0-9]+)?(?![0-9.]*[%‰0-9])"
    r"|[0-9]+(?:[+＋][0-9]+)+(?:[+＋][A-ZNXn])?"
    r"|[0-9]+(?:[AGHDX](?![A-Za-z0-9%‰])|星级?(?=[㐀-鿿]))"
    r"|(?<![0-9])(?<![0-9][,，])1(?:1[0-9]|2[0-9]|2[0-9]{3})(?=(?:政务|市民|服务|热线|平台|接|报警|急救|工单|便民))"
)
_TITLE = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〈[^〈〉]*〉")
_CUT_TITLE = re.compile(r"[《〈].*$", re.DOTALL)
_QUOTED = re.compile(r"“[^“”]*”|‘[^‘’]*’")
# A size that says which things are counted: 投资1亿元以上项目3个, 一次死亡3人以上事故1起.
_SIZE = re.compile(
    rf"{NUMBER}[^0-9，,、；;。以及（(]{{1,6}}(?:及|（含）|\(含\))?以[上下](?:的|且)?"
    r"(?=[㐀-鿿“”]+[^，,、；;。以0-9]*[0-9])"
)
# What a figure rises or falls from: 由3%提高到5%.
_BEGUN_FROM = re.compile(
    rf"(?:由|从)[^0-9，,；;。]{{0,8}}{NUMBER}[^0-9，,；;。]{{0,6}}"
    r"(?=[㐀-鿿]{1,2}[到至][^0-9]{0,3}[0-9])"
)
_DIGIT = re.compile("[0-9]|(?<=[0-9])[,，](?=[0-9])")


def _hide_all(match: re.Match[str]) -> str:
    return MASK * len(match.group())


def _hide_digits(match: re.Match[str]) -> str:
    return _DIGIT.sub(MASKED_DIGIT, match.group())


def mask_titles(text: str) -> str:
    """Hide titles in 《》 and 〈〉 whole, also one that is cut."""
    return _CUT_TITLE.sub(_hide_all, _TITLE.sub(_hide_all, text))


def mask_non_measures(text: str) -> str:
    """Hide titles and the digits of dates, document numbers, ordinals, codes and quoted words."""
    shown = _SIZE.sub(_hide_digits, _QUOTED.sub(_hide_digits, mask_titles(text)))
    shown = _BEGUN_FROM.sub(_hide_digits, shown)
    return _LABELS.sub(_hide_digits, _DATES.sub(_hide_digits, shown))
