"""Lights: the pace of an attainment against what is expected by the as-of date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import numpy as np

from schemas.vocabulary import Light
from scoring.model.columns import Floats, Ints
from scoring.model.inputs import Rows
from scoring.rules.declared import Edition
from scoring.rules.method_rows import slack_of
from scoring.rules.notice_rules import NoticeRules

LIGHTS = tuple(each.value for each in Light)
GREEN, YELLOW, RED, GREY = range(4)


@lru_cache(maxsize=1024)
def expected(year: int, as_of: date, plan: tuple[tuple[date, float], ...] = ()) -> float:
    """Return what share of a year's work is expected by the end of a day.

    Linear from 0 before the year's first day to 1 at the end of its last, or between the days
    of a plan; after the plan's last day linear to 1 at the end of the year.
    """
    first, last = date(year, 1, 1).toordinal() - 1, date(year, 12, 31).toordinal()
    steps = [(day.toordinal(), share) for day, share in plan if first < day.toordinal() < last]
    days, shares = zip((first, 0.0), *steps, (last, 1.0), strict=True)
    return float(np.interp(as_of.toordinal(), days, shares))


def paces(
    rows: Rows, rules: Mapping[str, NoticeRules], as_of: date, defaults: Edition
) -> tuple[Floats, Floats, Floats]:
    """Return of each document what is expected, and from what pace on it is green and yellow.

    Of sums that share of the year is expected; a level and a rate shall hold all year.
    """
    found = []
    for name, year in zip(rows.documents.values, rows.years().tolist(), strict=True):
        own = rules.get(name)
        levels = (own.lights if own else None) or (defaults.green, defaults.yellow)
        found.append((expected(year, as_of, own.progress if own else ()), *levels))
    columns = np.array(found, np.float64).reshape(-1, 3)
    return columns[:, 0], columns[:, 1], columns[:, 2]


def lights(attainment: Floats, due: Floats, green: Floats, yellow: Floats) -> Ints:
    """Return the light of each row by its attainment; grey where it has none.

    Where nothing is expected yet, whatever is not below 0 is green; a pace is compared without
    dividing, so that it need not be known.
    """
    slack = slack_of(attainment, due)
    light = np.full(len(attainment), RED, np.int64)
    light[attainment >= due * yellow - slack] = YELLOW
    light[attainment >= due * green - slack] = GREEN
    light[np.isnan(attainment)] = GREY
    return light
