"""A person's corrections applied to a document: as read, as corrected, and what became of doubts.

The document is understood as it was read, again with its printed cells corrected, and again with
values decided, so that types, totals and doubts follow from what is right. A finding of the
document as read that does not come up again is ``corrected``, one that a person accepts is
``accepted``; both stay in the list. Each correction adds a finding of its own that says who
changed what and why. Nothing is applied unless everything can be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from normalize.corrections.cells import accept_cells, cell_decisions, with_cells
from normalize.corrections.findings import (
    accepted_findings,
    kept_findings,
    of_cell,
    of_finding,
    of_value,
    renumbered,
)
from normalize.corrections.values import accept_values, decisions_of, value_decisions
from normalize.findings.ledger import Ledger
from normalize.records.decisions import UNDECIDED, Decisions
from normalize.records.reader import Reader, Record
from schemas.records.corrections import Correction
from schemas.records.document import Document
from schemas.records.notice import Finding


@dataclass(frozen=True, slots=True)
class Understood:
    """A document once understood: its records, and the reader with the ledger of its doubts."""

    records: tuple[Record, ...]
    reader: Reader

    @property
    def ledger(self) -> Ledger:
        """The book of doubts of this understanding."""
        return self.reader.ledger


Understand = Callable[[Document, Decisions], Understood]


def corrected(
    document: Document, corrections: Sequence[Correction], document_id: str, understand: Understand
) -> tuple[Understood, tuple[Finding, ...]]:
    """Understand a document with its corrections; returns that and all findings.

    Findings come in the order in which the document as read gave them, then new ones, then one
    for each correction. Raises Refusal for a correction whose place is not there, whose
    ``expect`` is not what is read, that changes nothing, or that meets another.
    """
    as_read = understand(document, UNDECIDED)
    if not corrections:
        return as_read, as_read.ledger.findings
    cells = cell_decisions(document, corrections)
    better = with_cells(document, cells)
    between = as_read if better is document else understand(better, UNDECIDED)
    values = value_decisions(corrections, between.records, between.reader)
    decided = decisions_of(values)
    after = understand(better, decided) if decided.values else between
    serials = renumbered(as_read.records, between.records)
    kept = kept_findings(as_read.ledger.findings, after.ledger.entries, serials)
    accept_cells(cells, after.ledger)
    accept_values(values, after.records, after.ledger)
    accepted = accepted_findings(corrections, kept, document_id, after.ledger)
    told = {
        **{each.correction.number: of_cell(each, after.records) for each in cells},
        **{each.correction.number: of_value(each, after.records) for each in values},
        **{correction.number: of_finding(correction, found) for correction, found in accepted},
    }
    findings = (*(each.now for each in kept), *(told[number] for number in sorted(told)))
    return after, findings
