"""How much a text looks like what a kind of column holds: scores of 0 to 1 for aligning rows.

Scores compare readings of one text; they are no probabilities. 1 means the form of that column
and of hardly any other, 0.5 that it may stand there, 0 that it cannot.
"""

from __future__ import annotations

import re
from functools import lru_cache

from common.fold import clean
from common.numbers import exact
from normalize.points.cell import read_points
from normalize.points.kinds import kind_in_cell
from normalize.targets.masks import mask_non_measures, mask_titles
from normalize.targets.reader import read_target
from normalize.targets.wording import textual_kind
from normalize.text.clean import not_assessed, strip_ordinal
from normalize.text.departments import looks_like_departments
from normalize.text.units import split_unit

_EXCEPTION = re.compile(
    r"^[0-9.]+(?:分|%)?(?:\s*[（(][㐀-鿿][㐀-鿿、，,；;：:0-9.]*[)）])+$"
)  # 1(高新区2)(临空经济区3), 4（青云县6、乐至县2.5）
_LARGEST_WEIGHT = 100


@lru_cache(maxsize=8192)
def looks_like_points(text: str) -> float:
    """Return how much a text looks like points.

    1: a number with exceptions in brackets. 0.9: points given or taken on top. 0.8: a number up
    to 20; 0.5: up to 100; 0.1: larger. 0.6: ends in 分 or is otherwise read without doubt.
    0: no number at its beginning.
    """
    printed = clean(text)
    if (kind := kind_in_cell(printed)) is not None and not kind.by_sign:
        return 0.9
    value = exact(printed.removesuffix("分"))
    if value is not None:
        if value < 0 or value > _LARGEST_WEIGHT:
            return 0.1
        return 0.8 if value <= 20 else 0.5
    if _EXCEPTION.match(printed):
        return 1.0
    if not re.match(r"[0-9]", printed) or len(printed) > 80:
        return 0.0
    reading = read_points(printed, ())
    return 0.6 if reading.base is not None and not reading.doubts else 0.2


@lru_cache(maxsize=8192)
def looks_like_target(text: str) -> float:
    """Return how much a text looks like what an entity must reach.

    1: a sign for "not assessed", or a limit, document, comparison or other form of its own. 0.9: a
    number. 0.7: an instruction. 0.1: anything else; 0: blank, or the name of a department.
    """
    printed = clean(text)
    if not printed or looks_like_departments(printed) >= 0.9:
        return 0.0
    if not_assessed(printed):
        return 1.0
    if exact(printed) is not None:
        return 0.9
    return _worded_target(printed)


def _worded_target(printed: str) -> float:
    kind = read_target(printed).kind
    if kind == "none" or _EXCEPTION.match(printed):
        return 0.1
    if split_unit(printed).unit:
        return 0.2
    return 0.7 if kind == "judged" else 1.0


@lru_cache(maxsize=8192)
def looks_like_name(text: str) -> float:
    """Return how much a text looks like the name of an indicator or a heading.

    1: holds a unit in brackets, or begins with an ordinal. 0.8: words that are no instruction.
    0.4: words that instruct (完成年度政务公开工作 may be either). 0.1: by a document, compared or
    a limit. 0: a number, a sign, blank, or a department.
    """
    printed = clean(text)
    if len(printed) < 2 or not_assessed(printed) or not re.search("[㐀-鿿A-Za-z]", printed):
        return 0.0
    if (
        re.match(r"[0-9.]+(?:分|%|‰)?$|[0-9.]+[（(]", printed)
        or looks_like_departments(printed) >= 0.9
    ):
        return 0.0
    if split_unit(printed).unit:
        return 1.0
    kind = textual_kind(printed, mask_titles(printed), mask_non_measures(printed))
    if kind == "judged":
        return 0.3 if printed.startswith(("按", "根据", "年终")) or printed[-1] in "。；" else 0.5
    if kind is not None:
        return 0.1
    return 1.0 if strip_ordinal(printed) != printed else 0.8
