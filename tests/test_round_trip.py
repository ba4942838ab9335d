"""Random notices, layouts and ways of printing are read as exactly what was drawn."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.records.notice import Notice as Reading
from tests.support.workshop.damage_judge import judge
from tests.support.workshop.draw import FORMATS, Style, draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import Layout, fitted
from tests.support.workshop.logical import Notice
from tests.support.workshop.pdf_style import PdfStyle
from tests.support.workshop.reading import Difference, differences, flagged, read_notice, silent
from tests.support.workshop.strategies import (
    flowing_styles,
    layouts,
    notices,
    plain_layouts,
    styles,
)

EXAMPLES = 25


settled = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))


def read_back(
    data: st.DataObject, layout_strategy: st.SearchStrategy[Layout], kind: str
) -> tuple[list[Difference], Reading]:
    """Draw a notice, a layout and a style; return the differences and the reading."""
    notice: Notice = data.draw(notices(), label="notice")
    layout: Layout = data.draw(layout_strategy, label="layout")
    style: Style | None = data.draw(styles(kind), label="style")
    drawn = fitted(notice, layout)
    with TemporaryDirectory() as folder:
        path = draw(drawn, grid_of(drawn, layout), Path(folder), style)
        _, reading = read_notice(path, year=notice.year)
    return differences(drawn, layout, reading), reading


def _blank_at_end(said: str) -> bool:
    """Tell whether a doubt is of a blank at a page's end or top, beside a text on the other side.

    Where a document says in its last part what a cut cell holds, and but once, such a blank may
    as well be a cell of its own: it is read as drawn, and doubted.
    """
    blanks = ("blank_at_break", "本页末行此处空白", "本页首行此处空白")
    return any(each in said for each in blanks)


def _of_direction(said: str) -> bool:
    """Tell whether a doubt is of the end of a scale, or of a method that does not fit its row.

    Names, targets and methods are drawn apart from one another here.
    """
    return said.startswith(("warning direction_unknown ", "warning method_not_applied "))


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "md"])
@settled
@given(data=st.data())
def test_round_trip(kind: str, data: st.DataObject) -> None:
    wrong, reading = read_back(data, layouts(), kind)
    doubted = [one for one in flagged(reading) if not (_blank_at_end(one) or _of_direction(one))]
    said = "\n".join([*map(str, wrong), *doubted])
    assert not said, said


@settled
@given(data=st.data())
def test_markdown_is_never_wrong_in_silence(data: st.DataObject) -> None:
    wrong, reading = read_back(data, plain_layouts(), "md")
    said = "\n".join(map(str, silent(wrong, reading)))
    assert not said, said


@settled
@given(notice=notices(), layout=layouts(), style=flowing_styles())
def test_texts_that_flow_over_closed_pages_are_never_wrong_in_silence(
    notice: Notice, layout: Layout, style: PdfStyle
) -> None:
    """Which rows and names a page cut cannot always be told, but always be doubted."""
    drawn = fitted(notice, layout)
    with TemporaryDirectory() as folder:
        path = draw(drawn, grid_of(drawn, layout), Path(folder), style)
        _, reading = read_notice(path, year=notice.year)
    said = "\n".join(map(str, judge(drawn, layout, reading).silent))
    assert not said, said
