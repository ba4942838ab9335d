"""What is landed already, known by the hash of all that it was made from."""

from __future__ import annotations

from pathlib import Path

from common.refusal import Refusal
from flows.jobs.batch.prepared import Office
from warehouse.contents import Contents
from warehouse.reading import landed_notices
from warehouse.snapshots import current_snapshot


def landed_inputs(warehouse: Path) -> dict[str, tuple[str, Office]]:
    """Return document and office by the hash of what its rows were made from.

    Nothing where nothing is landed, or the notices are damaged: they are read anew then.
    """
    try:
        snapshot = current_snapshot(warehouse)
        notices = landed_notices(snapshot) if snapshot is not None else []
    except Refusal:
        return {}
    return {
        each["inputs_sha256"]: (each["document_id"], Office.of(each["year"], each["issuer"]))
        for each in notices
        if each["inputs_sha256"] is not None
    }


def landed_offices(warehouse: Path) -> list[Office]:
    """Return whose notices of which years are landed; none where that cannot be read."""
    try:
        snapshot = current_snapshot(warehouse)
        notices = landed_notices(snapshot) if snapshot is not None else []
    except Refusal:
        return []
    return [Office.of(each["year"], each["issuer"]) for each in notices]


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
