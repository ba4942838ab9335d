"""What a reading of a target leaves out: signs that no target holds, and words parted by them.

Every character is accounted for: a text that says something else once its stray signs are taken
away is doubted, and so is a figure with a sign beside it that no target has.
"""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared
from normalize.targets.masks import MASKED_DIGIT
from normalize.text.units import is_unit, known_unit

_HAN = "㐀-鿿"
_USUAL = (
    r"，,、；;。：:.．%‰‱<>≤≥＜＞≦≧⩽⩾≮≯=＝+＋\-－−—–~～/／·"
    r"（）()《》〈〉“”‘’〔〕【】\[\]²³㎡㎥㎢℃Ⅰ-Ⅻ "
)
_LISTED = r"(?:(?<=^)|(?<=[，,；;。：:、]))[①-⑳]"
_ODD = re.compile(
    rf"(?!{_LISTED})[^{_HAN}0-9A-Za-zµμ\x01\x02{_USUAL}]"
    r"|(?<![mM米])[²³]|(?<![A-Za-z])[µμ](?![gm])|[<>＜＞]{2,}"
)
#: What counts nothing: Latin words, remarks and marks of notes in brackets, signs within words.
_STRAY = re.compile(
    rf"(?<![A-Za-z{MASKED_DIGIT}])[A-Za-z]+(?![A-Za-z{MASKED_DIGIT}])"
    rf"|[（(\[【][^（()）\[\]【】0-9{MASKED_DIGIT}]{{0,12}}[)）\]】]"
    r"|(?<!^)[（(\[【][0-9]{1,2}[)）\]】]|注[:：]?[0-9]{1,2}(?![0-9.])|[①-⑳]"
    rf"|{_ODD.pattern}|(?<=[^<>＜＞])(?<![<>＜＞] )[=＝](?![<>＜＞])"
    rf"|[—–](?=[^0-9]*$)|[<>](?=[{_HAN}])|(?<=[0-9])[<>](?=[0-9])"
    rf"|(?<=[{_HAN}])[-—–~～](?=[{_HAN}])|[-—–](?=[至到])|(?<![瓦WV])·"
)
_LEADING_DASH = re.compile(rf"^([^0-9{MASKED_DIGIT}]*?[{_HAN}])[—–](?=[0-9])")


@cache
def _limits() -> frozenset[str]:
    return frozenset(declared(dict[str, str], "normalize", "targets", "suffix_operators"))


def odd_signs(text: str) -> str:
    """Return the signs of a text that no figure of a target has beside it."""
    return "".join(_ODD.findall(text))


def without_strays(text: str, masked: str) -> str:
    """Return a text without what counts, compares and measures nothing; ``masked`` as in masks."""
    kept, last = [], 0
    for found in _STRAY.finditer(masked):
        if _says(found.group()):
            continue
        kept.append(text[last : found.start()])
        last = found.end()
    bare = "".join([*kept, text[last:]])
    return _LEADING_DASH.sub(r"\1", bare)


def _says(piece: str) -> bool:
    """Say whether a piece in Latin or in brackets is a unit or a limit: km, （亿元）, （含）."""
    inner = piece.strip("（()）[]【】")
    return piece in _limits() or known_unit(inner) or (inner != piece and is_unit(inner))
