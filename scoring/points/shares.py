"""The points of a weight group, shared by its members that are assessed for an entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from common.refusal import refusal
from scoring.model.columns import Floats, Numbering
from scoring.model.inputs import NOT_ASSESSED, UNREADABLE, Rows
from scoring.rules.notice_rules import NoticeRules


@dataclass(frozen=True, slots=True)
class Shares:
    """``points`` of each row (NaN where not assessed): ``max_points * weight / of_group``.

    ``weight`` is the member's declared fraction, or 1; ``of_group`` sums the weights of the
    group's members that are assessed for the entity.
    """

    points: Floats
    max_points: Floats
    weight: Floats
    of_group: Floats
    group: Numbering


def share_points(rows: Rows, rules: Mapping[str, NoticeRules]) -> Shares:
    """Share each group's points equally, or by a notice's fractions.

    A member that cannot be read takes its share: it is there, only its target is not known. Its
    points are those of its group, or as printed for all entities.
    """
    width = int(rows.group.max(initial=0)) + 1
    alone = np.where(rows.on_top, width + rows.serial, rows.group)
    group = Numbering(rows.pair.numbers, alone, int(alone.max(initial=0)) + 1)
    weight = np.ones(len(rows))
    for name, own in rules.items():
        if own.fractions and name in rows.documents.values:
            _declare(weight, rows, name, own)
    weight[rows.status == NOT_ASSESSED] = 0.0
    of_group = np.bincount(group.numbers, weight, group.size).astype(np.float64)[group.numbers]
    points = _with_points(rows, group)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = points * (weight / of_group)
    share[rows.status == NOT_ASSESSED] = np.nan
    return Shares(share, points, weight, of_group, group)


def _declare(weight: Floats, rows: Rows, name: str, own: NoticeRules) -> None:
    """Set the weights of a document's groups; refused where a fraction is for no member."""
    document = rows.documents.codes == rows.documents.values.index(name)
    for number, fractions in own.fractions.items():
        members = np.flatnonzero(document & (rows.group == number))
        if set(rows.serial[members].tolist()) != set(fractions):
            raise refusal("scoring.bad_rules.fractions", document=name, weight_group=number)
        for serial, fraction in fractions.items():
            weight[members[rows.serial[members] == serial]] = fraction


def _with_points(rows: Rows, group: Numbering) -> Floats:
    """Fill the points of unreadable rows that have none."""
    lacking = np.flatnonzero((rows.status == UNREADABLE) & np.isnan(rows.max_points))
    if len(lacking) == 0:
        return rows.max_points
    known = np.full(group.size, np.nan)
    printed_for = ~np.isnan(rows.max_points) & (rows.status != NOT_ASSESSED)
    known[group.numbers[printed_for]] = rows.max_points[printed_for]
    found = known[group.numbers[lacking]]
    printed = rows.indicators.floats("base_points")[rows.indicator[lacking]]
    filled = rows.max_points.copy()
    filled[lacking] = np.where(np.isnan(found), printed, found)
    return filled
