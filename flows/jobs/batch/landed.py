"""What is landed already, known by the hash of all that it was made from."""

from __future__ import annotations

from pathlib import Path

from common.refusal import Refusal
from flows.jobs.batch.prepared import Office
from warehouse.contents import Contents
from warehouse.query import query
from warehouse.snapshots import current_snapshot


def landed_inputs(warehouse: Path) -> dict[str, tuple[str, int]]:
    """Return document and year by the hash of what its rows were made from.

    Nothing where nothing is landed, or the notices are damaged: they are read anew then.
    """
    try:
        if current_snapshot(warehouse) is None:
            return {}
        sql = "SELECT inputs_sha256, document_id, year FROM notices WHERE inputs_sha256 IS NOT NULL"
        rows = query(warehouse, sql, of=("notices",)).rows
    except Refusal:
        return {}
    return {inputs: (document_id, year) for inputs, document_id, year in rows}


def landed_offices(warehouse: Path) -> list[Office]:
    """Return whose notices of which years are landed; none where that cannot be read."""
    try:
        if current_snapshot(warehouse) is None:
            return []
        rows = query(warehouse, "SELECT year, issuer FROM notices", of=("notices",)).rows
    except Refusal:
        return []
    return [Office.of(year, issuer) for year, issuer in rows]


def is_whole(warehouse: Path, year: int) -> bool:
    """Say whether all table files of a year are as they were landed; it reads each."""
    try:
        snapshot = current_snapshot(warehouse)
        if snapshot is None:
            return False
        contents = Contents(snapshot)
        for name in contents.names:
            if f"/year={year}/" in name:
                contents.read(name)
    except Refusal:
        return False
    return True
