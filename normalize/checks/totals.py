"""The document's own arithmetic: what an entity's points sum to, each weight group once.

Issuers keep every entity's total equal, so a total that differs points at a misread or misprinted
cell. Source of the rule: the notices themselves (the three counties of the 2020 notice sum to 99
each although they differ in which indicators apply).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product

from common.fold import clean
from normalize.checks.misread_points import NEAR, base_suspects, counts, groups_of, suspects
from normalize.model.doubt import Doubt
from normalize.points.cell import PointsReading
from normalize.points.groups import PrintedSum
from normalize.records.model import Record

Targets = Sequence[tuple[int, str]]

_MOST_COMBINATIONS = 4096


def totals(records: Sequence[Record], entities: Sequence[str]) -> dict[str, float]:
    """Return each entity's points: a group counts once, where a member of it is assessed."""
    sums = dict.fromkeys(entities, 0.0)
    for members in groups_of(records).values():
        for entity in entities:
            if counts(members, entity):
                sums[entity] += members[0].weight.reading.of(entity) or 0.0
    return {entity: round(value, 6) for entity, value in sums.items()}


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
        found = re.search(
            r"(?:满分|总分值?|合计|共计|总计)[为是:：]?(\d+(?:\.\d+)?)分?(?!\d)", clean(text)
        )
        if found and float(found.group(1)) > 0:
            return float(found.group(1))
    return None


def settle(
    records: Sequence[Record], entities: Sequence[str], printed: float | None
) -> tuple[tuple[Record, ...], tuple[tuple[int, Doubt], ...]]:
    """Take the one combination of listed points that makes an entity's total right.

    Where exactly one combination does, its readings replace the doubtful ones and the doubts
    become the info ``settled_by_totals``; the second part of the result are these, each with its
    group's first serial number. Otherwise all stays as it was.
    """
    open_points = _open_points(records, entities)
    goal = goal_of(totals(records, entities), printed, open_points)
    settled: list[tuple[int, Doubt]] = []
    for entity, choices in open_points.items():
        if goal is None:
            break
        chosen = _only_combination(records, entities, entity, choices, goal)
        for first_serial, value in (chosen or {}).items():
            records = tuple(_with_points(r, first_serial, entity, value) for r in records)
            settled.append((first_serial, _settled(entity, value, goal)))
    return tuple(records), tuple(settled)


def _open_points(
    records: Sequence[Record], entities: Sequence[str]
) -> dict[str, dict[int, tuple[float, ...]]]:
    """For each entity the groups whose points are doubtful for it, with their listed numbers."""
    found: dict[str, dict[int, tuple[float, ...]]] = {}
    for first_serial, members in groups_of(records).items():
        for doubt in members[0].weight.reading.doubts:
            numbers = tuple(
                float(a.text) for a in doubt.readings if re.fullmatch(r"[\d.]+", a.text)
            )
            concerned = [doubt.entity] if doubt.entity else []
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
    hits = [c for c in product(*choices.values()) if abs(rest + sum(c) - goal) < NEAR]
    return dict(zip(choices, hits[0], strict=True)) if len(hits) == 1 else None


def _with_points(record: Record, first_serial: int, entity: str, value: float) -> Record:
    if record.weight.first_serial != first_serial:
        return record
    old = record.weight.reading
    doubts = tuple(d for d in old.doubts if d.entity != entity)
    reading = PointsReading(old.base, {**old.exceptions, entity: value}, doubts, old.text)
    return replace(record, weight=replace(record.weight, reading=reading))


def _settled(entity: str, value: float, goal: float) -> Doubt:
    return Doubt(
        "settled_by_totals",
        f"The points of {entity} were not readable; only {value:g} makes its total {goal:g}.",
        f"{entity}的分值原文不清；只有取{value:g}分时其合计才等于{goal:g}分，据此确定。",
        (f"{value:g}",),
        severity="info",
        entity=entity,
    )


def check_totals(
    records: Sequence[Record], entities: Sequence[str], printed: float | None
) -> list[tuple[Doubt, Targets]]:
    """Return a doubt for every entity whose total is not what it should be, naming suspects.

    With each come the targets (serial number, entity) that it puts in doubt: those of the
    suspects where these are few and no points are doubtful by themselves.
    """
    sums = totals(records, entities)
    goal = goal_of(sums, printed)
    if goal is None:
        return [(_no_common_total(sums), ())] if len(set(sums.values())) > 1 else []
    doubtful = any(record.weight.doubts or record.weight.reading.doubts for record in records)
    lacks = {entity: goal - value for entity, value in sums.items()}
    found: list[tuple[Doubt, Targets]] = []
    for entity, missing in lacks.items():
        if abs(missing) > NEAR:
            held = suspects(records, entity, missing, {} if printed is not None else lacks)
            whole = printed is not None
            doubt = wrong_total(entity, sums[entity], goal, whole, held.texts)
            found.append((doubt, () if doubtful else held.targets))
    return found


def wrong_total(
    entity: str, value: float, goal: float, is_printed: bool, found: Sequence[str]
) -> Doubt:
    """Say that an entity's points sum to another total than is printed or than others have."""
    whose = "the printed total" if is_printed else "the other entities"
    whose_zh = "文件所印总分" if is_printed else "其他考核对象"
    hint = f"可能原因：{'；'.join(found)}。" if found else "未找到单独一处可以解释差额的单元格。"
    return Doubt(
        "total_differs",
        f"The points of {entity} sum to {value:g}, those of {whose} to {goal:g}.",
        f"{entity}的分值合计为{value:g}分，与{whose_zh}的{goal:g}分不一致。{hint}",
        tuple(found),
        entity=entity,
    )


def _no_common_total(sums: Mapping[str, float]) -> Doubt:
    listed = "、".join(f"{entity}{value:g}分" for entity, value in sums.items())
    return Doubt(
        "totals_unequal",
        "The entities' points have no common total: "
        + ", ".join(f"{entity} {value:g}" for entity, value in sums.items()),
        f"各考核对象的分值合计不一致：{listed}。请核对分值及例外。",
        tuple(f"{entity}={value:g}" for entity, value in sums.items()),
    )


def check_sums(
    records: Sequence[Record], sums: Sequence[PrintedSum]
) -> list[tuple[int, Doubt, Targets]]:
    """Compare the points printed for headings with the groups under them.

    With each doubt come the heading's first serial number and the targets that it puts in doubt.
    """
    found: list[tuple[int, Doubt, Targets]] = []
    groups = groups_of(records)
    first_of = {record.indicator.serial_no: record.weight.first_serial for record in records}
    for printed in sums:
        under = [groups[first] for first in dict.fromkeys(first_of[s] for s in printed.serials)]
        value = sum(members[0].weight.reading.base or 0.0 for members in under)
        if abs(value - printed.points) > NEAR:
            held = base_suspects(under, printed.points - value)
            found.append((printed.serials[0], _wrong_sum(printed, value, held.texts), held.targets))
    return found


def _wrong_sum(printed: PrintedSum, value: float, found: Sequence[str]) -> Doubt:
    hint = f"可能原因：{'；'.join(found)}。" if found else ""
    return Doubt(
        "heading_sum_differs",
        f"Heading {printed.name!r} prints {printed.points:g} points, those under it sum to "
        f"{value:g}.",
        f"标题“{printed.name}”所印分值为{printed.points:g}分，其下各项合计为{value:g}分。{hint}",
        (f"{value:g}", f"{printed.points:g}", *found),
    )
