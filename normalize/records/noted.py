"""What notes under a table say of how points are given, and of which rows they say it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from common.declared import declared, declared_list
from common.fold import clean
from common.numbers import chinese
from normalize.methods.clauses import said_of
from normalize.methods.model import Clauses, Statement
from normalize.model.table import LogicalCell
from normalize.records.model import Record, TableContext


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing a note says; ``cell`` is the one it stands in, else ``page`` the page.

    ``of`` are the names of the rows it is of, None for all rows; ``counted``: of those alone whose
    target is a figure; ``of_kind`` is the kind of rows (约束性) that it is of, which a cell of a
    row may name; ``rest``: of the other rows, those without a method of their own.
    """

    text: str
    cell: LogicalCell | None
    page: int | None
    of: frozenset[str] | None = None
    counted: bool = False
    of_kind: str | None = None
    rest: bool = False


def notes_of(records: Sequence[Record], context: TableContext) -> tuple[Noted, ...]:
    """Return what the notes below a table say of points, each with the rows it is of."""
    names = frozenset(name for each in records for name in names_of(each))
    return tuple(_of_its_kind(each, records) for each in _noted(context, names))


def names_of(record: Record) -> tuple[str, str]:
    """Return what notes call a row: by its number, and by its name."""
    return f"第{record.indicator.serial_no}项", clean(record.indicator.indicator)


def _of_its_kind(note: Noted, records: Sequence[Record]) -> Noted:
    """Return a note of a kind of rows (约束性指标) as of those that a cell calls so, if any do."""
    if not note.of_kind:
        return note
    kind = _kind(note.of_kind)
    rows = [names_of(each)[0] for each in records if kind in map(_kind, _called(each))]
    return replace(note, of=frozenset(rows), of_kind=None) if rows else note


def _called(record: Record) -> Iterator[str]:
    """Give what a row's headings and its cells of notes say of it."""
    held = record.indicator
    texts = (held.level1, held.level2, held.level3, held.note, *(note.text for note in held.notes))
    return (clean(text) for text in texts if text)


def _kind(text: str) -> str:
    """Return the name of a kind without what only says that it is one: 约束性指标."""
    return re.sub("(?:(?<=.)[类性型])?(?:指标)?$", "", text)


def _noted(context: TableContext, names: Collection[str]) -> Iterator[Noted]:
    """Give what the notes below a table say of points, by row; ``names`` are those of the rows."""
    pages = [*context.table.note_pages, *(None for _ in context.table.notes)]
    lines: list[tuple[str, LogicalCell | None, int | None]] = [
        (line, None, page) for line, page in zip(context.table.notes, pages, strict=False)
    ]
    lines += [(cell.text, cell, None) for cell in context.below]
    lines += [(line, None, page) for line, page in context.noted_elsewhere]
    for line, cell, page in lines:
        labelled = _pattern("labels").match(clean(line)) is not None
        for item in _items(clean(line), names):
            if found := _said(item, cell, page, names, labelled=labelled):
                yield found


def _items(line: str, names: Collection[str]) -> Iterator[str]:
    """Give the numbered parts of a note, and those that each begin with other indicators.

    A sentence that goes on about the rows that the one before names is a part of it.
    """
    bare = _pattern("labels").sub("", _pattern("leads").sub("", line))
    held = ""
    for part in _pattern("items").split(bare):
        text = _pattern("ordinals").sub("", part).strip(_LOOSE)
        if held and text == part.strip(_LOOSE) and _goes_on(text) and _rows_of(held, names):
            held = f"{held}。{text}"
            continue
        if held:
            yield held
        held = text
    if held:
        yield held


def _goes_on(text: str) -> bool:
    """Whether a sentence says more of what the one before is about, and nothing of the whole."""
    return _pattern("goes_on").match(text) is not None and not _pattern("of_whole").search(text)


def _rows_of(item: str, names: Collection[str]) -> tuple[frozenset[str], str] | None:
    """Return the rows that a part of a note begins with, and what it says of them."""
    if listed := _pattern("of_listed").match(item):
        return _listed(listed["list"]), item[listed.end() :].strip(_LOOSE)
    name = max((each for each in names if _begins(item, each)), key=len, default=None)
    return None if name is None else (frozenset({name}), item[len(name) :].strip(_LOOSE))


_LOOSE = ":：,，、.。;；"
#: A word that says nothing without the row that stands before it: 第1项中，甲区每低1个百分点扣1分.
_INSIDE = "中"


def _said(
    item: str,
    cell: LogicalCell | None,
    page: int | None,
    names: Collection[str],
    *,
    labelled: bool,
) -> Noted | None:
    """Return what a part of a note says, None where it gives no points or is of no rows."""
    if named := _rows_of(item, names):
        rows, text = named
        text = item if text.startswith(_INSIDE) else text
        return Noted(text, cell, page, of=rows) if _is_of_points(text) else None
    of_all = _pattern("of_all").match(item)
    if of_all is not None:
        counted, rest = of_all["counted"] is not None, of_all["rest"] is not None
        text = item[of_all.end() :].strip(_LOOSE)
        found = Noted(text, cell, page, counted=counted, rest=rest)
        return found if goes_beside(found) else _giving(found)
    if of_some := _pattern("of_some").match(item):
        text = item[of_some.end() :].strip(_LOOSE)
        return _changing(Noted(text, cell, page, of_kind=of_some["kind"]))
    if (named_in := _pattern("of_named").search(item)) and _pattern("judged").search(item):
        return Noted(item, cell, page, of=_listed(named_in["list"]))
    if labelled or _is_plain(said_of(item)):
        return _giving(Noted(item, cell, page))
    return Noted(item, cell, page) if _needs_no_subject(said_of(item)) else None


def _begins(item: str, name: str) -> bool:
    """Whether a part of a note begins with a row's name, and not with a longer word."""
    behind = item[len(name) :]
    return bool(name) and item.startswith(name) and bool(_pattern("after_name").match(behind))


def _listed(text: str) -> frozenset[str]:
    """Return the names of rows whose numbers are listed: 1、3 and 5-7."""
    numbers: set[int] = set()
    for each in _pattern("numbers").finditer(text):
        first, last = _number(each["first"]), _number(each["last"] or each["first"])
        numbers.update(range(first, min(last, first + _MOST_ROWS) + 1))
    return frozenset(f"第{number}项" for number in numbers)


def _number(text: str) -> int:
    """Return a row's number in digits or in words; 0, which no row has, of what is none."""
    value = float(text) if text.isascii() else chinese(text)
    return int(value or 0)


#: More rows than a note names by the first and the last of them.
_MOST_ROWS = 200


def _is_of_points(text: str) -> bool:
    """Whether what a note says of rows that it names is how they are judged, understood or not.

    It is, but where it is plainly about something else: a definition, a unit, a source.
    """
    if _pattern("judged").search(text) or said_of(text).has(*_kinds("gives")):
        return True
    return bool(text) and not _pattern("about").search(text)


def _changing(found: Noted) -> Noted | None:
    """Return what is of some rows where it gives or takes points, understood or not."""
    unread = "，".join(said_of(found.text).unread)
    return found if _touches(unread, found.text) else _giving(found)


def _giving(found: Noted) -> Noted | None:
    return found if said_of(found.text).has(*_kinds("gives")) else None


def goes_beside(found: Noted) -> bool:
    """Tell of a note whether it goes with each row's own method: what it limits, cuts off, changes.

    Words that are not understood do where they are of points, and of no total.
    """
    said = said_of(found.text)
    if found.of is not None or found.of_kind or found.rest:
        return False
    if said.unread and not _touches("，".join(said.unread), found.text):
        return False
    cuts = said.all(*_kinds("cuts"))
    kinds = set(said.kinds()) - {each.kind for each in cuts} - {"aside", "veto"}
    says = bool(said.unread or cuts or kinds)
    known = kinds <= _kinds("limits") | _kinds("beside")
    return says and known and all(each.get("zero") for each in cuts)


def _touches(unread: str, text: str) -> bool:
    """Whether words that are not understood change what rows give, in a text of no total."""
    touched = _pattern("touches").search(unread) is not None
    return touched and _pattern("of_whole").search(text) is None


def only_limits(text: str) -> bool:
    """Whether a text takes nothing of a row that has no method of its own, and cuts off nothing."""
    said = said_of(text)
    return not said.unread and set(said.kinds()) <= _kinds("limits") | _kinds("beside")


def _needs_no_subject(said: Clauses) -> bool:
    """Whether a clause is of all rows without saying so: 完成率超过100%的按100%计算."""
    return bool(said.statements) and not said.unread and all(map(_of_any_row, said.statements))


def _of_any_row(each: Statement) -> bool:
    if each.kind == "below":
        return bool(each.get("rate") and each.get("zero"))
    return each.kind in _kinds("limits") and not each.get("points")


def _is_plain(said: Clauses) -> bool:
    """Whether all is understood without a subject: 完成目标得满分，未完成的按比例计分."""
    kinds = set(said.kinds())
    named = any(each.get("noun") for each in said.statements)
    plain = bool(kinds & _kinds("plain")) and kinds <= _kinds("beside_plain")
    return plain and not named and not said.unread


@cache
def _kinds(name: str) -> frozenset[str]:
    return frozenset(declared_list("normalize", "methods", "noted", name))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(declared(str, "normalize", "methods", "noted", name))
