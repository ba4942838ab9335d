"""Nights in a row leave no more behind than the first few did."""

from __future__ import annotations

from pathlib import Path

from tests.support.flows.many_nights import footprint, one_more_night, own_temporary_folder, size_of
from tests.support.flows.nights import City

NIGHTS, SETTLED = 8, 6
"""By the sixth night there are as many snapshots as are kept."""


def test_nights_with_small_changes_leave_no_more_and_no_more(tmp_path: Path) -> None:
    city, seen, sizes = City(tmp_path), [], []
    with own_temporary_folder(tmp_path / "temporary"):
        for night in range(NIGHTS):
            done = one_more_night(city, night)
            assert not done.up_to_date
            seen.append(footprint(city))
            sizes.append(size_of(city.warehouse / "nightly.json"))
    assert seen[SETTLED:] == [seen[SETTLED]] * (NIGHTS - SETTLED)
    assert sizes[SETTLED:] == [sizes[SETTLED]] * (NIGHTS - SETTLED)
    assert "temporary" not in seen[-1]
    assert len(list((city.warehouse / "snapshots").iterdir())) <= SETTLED
