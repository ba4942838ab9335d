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
from tests.support.workshop.methods import methods_that_do_not_fit
from tests.support.workshop.pdf_style import PdfStyle
from tests.support.workshop.reading import Difference, differences, flagged, read_notice, silent
from tests.support.workshop.strategies import (
    flowing_styles,
    layouts,
    notices,
    plain_layouts,
    styles,
)

#: As many in a usual run; the soak draws anew as long as it lasts.
EXAMPLES = 4


settled = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))


def read_back(
    data: st.DataObject, layout_strategy: st.SearchStrategy[Layout], kind: str
) -> tuple[list[Difference], Reading, Notice]:
    """Draw a notice, a layout and a style; return differences, reading, and what was drawn."""
    notice: Notice = data.draw(notices(), label="notice")
    layout: Layout = data.draw(layout_strategy, label="layout")
    style: Style | None = data.draw(styles(kind), label="style")
    drawn = fitted(notice, layout)
    with TemporaryDirectory() as folder:
        path = draw(drawn, grid_of(drawn, layout), Path(folder), style)
        _, reading = read_notice(path, year=notice.year)
    return differences(drawn, layout, reading), reading, drawn


def _blank_at_end(said: str) -> bool:
    """Tell whether a doubt is of a blank at a page's end over a text on the next.

    Where a document says in its last part what a cut cell holds, and but once, such a blank may
    as well be a cell of its own: it is read as drawn, and doubted.
    """
    return "blank_at_break" in said or "本页末行此处空白" in said


def _of_drawing(said: str, misfits: set[int]) -> bool:
    """Tell whether a doubt is right because names, targets and methods are drawn apart.

    What end of a scale is good cannot be told of a name beside another's targets; a method that
    does not fit its row, such as points by proportion to a sentence, cannot be applied.
    """
    methods = tuple(f"warning method_not_applied {serial} " for serial in misfits)
    return said.startswith(("warning direction_unknown ", *methods))


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "md"])
@settled
@given(data=st.data())
def test_round_trip(kind: str, data: st.DataObject) -> None:
    wrong, reading, drawn = read_back(data, layouts(), kind)
    misfits = methods_that_do_not_fit(drawn)
    said_of = flagged(reading)
    doubted = [one for one in said_of if not (_blank_at_end(one) or _of_drawing(one, misfits))]
    said = "\n".join([*map(str, wrong), *doubted])
    assert not said, said


@settled
@given(data=st.data())
def test_markdown_is_never_wrong_in_silence(data: st.DataObject) -> None:
    wrong, reading, _ = read_back(data, plain_layouts(), "md")
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
