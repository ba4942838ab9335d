"""Notices that word processors, spreadsheets and a browser printed are read as what was written."""

from __future__ import annotations

import pytest

from tests.support.workshop.printing import CASES, Printed
from tests.support.workshop.reading import differences, flagged, read_notice


@pytest.mark.parametrize("printed", CASES, ids=[case.name for case in CASES])
def test_printed_notice_is_read_exactly(printed: Printed) -> None:
    notice = printed.notice()
    _, reading = read_notice(printed.path, year=notice.year)
    wrong = [*differences(notice, printed.layout, reading), *flagged(reading)]
    assert wrong == [], "\n".join(map(str, wrong))
