"""What notes under a table say of how points are given, and of which rows they say it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from common.declared import declared
from common.fold import clean
from normalize.methods.clauses import said_of
from normalize.methods.model import Clauses
from normalize.model.table import LogicalCell
from normalize.records.model import TableContext


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing a note says; ``cell`` is the one it stands in, else ``page`` the page.

    ``of`` is the name of the row it is of, None for all rows; ``counted``: of those alone whose
    target is a figure; ``unsure``: of a kind of rows (约束性指标) that nothing here tells.
    """

    text: str
    cell: LogicalCell | None
    page: int | None
    of: str | None = None
    counted: bool = False
    unsure: bool = False


def noted(context: TableContext, names: Collection[str]) -> Iterator[Noted]:
    """Give what the notes below a table say of points, by row; ``names`` are those of the rows."""
    pages = [*context.table.note_pages, *(None for _ in context.table.notes)]
    lines: list[tuple[str, LogicalCell | None, int | None]] = [
        (line, None, page) for line, page in zip(context.table.notes, pages, strict=False)
    ]
    lines += [(cell.text, cell, None) for cell in context.below]
    for line, cell, page in lines:
        labelled = _pattern("labels").match(clean(line)) is not None
        for item in _items(clean(line)):
            if found := _said(item, cell, page, names, labelled=labelled):
                yield found


def _items(line: str) -> Iterator[str]:
    """Give the numbered parts of a note, and those that each begin with other indicators."""
    bare = _pattern("labels").sub("", _pattern("leads").sub("", line))
    for part in _pattern("items").split(bare):
        if text := _pattern("ordinals").sub("", part).strip(_LOOSE):
            yield text


_LOOSE = ":：,，、.。;；"


def _said(
    item: str,
    cell: LogicalCell | None,
    page: int | None,
    names: Collection[str],
    *,
    labelled: bool,
) -> Noted | None:
    """Return what a part of a note says, None where it gives no points or is of no rows."""
    name = max((each for each in names if _begins(item, each)), key=len, default=None)
    if name is not None:
        return _giving(Noted(item[len(name) :].strip(_LOOSE), cell, page, of=name))
    of_all = _pattern("of_all").match(item)
    if of_all is not None:
        counted = of_all["counted"] is not None
        text = item[of_all.end() :].strip(_LOOSE)
        return _giving(Noted(text, cell, page, counted=counted), limits=True)
    if of_some := _pattern("of_some").match(item):
        text = item[of_some.end() :].strip(_LOOSE)
        return _giving(Noted(text, cell, page, unsure=True))
    if labelled or _is_plain(said_of(item)):
        return _giving(Noted(item, cell, page))
    return None


def _begins(item: str, name: str) -> bool:
    """Whether a part of a note begins with a row's name, and not with a longer word."""
    behind = item[len(name) :]
    return bool(name) and item.startswith(name) and bool(_pattern("after_name").match(behind))


def _giving(found: Noted, *, limits: bool = False) -> Noted | None:
    kinds = _kinds("gives") | (_kinds("limits") if limits else frozenset())
    return found if said_of(found.text).has(*kinds) else None


def only_limits(text: str) -> bool:
    """Whether a text says but what is given at most or at least, beside another method."""
    said = said_of(text)
    return not said.unread and set(said.kinds()) <= _kinds("limits")


def _is_plain(said: Clauses) -> bool:
    """Whether all is understood without a subject: 完成目标得满分，未完成的按比例计分."""
    kinds = set(said.kinds())
    named = any(each.get("noun") for each in said.statements)
    plain = bool(kinds & _kinds("plain")) and kinds <= _kinds("beside_plain")
    return plain and not named and not said.unread


@cache
def _kinds(name: str) -> frozenset[str]:
    return frozenset(declared("normalize", "methods")["noted"][name])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(declared("normalize", "methods")["noted"][name])
