"""Texts and grades as they may stand in ``source.toml``."""

from __future__ import annotations

from collections.abc import Iterator

from common.numbers import show
from scoring.total.rules import Grade


def grade_lines(grade: Grade) -> Iterator[str]:
    """Yield the lines that declare a grade."""
    yield from ("", "[[total.grade]]", f'name = "{grade.name}"')
    for key in ("at_least", "at_most_rank", "quota"):
        if (value := getattr(grade, key)) is not None:
            yield f"{key} = {show(value)}"


def plain(text: str) -> str:
    """Return a text as it may stand between the quotes of TOML."""
    return "".join(each for each in text if each.isprintable() and each not in '"\\')
