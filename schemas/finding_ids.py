"""What makes a finding the same finding when its document is ingested again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from schemas.notice import Finding


def finding_place(finding: Finding) -> tuple[object, ...]:
    """Return a finding's identity but for others of its kind at the same place.

    An indicator's finding keeps its identity when a cell is read a little larger or its message
    is worded anew; one without an indicator is known by its place on the page, or by its text.
    """
    box = finding.box
    corners = None if box is None else (round(box.x0), round(box.top))
    where: tuple[object, ...] = (finding.serial_no, finding.entity, finding.field)
    if finding.serial_no is None:
        where += (finding.page, corners, finding.text if corners is None else None)
    return (finding.code, *where)


def finding_ids(findings: Iterable[Finding], document_id: str) -> list[str]:
    """Return each finding's id, in order: those at one place are numbered as they come."""
    seen: dict[str, int] = {}
    ids = []
    for finding in findings:
        place = "|".join(map(str, finding_place(finding)))
        seen[place] = seen.get(place, 0) + 1
        digest = hashlib.sha256(f"{place}|{seen[place]}".encode()).hexdigest()[:12]
        ids.append(f"{document_id}/{digest}")
    return ids
