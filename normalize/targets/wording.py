"""Targets in words: by a document, by a result made elsewhere, compared, judged, nought."""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared, declared_list
from common.fold import fold
from common.numbers import exact
from normalize.model.doubt import doubt
from normalize.targets.masks import MASK
from normalize.targets.measure import measure_pattern, read_measure, word_pattern
from normalize.targets.model import BETTER, TargetContext, TypedTarget
from schemas.vocabulary import Operator, TargetKind


@cache
def _patterns(key: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{one})" for one in declared_list("normalize", "targets", "kinds", key))
    )


@cache
def _words(key: str) -> tuple[str, ...]:
    return declared_list("normalize", "targets", "kinds", key)


def textual_kind(text: str, untitled: str, masked: str) -> TargetKind | None:
    """Return the kind that a text's words give it, None where they give none.

    ``untitled`` has the titles hidden, ``masked`` also the digits that measure nothing.
    """
    if _patterns("zero_patterns").search(untitled):
        return TargetKind.ZERO_TOLERANCE
    if _patterns("external_patterns").search(untitled):
        return TargetKind.EXTERNAL
    if _patterns("benchmark_patterns").search(untitled):
        return TargetKind.BENCHMARK
    if MASK in untitled and not measure_pattern().search(masked):
        return TargetKind.DOCUMENT
    if not measure_pattern().search(masked) and _patterns("document_patterns").search(text):
        return TargetKind.DOCUMENT
    return TargetKind.JUDGED if _instructs(text) else None


def _instructs(text: str) -> bool:
    bare = text.strip("，,、；;。. ")
    if _patterns("short_patterns").search(bare):
        return True
    if len(bare) < 3 or not re.search(r"[㐀-鿿]{2}", bare):
        return False
    if _patterns("judged_patterns").search(bare):
        return True
    if bare.endswith(_words("name_endings")) and not bare.startswith(_words("openings")):
        return False
    return any(word in bare for word in _words("judged_words"))


@cache
def _whole(table: str, key: str) -> re.Pattern[str]:
    held = declared(dict[str, list[str] | str], "normalize", "targets", table)
    whole = "|".join(held.get(key, ())) or "(?!)"
    for name in ("lead", "same", "some"):
        whole = whole.replace(f"{{{name}}}", str(held.get(name, "")))
    return re.compile(f"(?:{whole})[。.]?")


_SIGNS = (Operator.LESS_THAN, Operator.AT_MOST, Operator.AT_LEAST, Operator.MORE_THAN)


def unchanged(text: str, context: TargetContext) -> TypedTarget | None:
    """Type 零增长, 负增长 and the like as growth held against nought; None for any other text."""
    printed = next((sign for sign in _SIGNS if _whole("unchanged", sign).fullmatch(text)), None)
    if printed is None and not _whole("unchanged", "no_growth").fullmatch(text):
        return None
    itself = word_pattern("rises").search(context.indicator)
    operator = printed or (BETTER.get(context.direction) if itself else Operator.AT_MOST)
    return TypedTarget(TargetKind.GROWTH, operator, 0.0, "%")


_ASIDE = re.compile("(?P<said>[^（(]+)[（(](?P<aside>[^（()）]*[0-9][^（()）]*)[)）]")


def previous(text: str, context: TargetContext) -> TypedTarget | None:
    """Type 不低于上年, 持平, 只减不增: held against the year before.

    A figure in brackets behind (高于上年（2.10%）) may be the distance: a doubt, until a person or
    a column says that this was reached the year before, or its words do (:func:`base_beside`).
    """
    aside = _ASIDE.fullmatch(text)
    said = aside["said"] if aside else text
    printed = _held_against_last_year(said)
    if printed is None:
        return None
    sure = context.base is None and base_beside(text) is not None
    asked = aside is not None and not sure and not _is_base(aside["aside"], context.base)
    doubts = (doubt("text_unread.part", text=text, part=aside["aside"]),) if aside and asked else ()
    sign = printed[0] or BETTER.get(context.direction)
    return TypedTarget(TargetKind.PREVIOUS_VALUE, sign, doubts=doubts)


def _held_against_last_year(said: str) -> tuple[Operator | None] | None:
    """Return the operator that a text says, perhaps none; None where it is no such text."""
    for sign in _SIGNS:
        if _whole("previous", sign).fullmatch(said):
            return (sign,)
    return (None,) if _whole("previous", "better").fullmatch(said) else None


_LAST_YEAR = re.compile(
    "(?P<named>(?:上年|去年|上一年)度?(?:实绩|实际|完成|基数)*(?:数|值)?(?:为|是)?[:：]?)?"
    "[0-9]+(?:[.．][0-9]+)?[^0-9（()，,；;。、]{0,4}"
)
#: What asks for no distance: a figure behind it is what is to be kept.
_KEEPS = (None, Operator.AT_LEAST, Operator.AT_MOST)


def base_beside(text: str) -> str | None:
    """Return the figure of the year before that a target has in brackets: 不低于上年（41.2%）.

    None where it may be something else, as the distance in 高于上年（2.10%）.
    """
    aside = _ASIDE.fullmatch(text)
    held = _held_against_last_year(aside["said"]) if aside else None
    figure = _LAST_YEAR.fullmatch(aside["aside"]) if aside and held else None
    if aside is None or held is None or figure is None:
        return None
    named = figure["named"] or ""
    return aside["aside"][len(named) :] if named or held[0] in _KEEPS else None


_YEAR = re.compile("[0-9]{4}年度?")
_FIGURE = re.compile("[0-9]+(?:[.．][0-9]+)?")


def _is_base(aside: str, base: str | None) -> bool:
    """Say whether a figure in brackets is what was reached the year before, as a person says."""
    told, said = (
        [exact(each) for each in _FIGURE.findall(_YEAR.sub("", fold(text)))]
        for text in (aside, base or "")
    )
    return bool(said) and told == said


def benchmark(text: str, masked: str) -> TypedTarget:
    """Type a comparison (高于平均0.5个百分点): its distance is the value, below it negative.

    A share of what it is compared with (达到平均的90%) is no distance.
    """
    found = list(measure_pattern().finditer(masked))
    far = len(found) == 1 and word_pattern("distance_patterns").search(masked[: found[0].start()])
    measure = read_measure(text, masked) if far else None
    if measure is None:
        return TypedTarget(TargetKind.BENCHMARK)
    below = word_pattern("below_patterns").search(masked)
    sign = Operator.AT_MOST if below else Operator.AT_LEAST
    value = -measure.value if below else measure.value
    return TypedTarget(TargetKind.BENCHMARK, sign, value, measure.unit, doubts=measure.doubts)
