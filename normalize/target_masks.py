"""Numbers of a target's text that measure nothing: titles, document numbers, dates, ordinals, codes.

Masks keep every position, so that a span found in a masked text is the same span of the printed one.
"""

from __future__ import annotations

import re

HIDDEN = "\ue000"
NOUGHT = "\ue001"

_YEAR = r"(?:19|20)[0-9]{2}"
_YEARS = rf"{_YEAR}(?:[-—–~～至到]{_YEAR})?(?:年度?|学年)"
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
    r"|(?:(?<=^)|(?<=[；;。：:]))[0-9]{1,2}(?:[、)）]|[.．](?![0-9]))"
    r"|[（(][0-9]{1,2}[）)]"
    r"|[A-Za-z]+[-]?[0-9]+(?:\.[0-9]+)?(?![0-9])"
    r"|[0-9]+(?:[+＋][0-9]+)+(?:[+＋][A-ZNXn])?"
    r"|[0-9]+[AGHDX](?![A-Za-z0-9])"
)
_TITLE = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〈[^〈〉]*〉")
_CUT_TITLE = re.compile(r"[《〈].*$", re.DOTALL)
_QUOTED = re.compile(r"“[^“”]*”|‘[^‘’]*’")
_DIGIT = re.compile("[0-9]")


def _hide_all(match: re.Match[str]) -> str:
    return HIDDEN * len(match.group())


def _hide_digits(match: re.Match[str]) -> str:
    return _DIGIT.sub(NOUGHT, match.group())


def hide_titles(text: str) -> str:
    """Hide titles in 《》 and 〈〉 whole, also one that is cut."""
    return _CUT_TITLE.sub(_hide_all, _TITLE.sub(_hide_all, text))


def hide_labels(text: str) -> str:
    """Hide titles, and the digits of dates, document numbers, ordinals, codes and quoted words."""
    shown = _QUOTED.sub(_hide_digits, hide_titles(text))
    return _LABELS.sub(_hide_digits, _DATES.sub(_hide_digits, shown))
