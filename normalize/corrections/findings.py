"""What became of the findings once a document was corrected, and what each correction says.

A finding of the document as read that does not come up again is ``corrected``, one that a person
accepts is ``accepted``; both stay in the list. Each correction adds a finding of its own that says
who changed what and why.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from common.fold import clean, fold
from common.messages import message
from common.refusal import refusal
from normalize.corrections.cells import CellDecision, accept_cells, described, shown
from normalize.corrections.values import ValueDecision, accept_values
from normalize.findings.ledger import Entry, Ledger
from normalize.records.model import Interpretation, Record
from schemas.records.corrections import Correction, FindingPlace
from schemas.records.notice import Alternative, Finding
from schemas.records.source import SourceMeta
from schemas.tables.document_frames import finding_ids, finding_place
from schemas.vocabulary import FindingState, Severity


def merge_findings(
    source: SourceMeta,
    stages: tuple[Interpretation, Interpretation, Interpretation],
    cells: Sequence[CellDecision],
    values: Sequence[ValueDecision],
) -> tuple[Finding, ...]:
    """Return all findings of a corrected document.

    ``stages`` are the document as read, with its cells corrected, and with values decided as well.
    Findings come in the order in which the document as read gave them, then new ones, then one
    for each correction. Raises Refusal for an accepting correction that has nothing to accept.
    """
    as_read, with_right_cells, final = stages
    if not source.corrections:
        return as_read.ledger.findings
    serials = renumbered(as_read.records, with_right_cells.records)
    kept = kept_findings(as_read.ledger.findings, final.ledger.entries, serials)
    accept_cells(cells, final.ledger)
    accept_values(values, final.records, final.ledger)
    accepted = accepted_findings(source.corrections, kept, source.document_id, final.ledger)
    of_corrections = {
        **{each.correction.number: of_cell(each, final.records) for each in cells},
        **{each.correction.number: of_value(each, final.records) for each in values},
        **{correction.number: of_finding(correction, found) for correction, found in accepted},
    }
    return (
        *(each.now for each in kept),
        *(of_corrections[number] for number in sorted(of_corrections)),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A finding as the document as read gave it, and as it comes up now (None: no more)."""

    before: Finding
    entry: Entry | None

    @property
    def now(self) -> Finding:
        """The finding in its present state."""
        return replace(self.before, state="corrected") if self.entry is None else self.entry.finding


def kept_findings(
    before: Sequence[Finding], after: Sequence[Entry], serials: Mapping[int, int]
) -> list[Kept]:
    """Match the findings of the document as read with those of the corrected one.

    ``serials`` gives the present number of an indicator that was counted otherwise as read.
    Findings as read come first in their order, those that are new after them.
    """
    moved = [_numbered(finding, serials) for finding in before]
    left = list(after)
    matched: dict[int, Entry] = {}
    for key in (_exact, finding_place):
        _match(moved, left, matched, key)
    kept = [Kept(finding, matched.get(i)) for i, finding in enumerate(moved)]
    return [*kept, *(Kept(entry.finding, entry) for entry in left)]


def _numbered(finding: Finding, serials: Mapping[int, int]) -> Finding:
    number = finding.serial_no
    return finding if number is None else replace(finding, serial_no=serials.get(number, number))


def _exact(finding: Finding) -> Hashable:
    return (*finding_place(finding), finding.message, finding.text)


def _match(
    before: Sequence[Finding],
    left: list[Entry],
    matched: dict[int, Entry],
    key: Callable[[Finding], Hashable],
) -> None:
    """Take from ``left`` a partner for each finding that has none, by its key."""
    waiting: dict[Hashable, list[Entry]] = {}
    for entry in left:
        waiting.setdefault(key(entry.finding), []).append(entry)
    for i, finding in enumerate(before):
        partners = waiting.get(key(finding))
        if i not in matched and partners:
            matched[i] = partners.pop(0)
    taken = {id(entry) for entry in matched.values()}
    left[:] = [entry for entry in left if id(entry) not in taken]


def renumbered(before: Sequence[Record], after: Sequence[Record]) -> dict[int, int]:
    """Return the new serial numbers where a corrected cell made rows appear or go."""
    if len(before) == len(after):
        return {}
    old, new = ([_name(record) for record in records] for records in (before, after))
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {a + i + 1: b + i + 1 for a, b, size in blocks for i in range(size)}


def _name(record: Record) -> tuple[str | None, ...]:
    held = record.indicator
    return (held.level3, held.level4, held.indicator)


def accepted_findings(
    corrections: Sequence[Correction], kept: Sequence[Kept], document_id: str, ledger: Ledger
) -> list[tuple[Correction, Finding]]:
    """Close the findings that are accepted by their id; returns each with its correction."""
    ids = [each.rsplit("/", 1)[-1] for each in finding_ids((k.now for k in kept), document_id)]
    found: dict[str, tuple[Correction, Finding]] = {}
    for correction in corrections:
        if not isinstance(correction.where, FindingPlace):
            continue
        digest = correction.where.finding_id.rsplit("/", 1)[-1]
        if digest not in ids:
            raise refusal("normalize.correction_place.no_finding", **described(correction))
        if digest in found:
            other = found[digest][0].number
            raise refusal("normalize.correction_twice", **described(correction), other=other)
        entry = kept[ids.index(digest)].entry
        if entry is None or entry.finding.state != "open":
            raise refusal("normalize.correction_unused.nothing_open", **described(correction))
        _expect(correction, entry.finding)
        found[digest] = (correction, entry.finding)
        ledger.accept(entry)
    return list(found.values())


def _expect(correction: Correction, finding: Finding) -> None:
    said = [text for text in (finding.text, finding.message_zh, finding.message) if text]
    if fold(shown(correction.expect)) not in map(fold, said):
        raise refusal(
            "normalize.correction_unmatched",
            **described(correction),
            expected=shown(correction.expect),
            read=said[0],
        )


def of_cell(decision: CellDecision, records: Sequence[Record]) -> Finding:
    """Return the finding that tells of a printed cell's correction.

    Its serial number is that of the first indicator which the cell serves, its entity that of the
    only target, its message names all.
    """
    served = list(_served(decision, records))
    serials = list(dict.fromkeys(serial_no for serial_no, _ in served))
    entities = {entity for _, entity in served}
    listed = "、".join(map(str, serials))
    cell = decision.cell
    finding = _decision(decision.correction, decision.read.text, listed)
    return replace(
        finding,
        serial_no=serials[0] if serials else None,
        entity=next(iter(entities)) if len(entities) == 1 else None,
        page=cell.page,
        box=cell.box,
        cell=cell.key,
    )


def _served(decision: CellDecision, records: Sequence[Record]) -> Iterator[tuple[int, str | None]]:
    for record in records:
        columns = {id(target.cell): entity for entity, target in record.targets.items()}
        held = [*record.leaf.headings, *(c for cells in record.leaf.cells.values() for c in cells)]
        for cell in held:
            if any(source.key == decision.cell.key for source in cell.sources):
                yield record.indicator.serial_no, columns.get(id(cell))


def of_value(decision: ValueDecision, records: Sequence[Record]) -> Finding:
    """Return the finding that tells of a value's correction."""
    where = decision.where
    record = records[where.serial_no - 1]
    target = record.targets.get(decision.entities[0]) if decision.entities else None
    printed = target.cell.sources[0] if target and target.cell.sources else None
    return replace(
        _decision(decision.correction, decision.read),
        serial_no=where.serial_no,
        entity=where.entity,
        field=where.column,
        page=printed.page if printed else record.indicator.page,
        box=printed.box if printed else None,
        cell=printed.key if printed else record.indicator.cell,
    )


def of_finding(correction: Correction, finding: Finding) -> Finding:
    """Return the finding that tells why another was accepted."""
    decision = _decision(correction, finding.text or finding.message_zh)
    return replace(
        decision,
        serial_no=finding.serial_no,
        entity=finding.entity,
        field=finding.field,
        page=finding.page,
        box=finding.box,
        cell=finding.cell,
    )


def _decision(correction: Correction, read: str, served: str = "") -> Finding:
    """Say in two languages what was changed or accepted, why, by whom and when.

    ``served`` lists the indicators that a printed cell serves.
    """
    slots = described(correction)
    if served:
        whole = message("normalize.indicators_served", **slots, served=served)
        slots |= {"where": whole.en, "where_zh": whole.zh}
    old = clean(read)
    new = old if correction.value is None else shown(correction.value)
    said = message(
        "normalize.accepted" if correction.accepts else "normalize.corrected",
        **slots,
        old=old,
        new=new,
        old_zh=_quoted(old),
        new_zh=_quoted(new),
        reason=correction.reason,
        by=correction.by,
        on=correction.on,
    )
    return Finding(
        Severity.INFO,
        "accepted" if correction.accepts else "corrected",
        said.en,
        said.zh,
        text=old,
        alternatives=tuple(map(Alternative, dict.fromkeys((old, new)))),
        state=FindingState.ACCEPTED if correction.accepts else FindingState.CORRECTED,
    )


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "空白"
