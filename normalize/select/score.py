"""How well each of several tables fits as the indicator table: a stated score.

Each signal is a number from 0 to 1 (or its negative) with a weight in :data:`WEIGHTS`; the sum
decides. Where a second that is no annex is less than :data:`NEAR` behind, nobody can be sure, and a
warning names both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from common.fold import clean, fold
from common.numbers import counted
from normalize.findings.ledger import PlacedDoubt
from normalize.layout.table_chains import Chain, is_title, ruled_alike
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Role
from normalize.select.candidates import Candidate, table_name, table_title
from normalize.text.clean import points_in
from normalize.text.places import is_department, is_place
from schemas.records.document import Table
from schemas.vocabulary import Severity

#: What each signal weighs.
#:
#: - ``points``: points are printed, in a column or in headings; a table without them is never
#:   the one that is scored
#: - ``places``: share of the entities that are counties, zones or towns
#: - ``departments`` (against): share of the entities that are departments
#: - ``named``: the title says counties (for), or departments (against)
#: - ``titled``: share of the table's title that the document's title repeats
#: - ``year``: the table's title names the document's year (for) or only other years (against)
#: - ``filled``: share of the target cells that hold something; a form to fill in holds nothing
#: - ``results`` (against): the title says results, an example or a form
#: - ``assessing``: somebody is named who assesses
#: - ``size``: leaves times entities, as a share of the largest candidate's
WEIGHTS = {
    "points": 4.0,
    "places": 3.0,
    "departments": -3.0,
    "named": 2.0,
    "titled": 2.0,
    "year": 2.0,
    "filled": 2.0,
    "results": -2.0,
    "assessing": 1.0,
    "size": 2.0,
}
NEAR = 1.0

_OF_COUNTIES = re.compile(r"县区|区县|县\(|区\(|市\(|各县|各区|县市|园区|开发区|乡镇|街道|镇\(")
_OF_DEPARTMENTS = re.compile(r"部门|市直|县直|区直|机关|单位目标|直属单位|市级单位")
_RESULTS = re.compile(r"完成情况|得分|评分结果|考核结果|汇总|通报|样表|样式|填报|申报|示例|范例")
_PAGES = frozenset({"页码", "页次", "页数"})
_CONTENTS = re.compile(r"^目?录$|^目次$|^附件(目录|清单)")


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate, its signals and their weighted sum."""

    candidate: Candidate
    signals: dict[str, float]

    @property
    def score(self) -> float:
        """The weighted sum of the signals."""
        return sum(WEIGHTS[name] * value for name, value in self.signals.items())


def ranked(held: Sequence[Candidate], title: str | None, year: int | None) -> list[Scored]:
    """Return the candidates, the highest score first, equals in their order.

    ``title`` and ``year`` are the document's. ``held`` is not empty.
    """
    largest = max(candidate.size for candidate in held)
    scored = [Scored(c, signals(c, title, year, largest)) for c in held]
    return sorted(scored, key=lambda each: -each.score)


def signals(
    candidate: Candidate, title: str | None, year: int | None, largest: int
) -> dict[str, float]:
    """Return a candidate's signals; see :data:`WEIGHTS`."""
    entities = candidate.entities(title)
    own = fold("".join([*candidate.table.caption, candidate.first.place or ""]))
    return {
        "points": float(_prints_points(candidate)),
        "places": _share([is_place(name) for name in entities]),
        "departments": _share([is_department(name) for name in entities]),
        "named": _named(own),
        "titled": _repeated(fold(table_title(candidate.first)), fold(title or "")),
        "year": _year(own, year),
        "filled": _filled(candidate),
        "results": float(bool(_RESULTS.search(own))),
        "assessing": float(any(candidate.table.columns_of(Role.ASSESSING))),
        "size": candidate.size / largest if largest else 0.0,
    }


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0


def _prints_points(candidate: Candidate) -> bool:
    if any(candidate.table.columns_of(Role.POINTS)):
        return True
    return any(points_in(cell.text) is not None for cell in candidate.table.cells)


def _named(own: str) -> float:
    if _OF_COUNTIES.search(own):
        return 1.0
    return -1.0 if _OF_DEPARTMENTS.search(own) else 0.0


def _repeated(own: str, title: str) -> float:
    """Return which share of the neighbouring letters of one title stand in the other."""
    pairs = {own[i : i + 2] for i in range(len(own) - 1)}
    return sum(pair in title for pair in pairs) / len(pairs) if pairs else 0.0


def _year(own: str, year: int | None) -> float:
    named = {int(found) for found in re.findall(r"(?<!\d)(?:19|20)\d\d(?=年)", own)}
    if year is None or not named:
        return 0.0
    return 1.0 if year in named else -1.0


def _filled(candidate: Candidate) -> float:
    columns = list(candidate.table.columns_of(Role.TARGET))
    cells = [leaf.at(column) for leaf in candidate.rows.leaves for column in columns]
    return _share([cell is not None and bool(clean(cell.text)) for cell in cells])


def may_matter(rival: Scored) -> bool:
    """Tell whether a table that is not read sets targets with points for some place."""
    found = rival.signals
    return bool(found["points"] and found["places"] and found["filled"] and not found["results"])


def other_tables(
    found: Sequence[Chain], unplaced: Sequence[Table], held: Sequence[Candidate]
) -> Iterator[PlacedDoubt]:
    """Name the tables that are no candidates: of another kind, or without any header."""
    chains = [chain for each in held for chain in (each.chain, *each.also)]
    taken = [part.table for chain in chains for part in chain.parts]
    for chain in found:
        first = chain.parts[0].table
        if all(first is not table for table in taken):
            yield other_table(first, any(looks_like_a_page(first, each) for each in chains))
    for table in unplaced:
        yield other_table(table, table.row_count >= 3 and not is_contents(table))


def looks_like_a_page(table: Table, chain: Chain) -> bool:
    """Tell whether a table without a title of its own is ruled as a read one on earlier pages."""
    first = chain.parts[0].table
    ruled = table.column_edges is not None and first.column_edges is not None
    later = table.table_no > first.table_no and not any(map(is_title, table.caption))
    return ruled and later and ruled_alike(chain.parts, table)


def is_contents(table: Table) -> bool:
    """Tell whether a table is a list of contents: called so, or its last cells are page numbers."""
    texts = {clean(cell.text) for cell in table.cells}
    titles = {clean(line) for line in table.caption} | texts
    called_so = any(_CONTENTS.match(title) for title in titles) or not _PAGES.isdisjoint(texts)
    return called_so or _ends_in_page_numbers(table)


def _ends_in_page_numbers(table: Table) -> bool:
    """Tell whether the last cells are rising numbers, all but one: a header may stand above."""
    ends = table.column_count + 1
    last = [clean(cell.text) for cell in table.cells if cell.column + cell.column_span == ends]
    pages = [page for text in last if (page := counted(text)) is not None]
    return len(pages) >= 2 and len(pages) >= len(last) - 1 and pages == sorted(pages)


def other_table(table: Table, serious: bool) -> PlacedDoubt:
    """Name a table that was not read as the indicator table."""
    return PlacedDoubt(
        doubt(
            "other_table.serious" if serious else "other_table.minor",
            severity=Severity.WARNING if serious else Severity.INFO,
            table=table.table_no,
            title=table_title(table),
            named=table_name(table),
        )
    )


def unsure(best: Candidate, rival: Candidate) -> Doubt:
    """Doubt the choice between two tables that fit nearly as well."""
    return doubt(
        "table_choice_unsure",
        (best.name(), rival.name()),
        taken=best.first.table_no,
        left=rival.first.table_no,
        taken_name=best.name(),
        left_name=rival.name(),
    )
