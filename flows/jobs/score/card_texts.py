"""Scorecards of a document as tables for the terminal, and what is to be said beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from common.messages import message
from common.numbers import EPSILON
from common.terminal import text_table
from flows.jobs.score.what_if import number
from report.doubts import CountedCard, counted
from report.figures import Points, added, rank, signs_text
from report.marks import NOTHING, rank_text, ranks, veto_effects
from report.site.extra import grade
from schemas.records.rows import RankStabilityRow, ScorecardRow

_LITTLE = 0.005


def card_text(cards: Sequence[CountedCard]) -> str:
    """Return the totals as a table, places as far as they are known, what is in doubt signed.

    ``cards`` are a summary's, each with its counts of what is in doubt.
    """
    headings = (
        *("考核对象", "得分", "得分区间", "满分", "百分制", "分组", "名次"),
        *("已报送", "一票否决"),
    )
    own = [each for each in _OF_WHOLE if any(each[1](card) for card in cards)]
    rows = [[*_card(card), *(shown(card) for _, shown in own)] for card in cards]
    table = text_table((*headings, *(name for name, _ in own)), rows)
    signs = signs_text(added(map(counted, cards)))
    return f"{table}\n{signs}" if signs else table


def below_text(cards: Sequence[ScorecardRow]) -> str:
    """Say why points lie below their interval, where any do."""
    sums = ((card["entity"], card["points"], card["points_low"]) for card in cards)
    found = [
        entity
        for entity, points, low in sums
        if points is not None and low is not None and points < low - EPSILON
    ]
    if not found:
        return ""
    return message("flows.points_below_interval", entities="、".join(found)).zh


def beyond_text(entities: Sequence[str]) -> str:
    """Say why intervals go beyond the points that can be had, where any do."""
    if not entities:
        return ""
    return message("flows.points_beyond_possible", entities="、".join(entities)).zh


def stability_text(rows: Sequence[RankStabilityRow], cards: Sequence[CountedCard] = ()) -> str:
    """Return how often each entity holds which rank, a line an entity whose rank is not certain.

    Behind it stand the places that the intervals of ``cards`` allow, where they are not one.
    """
    allowed = {card["entity"]: _allowed(card) for card in cards}
    held: dict[str, list[str]] = {}
    for row in rows:
        if row["share"] < 1:
            rank = f"第{row['rank']} {_percent(row['share'])}"
            held.setdefault(row["entity"], []).append(rank)
    if not held:
        return ""
    first = rows[0]
    drawn = f"各项分值随机上下变动 {first['noise']:.0%}，抽 {first['draws']} 次，组内各名次所占比例"
    lines = [
        f"  {entity} 名次稳定性: {'，'.join(ranks)}{allowed.get(entity, '')}"
        for entity, ranks in held.items()
    ]
    return "\n".join([f"名次不确定的考核对象（{drawn}）", *lines])


def _allowed(card: CountedCard) -> str:
    """Return the places that a total may have, and its doubt; nothing where it is settled."""
    found, signs = ranks(card), counted(card).signs
    if (found is None or found[0] == found[1]) and not signs:
        return ""
    return f"（名次 {rank_text(card)}{signs}）"


def _percent(share: float) -> str:
    """Return a share in per cent; what is not certain never looks so."""
    return "＜1 %" if share < _LITTLE else f"{min(round(share * 100), 99)} %"


def _card(card: CountedCard) -> list[object]:
    points = Points.of(card, counted(card))
    return [
        card["entity"],
        str(points.given),
        str(points.span),
        number(card["max_points"]),
        str(points.as_given(card["points_of_100"])),
        card["rank_group"],
        str(rank(card, points.doubt)),
        "" if card["received_share"] is None else f"{card['received_share']:.0%}",
        card["vetoes"] or "",
    ]


def _effect(card: CountedCard) -> str:
    """Return what a veto did to the whole."""
    return "、".join(veto_effects(card))


def _grade(card: CountedCard) -> str:
    """Return the grade, or from which to which it may be; blank where none can be told."""
    found = grade(card)
    return "" if found == NOTHING else found


#: Columns of the whole result, each shown where any entity has something in it.
_OF_WHOLE: tuple[tuple[str, Callable[[CountedCard], str]], ...] = (
    ("加分", lambda card: number(card["bonus"]) if card["bonus"] else ""),
    ("扣分", lambda card: number(card["minus"]) if card["minus"] else ""),
    ("整体否决", _effect),
    ("等次", _grade),
)
