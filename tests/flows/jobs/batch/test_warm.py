"""What a process does before the first document comes."""

from __future__ import annotations

from flows.jobs.batch import warm
from flows.jobs.ingest import Reading
from normalize.targets.measure import measure_pattern


def test_a_process_that_gets_warm_has_read_what_notices_hold() -> None:
    """Else the first use of each pattern is paid for by every document."""
    measure_pattern.cache_clear()
    read = warm.practise()
    assert isinstance(read, Reading)
    assert (len(read.notice.indicators), len(read.notice.entities)) == (8, 2)
    assert {each.operator for each in read.notice.targets} >= {">=", "<="}
    assert measure_pattern.cache_info().currsize == 1
