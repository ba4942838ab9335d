"""Which of several returns of a line counts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from scoring.engine import score
from scoring.model.items import STATUSES
from tests.support.scoring.notices import indicator, inputs, one, returned, target

JAN, FEB = date(2021, 1, 5), date(2021, 2, 5)


def test_the_latest_received_by_the_day_counts() -> None:
    rows = [
        {"actual_value": 5.0, "received_on": FEB, "revision": 2},
        {"actual_value": 9.0, "received_on": JAN, "revision": 1},
    ]
    assert one(returned=rows, as_of=date(2021, 1, 4)).status[0] == STATUSES.index("not_received")
    assert one(returned=rows, as_of=JAN).attainment[0] == 0.9
    assert one(returned=rows, as_of=FEB).attainment[0] == 0.5


def test_of_one_day_the_highest_revision_counts() -> None:
    rows = [
        {"actual_value": 5.0, "revision": 3},
        {"actual_value": 7.0, "revision": 10},
        {"actual_value": 9.0, "revision": 2},
    ]
    assert one(returned=rows).attainment[0] == 0.7


def test_a_later_return_that_takes_a_value_back_counts() -> None:
    rows = [{"actual_value": 5.0, "revision": 1}, {"actual_value": None, "revision": 2}]
    assert STATUSES[one(returned=rows).status[0]] == "not_received"


def test_a_veto_that_was_taken_back_is_none() -> None:
    rows = [
        {"actual_value": 5.0, "veto": True, "revision": 1},
        {"actual_value": 5.0, "veto": False, "revision": 2},
    ]
    assert one(returned=rows).attainment[0] == 0.5


def test_returns_without_a_target_are_told() -> None:
    owner = indicator()
    rows = [
        returned(owner, actual_value=5.0),
        returned(owner, "别县", actual_value=5.0),
        returned(indicator(7), actual_value=5.0),
        returned(owner, actual_value=5.0) | {"document_id": "other-2020"},
    ]
    scored = score(inputs([owner], [target(owner)], rows))
    assert sorted(scored.latest.unmatched.tolist()) == [1, 2, 3]
    assert scored.attainment[0] == 0.5


@pytest.mark.parametrize("value", [float("inf"), float("-inf")])
def test_a_number_that_is_none_is_invalid(value: float) -> None:
    assert STATUSES[one(returned={"actual_value": value}).status[0]] == "invalid"


def test_without_any_return_all_is_open() -> None:
    scored = one()
    assert (scored.low[0], scored.high[0]) == (0.0, 1.0)
    assert np.isnan(scored.points[0])
