"""Tables that programs printed without full rules are read as what was written.

What nothing drawn shows (how many columns or rows a text covers) may be flagged, and only that.
"""

from __future__ import annotations

import pytest

from tests.support.workshop.layouts import LAYOUTS
from tests.support.workshop.reading import differences, flagged, read_notice, silent
from tests.support.workshop.undrawn import EXACT, TOLD, Undrawn

MOST_FLAGGED = 0.65
NOT_DRAWN = ("没有表格线", " undrawn ")


@pytest.mark.parametrize("printed", EXACT, ids=[case.name for case in EXACT])
def test_a_table_without_full_rules_is_read_exactly(printed: Undrawn) -> None:
    notice = printed.notice()
    document, reading = read_notice(printed.path, year=notice.year)
    assert differences(notice, LAYOUTS[printed.layout], reading) == []
    assert {note.code for note in document.notes} >= {"rules_not_drawn"}
    others = [each for each in flagged(reading) if not any(word in each for word in NOT_DRAWN)]
    assert others == []
    flags = [target.needs_review for target in reading.targets]
    assert sum(flags) <= MOST_FLAGGED * len(flags)


@pytest.mark.parametrize("printed", TOLD, ids=[case.name for case in TOLD])
def test_what_nothing_drawn_decides_is_told(printed: Undrawn) -> None:
    notice = printed.notice()
    _, reading = read_notice(printed.path, year=notice.year)
    assert len(reading.indicators) == len(list(notice.leaves()))
    assert silent(differences(notice, LAYOUTS[printed.layout], reading), reading) == []
