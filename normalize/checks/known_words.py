"""Settles look-alikes by words the document itself, or an earlier year, prints beyond doubt.

A recogniser that hesitates between 域 and 城 hands on both readings of a cell. Where exactly one
of them is a known word, or is known with the characters around it (流域禁捕), that one is taken,
and a finding of severity info notes it. Numbers are never settled in this way: no word shows
which digit was printed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from common.declared import declared_list
from common.fold import clean, fold
from common.messages import Message, message
from normalize.findings.ledger import LOW_CONFIDENCE, Place, PlacedDoubt, is_unsure
from normalize.layout.table_chains import near
from normalize.model.doubt import Doubt, doubt
from schemas.records.document import Cell, Document, ReaderNote, Table
from schemas.records.earlier import KnownWords
from schemas.vocabulary import Severity

_IN_NUMBERS = re.compile(r"[0-9%‰.<>≤≥=+-]")
_SHORTEST = 2
_AROUND = 2  # characters on either side that make a character's place a known one


def settle_by_vocabulary(
    document: Document, vocabulary: Iterable[str] = (), earlier: Sequence[KnownWords] = ()
) -> tuple[Document, tuple[ReaderNote, ...]]:
    """Return the document with look-alikes settled, and a note for each cell that was.

    ``vocabulary`` holds words known beforehand, ``earlier`` those of earlier documents, the latest
    first: departments, entities, headings, units. A document of which nothing was recognised from
    pictures comes back as it is.
    """
    if not any(cell.confidence is not None for cell in _cells(document.tables)):
        return document, ()
    own = Known(message("normalize.known_words.own"), _known(document.tables, vocabulary))
    known = (own, *map(_of_earlier, earlier))
    notes: list[ReaderNote] = []
    tables = tuple(
        replace(table, cells=tuple(_settled(cell, known, notes) for cell in table.cells))
        for table in document.tables
    )
    return replace(document, tables=tables), tuple(notes)


@dataclass(frozen=True, slots=True)
class Known:
    """Folded words that are beyond doubt, and whose they are."""

    whose: Message
    words: frozenset[str]


def _of_earlier(document: KnownWords) -> Known:
    return Known(
        message("normalize.known_words.earlier", document=document.document_id, year=document.year),
        _long_enough(map(fold, document.words)),
    )


def _long_enough(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if len(word) >= _SHORTEST)


def _cells(tables: Sequence[Table]) -> Iterable[Cell]:
    return (cell for table in tables for cell in table.cells)


def _known(tables: Sequence[Table], vocabulary: Iterable[str]) -> frozenset[str]:
    """Return the folded texts that are beyond doubt: declared, given, or surely read."""
    sure = (
        cell.text
        for cell in _cells(tables)
        if cell.confidence is not None and not is_unsure(cell) and cell.agreed is not False
    )
    declared = (
        *declared_list("normalize", "departments", "whole"),
        *declared_list("normalize", "departments", "collective"),
    )
    return _long_enough(map(fold, (*sure, *vocabulary, *declared)))


def _settled(cell: Cell, known: Sequence[Known], notes: list[ReaderNote]) -> Cell:
    if cell.confidence is None or cell.agreed is not False or cell.other_text is None:
        return cell
    mine, other = cell.text, cell.other_text
    if _IN_NUMBERS.findall(mine) != _IN_NUMBERS.findall(other):
        return cell
    of_mine = [each for each in known if _is_known(mine, other, each.words)]
    of_other = [each for each in known if _is_known(other, mine, each.words)]
    if bool(of_mine) == bool(of_other):
        return cell
    taken, left = (mine, other) if of_mine else (other, mine)
    notes.append(_note(cell, clean(taken), clean(left), (of_mine or of_other)[0]))
    return cell._replace(text=taken, agreed=None, other_text=None, confidence=LOW_CONFIDENCE)


def _is_known(text: str, other: str, known: Collection[str]) -> bool:
    """Tell whether a text is a known word, or stands in one where it differs from another."""
    mine, theirs = fold(text), fold(other)
    if mine in known:
        return True
    if len(mine) != len(theirs):
        return False
    differing = [i for i, pair in enumerate(zip(mine, theirs, strict=True)) if len(set(pair)) > 1]
    parts = [mine[max(0, i - _AROUND) : i + _AROUND + 1] for i in differing]
    return bool(parts) and all(
        len(part) > _AROUND and any(part in word for word in known) for part in parts
    )


def _note(cell: Cell, taken: str, left: str, known: Known) -> ReaderNote:
    of = doubt(
        "settled_by_vocabulary",
        severity=Severity.INFO,
        taken=taken,
        left=left,
        whose=known.whose.en,
        whose_zh=known.whose.zh,
    )
    return ReaderNote(
        of.severity, of.code, of.message, of.message_zh, text=taken, page=cell.page, box=cell.box
    )


def unsure_name_doubts(
    document: Document, entities: Sequence[str], serials: Sequence[int]
) -> Iterator[PlacedDoubt]:
    """Yield a doubt, touching all its targets, for an entity whose name no cell gives surely.

    So is one that a picture was read as another name on another page.
    """
    cells = list(_cells(document.tables))
    printed = {clean(cell.text) for cell in cells if cell.confidence is not None} - set(entities)
    for entity in entities:
        others = tuple(sorted(name for name in printed if near(name, entity)))
        if others or _is_named_unsurely(entity, cells):
            touched = [(serial_no, entity) for serial_no in serials]
            yield PlacedDoubt(_unsure_name(entity, others), Place(None, entity, "entity"), touched)


def _is_named_unsurely(entity: str, cells: Sequence[Cell]) -> bool:
    named = [cell for cell in cells if clean(cell.text) == entity]
    return bool(named) and all(map(_is_doubtful, named))


def _is_doubtful(cell: Cell) -> bool:
    return cell.confidence is not None and (is_unsure(cell) or cell.agreed is False)


def _unsure_name(entity: str, others: tuple[str, ...]) -> Doubt:
    if not others:
        return doubt("low_confidence.entity", entity=entity, whose=entity)
    return doubt(
        "low_confidence.entity_elsewhere",
        others,
        entity=entity,
        whose=entity,
        others=", ".join(others),
        others_zh="、".join(others),
    )
