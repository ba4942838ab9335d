"""What is said of the day on which a file came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from returns.days import of_day
from returns.receipt import receipt_of
from tests.support.for_each import for_each
from tests.support.returns.samples import book, document

JAN, DEADLINE, FEB = date(2022, 1, 5), date(2022, 1, 31), date(2022, 2, 5)


@for_each(
    "before, count",
    [([2], 1), ([None], 1), ([1], 0), ([1, 2], 1), ([], 0)],  # of part 2; None: one figure then
)
def test_what_came_in_time_counts_though_the_parts_changed(
    before: list[int | None], count: int
) -> None:
    made = book((9, "脱贫", "东河区", 2, "完成率100%", "%", 100, None, None, None, "县级自查"))
    receipt = replace(receipt_of(made, (document(),)), deadline=DEADLINE)
    landed = [
        {
            "serial_no": 9,
            "entity": "东河区",
            "part_no": part,
            "department": receipt.department,
            "received_on": JAN,
        }
        for part in before
    ]
    (said,) = (each for each in of_day(receipt, FEB, landed).remarks if each.code == "late")
    assert (f"其中 {count} 行此前曾按期报送" in said.message_zh) == bool(count)
