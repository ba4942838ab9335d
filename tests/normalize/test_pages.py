"""Pages that stand twice, in another order, or went unread: put right, or said loudly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from schemas.records.notice import Notice
from tests.support.workshop.draw import draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import Layout, fitted
from tests.support.workshop.layouts import CLASSIC, UNIT_COLUMN
from tests.support.workshop.pdf_style import PdfStyle
from tests.support.workshop.reading import differences, read_notice
from tests.support.workshop.samples import sample

STYLE = PdfStyle(body=150.0)
#: The front page and the four pages of the table.
PAGES = range(5)
BACKWARDS = tuple(reversed(PAGES))


def piled(folder: Path, layout: Layout, style: PdfStyle, order: Sequence[int]) -> Path:
    """Print the sample and lay its pages in an order, some perhaps twice."""
    drawn = fitted(sample(), layout)
    path = draw(drawn, grid_of(drawn, layout), folder, style)
    printed = pypdfium2.PdfDocument(path)
    assert len(printed) == len(PAGES)
    pile = pypdfium2.PdfDocument.new()
    for page in order:
        pile.import_pages(printed, [page])
    pile.save(folder / "pile.pdf")
    return folder / "pile.pdf"


def read(path: Path) -> Notice:
    return read_notice(path, 2021)[1]


def codes(notice: Notice) -> dict[str, str]:
    return {finding.code: finding.severity for finding in notice.findings}


@pytest.mark.parametrize(
    "order", [(0, 1, 2, 2, 3, 4), (0, 1, 2, 3, 2, 4), (0, 1, 2, 3, 4, 1, 2, 3, 4), (1, 1, 2, 3, 4)]
)
@pytest.mark.parametrize("numbered", [True, False])
def test_a_page_that_stands_twice_is_read_once_and_named(
    order: Sequence[int], numbered: bool, tmp_path: Path
) -> None:
    style = replace(STYLE, page_numbers=numbered)
    notice = read(piled(tmp_path, CLASSIC, style, order))
    assert differences(fitted(sample(), CLASSIC), CLASSIC, notice) == []
    assert codes(notice)["page_repeated"] == "warning"
    assert "mostly_unread" not in codes(notice)


@pytest.mark.parametrize("order", [BACKWARDS, (0, 1, 3, 2, 4), (3, 4, 0, 1, 2)])
@pytest.mark.parametrize("repeat_header", [True, False])
@pytest.mark.parametrize("layout", [CLASSIC, UNIT_COLUMN])
def test_order_is_put_right_by_page_numbers_or_serial_numbers(
    layout: Layout, repeat_header: bool, order: Sequence[int], tmp_path: Path
) -> None:
    body = STYLE.body + (30 if repeat_header and layout is UNIT_COLUMN else 0)
    style = replace(STYLE, body=body, repeat_header=repeat_header, page_numbers=layout is CLASSIC)
    notice = read(piled(tmp_path, layout, style, order))
    assert differences(fitted(sample(), layout), layout, notice) == []
    assert codes(notice)["pages_reordered"] == "warning"


@pytest.mark.parametrize("repeat_header", [True, False])
def test_pages_backwards_that_nothing_numbers_are_an_error(
    repeat_header: bool, tmp_path: Path
) -> None:
    style = replace(STYLE, repeat_header=repeat_header, page_numbers=False)
    notice = read(piled(tmp_path, CLASSIC, style, BACKWARDS))
    assert len(notice.indicators) < len(sample().groups)
    assert codes(notice)["mostly_unread"] == "error"
    assert notice.findings[0].code == "mostly_unread"


def test_whole_documents_are_neither_repeated_nor_moved_nor_unread(tmp_path: Path) -> None:
    notice = read(piled(tmp_path, CLASSIC, STYLE, PAGES))
    assert codes(notice).keys().isdisjoint({"page_repeated", "pages_reordered", "mostly_unread"})
