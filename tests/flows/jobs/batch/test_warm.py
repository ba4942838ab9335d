"""What a process does before the first document comes."""

from __future__ import annotations

import sys
from itertools import chain

from pdfminer.cmapdb import CMapDB

from extract.files.kinds import FORMATS
from extract.glyphs.known import shapes_by_character
from flows.jobs.batch import warm
from normalize.targets.measure import measure_pattern
from schemas.tables.registry import DOCUMENT_TABLES, TABLES


def test_a_process_that_gets_warm_has_read_what_notices_hold() -> None:
    """Else the first use of each pattern is paid for by every document."""
    measure_pattern.cache_clear()
    made = warm.practise()
    assert (made.summary.indicators, made.summary.targets) == (8, 16)
    assert {*made.tables["targets"].column("operator").to_pylist()} >= {">=", "<="}
    assert measure_pattern.cache_info().currsize == 1


def test_views_are_kept_with_and_without_each_table_that_may_come_later() -> None:
    assert sorted([*DOCUMENT_TABLES, *chain(*warm.LATER)]) == sorted(TABLES)


def test_a_process_that_gets_warm_has_what_any_format_needs() -> None:
    """Readers, shapes of glyphs, how Chinese fonts number: each document would load it anew."""
    shapes_by_character.cache_clear()
    warm.get_warm()
    assert {known.reader[0] for known in FORMATS.values()} <= sys.modules.keys()
    assert shapes_by_character.cache_info().currsize == 1
    assert "UniGB-UCS2-H" in CMapDB._cmap_cache
