"""The printed methods that ``[rules]`` and ``[total]`` of a sidecar answer.

What is wrong in an entry is said where rules are read; here it answers nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from common.fold import fold
from schemas.records.source import AnsweredMethod

#: Keys by which a rule is for some rows of its indicator alone.
_FOR_SOME = frozenset({"part_no", "entity", "rank_group"})


def answered_methods(
    rules: Mapping[str, object], total: Mapping[str, object]
) -> tuple[AnsweredMethod, ...]:
    """Return the printed methods that are answered: confirmed, or with a rule instead.

    What is printed of a veto is answered by what ``[total]`` says that it does.
    """
    confirmed = (
        AnsweredMethod(number, fold(text), "rule" in each or "parameters" in each)
        for each in _listed(rules, "method")
        if isinstance(number := each.get("serial_no"), int)
        and isinstance(text := each.get("text"), str)
    )
    instead = (
        AnsweredMethod(number, None, written=True)
        for each in _listed(rules, "rule")
        if isinstance(number := each.get("serial_no"), int)
        and "rule" in each
        and _FOR_SOME.isdisjoint(each)
    )
    vetoes = (
        AnsweredMethod(number, None, written=True, of_veto=True)
        for each in _listed(total, "veto")
        if isinstance(number := each.get("serial_no"), int | None)
    )
    return (*confirmed, *instead, *vetoes)


def _listed(table: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    listed = table.get(key)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
