"""Signs in any printed text that it is damaged: brackets without partner, foreign words."""

from __future__ import annotations

import re

from normalize.model.doubt import Doubt, doubt
from normalize.text.clean import unbalanced
from schemas.vocabulary import Severity

_LIST_SIGN = re.compile(r"(?:^|(?<=[\s；;。，,：:、]))\w{1,3}[）)]")
_DOTS = re.compile(r"(?<=\w)(?:[…⋯]+|\.{2,})$")
_FOREIGN = re.compile(r"(?<=[㐀-鿿])\s?([a-z]{2,})\s?(?=[㐀-鿿])")


def name_doubts(text: str) -> tuple[Doubt, ...]:
    """Return the doubts of a cleaned name or target text: what is cut, what slipped in."""
    return (*lonely_brackets(text), *_broken_off(text), *foreign_words(text))


def remark_doubts(text: str) -> tuple[Doubt, ...]:
    """Return the doubts of a cleaned remark: those of list signs (1）…；2）…) are none."""
    return (*lonely_brackets(text, _LIST_SIGN.sub("", text)), *foreign_words(text))


def _broken_off(text: str) -> tuple[Doubt, ...]:
    """Doubt a text that ends in the dots which programs put for what has no room."""
    return (doubt("unfinished", text=text),) if _DOTS.search(text) else ()


def lonely_brackets(text: str, otherwise: str | None = None) -> tuple[Doubt, ...]:
    """Doubt a text with a bracket, quote or title mark that has no partner.

    ``otherwise`` is the text without signs that need no partner.
    """
    lonely = unbalanced(text) and unbalanced(text if otherwise is None else otherwise)
    if not lonely:
        return ()
    title = {"《", "〈", "》", "〉"} & set(lonely)
    signs, lone = " ".join(lonely), "".join(lonely)
    return (doubt("title_cut" if title else "unbalanced.text", text=text, signs=signs, lone=lone),)


def foreign_words(text: str) -> tuple[Doubt, ...]:
    """Doubt a small Latin word between Chinese characters; severity info."""
    found = _FOREIGN.search(text)
    if not found:
        return ()
    return (doubt("foreign_word", severity=Severity.INFO, text=text, word=found.group(1)),)
