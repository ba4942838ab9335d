"""When a line came first, also where the parts of its target changed between."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from scoring.returns.withheld import EPOCH, first_received

JAN, FEB = date(2021, 1, 5), date(2021, 2, 5)


def returned(*lines: tuple[int | None, date]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "document_id": "tianhe-2020",
            "serial_no": 1,
            "entity": "甲县",
            "part_no": pd.array([part for part, _ in lines], "Int64"),
            "department": "市统计局",
            "received_on": [day for _, day in lines],
        }
    )


@pytest.mark.parametrize(
    ("before", "part", "first"),
    [
        (None, None, JAN),
        (None, 2, JAN),  # it was one figure
        (2, None, JAN),  # it had parts
        (2, 2, JAN),
        (1, 2, FEB),
    ],
)
def test_a_line_came_first_with_the_whole_or_a_part(
    before: int | None, part: int | None, first: date
) -> None:
    everything = returned((before, JAN), (part, FEB))
    found = first_received(everything.iloc[1:], everything, {})
    assert found.tolist() == [(first - EPOCH).days]
