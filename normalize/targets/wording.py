"""Targets in words: by a document, by a result made elsewhere, compared, judged, nought."""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared
from common.numbers import exact
from normalize.targets.masks import MASK
from normalize.targets.measure import measure_pattern, read_measure, word_pattern
from normalize.targets.model import TargetContext, TypedTarget
from schemas.vocabulary import Operator, TargetKind


@cache
def _patterns(key: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{one})" for one in declared("normalize", "targets")["kinds"][key])
    )


@cache
def _words(key: str) -> tuple[str, ...]:
    return tuple(declared("normalize", "targets")["kinds"][key])


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
def _ranks() -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, declared("normalize", "targets")["ranks"]["patterns"]))


_CHINESE = {word: value for value, word in enumerate("一二三四五六七八九十", start=1)}


def ranking(text: str) -> tuple[float, str] | None:
    """Return the place that must be reached and its unit (前3位: 3 and 位), or None."""
    found = next(filter(None, (pattern.fullmatch(text) for pattern in _ranks())), None)
    number = _chinese(found["n"]) if found else None
    return (number, found["unit"] or "位") if found and number is not None else None


def _chinese(text: str) -> float | None:
    if re.fullmatch("[0-9]+", text):
        return exact(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return float(_CHINESE[text]) if text in _CHINESE else None
    first = _CHINESE.get(tens, 1 if not tens else None)
    last = _CHINESE.get(ones, 0 if not ones else None)
    return None if first is None or last is None else float(first * 10 + last)


@cache
def _unchanged(key: str) -> re.Pattern[str]:
    held = declared("normalize", "targets")["unchanged"]
    whole = "|".join(held[key]).replace("{lead}", held["lead"]).replace("{same}", held["same"])
    return re.compile(f"(?:{whole})[。.]?")


def unchanged(text: str, context: TargetContext) -> TypedTarget | None:
    """Type 持平, 零增长, 不低于上年 and the like as growth of nought; None for any other text."""
    signs = (Operator.LESS_THAN, Operator.AT_MOST, Operator.AT_LEAST)
    operator = next((sign for sign in signs if _unchanged(sign).fullmatch(text)), None)
    better = Operator.AT_MOST if context.lower_is_better else Operator.AT_LEAST
    if operator is None and _unchanged("better").fullmatch(text):
        operator = better
    if operator is None and _unchanged("no_growth").fullmatch(text):
        operator = better if word_pattern("rises").search(context.indicator) else Operator.AT_MOST
    return TypedTarget(TargetKind.GROWTH, operator, 0.0, "%") if operator else None


def benchmark(text: str, masked: str) -> TypedTarget:
    """Type a comparison (高于平均0.5个百分点): its distance is the value, below it negative."""
    found = list(measure_pattern().finditer(masked))
    measure = read_measure(text, masked) if len(found) == 1 else None
    if measure is None:
        return TypedTarget(TargetKind.BENCHMARK)
    below = word_pattern("below_patterns").search(masked)
    sign = Operator.AT_MOST if below else Operator.AT_LEAST
    value = -measure.value if below else measure.value
    return TypedTarget(TargetKind.BENCHMARK, sign, value, measure.unit, doubts=measure.doubts)
