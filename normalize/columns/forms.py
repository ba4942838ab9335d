"""What stands in a column, by form: numbers, names, departments, dates, sentences and others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from common.fold import clean, fold
from common.numbers import exact
from normalize.columns.scores import looks_like_points, looks_like_target
from normalize.columns.words import declared_words
from normalize.text.clean import not_assessed, points_in, without_points
from normalize.text.departments import looks_like_departments
from normalize.text.units import known_unit, split_unit

_SERIAL = re.compile(
    r"[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,3})[)）.、．]|[①-⑳]"
    r"|[A-Za-z]{1,4}-?\d{1,4}(?:[-.]\d{1,3})*|\d{1,3}(?:[-.]\d{1,3})+"
)
_LONG = 25  # characters: longer texts are sentences whatever they end with
_MOST = 40  # texts of a column that are looked at, evenly over its rows


class Form(StrEnum):
    """The form of one text, the most special that fits."""

    BLANK = "blank"
    DASH = "dash"
    SERIAL = "serial"
    SMALL = "small"  # a number from 0 to 100
    LARGE = "large"
    PERCENT = "percent"
    POINTS = "points"  # a number with exceptions in brackets
    SIGN = "sign"  # ≥, ≤
    SENSE = "sense"  # 正向, 逆向
    KIND = "kind"  # 预期性, 定量
    DATE = "date"
    UNIT = "unit"
    DEPARTMENT = "department"
    SCORING = "scoring"
    DOCUMENT = "document"
    TARGET = "target"
    INSTRUCTION = "instruction"
    SENTENCE = "sentence"
    NAME = "name"


@lru_cache(maxsize=16384)
def form_of(text: str) -> Form:
    """Return the form of a text."""
    printed = clean(text)
    if points_in(printed) is not None:
        printed = without_points(printed)
    if not printed:
        return Form.BLANK
    if not_assessed(printed):
        return Form.DASH
    return _number(printed) or _bydeclared_words(printed) or _by_meaning(printed)


def _number(printed: str) -> Form | None:
    value = exact(printed.removesuffix("分"))
    if value is not None:
        return Form.SMALL if 0 <= value <= 100 else Form.LARGE
    if printed[-1] in "%‰" and exact(printed[:-1]) is not None:
        return Form.PERCENT
    return Form.POINTS if looks_like_points(printed) == 1.0 else None


def _bydeclared_words(printed: str) -> Form | None:
    """Return the form of a text that is a sign, a kind, a date or a unit, in whole."""
    folded = fold(printed)
    if _SERIAL.fullmatch(printed):
        return Form.SERIAL
    for form in (Form.SIGN, Form.SENSE, Form.KIND, Form.DATE):
        if declared_words(form.value).fullmatch(folded):
            return form
    return Form.UNIT if known_unit(printed) else None


def _by_meaning(printed: str) -> Form:
    if looks_like_departments(printed) >= 0.7:
        return Form.DEPARTMENT
    if declared_words(Form.SCORING.value).search(fold(printed)):
        return Form.SCORING
    likely = looks_like_target(printed)
    if likely == 1.0 and len(printed) <= _LONG:
        return Form.DOCUMENT if "《" in printed else Form.TARGET
    if split_unit(printed).unit is not None:
        return Form.NAME
    if len(printed) > _LONG or printed[-1] in "。；;":
        return Form.SENTENCE
    return Form.INSTRUCTION if likely >= 0.7 else Form.NAME


def profile(body: Sequence[str]) -> Mapping[Form, float]:
    """Return the share of each form among a column's texts; empty where it holds none at all."""
    step = max(1, len(body) // _MOST)
    counts = Counter(form_of(text) for text in body[::step])
    total = counts.total()
    return {form: count / total for form, count in counts.items()}


def is_blank(forms: Mapping[Form, float]) -> bool:
    """Tell whether nothing stands in a column."""
    return set(forms) <= {Form.BLANK}


def likeness(one: Mapping[Form, float], other: Mapping[Form, float]) -> float:
    """Return how much two columns hold the same forms, 0 to 1."""
    return sum(min(share, other.get(form, 0.0)) for form, share in one.items())
