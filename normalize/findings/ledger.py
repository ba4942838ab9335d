"""The book of doubts: every sign that a value may be wrong goes through here, once.

A doubt becomes one finding however many values it touches; the values it touches are marked for
review, each with its reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from common.fold import clean, fold
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import LogicalCell
from normalize.text.length import MOST_CHARACTERS, is_cut
from schemas.records.document import Cell, NoteMark, ReaderNote, Seen
from schemas.records.notice import Finding
from schemas.vocabulary import Severity

_SERIOUS = ("error", "warning")
LOW_CONFIDENCE = 0.97
"""Below this a recognised cell is in doubt. Measured on scans of 150 to 300 dpi, clean and bad:
2 of 100 right cells lie below it, and nearly every cell with a wrong word."""


class Place(NamedTuple):
    """What a doubt is about: an indicator, perhaps one entity, a field, and the printed cell.

    ``text`` is what is printed where that is in no cell.
    """

    serial_no: int | None
    entity: str | None
    field: str | None
    cell: LogicalCell | None = None
    text: str | None = None


NOWHERE = Place(None, None, None)


@dataclass(frozen=True, slots=True)
class PlacedDoubt:
    """A doubt, what it is about, and the targets (serial number, entity) it puts in doubt."""

    doubt: Doubt
    place: Place = NOWHERE
    touched: Sequence[tuple[int, str]] = ()


@dataclass(slots=True)
class Entry:
    """One finding, the cell it is about, and the targets (serial number, entity) it touches."""

    finding: Finding
    cell: LogicalCell | None = None
    touched: set[tuple[int, str]] = field(default_factory=set)

    @property
    def is_open(self) -> bool:
        """Whether it is serious and nobody has decided on it."""
        return self.finding.severity in _SERIOUS and self.finding.state == "open"


class Ledger:
    """Findings so far, and with each the targets it puts in doubt."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._of_target: dict[tuple[int, str], list[Entry]] = {}
        self._noted: dict[tuple[int, str, str], Entry] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings in the order they were made."""
        return tuple(entry.finding for entry in self.entries)

    def enter(self, doubts: Iterable[PlacedDoubt]) -> None:
        """Enter doubts in their order; a serious one marks the touched targets for review."""
        for each in doubts:
            self._enter(each.doubt, each.place, each.touched)

    def _enter(self, doubt: Doubt, place: Place, touched: Iterable[tuple[int, str]]) -> None:
        key = (id(place.cell) if place.cell else hash(place), doubt.code, doubt.message)
        entry = self._noted.get(key)
        if entry is None:
            printed = place.cell.sources[0] if place.cell and place.cell.sources else None
            entry = self._noted[key] = Entry(_finding(doubt, place, printed), place.cell)
            self.entries.append(entry)
        for target in touched if doubt.severity in _SERIOUS else ():
            if target not in entry.touched:
                entry.touched.add(target)
                self._of_target.setdefault(target, []).append(entry)

    def enter_note(self, note: ReaderNote) -> None:
        """Enter what a reader noted of the document."""
        finding = Finding(
            note.severity,
            note.code,
            note.message,
            note.message_zh,
            text=note.text,
            page=note.page,
            box=note.box,
        )
        self.entries.append(Entry(finding))

    def accept(self, entry: Entry) -> None:
        """Close a finding: a person says that what was read is right."""
        entry.finding = replace(entry.finding, state="accepted")

    def reason(self, serial_no: int, entity: str) -> str | None:
        """Return why a target needs review, in Chinese, or None where nothing is doubtful."""
        entries = self._of_target.get((serial_no, entity), ())
        reasons = dict.fromkeys(entry.finding.message_zh for entry in entries if entry.is_open)
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
        text=clean(place.cell.text) if place.cell else place.text,
        alternatives=doubt.alternatives,
        page=printed.page if printed else None,
        box=printed.box if printed else None,
        cell=printed.key if printed else None,
    )


def doubts_of(cell: LogicalCell, *, shared: bool = False) -> Sequence[Doubt]:
    """Return a cell's own doubts and those of its readers: they differ, or one is not sure.

    ``shared``: whether one cell is meant for several rows or each has its own changes its value.
    """
    read = (each for source in cell.sources for each in _source_doubts(source, shared=shared))
    return (*cell.doubts, *read)


def _source_doubts(source: Cell, *, shared: bool) -> Iterator[Doubt]:
    if _disagrees(source):
        yield _disagreement(source)
    elif is_unsure(source):
        yield _low_confidence(source)
    if source.undrawn and (shared or source.undrawn != "repeated"):
        yield _undrawn(source)
    if is_cut(source):
        yield doubt("text_too_long", count=MOST_CHARACTERS)
    yield from (_marked(source, mark) for mark in source.marks)
    yield from (_seen(source, seen) for seen in source.seen)


def _marked(source: Cell, mark: NoteMark) -> Doubt:
    text = clean(source.text)
    if mark.note is None:
        return doubt("note_mark.lost", sign=mark.sign, text=text)
    return doubt(
        "note_mark.kept", severity=Severity.INFO, sign=mark.sign, text=text, note=mark.note
    )


def _seen(source: Cell, seen: Seen) -> Doubt:
    text, other = clean(source.text), clean(seen.text)
    if seen.why == "glyph":
        return doubt("seen_otherwise.glyph", text=text, other=other)
    if seen.why == "outside":
        return doubt("seen_otherwise.outside", text=text, other=other)
    over = _OVER.get(seen.why)
    return over(text, other) if over else _gone(seen.why, text, other)


_OVER: dict[str, Callable[[str, str], Doubt]] = {
    "marked": lambda text, other: doubt("seen_otherwise.marked", text=text, other=other),
    "overlaid": lambda text, other: doubt("seen_otherwise.overlaid", text=text, other=other),
    "overprinted": lambda text, other: doubt("seen_otherwise.overprinted", text=text, other=other),
    "crossed": lambda text, other: doubt("seen_otherwise.crossed", text=text, other=other),
    "clipped": lambda text, other: doubt("seen_otherwise.clipped", text=text, other=other),
    "filled": lambda text, _: doubt("seen_otherwise.filled", text=text),
    "unsized": lambda text, other: doubt("seen_otherwise.unsized", text=text, column=other),
    "prompt": lambda text, other: doubt("seen_otherwise.prompt", text=text, other=other),
    "pictured": lambda text, _: doubt("seen_otherwise.pictured", text=text),
}
"""What is said of a text over which something lies, or which is itself only a stand-in."""


def _gone(why: str, text: str, other: str) -> Doubt:
    """Doubt a text of which something was left out that was seen at some time."""
    if why == "struck":
        return doubt("seen_otherwise.struck", text=text, other=other)
    if why == "covered":
        return doubt("seen_otherwise.covered", text=text, other=other)
    if why == "hidden":
        return doubt("seen_otherwise.hidden", text=text, other=other)
    return doubt("seen_otherwise.cut", text=text, other=other)


def is_unsure(source: Cell) -> bool:
    """Tell whether a cell was recognised from a picture with too little confidence."""
    return source.confidence is not None and source.confidence < LOW_CONFIDENCE


def _low_confidence(source: Cell) -> Doubt:
    share = round(100 * (source.confidence or 0.0))
    return doubt("low_confidence.cell", share=share, text=clean(source.text))


def _undrawn(source: Cell) -> Doubt:
    text = clean(source.text)
    make = _UNDRAWN.get(source.undrawn or "")
    if make is not None:
        return make(text)
    return doubt("undrawn.extent", text=text) if text else doubt("undrawn.blank")


_UNDRAWN: dict[str, Callable[[str], Doubt]] = {
    "covered": lambda text: doubt("undrawn.covered", text=text),
    "cut": lambda text: doubt("undrawn.cut", text=text),
    "line": lambda text: doubt("undrawn.line", text=text),
    "repeated": lambda text: doubt("undrawn.repeated", text=text),
    "width": lambda text: doubt("undrawn.width", text=text),
}
"""What is said of a cell by what nothing drawn decides about it."""


def _disagrees(source: Cell) -> bool:
    return (
        source.agreed is False
        and source.other_text is not None
        and fold(source.other_text) != fold(source.text)
    )


def _disagreement(source: Cell) -> Doubt:
    other = clean(source.other_text or "")
    mine = clean(source.text)
    return doubt("readers_disagree", (mine, other), replaces=mine, mine=mine, other=other)
