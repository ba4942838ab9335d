"""Which values lie far from an earlier year's, and which must not be said to."""

from __future__ import annotations

import pytest

from normalize.checks.past_values import far_from_past
from normalize.targets.reader import TypedTarget
from schemas.records.earlier import PastIndicator, PastTarget
from tests.support.for_each import for_each


def far(
    now: tuple[str, str | None, float | None, str | None],
    then: tuple[str, str | None, float, str | None],
) -> list[tuple[float, float | None]]:
    kind, operator, value, unit = now
    typed = {"甲县": TypedTarget(kind, operator, value, unit, (), ())}
    before = PastIndicator("a-2020", 2020, 1, {"甲县": PastTarget(*then)})
    return [(each.value, each.likely) for each in far_from_past(typed, before)]


@for_each(
    "now, then, likely",
    [
        (("number", ">=", 600.0, "亿元"), ("number", ">=", 60.0, "亿元"), 60.0),
        (("number", ">=", 0.66, "亿元"), ("number", ">=", 60.0, "亿元"), 66.0),
        (("quantity", ">=", 70.0, "户"), ("quantity", ">=", 9.0, "户"), 7.0),
        (("number", ">=", 700.0, "亿元"), ("number", ">=", 30.0, "亿元"), None),
        (("number", ">=", 43.0, "%"), ("number", ">=", 4.3, "%"), 4.3),
        (("growth", ">=", 80.0, "%"), ("growth", ">=", 7.5, "%"), 8.0),
    ],
)
def test_far(
    now: tuple[str, str, float, str], then: tuple[str, str, float, str], likely: float | None
) -> None:
    ((value, meant),) = far(now, then)
    assert value == now[2]
    assert meant == (likely if likely is None else pytest.approx(likely))


@for_each(
    "now, then",
    [
        (("number", ">=", 90.0, "亿元"), ("number", ">=", 45.0, "亿元")),
        (("number", ">=", 6000.0, "万元"), ("number", ">=", 60.0, "亿元")),  # another unit
        (("limit", "<=", 600.0, "亿元"), ("number", ">=", 60.0, "亿元")),  # another demand
        (("number", ">=", 0.2, "%"), ("number", ">=", 5.4, "%")),  # a rate may fall so far
        (("growth", ">=", 1.0, "%"), ("growth", ">=", 25.0, "%")),
        (("number", ">=", 0.0, "户"), ("number", ">=", 60.0, "户")),
        (("number", ">=", -5.0, "%"), ("number", ">=", 60.0, "%")),
        (("number", ">=", 60.0, "户"), ("number", ">=", 0.0, "户")),
        (("compound", None, None, None), ("number", ">=", 60.0, "户")),
        (("approximate", "~", 600.0, "户"), ("approximate", "~", 60.0, "户")),
    ],
)
def test_not_far(
    now: tuple[str, str | None, float | None, str | None], then: tuple[str, str, float, str]
) -> None:
    assert far(now, then) == []


def test_another_entity_says_nothing() -> None:
    typed = {"甲县": TypedTarget("number", ">=", 600.0, "亿元", (), ())}
    before = PastIndicator("a", 2020, 1, {"乙县": PastTarget("number", ">=", 60.0, "亿元")})
    assert list(far_from_past(typed, before)) == []
