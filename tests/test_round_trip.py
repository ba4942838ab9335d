"""Random notices, layouts and ways of printing are read as exactly what was drawn."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workshop.draw import FORMATS, Style, draw
from tests.workshop.grid import grid_of
from tests.workshop.layout import Layout, fitted
from tests.workshop.logical import Notice
from tests.workshop.reading import differences, flagged, read_notice
from tests.workshop.strategies import layouts, notices, plain_layouts, styles

EXAMPLES = 25


@pytest.mark.parametrize("kind", FORMATS)
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_round_trip(kind: str, data: st.DataObject) -> None:
    notice: Notice = data.draw(notices(), label="notice")
    layout: Layout = data.draw(plain_layouts() if kind == "md" else layouts(), label="layout")
    style: Style | None = data.draw(styles(kind), label="style")
    drawn = fitted(notice, layout)
    with TemporaryDirectory() as folder:
        path = draw(drawn, grid_of(drawn, layout), Path(folder), style)
        _, reading = read_notice(path, year=notice.year)
    doubted = [] if kind == "md" else flagged(reading)
    wrong = differences(drawn, layout, reading) + doubted
    assert not wrong, "\n".join(wrong)
