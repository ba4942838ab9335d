"""Scorecards: points summed by heading and in all, and the places that they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schemas.vocabulary import word
from scoring.engine import Scored
from scoring.model.columns import Flags, Floats, Ints
from scoring.model.inputs import Rows
from scoring.model.items import INVALID, NOT_APPLIED, SCORED
from scoring.model.ranks import best_places, leveled, places, worst_places
from scoring.results.exclusive import Widening, surplus, widenings
from scoring.results.on_top import Totals, Whole, grades, whole
from scoring.results.standing import came_uncountable
from scoring.total.grades import Graded
from scoring.total.rules import VetoEffect

TOTAL = word("scorecard_level", "total")
NOWHERE = word("missing", "heading")
LEVELS = ("total", "level1", "level2")

#: Sums are rounded to this many decimals, so that 99 is 99.
DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of all documents: each document's are neighbours, in printed order.

    ``level`` codes :data:`LEVELS`; ``parent`` is the heading above (of the total itself).
    ``of_indicator`` is the level-2 heading of each row of the indicators. ``first`` and ``count``
    give the place of each document's.
    """

    level: Ints
    parent: Ints
    names: list[str]
    of_indicator: Ints
    first: Ints
    count: Ints


@dataclass(frozen=True, slots=True)
class Cards:
    """Scorecards: one row an entity and heading, by document, entity and heading.

    ``pair`` numbers document and entity; ``group`` the rank group. A place of 0 is none.
    """

    headings: Headings
    heading: Ints
    pair: Ints
    group: Ints
    max_points: Floats
    points: Floats
    low: Floats
    high: Floats
    of_100: Floats
    received: Floats
    rank: Ints
    rank_low: Ints
    rank_high: Ints
    vetoes: Ints
    bonus: Floats
    minus: Floats
    vetoed: Flags
    barred: Flags
    grades: list[Graded]


def total(scored: Scored) -> Cards:
    """Sum what is scored by total, level 1 and level 2, and rank the entities of each group.

    What is on top of the whole (bonus, minus) is in the points and in no ``max_points``; in a total
    up to the caps that ``[total]`` declares. Who is vetoed as a whole has points and no place.
    """
    rows = scored.rows
    headings = _headings(rows)
    pairs, offsets, size = _places(rows, headings)
    leaf = offsets[rows.pair.numbers] + _local(headings, rows)[rows.indicator]
    heading = _spread(headings, pairs, rows)
    sums = _sums(scored, leaf, size)
    _roll_up(sums, headings, heading)
    _narrow(sums, widenings(scored.readings), leaf, headings.parent[heading] - heading)
    max_points, points, low, high, received, vetoes = sums[:6]
    ends = [points, low, high]
    of_all = headings.level[heading] == 0
    declared = whole(scored)
    bonus, minus = _on_top(sums[6:], ends, declared, np.where(of_all, pairs, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        of_100, low_100, high_100 = leveled(
            rows.pairs()[0][pairs],
            *(np.where(max_points != 0, each / max_points * 100, np.nan) for each in ends),
        )
        share = np.where(max_points != 0, np.clip(received / max_points, 0, 1), np.nan)
    group = scored.groups.of_pair[pairs]
    ranked = _ranked_together(group, heading, len(headings.level))
    low_100, high_100 = np.minimum(low_100, high_100), np.maximum(low_100, high_100)
    vetoed, barred = (
        of_all & declared.with_effect(effect, pairs)
        for effect in (VetoEffect.SET_ASIDE, VetoEffect.BAR)
    )
    placed = [np.where(vetoed, np.nan, each) for each in (of_100, low_100, high_100)]
    rank = places(ranked, placed[0])
    best, worst = best_places(ranked, *placed[1:]), worst_places(ranked, *placed[1:])
    top = np.flatnonzero(of_all)
    placed = [each[top] for each in placed]
    totals = Totals(pairs[top], placed, [each[top] for each in (rank, best, worst)])
    return Cards(
        headings, heading, pairs, group, max_points, points, low, high, of_100, share,
        rank, best, worst, vetoes.astype(np.int64), bonus, minus, vetoed, barred,
        grades(scored, declared, totals),
    )  # fmt: skip


def _narrow(sums: list[Floats], found: Sequence[Widening], leaf: Ints, parent: Ints) -> None:
    """Take (in place) from the ends of each card what repairs that exclude each other add up to.

    ``leaf`` is the card of each row, ``parent`` how far above each card its heading's stands.
    """
    of_card: dict[int, list[Widening]] = {}
    for each in found:
        card = int(leaf[each.row])
        while each not in of_card.setdefault(card, []):
            of_card[card].append(each)
            card += int(parent[card])
    low, high = sums[2], sums[3]
    for card, own in of_card.items():
        down, up = surplus(own)
        low[card], high[card] = round(low[card] + down, DECIMALS), round(high[card] - up, DECIMALS)


#: Which of two is farther out: for points as they are, at least and at most.
_FARTHER = (None, np.minimum, np.maximum)


def _on_top(
    sums: list[Floats], ends: list[Floats], declared: Whole, pair: Ints
) -> tuple[Floats, Floats]:
    """Add (in place) bonus and minus to points, least and most; return what was added as points.

    ``sums`` are bonus and then minus as they are, at least and at most. ``pair`` is that of a
    total, -1 for headings below it: caps and coefficients are of the totals.
    """
    of_all = np.flatnonzero(pair >= 0)
    own = pair[of_all]
    for place, (end, caps, farther) in enumerate(zip(ends, declared.caps, _FARTHER, strict=True)):
        bonus, minus = sums[place], sums[3 + place]
        bonus[of_all] = np.minimum(bonus[of_all], caps[0][own])
        minus[of_all] = np.maximum(minus[of_all], -caps[1][own])
        np.add(end, bonus + minus, out=end)
        end[of_all] *= declared.coefficient[own]
        if farther is not None:
            end[of_all] = farther(end[of_all], end[of_all] * declared.possible[own])
        np.round(end, DECIMALS, out=end)
    return sums[0], sums[3]


def _ranked_together(group: Ints, heading: Ints, headings: int) -> Ints:
    """Number group and heading together, from 0 without gaps where that would be too long."""
    keys: Ints = group * headings + heading
    if keys.max(initial=0) < 4 * len(keys) + 10_000:
        return keys
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


def _headings(rows: Rows) -> Headings:
    """Return the headings that the indicators stand under."""
    document = rows.indicators.words("document_id").among(rows.documents.values)
    level1, level2 = rows.indicators.words("level1"), rows.indicators.words("level2")
    wide1, wide2 = len(level1.values) + 1, len(level2.values) + 1
    first_key = document * wide1 + level1.codes + 1
    second_key = first_key * wide2 + level2.codes + 1
    kept = np.flatnonzero(document >= 0)
    ones = _first_rows(first_key, kept)
    twos = _first_rows(second_key, kept)
    alls = _first_rows(document, kept)
    row = np.concatenate([alls, ones, twos])
    level = np.repeat([0, 1, 2], [len(alls), len(ones), len(twos)])
    order = np.lexsort((row, level, document[row]))
    row, level = row[order], level[order]
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))  # where each of alls, ones, twos came to stand
    count = np.bincount(document[row], minlength=len(rows.documents.values))
    of_one = _places_of(first_key, ones, place[len(alls) : len(alls) + len(ones)])
    of_two = _places_of(second_key, twos, place[len(alls) + len(ones) :])
    of_all = _places_of(document, alls, place[: len(alls)])
    parent = np.where(level == 2, of_one[row], of_all[row])
    texts = (np.full(len(rows.indicators), -1), level1.codes, level2.codes)
    values = ((), level1.values, level2.values)
    names = [
        TOTAL if deep == 0 else (values[deep][code] if code >= 0 else NOWHERE)
        for deep, code in zip(level.tolist(), np.stack(texts)[level, row].tolist(), strict=True)
    ]
    return Headings(level, parent, names, of_two, np.cumsum(count) - count, count)


def _first_rows(keys: Ints, kept: Ints) -> Ints:
    """Return the first row of each key among the rows kept."""
    return kept[np.unique(keys[kept], return_index=True)[1]]


def _places_of(keys: Ints, rows: Ints, place: Ints) -> Ints:
    """Return for every row the place of its key, given the first row and place of each key."""
    order = np.argsort(keys[rows])
    known = keys[rows][order]
    found = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    places_: Ints = place[order][found]
    return places_


def _places(rows: Rows, headings: Headings) -> tuple[Ints, Ints, int]:
    """Return the pair of each card, where each pair's cards begin, and how many cards there are.

    Cards stand by document, within it by entity as first printed.
    """
    document, _ = rows.pairs()
    first = np.full(rows.pair.size, len(rows), np.int64)
    numbers = rows.pair.numbers[::-1]
    first[numbers] = np.arange(len(rows))[::-1]
    pairs = np.flatnonzero(document >= 0)
    pairs = pairs[np.lexsort((first[pairs], document[pairs]))]
    count = headings.count[document[pairs]]
    offsets = np.zeros(rows.pair.size, np.int64)
    offsets[pairs] = np.cumsum(count) - count
    return np.repeat(pairs, count), offsets, int(count.sum())


def _local(headings: Headings, rows: Rows) -> Ints:
    """Return the place of each indicator's level-2 heading among its document's headings."""
    document = rows.indicators.words("document_id").among(rows.documents.values)
    local: Ints = headings.of_indicator - headings.first[document]
    return local


def _spread(headings: Headings, pairs: Ints, rows: Rows) -> Ints:
    """Return the heading of each card: a document's headings for each of its entities."""
    if len(pairs) == 0:
        return pairs
    starts = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1]))
    count = np.diff(np.append(starts, len(pairs)))
    document, _ = rows.pairs()
    within = np.arange(len(pairs)) - np.repeat(starts, count)
    heading: Ints = headings.first[document[pairs]] + within
    return heading


def _sums(scored: Scored, leaf: Ints, size: int) -> list[Floats]:
    """Sum points possible, given, at least and most, received, and vetoes of each card.

    Then bonus as it is, at least and at most, and minus likewise: of what is on top of the whole.
    """
    on_top = np.flatnonzero(scored.rows.item_kind)
    received = np.isin(scored.status, (SCORED, INVALID, NOT_APPLIED)) | came_uncountable(scored)
    ends = (scored.points, scored.low, scored.high)
    share = scored.shares.points
    sums = []
    of_year = np.where(received, share, 0.0)
    if scored.periods is not None:
        of_periods = scored.periods.applies & ~scored.veto
        of_year = np.where(of_periods, share * scored.periods.received, of_year)
    for each in (share, *ends, of_year):
        of_whole = np.nan_to_num(each)
        of_whole[on_top] = 0.0
        sums.append(_sum(leaf, of_whole, size))
    vetoed = np.flatnonzero(scored.veto)
    sums.append(_sum(leaf[vetoed], np.ones(len(vetoed)), size))
    added = [np.nan_to_num(each[on_top]) for each in ends]
    sums += [_sum(leaf[on_top], np.maximum(each, 0.0), size) for each in added]
    sums += [_sum(leaf[on_top], np.minimum(each, 0.0), size) for each in added]
    return sums


def _sum(place: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(place, values, size).astype(np.float64, copy=False)


def _roll_up(sums: list[Floats], headings: Headings, heading: Ints) -> None:
    """Add level 2 to level 1 and level 1 to the totals, in place; then round."""
    up = headings.parent[heading] - heading  # how far above the parent's card stands
    level = headings.level[heading]
    for deep in (2, 1):
        lower = np.flatnonzero(level == deep)
        for column in sums:
            np.add(column, _sum(lower + up[lower], column[lower], len(column)), out=column)
    for each in sums:
        np.round(each, DECIMALS, out=each)
