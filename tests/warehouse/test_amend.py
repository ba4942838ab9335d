"""Tables made anew from their landed rows: several of a document in one snapshot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from common.refusal import Refusal
from tests.support.warehouse.landings import DOCUMENT, batch
from warehouse import snapshots as store
from warehouse.landing import Amendment, amend, land
from warehouse.reading import read_table

Make = Callable[[Any], Any]


def amendment(table: str, make: Make, document_id: str = DOCUMENT, year: int = 2021) -> Amendment:
    return Amendment(document_id, year, table, make, "run-2", "0.1.0")


def first(rows: int) -> Make:
    """Return what keeps the first rows."""
    return lambda frame: frame.iloc[:rows]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    land(tmp_path / "tables", [batch()])
    return tmp_path / "tables"


def counts(warehouse: Path) -> list[int]:
    names = ("cells", "indicators", "targets", "findings")
    return [len(read_table(warehouse, name)) for name in names]


def test_several_tables_of_a_document_in_one_snapshot(warehouse: Path) -> None:
    before = store.current_snapshot(warehouse)
    landing = amend(warehouse, [amendment("cells", first(3)), amendment("targets", first(2))])
    assert landing.changed
    assert landing.rows == {"cells": 3, "targets": 2}
    assert counts(warehouse) == [3, 6, 2, 2]
    after = store.current_snapshot(warehouse)
    assert after == landing.snapshot != before
    assert len(list((warehouse / "snapshots").glob("0*-2*"))) == 2  # one more, not two


def test_amending_to_the_same_changes_nothing(warehouse: Path) -> None:
    before = store.current_snapshot(warehouse)
    same = [amendment("cells", lambda rows: rows), amendment("targets", lambda rows: rows)]
    assert not amend(warehouse, same).changed
    assert store.current_snapshot(warehouse) == before


def test_one_table_twice_is_refused(warehouse: Path) -> None:
    twice = [amendment("cells", first(1)), amendment("cells", first(2))]
    with pytest.raises(Refusal) as refused:
        amend(warehouse, twice)
    assert refused.value.code == "document_twice"
    years = [amendment("cells", first(1)), amendment("targets", first(1), year=2020)]
    with pytest.raises(Refusal):
        amend(warehouse, years)
    assert counts(warehouse) == [35, 6, 18, 2]


def test_a_table_that_cannot_be_made_leaves_all_as_it_was(warehouse: Path) -> None:
    def broken(_: Any) -> Any:
        raise Refusal("broken", "broken", "broken")

    with pytest.raises(Refusal):
        amend(warehouse, [amendment("cells", first(1)), amendment("targets", broken)])
    assert counts(warehouse) == [35, 6, 18, 2]


def test_what_was_computed_from_an_older_snapshot_is_refused(warehouse: Path) -> None:
    seen = store.current_snapshot(warehouse)
    assert amend(warehouse, [amendment("cells", first(9))], made_from=seen).changed
    with pytest.raises(Refusal) as refused:
        amend(warehouse, [amendment("cells", first(1))], made_from=seen)
    assert refused.value.code == "warehouse_moved"
    assert counts(warehouse)[0] == 9


def test_a_file_written_before_a_column_came_is_read(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from schemas.tables.registry import TABLES
    from warehouse import files
    from warehouse.contents import Contents

    contents = Contents(store.require_snapshot(warehouse))
    _, name = contents.files("findings")[0]
    whole = files.read_rows(contents, name)
    older = whole.drop_columns(["state"])
    monkeypatch.setattr(files, "read_rows", lambda *_: older)
    read = files.read_as(TABLES["findings"], contents, name)
    assert read.schema.names == list(TABLES["findings"].names)
    assert read["state"].null_count == len(read) > 0
    assert read.drop_columns(["state"]).equals(older.cast(read.drop_columns(["state"]).schema))
