"""Signs in any printed text that it is damaged: brackets without partner, foreign words."""

from __future__ import annotations

import re

from normalize.model.doubt import Doubt
from normalize.text.clean import unbalanced

_FOREIGN = re.compile(r"(?<=[㐀-鿿])\s?([a-z]{2,})\s?(?=[㐀-鿿])")


def name_doubts(text: str) -> tuple[Doubt, ...]:
    """Return the doubts of a cleaned name or target text: what is cut, what slipped in."""
    return (*lonely_brackets(text), *foreign_words(text))


def lonely_brackets(text: str) -> tuple[Doubt, ...]:
    """Doubt a text with a bracket, quote or title mark that has no partner."""
    lonely = unbalanced(text)
    if not lonely:
        return ()
    return (
        Doubt(
            "title_cut" if {"《", "〈", "》", "〉"} & set(lonely) else "unbalanced",
            f"{' '.join(lonely)} has no partner in {text!r}",
            f"“{text}”中的“{''.join(lonely)}”不成对，文字可能不完整。",
        ),
    )


def foreign_words(text: str) -> tuple[Doubt, ...]:
    """Doubt a small Latin word between Chinese characters; severity info."""
    found = _FOREIGN.search(text)
    if not found:
        return ()
    return (
        Doubt(
            "foreign_word",
            f"a foreign word stands in {text!r}: {found.group(1)}",
            f"“{text}”中夹有外文“{found.group(1)}”，请核对。",
            severity="info",
        ),
    )
