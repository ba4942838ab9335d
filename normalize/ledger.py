"""The book of doubts: every sign that a value may be wrong goes through here, once.

A doubt becomes one finding however many values it touches; the values it touches are marked for
review, each with its reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from normalize.grid import Doubt, LogicalCell
from normalize.text import clean, fold
from schemas.document import Cell, ReaderNote
from schemas.notice import Finding

_SERIOUS = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Place:
    """What a doubt is about: an indicator, perhaps one entity, a field, and the printed cell."""

    serial_no: int | None
    entity: str | None
    field: str | None
    cell: LogicalCell | None = None


class Ledger:
    """Findings so far, and the reasons to review each target (serial number, entity)."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._reasons: dict[tuple[int, str], list[str]] = {}
        self._noted: set[tuple[int, str, str]] = set()

    def note(self, doubt: Doubt, place: Place, touched: Iterable[tuple[int, str]] = ()) -> None:
        """Enter a doubt; a serious one marks the touched targets for review."""
        if doubt.severity in _SERIOUS:
            for target in touched:
                reasons = self._reasons.setdefault(target, [])
                if doubt.message_zh not in reasons:
                    reasons.append(doubt.message_zh)
        key = (id(place.cell) if place.cell else hash(place), doubt.code, doubt.message)
        if key in self._noted:
            return
        self._noted.add(key)
        printed = place.cell.sources[0] if place.cell and place.cell.sources else None
        self.findings.append(_finding(doubt, place, printed))

    def note_reader(self, note: ReaderNote) -> None:
        """Enter what a reader said of the document."""
        self.findings.append(
            Finding(
                note.severity,
                note.code,
                note.message,
                note.message_zh,
                text=note.text,
                page=note.page,
                box=note.box,
            )
        )

    def reason(self, serial_no: int, entity: str) -> str | None:
        """Return why a target needs review, in Chinese, or None where nothing is doubtful."""
        reasons = self._reasons.get((serial_no, entity))
        return "；".join(text.rstrip("。") for text in reasons) + "。" if reasons else None


def _finding(doubt: Doubt, place: Place, printed: Cell | None) -> Finding:
    return Finding(
        doubt.severity,
        doubt.code,
        doubt.message,
        doubt.message_zh,
        serial_no=place.serial_no,
        entity=doubt.entity or place.entity,
        field=place.field,
        text=clean(place.cell.text) if place.cell else None,
        alternatives=doubt.alternatives,
        page=printed.page if printed else None,
        box=printed.box if printed else None,
    )


def doubts_of(cell: LogicalCell) -> Sequence[Doubt]:
    """Return a cell's own doubts and those that the second reader raises."""
    return (*cell.doubts, *(_disagreement(s) for s in cell.sources if _disagrees(s)))


def _disagrees(source: Cell) -> bool:
    return (
        source.agreed is False
        and source.other_text is not None
        and fold(source.other_text) != fold(source.text)
    )


def _disagreement(source: Cell) -> Doubt:
    other = clean(source.other_text or "")
    mine = clean(source.text)
    return Doubt(
        "readers_disagree",
        f"The two readers differ: {mine!r} and {other!r}.",
        f"两种读取方式结果不一致：“{mine}”与“{other}”。",
        (mine, other),
    )
