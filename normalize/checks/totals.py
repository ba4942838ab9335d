"""The document's own arithmetic: what an entity's points sum to, each weight group once.

Issuers keep every entity's total equal, so a total that differs points at a misread or misprinted
cell. Source of the rule: the notices themselves (the three counties of the 2020 notice sum to 99
each although they differ in which indicators apply).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from common.fold import clean
from common.messages import message
from common.numbers import exact, same, show
from normalize.checks.misread_points import (
    Suspects,
    base_suspects,
    counts,
    groups_of,
    suspects,
)
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.model.doubt import Doubt, doubt
from normalize.points.groups import PrintedSum
from normalize.records.model import Record
from schemas.records.notice import Alternative
from schemas.records.sums import sums_of
from schemas.vocabulary import ItemKind, Severity

_MOST_COMBINATIONS = 4096  # of listed points that are tried; more would settle nothing surely


def totals(records: Sequence[Record], entities: Sequence[str]) -> dict[str, float]:
    """Return each entity's points: a group counts once, where a member of it is assessed."""
    return sums_of(
        entities,
        (
            (entity, group, members[0].weight.reading.of(entity))
            for group, members in groups_of(records).items()
            for entity in entities
            if counts(members, entity)
        ),
    )


def goal_of(
    sums: Mapping[str, float], printed: float | None, doubtful: Iterable[str] = ()
) -> float | None:
    """Return the total that entities should have: the printed one, else the commonest.

    The commonest must be shared by two entities at least and by half of those that are not
    doubtful; None where the document gives no such total.
    """
    if printed is not None:
        return printed
    sure = [value for entity, value in sums.items() if entity not in set(doubtful)]
    if len(sure) < 2:
        return None
    value, count = Counter(sure).most_common(1)[0]
    return value if count >= 2 and count >= len(sure) / 2 else None


def printed_total(texts: Iterable[str]) -> float | None:
    """Return the total that a title or total row prints (满分100分, 总分：100), else None."""
    for text in texts:
        for found in _TOTAL.finditer(clean(text)):
            number = exact(found["total"])
            if number and not _OF_A_PART.search(found["before"]):
                return number
    return None


#: A total and what its clause says before it; a bound of a grade (总分90分以上) is none.
_TOTAL = re.compile(
    r"(?P<before>[^，,。；;！!？?]*?)(?:满分|总分值?|合计|共计|总计)[为是:：]?(?P<total>\d+(?:\.\d+)?)"
    r"(?![\d.]|分?\s*(?:[（(]不?含(?:\d+分?)?[）)]|及?以[上下内]|[-—–~～－至到]|不[足到满]|的|者|之间))"
)
_OF_A_PART = re.compile("加分|减分|扣分|附加|奖励|单项|每项|其中|得分|最[多高]")


def settle(
    records: Sequence[Record], entities: Sequence[str], printed: float | None
) -> tuple[tuple[Record, ...], list[PlacedDoubt]]:
    """Take the one combination of listed points that makes an entity's total right.

    Where exactly one combination does, its readings replace the doubtful ones and the doubts
    become the info ``settled_by_totals``, the second part of the result. Otherwise all stays as it
    was.
    """
    open_points = _open_points(records, entities)
    goal = goal_of(totals(records, entities), printed, open_points)
    settled: list[PlacedDoubt] = []
    for entity, choices in open_points.items():
        if goal is None:
            break
        chosen = _only_combination(records, entities, entity, choices, goal)
        for first_serial, value in (chosen or {}).items():
            records = tuple(_with_points(r, first_serial, entity, value) for r in records)
            place = Place(first_serial, entity, "max_points")
            settled.append(PlacedDoubt(_settled(entity, value, goal), place))
    return tuple(records), settled


def _open_points(
    records: Sequence[Record], entities: Sequence[str]
) -> dict[str, dict[int, tuple[float, ...]]]:
    """For each entity the groups whose points are doubtful for it, with their listed numbers."""
    found: dict[str, dict[int, tuple[float, ...]]] = {}
    for first_serial, members in groups_of(records).items():
        for held in members[0].weight.reading.doubts:
            texts = (each.text for each in held.alternatives)
            numbers = tuple(number for t in texts if (number := exact(t)) is not None)
            concerned = [held.entity] if held.entity else []
            for entity in concerned:
                if len(numbers) > 1 and counts(members, entity):
                    found.setdefault(entity, {})[first_serial] = numbers
    return {entity: found[entity] for entity in entities if entity in found}


def _only_combination(
    records: Sequence[Record],
    entities: Sequence[str],
    entity: str,
    choices: Mapping[int, tuple[float, ...]],
    goal: float,
) -> dict[int, float] | None:
    count = 1
    for numbers in choices.values():
        count *= len(numbers)
    if count > _MOST_COMBINATIONS:
        return None
    readings = {g: m[0].weight.reading for g, m in groups_of(records).items()}
    rest = totals(records, entities)[entity] - sum(readings[g].of(entity) or 0.0 for g in choices)
    hits = [c for c in product(*choices.values()) if same(rest + sum(c), goal)]
    return dict(zip(choices, hits[0], strict=True)) if len(hits) == 1 else None


def _with_points(record: Record, first_serial: int, entity: str, value: float) -> Record:
    if record.weight.first_serial != first_serial:
        return record
    old = record.weight.reading
    doubts = tuple(d for d in old.doubts if d.entity != entity)
    reading = replace(old, exceptions={**old.exceptions, entity: value}, doubts=doubts)
    return replace(record, weight=replace(record.weight, reading=reading))


def _settled(entity: str, value: float, goal: float) -> Doubt:
    return doubt(
        "settled_by_totals",
        (Alternative(show(value), max_points=value),),
        severity=Severity.INFO,
        entity=entity,
        whose=entity,
        value=value,
        goal=goal,
    )


def check_totals(
    records: Sequence[Record], entities: Sequence[str], printed: float | None
) -> Iterator[PlacedDoubt]:
    """Yield a doubt for every entity whose total is not what it should be, naming suspects.

    It touches the suspects' targets where these are few and no points are doubtful by themselves.
    """
    sums = totals(records, entities)
    goal = goal_of(sums, printed)
    if goal is None:
        if len(set(sums.values())) > 1:
            yield PlacedDoubt(_no_common_total(sums), Place(None, None, "max_points"))
        return
    doubtful = any(record.weight.doubts or record.weight.reading.doubts for record in records)
    lacks = {entity: goal - value for entity, value in sums.items() if not same(value, goal)}
    others = {} if printed is not None else {e: goal - value for e, value in sums.items()}
    for entity, missing in lacks.items():
        held = suspects(records, entity, missing, others)
        wrong = wrong_total(entity, sums[entity], goal, printed is not None, held)
        place = Place(None, entity, "max_points")
        yield PlacedDoubt(wrong, place, () if doubtful else held.targets)


def wrong_total(entity: str, value: float, goal: float, is_printed: bool, found: Suspects) -> Doubt:
    """Doubt an entity's points that sum to another total than is printed or than others have."""
    return doubt(
        "total_differs.from_print" if is_printed else "total_differs.from_others",
        found.readings,
        entity=entity,
        whose=entity,
        value=value,
        goal=goal,
        hint=found.hint or message("normalize.misread_points.not_found").zh,
    )


def _no_common_total(sums: Mapping[str, float]) -> Doubt:
    return doubt(
        "totals_unequal",
        tuple(f"{entity}={show(value)}" for entity, value in sums.items()),
        listed=", ".join(f"{entity} {show(value)}" for entity, value in sums.items()),
        listed_zh="、".join(f"{entity}{show(value)}分" for entity, value in sums.items()),
    )


def check_sums(
    records: Sequence[Record], sums: Sequence[PrintedSum], entities: Sequence[str]
) -> Iterator[PlacedDoubt]:
    """Compare the points printed for headings with the groups under them; doubt what differs.

    Items on top of the whole are in no sum. Where entities have points of their own, the heading's
    are right if they are the sum of one of them.
    """
    groups = groups_of(records)
    first_of = {record.indicator.serial_no: record.weight.first_serial for record in records}
    for printed in sums:
        firsts = dict.fromkeys(first_of[serial_no] for serial_no in printed.serials)
        under = [groups[first] for first in firsts if _is_scored(groups[first])]
        values = _sums_of(under, entities)
        if under and not any(same(value, printed.points) for value in values):
            held = base_suspects(under, printed.points - values[0])
            wrong = doubt(
                "heading_sum_differs",
                (show(values[0]), show(printed.points), *held.readings),
                heading=printed.name,
                points=printed.points,
                value=values[0],
                hint=held.hint,
            )
            yield PlacedDoubt(wrong, Place(printed.serials[0], None, "base_points"), held.targets)


def _is_scored(members: Sequence[Record]) -> bool:
    return members[0].weight.reading.kind is ItemKind.SCORED


def _sums_of(groups: Sequence[Sequence[Record]], entities: Sequence[str]) -> list[float]:
    """Return what the groups' points sum to: the base, or each entity's where one has no base."""
    readings = [members[0].weight.reading for members in groups]
    if all(reading.base is not None for reading in readings):
        return [sum(reading.base or 0.0 for reading in readings)]
    return [sum(reading.of(entity) or 0.0 for reading in readings) for entity in entities]
