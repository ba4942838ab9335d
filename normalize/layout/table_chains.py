"""Which of a document's tables are pages of one table, and how their columns correspond."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from common.fold import clean, fold
from normalize.columns.words import role_by_name
from normalize.layout.header import (
    Header,
    columns_called,
    completed,
    find_header,
    leaf_names,
    matrix,
)
from normalize.layout.sections import (
    carried,
    has_first_level,
    with_headings_below,
    with_trailing_headings,
)
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Role
from normalize.text.places import entity_above
from schemas.records.document import Cell, Seen, Table

_ABOUT_PAGES = re.compile(r"[:：]|^[(（]?续|[(（]续|^第?\d+页")
"""A line that fills in a form or counts pages: 续表, 单位：分, 审核人：, 第3页."""
EDGE_TOLERANCE = 3.0  # points: how far the same rule may lie apart on two pages


@dataclass(frozen=True)
class Part:
    """One printed table of a chain and the header found on it, if any."""

    table: Table
    header: Header | None

    @property
    def body_start(self) -> int:
        """The first body row, 0-based."""
        return self.header.end if self.header else 0

    @cached_property
    def row_names(self) -> tuple[str, ...]:
        """What each body row is about: the texts of its level columns, where they say enough."""
        paths = self.header.paths if self.header else ()
        levels = [i for i, p in enumerate(paths) if p and role_by_name(p[-1]) is Role.LEVEL]
        rows = matrix(self.table)[self.body_start :]
        names = ("".join(fold(cell.text) for i in levels if (cell := row[i])) for row in rows)
        return tuple(name for name in names if len(name) >= 4)


@dataclass(frozen=True, slots=True)
class Chain:
    """The pages of one table, in order; ``header`` is that of its first part.

    ``or_header`` is the header that its rows may stand under as well, in another order.
    """

    header: Header
    parts: tuple[Part, ...]
    or_header: Header | None = None

    @property
    def caption(self) -> tuple[str, ...]:
        """Return the lines above the first table, and those that stand in it above its header."""
        first = self.parts[0].table
        above = (clean(cell.text) for cell in first.cells if cell.row <= self.header.start)
        return (*first.caption, *filter(None, above))


def lines_over_headers(found: Iterable[Chain]) -> Iterator[Doubt]:
    """Doubt what stands in tables over a repeated header, where it may head the rows below it."""
    for chain in found:
        known = {_caption_key(line) for line in chain.caption}
        for part in chain.parts[1:]:
            start = part.header.start if part.header else 0
            for text in (clean(cell.text) for cell in part.table.cells if cell.row <= start):
                if text and not _ABOUT_PAGES.search(text) and _caption_key(text) not in known:
                    yield doubt("text_unplaced.over_header", table=part.table.table_no, text=text)


def chains(tables: Sequence[Table]) -> tuple[tuple[Chain, ...], tuple[Table, ...]]:
    """Group tables into chains; returns them and the tables that belong to none.

    A table continues the chain before it if it repeats its header, or has none and fits its
    columns; a caption of its own that differs vetoes that. A repeated header that a page's foot
    cut off from its rows is no table: what is left of it stands on the next page. A cell whose
    rest stands on a next page that is of another table shows so.
    """
    printed = with_headings_below(tables)
    grown, unplaced = _grouped(printed)
    found = (Chain(parts[0].header, tuple(parts)) for parts in grown if parts[0].header)
    whole = (_with_headings(_with_cut_ends(chain, printed)) for chain in found)
    return tuple(_with_orders(_with_sections(list(whole)))), tuple(unplaced)


def _grouped(tables: Sequence[Table]) -> tuple[list[list[Part]], list[Table]]:
    """Return the parts of each chain, and the tables that belong to none."""
    grown: list[list[Part]] = []
    unplaced: list[Table] = []
    for table in tables:
        known = grown[-1][0].header if grown else None
        part = _part(table, known)
        if known is not None and _is_cut_header(part, known):
            continue
        if grown and (whole := _with_foot(grown, table)):
            part = whole
            grown[-1].pop()
            grown = list(filter(None, grown))
        if grown and _continues(grown[-1], part):
            grown[-1].append(part)
        elif part.header is not None:
            grown.append([part])
        else:
            unplaced.append(table)
    return grown, unplaced


def _with_foot(grown: Sequence[Sequence[Part]], table: Table) -> Part | None:
    """Return a table with the header that the page before ends with and its first rows complete."""
    *before, foot = [part for parts in grown[-2:] for part in parts]
    known = before[0].header if before else None
    if foot.header is None or foot.header.height < foot.table.row_count:
        return None
    if len(foot.header.paths) != foot.table.column_count:
        return None  # named after the header before it, whose columns are others
    above = [foot.header.paths[column] for column in _columns_over(table, foot.table)]
    rows = max(1, known.height - foot.header.height) if known else 1
    if header := completed(above, table, rows, known):
        return Part(replace(table, caption=(*table.caption, *foot.table.caption)), header)
    return None


def _columns_over(table: Table, foot: Table) -> list[int]:
    """Return which column of a page's foot (from 0) is above each of the next page's."""
    edges, mine = foot.column_edges, table.column_edges
    if edges is None or mine is None:
        return list(range(foot.column_count))
    middles = (sum(pair) / 2 for pair in pairwise(aligned_edges(mine, edges)))
    found = [bisect_right(edges, middle) - 1 for middle in middles]
    return [column for column in found if 0 <= column < foot.column_count]


def _with_orders(found: list[Chain]) -> Iterator[Chain]:
    """Yield tables, each with the header of the rows before it where its own may only be repeated.

    A program repeats a table's first header at each page's top, also below rows that stand under
    another: whose rows follow is open. Where some page has none on top, none is repeated.
    """
    repeats = all(part.header for chain in found for part in chain.parts)
    known: list[tuple[tuple[str, ...], ...]] = []
    for above, chain in pairwise([None, *found]):
        if chain is not None:
            again = repeats and chain.header.key in known
            open_order = above and again and _goes_on_in_another_order(above, chain)
            known.append(chain.header.key)
            yield replace(chain, or_header=above.header) if above and open_order else chain


def _goes_on_in_another_order(above: Chain, below: Chain) -> bool:
    """Tell whether a page begins with a table's header, after a page that ends under another."""
    last, first = above.parts[-1].table, below.parts[0].table
    turned = sorted(leaf_names(above.header)) == sorted(leaf_names(below.header))
    next_page = last.page is not None and first.page == last.page + 1
    return turned and next_page and not below.caption


def _with_sections(found: list[Chain]) -> list[Chain]:
    """Carry the headings of sections on where the header stands again in another order."""
    for at, (above, below) in enumerate(pairwise(found)):
        if _stands_again(above, found[at + 1]):
            *before, last = found[at].parts
            first, *after = found[at + 1].parts
            ends, begins = carried(last.table, last.header, first.table, first.header)
            found[at] = replace(above, parts=(*before, replace(last, table=ends)))
            found[at + 1] = replace(below, parts=(replace(first, table=begins), *after))
    return found


def _stands_again(above: Chain, below: Chain) -> bool:
    """Tell whether a table has the columns of the one before it, or some, and no own title."""
    one, other = columns_called(above.header), columns_called(below.header)
    alike = (one <= other or other <= one) and not has_first_level(below.header)
    return alike and not _new_caption(above.parts, below.parts[0].table)


def _with_cut_ends(chain: Chain, tables: Sequence[Table]) -> Chain:
    """Return a chain whose pages' last cells show what the next page has of them beyond the chain.

    That is a page of another table, or rows above a header that a page has of its own.
    """
    at = {id(table.cells): place for place, table in enumerate(tables)}
    own = {id(p.table.cells) for p in chain.parts if p.header is None or not p.header.start}
    parts = []
    for part in chain.parts:
        beyond = tables[at[id(part.table.cells)] + 1 :][:1]
        parts.append(_with_cut_end(part, next((e for e in beyond if id(e.cells) not in own), None)))
    return replace(chain, parts=tuple(parts))


def _with_cut_end(part: Part, following: Table | None) -> Part:
    table = part.table
    if following is None or table.page is None or following.page != table.page + 1:
        return part
    rests = [cell for cell in following.cells if cell.row == 1 and cell.open_top and cell.text]
    cells = tuple(_with_rest(cell, rests) if cell.open_bottom else cell for cell in table.cells)
    return part if cells == table.cells else replace(part, table=replace(table, cells=cells))


def _with_rest(cell: Cell, rests: Sequence[Cell]) -> Cell:
    rest = "".join(clean(each.text) for each in rests if _over_one_another(cell, each))
    return cell._replace(seen=(*cell.seen, Seen("cut", rest))) if rest else cell


def _over_one_another(cell: Cell, below: Cell) -> bool:
    """Tell whether two cells have most of the narrower one's width in common."""
    if cell.box is None or below.box is None:
        return False
    common = min(cell.box.x1, below.box.x1) - max(cell.box.x0, below.box.x0)
    return common > min(each.x1 - each.x0 for each in (cell.box, below.box)) / 2


def _is_cut_header(part: Part, known: Header) -> bool:
    """Tell whether a table is nothing but a known header, or a part of one.

    A whole one that names other columns, or in another order, heads what stands on the next page.
    """
    if _header_rows(part.table, known) != part.table.row_count:
        return False
    own = part.header
    if own is None or own.height < known.height or _same_key(own, known):
        return True
    return _varied_key(own, known) and sorted(leaf_names(own)) != sorted(leaf_names(known))


def _part(table: Table, known: Header | None) -> Part:
    header = find_header(table, known)
    if header is None and known is not None and (rest := _header_rows(table, known)):
        header = Header(0, rest, _as_named(matrix(table, rest), known))
    return Part(table, header)


def _as_named(rows: Sequence[Sequence[Cell | None]], known: Header) -> tuple[tuple[str, ...], ...]:
    """Return a known header's paths with the names that rows give its columns in another order."""
    paths = list(known.paths)
    for row in rows if len(known.paths) == len(rows[0]) else ():
        for column, cell in enumerate(row):
            text, path = clean(cell.text) if cell else "", paths[column]
            if text and fold(text) not in map(fold, path):
                paths[column] = (*path[:-1], text)
    return tuple(paths)


def _header_rows(table: Table, known: Header) -> int:
    """Return how many rows at a table's top hold nothing but names of a known header's columns.

    A line across the table (续表1) may stand above them.
    """
    names = {fold(text) for path in known.paths for text in path}
    rows = 0
    named = 0
    for row in matrix(table):
        texts = {fold(cell.text) for cell in row if cell is not None} - {""}
        across = not rows and len({id(cell) for cell in row}) == 1
        if not texts <= names and not across:
            break
        rows += 1
        named += len(texts & names)
    return rows if named > 1 else 0


def _with_headings(chain: Chain) -> Chain:
    tables = with_trailing_headings([part.table for part in chain.parts])
    parts = zip(tables, chain.parts, strict=True)
    return replace(chain, parts=tuple(Part(table, part.header) for table, part in parts))


def _continues(parts: Sequence[Part], part: Part) -> bool:
    return of_one_table(parts, part) and (part.header is None or not _repeats_rows(parts, part))


def of_one_table(parts: Sequence[Part], part: Part) -> bool:
    """Tell whether a table repeats the parts' header, or has none and fits their columns."""
    first = parts[0]
    if part.header is None:
        return _same_place(parts[-1].table, part.table) and _fits(parts, part.table)
    if first.header is None or not (
        _same_key(first.header, part.header)
        or (_varied_key(first.header, part.header) and _fits(parts, part.table))
    ):
        return False
    return not (_new_caption(parts, part.table) or _of_another(parts[-1].table, part.table))


def _same_key(one: Header, other: Header) -> bool:
    return leaf_names(one) == leaf_names(other)


def _varied_key(one: Header, other: Header) -> bool:
    """Tell whether a header equals another but for clipped names, or one of eight misread."""
    mine, theirs = leaf_names(one), leaf_names(other)
    if len(mine) != len(theirs):
        return False
    unlike = [(a, b) for a, b in zip(mine, theirs, strict=True) if a != b]
    clipped = all(a and b and (a.startswith(b) or b.startswith(a)) for a, b in unlike)
    misread = len(unlike) <= len(mine) // 8 and all(near(a, b) for a, b in unlike)
    return clipped or misread


def near(name: str, other: str) -> bool:
    """Tell whether two names may be one of which a character was misread."""
    differing = sum(a != b for a, b in zip(name, other, strict=False))
    return len(name) == len(other) and 0 < differing <= len(name) // 3


def _same_place(one: Table, other: Table) -> bool:
    return one.place == other.place


def _of_another(one: Table, other: Table) -> bool:
    """Tell whether two sheets or parts are named after different entities."""
    mine, theirs = entity_above([one.place or ""]), entity_above([other.place or ""])
    return bool(mine and theirs) and mine != theirs


def _fits(parts: Sequence[Part], table: Table) -> bool:
    if table.caption and _new_caption(parts, table):
        return False
    if parts[0].table.column_edges is None or table.column_edges is None:
        return any(part.table.column_count == table.column_count for part in parts)
    return ruled_alike(parts, table)


def ruled_alike(parts: Sequence[Part], table: Table) -> bool:
    """Tell whether a table's upright rules stand where those of the parts do."""
    edges, mine = parts[0].table.column_edges or (), table.column_edges or ()
    known = [edge for part in parts for edge in part.table.column_edges or ()]
    mine = aligned_edges(mine, edges)
    inside = sum(any(abs(e - k) <= EDGE_TOLERANCE for k in known) for e in mine)
    same_width = abs((mine[-1] - mine[0]) - (edges[-1] - edges[0])) <= 2 * EDGE_TOLERANCE
    return same_width and inside >= 0.8 * len(mine)


def aligned_edges(edges: Sequence[float], reference: Sequence[float]) -> tuple[float, ...]:
    """Shift a page's edges so that tables of one width start at the same place."""
    same_width = abs((edges[-1] - edges[0]) - (reference[-1] - reference[0])) <= 6.0
    shift = reference[0] - edges[0] if same_width else 0.0
    return tuple(edge + shift for edge in edges)


def _new_caption(parts: Sequence[Part], table: Table) -> bool:
    """Tell whether a title of its own stands above the table that the chain does not have."""
    known = {_caption_key(line) for part in parts for line in part.table.caption}
    titles = [line for line in table.caption if is_title(line)]
    return any(_caption_key(line) not in known for line in titles)


def _caption_key(line: str) -> str:
    return fold(line).replace("(续)", "").replace("续表", "").replace("(续表)", "")


def is_title(line: str) -> bool:
    """Tell whether a line above a table is a title: words, no sentence, no unit of the table."""
    text = clean(line)
    letters = [c for c in text if "\u4e00" <= c <= "\u9fff"]
    prose = text.endswith(("。", "；", "：", ":", ";"))
    unit = fold(text).lstrip("(").startswith(("单位:", "计量单位", "单位", "续", "部门", "编制"))
    return len(letters) >= 5 and not prose and not unit


def _repeats_rows(parts: Sequence[Part], part: Part) -> bool:
    """Tell whether a table repeats the same rows (another entity's, another year's)."""
    known = {name for other in parts for name in other.row_names}
    mine = set(part.row_names)
    return len(mine) >= 3 and len(mine & known) >= 0.6 * len(mine)
