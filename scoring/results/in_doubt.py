"""What is in doubt under each heading of an entity: values to review, findings still open."""

from __future__ import annotations

import numpy as np

from schemas.records.rows import FindingRow
from schemas.tables.frames import rows_as
from schemas.vocabulary import FindingState
from scoring.engine import Scored
from scoring.model.columns import Flags, Floats, Ints
from scoring.model.inputs import NOT_ASSESSED
from scoring.results.scorecards import Cards


def values_in_doubt(scored: Scored, cards: Cards) -> Ints:
    """Count the assessed targets that need review, by card."""
    review = scored.inputs.targets["needs_review"].fillna(False).to_numpy(np.bool_)
    doubtful = review & (scored.rows.status != NOT_ASSESSED)
    return _rolled_up(scored, cards, doubtful.astype(np.float64))


def open_findings(scored: Scored, cards: Cards) -> Ints:
    """Count the open findings that concern the card's entity and heading.

    One of an indicator counts for each entity that is assessed, unless it names one; one of no
    indicator counts in the totals alone.
    """
    rows, found = scored.rows, scored.inputs.findings
    assessed = scored.rows.status != NOT_ASSESSED
    if found is None or not len(found):
        return np.zeros(len(cards.pair), np.int64)
    of_row, of_pair = np.zeros(len(rows)), np.zeros(rows.pair.size)
    for row in rows_as(FindingRow, found, [*_OF, "state"]):
        if row["state"] != FindingState.OPEN:
            continue
        chosen = _of(rows.documents.values, rows.documents.codes, row["document_id"])
        if row["entity"] is not None:
            chosen &= _of(rows.entities.values, rows.entities.codes, row["entity"])
        if row["serial_no"] is None:
            of_pair[np.unique(rows.pair.numbers[chosen])] += 1
        else:
            of_row[chosen & (rows.serial == row["serial_no"]) & assessed] += 1
    totals = cards.headings.level[cards.heading] == 0
    found_in = _rolled_up(scored, cards, of_row)
    return found_in + np.where(totals, of_pair[cards.pair], 0).astype(np.int64)


_OF = ("document_id", "serial_no", "entity")


def _of(values: tuple[str, ...], codes: Ints, wanted: str) -> Flags:
    code = values.index(wanted) if wanted in values else -2
    return np.asarray(codes == code, np.bool_)


def _rolled_up(scored: Scored, cards: Cards, counts: Floats) -> Ints:
    """Sum the rows' counts by card: of the indicator's heading, the one above, and the total."""
    if not counts.any():
        return np.zeros(len(cards.pair), np.int64)
    rows, headings = scored.rows, cards.headings
    width = len(headings.level)
    key = cards.pair * width + cards.heading
    order = np.argsort(key, kind="stable")
    found = np.zeros(len(key))
    heading = headings.of_indicator[rows.indicator]
    for _ in range(3):
        wanted = rows.pair.numbers * width + heading
        place = order[np.searchsorted(key[order], wanted)]
        found += np.bincount(place, counts, len(key))
        heading = headings.parent[heading]
    return found.astype(np.int64)
