"""Whose the targets are: entities of their own, one for all named elsewhere, or an area assumed.

A lone column 目标值, or one of requirements, is of whoever is named most closely: over the table,
by a person (``entities``, rank groups), in the letter's salutation or the title. Where nobody is
named anywhere it is of the issuer's own area, which is a guess and flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, count

from common.declared import declared
from common.fold import clean
from common.refusal import Refusal, refusal
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, Role
from normalize.select.candidates import Candidate, names_nobody
from normalize.text.entities import match_entity
from normalize.text.places import addressed_places, departments_named, entity_above, place_names
from schemas.records.document import Document
from schemas.records.source import SourceMeta
from schemas.vocabulary import Severity

_PARTY = re.compile(r"中共|中国共产党")
_CLAUSES = re.compile(r"[。；;（）()]|[，,](?=[^、，,]*(?:不|除|免|仅|只|按|以))")
_BETWEEN = re.compile(r"[、，,和及与/\s]|以及")


@dataclass(frozen=True, slots=True)
class Said:
    """What says, beside its tables, whom a document assesses.

    ``declared`` are the names that a person gave; ``addressed`` is the letter's salutation.
    """

    title: str | None
    issuer: str | None
    addressed: str | None
    declared: tuple[str, ...]

    @classmethod
    def of(cls, document: Document, source: SourceMeta) -> Said:
        """Return what a document and its sidecar say."""
        front = document.front
        groups = tuple(name for members in source.rank_groups.values() for name in members)
        return cls(
            source.title or front.title,
            source.issuer or front.issuer,
            front.addressed,
            source.entities or groups,
        )


@dataclass(frozen=True, slots=True)
class Named:
    """A candidate whose target columns bear the names of entities, one each.

    ``shared``: all have one printed target. ``doubt`` touches everything, ``left_out`` single
    targets: row (from 0), entity, and why it is left out.
    """

    candidate: Candidate
    shared: bool = False
    doubt: Doubt | None = None
    left_out: tuple[tuple[int, str, Doubt], ...] = ()

    def placed(self, first: int, rows: int) -> Iterator[PlacedDoubt]:
        """Yield the doubts, ``first`` being the serial number of the first row."""
        entities = [c.name for c in self.candidate.table.columns_of(Role.TARGET)]
        if self.doubt is not None:
            touched = [(first + row, e) for row in range(rows) for e in entities]
            yield PlacedDoubt(self.doubt, Place(None, None, "entity"), touched)
        for row, entity, why in self.left_out:
            place = Place(first + row, entity, "status")
            yield PlacedDoubt(why, place, [(first + row, entity)])


@dataclass(frozen=True, slots=True)
class _Owners:
    names: tuple[str, ...]
    doubt: Doubt | None = None


def named(candidate: Candidate, said: Said) -> Named:
    """Give the target columns the names of those whose they are.

    Refusal where nothing says whose a column is, not even whose area the issuer's is.
    """
    columns = list(candidate.table.columns_of(Role.TARGET))
    if len(columns) == 1 and names_nobody(columns[0]):
        owners = _owners(candidate, said)
        if not owners.names:
            raise refusal("normalize.no_entities.none", column=columns[0].name)
        if len(owners.names) == 1:
            return Named(_renamed(candidate, owners.names), doubt=owners.doubt)
        return _shared(candidate, columns[0], owners)
    if unnamed := [column.name for column in columns if names_nobody(column)]:
        raise _several(unnamed)
    return Named(_renamed(candidate, [column.name for column in columns]))


def _several(unnamed: Sequence[str]) -> Refusal:
    return refusal("normalize.no_entities.columns", columns="、".join(unnamed))


def _owners(candidate: Candidate, said: Said) -> _Owners:
    """Return whose a lone column of targets is, from what stands nearest."""
    over = [*candidate.table.caption, candidate.first.place or ""]
    above = entity_above(over)
    if len(above) == 1:
        return _Owners(above)
    body = departments_named([*over, said.title or ""])
    if body and not said.declared:
        return _Owners((body,))
    letter = addressed_places(said.addressed or "")
    titled = entity_above([said.title or ""])
    for names in (said.declared, above, letter if len(letter) > 1 else (), titled, letter):
        if names:
            return _Owners(tuple(dict.fromkeys(names)), _note_shared(names))
    area = _own_area(said, over)
    return _Owners(area, doubt("entity_assumed", whose=area[0]) if area else None)


def _note_shared(names: Sequence[str]) -> Doubt | None:
    if len(names) < 2:
        return None
    return doubt("target_shared", severity=Severity.INFO, whose="、".join(names), count=len(names))


def _own_area(said: Said, over: Sequence[str]) -> tuple[str, ...]:
    """Return the area that the issuer governs, or that the title begins with."""
    for text in (said.issuer, said.title, *over):
        if names := place_names(_PARTY.sub("", text or "")):
            return names[:1]
    return ()


def _renamed(candidate: Candidate, names: Sequence[str]) -> Candidate:
    table = candidate.table
    held = table.columns_of(Role.TARGET)
    renamed = _unique_names([(c.index, name) for c, name in zip(held, names, strict=True)])
    columns = tuple(
        replace(c, name=renamed[c.index], entity=renamed[c.index]) if c.index in renamed else c
        for c in table.columns
    )
    return replace(candidate, table=replace(table, columns=columns))


def _unique_names(given: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Return a name of its own for each column: of those printed alike the later are numbered."""
    unique: dict[int, str] = {}
    for index, name in given:
        numbered = (f"{name}（{number}）" for number in count(2))
        unique[index] = next(n for n in chain((name,), numbered) if n not in unique.values())
    return unique


def _shared(candidate: Candidate, column: Column, owners: _Owners) -> Named:
    """Give every owner a column of its own that holds the cells of the printed one."""
    table, rows = candidate.table, candidate.rows
    width = len(table.columns)
    added = [replace(column, index=width + i) for i in range(len(owners.names) - 1)]
    leaves = tuple(
        replace(leaf, cells=leaf.cells | {c.index: leaf.cells.get(column.index, ()) for c in added})
        for leaf in rows.leaves
    )
    wider = replace(
        candidate,
        table=replace(table, columns=(*table.columns, *added)),
        rows=replace(rows, leaves=leaves),
    )
    one = _renamed(wider, owners.names)
    return Named(one, True, owners.doubt, tuple(_left_out(one, owners.names)))


def _left_out(candidate: Candidate, names: Sequence[str]) -> Iterator[tuple[int, str, Doubt]]:
    """Yield whom the remarks beside a row leave out: row, entity, and the doubt that says so."""
    beside = [c for c in candidate.table.columns if c.role in (Role.NOTE, Role.UNKNOWN)]
    for row, leaf in enumerate(candidate.rows.leaves):
        for column in beside:
            for cell in leaf.cells.get(column.index, ()):
                for name in left_out(cell.text, names):
                    said = clean(cell.text)
                    yield row, name, doubt("exception_applied", whose=name, text=said)


def left_out(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the entities that a remark says an indicator is not for.

    >>> names = ["雁江区", "高新区"]
    >>> [left_out(text, names) for text in ("高新区不考核", "不考核高新区", "仅考核雁江区")]
    [('高新区',), ('高新区',), ('高新区',)]
    """
    forms = _forms()
    only, out = set[str](), set[str]()
    for clause in _CLAUSES.split(clean(text)):
        if found := forms.only.search(clause):
            only.update(_named_in(found.group("names"), names))
            continue
        for found in filter(None, (forms.before.search(clause), forms.behind.search(clause))):
            out.update(_named_in(found.group("names"), names))
    if only:
        out |= set(names) - only
    return tuple(name for name in names if name in out)


@dataclass(frozen=True, slots=True)
class _Forms:
    behind: re.Pattern[str]
    before: re.Pattern[str]
    only: re.Pattern[str]


@cache
def _forms() -> _Forms:
    """Return the forms in which a remark leaves out those that it names."""
    words = {
        key: "|".join(held)
        for key, held in declared(dict[str, list[str]], "normalize", "exceptions").items()
    }
    return _Forms(
        re.compile(rf"(?P<names>.+?)(?:均|都|暂|今年|本年度?|可)*(?:{words['behind']})"),
        re.compile(rf"(?:{words['before']})(?P<names>.+?)(?:{words['end']}|$)"),
        re.compile(rf"(?:{words['only']})(?:考核|考评)?(?P<names>.+?)(?:考核|考评|$)"),
    )


def _named_in(text: str, names: Sequence[str]) -> Iterator[str]:
    for piece in _BETWEEN.split(text):
        yield from match_entity(piece, names)
