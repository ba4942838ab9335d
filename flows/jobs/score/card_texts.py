"""Scorecards of a document as tables for the terminal, and what is to be said beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from common.messages import message
from common.numbers import EPSILON
from common.terminal import text_table
from flows.jobs.score.what_if import number, span
from schemas.vocabulary import word

_LITTLE = 0.005


def card_text(cards: tuple[dict[str, Any], ...]) -> str:
    """Return the totals as a table."""
    headings = (
        *("考核对象", "得分", "得分区间", "满分", "百分制", "分组", "名次", "名次区间"),
        *("已报送", "一票否决"),
    )
    own = [each for each in _OF_WHOLE if any(each[1](card) for card in cards)]
    rows = [[*_card(card), *(shown(card) for _, shown in own)] for card in cards]
    return text_table((*headings, *(name for name, _ in own)), rows)


def below_text(cards: Sequence[Mapping[str, Any]]) -> str:
    """Say why points lie below their interval, where any do."""
    found = [card["entity"] for card in cards if card["points"] < card["points_low"] - EPSILON]
    if not found:
        return ""
    return message("flows.points_below_interval", entities="、".join(found)).zh


def beyond_text(entities: Sequence[str]) -> str:
    """Say why intervals go beyond the points that can be had, where any do."""
    if not entities:
        return ""
    return message("flows.points_beyond_possible", entities="、".join(entities)).zh


def stability_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how often each entity holds which rank, a line an entity whose rank is not certain."""
    held: dict[str, list[str]] = {}
    for row in rows:
        if row["share"] < 1:
            rank = f"第{row['rank']} {_percent(row['share'])}"
            held.setdefault(row["entity"], []).append(rank)
    if not held:
        return ""
    first = rows[0]
    drawn = f"各项分值随机上下变动 {first['noise']:.0%}，抽 {first['draws']} 次，组内各名次所占比例"
    lines = [f"  {entity} 名次稳定性: {'，'.join(ranks)}" for entity, ranks in held.items()]
    return "\n".join([f"名次不确定的考核对象（{drawn}）", *lines])


def _percent(share: float) -> str:
    """Return a share in per cent; what is not certain never looks so."""
    return "＜1 %" if share < _LITTLE else f"{min(round(share * 100), 99)} %"


def _card(card: Mapping[str, Any]) -> list[Any]:
    return [
        card["entity"],
        number(card["points"]),
        f"{number(card['points_low'])}–{number(card['points_high'])}",
        number(card["max_points"]),
        number(card["points_of_100"]),
        card["rank_group"],
        card["rank"],
        span(card["rank_low"], card["rank_high"]),
        "" if card["received_share"] is None else f"{card['received_share']:.0%}",
        card["vetoes"] or "",
    ]


def _effect(card: Mapping[str, Any]) -> str:
    """Return what a veto did to the whole."""
    names = [name for name in ("vetoed", "barred") if card[name]]
    return "、".join(word("veto_effect", name) for name in names)


def _grade(card: Mapping[str, Any]) -> str:
    """Return the grade, and from which to which it may still be."""
    if card["grade_low"] == card["grade_high"]:
        return card["grade"] or ""
    grade, low, high = (
        card[name] or word("missing", "grade") for name in ("grade", "grade_low", "grade_high")
    )
    return f"{grade}（{low}～{high}）"


#: Columns of the whole result, each shown where any entity has something in it.
_OF_WHOLE: tuple[tuple[str, Callable[[Mapping[str, Any]], str]], ...] = (
    ("加分", lambda card: number(card["bonus"]) if card["bonus"] else ""),
    ("扣分", lambda card: number(card["minus"]) if card["minus"] else ""),
    ("整体否决", _effect),
    ("等次", _grade),
)
