"""Parts of a year in headers: their codes, and what is none."""

from __future__ import annotations

from normalize.columns.periods import period_of
from tests.support.for_each import for_each


@for_each(
    "name, code",
    [
        ("1—3月", "Q1"), ("1-6月目标", "H1"), ("1至9月累计", "Q3"), ("前三季度", "Q3"),
        ("4-6月", "Q2"), ("7—9月", "Q3"), ("10-12月", "Q4"), ("7-12月", "H2"),
        ("1-12月", "12"), ("1-5月", "05"), ("前5个月", "05"), ("6月底", "06"), ("3月", "03"),
        ("二季度", "Q2"), ("下半年", "H2"), ("1月至9月", "Q3"), ("一至三月", None),
        ("2-5月", None), ("9-3月", None), ("1-13月", None),
    ],
)  # fmt: skip
def test_months_that_are_a_quarter_or_a_half_year_are_called_so(
    name: str, code: str | None
) -> None:
    found = period_of(name)
    assert (found.code if found else None) == code
