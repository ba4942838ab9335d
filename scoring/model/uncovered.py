"""What of a printed method its proposed rule leaves out of the row's points."""

from __future__ import annotations

import re
from collections.abc import Iterable

from common.declared import declared


def uncovered(left_out: Iterable[str] | None, reason: str | None = None) -> tuple[str, ...]:
    """Return what a proposed rule leaves out of its text: words in quotes, and what contradicts it.

    What the text does to the whole result is no matter of the row's points. Where nobody kept it,
    that is all of the reason that the rule waits for.
    """
    kept = ([reason] if reason else []) if left_out is None else left_out
    return tuple(each for each in kept if not _of_the_whole(each))


def _of_the_whole(words: str) -> bool:
    """Whether words only say what becomes of the whole result; ``[total]`` is their place."""
    effects = declared(dict[str, list[str]], "scoring", "total", "effects").values()
    told = any(re.search(wording, words) for wordings in effects for wording in wordings)
    counted = any(sign.isdecimal() or sign == "扣" for sign in words)
    return words.startswith("“") and told and not counted
