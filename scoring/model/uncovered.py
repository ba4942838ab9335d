"""What of a printed method its proposed rule leaves out, by the reason that it waits for."""

from __future__ import annotations

from common.declared import declared
from common.messages import message

#: What a notice leaves open and a proposed rule answers: who confirms the rule says that it does.
_ANSWERED = (
    *("silent_short", "silent_rest", "bonus_without_cap", "goal_itself", "whole_units", "each"),
    *("rounding", "from_what", "whose", "weights", "unit", "noun", "others", "counted", "bands"),
    *("side", "only_one", "no_rate", "no_target"),
)


def uncovered(reason: str | None) -> tuple[str, ...]:
    """Return what a proposed rule leaves out of its text: words, and what contradicts it.

    What the text does to the whole result is no matter of the row's points.
    """
    answered = {message(f"normalize.method_gap.{name}").zh for name in _ANSWERED}
    before, after = message("normalize.method_gap.unread", text="\0").zh.split("\0")
    found: list[str] = []
    for each in (reason or "").split("；"):
        if each.startswith(before) and each.endswith(after):
            clauses = each.removeprefix(before).removesuffix(after).split("，")
            found += [f"“{clause}”" for clause in clauses if not _of_the_whole(clause)]
        elif each and each not in answered:
            found.append(each)
    return tuple(found)


def _of_the_whole(clause: str) -> bool:
    """Whether a clause only says what becomes of the whole result; ``[total]`` is its place."""
    effects = declared("scoring", "total")["effects"].values()
    told = any(wording in clause for wordings in effects for wording in wordings)
    return told and not any(sign.isdecimal() or sign == "扣" for sign in clause)
