"""The printed row of an indicator, where there is no page to show, stands under its headings."""

from __future__ import annotations

from typing import Any

from report.review.places import Places
from report.site.crops import printed_rows


def cell(row: int, column: int, text: str, span: int = 1) -> dict[str, Any]:
    return {"table_no": 1, "row": row, "column": column, "row_span": 1, "column_span": span,
            "text": text, "page": None}  # fmt: skip


def test_each_cell_of_a_printed_row_has_its_heading() -> None:
    """A title over the whole table is none; a heading over two columns is one of both."""
    cells = [
        cell(1, 1, "某市2020年目标表", 3),
        *(cell(2, 1, "指标"), cell(2, 2, "目标", 2)),
        *(cell(3, 1, "指标"), cell(3, 2, "甲县"), cell(3, 3, "乙县")),
        *(cell(4, 1, "增速"), cell(4, 2, "8"), cell(4, 3, "9")),
        *(cell(5, 1, "粮食"), cell(5, 2, "5"), cell(5, 3, "6")),
    ]
    places = Places(rows={1: (1, 4, 4), 2: (1, 5, 5)})
    heads = ("指标", "目标 › 甲县", "目标 › 乙县")
    assert printed_rows(cells, places) == {
        1: list(zip(heads, ("增速", "8", "9"), strict=True)),
        2: list(zip(heads, ("粮食", "5", "6"), strict=True)),
    }
