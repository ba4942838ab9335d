"""``corrections.toml``: a person's decisions on one document, each with reason, author and date.

The file is a list of ``[[correction]]``. Each gives the place in one of three ways, what was read
there (``expect``), and either the right ``value`` or ``accept = true`` (what was read is right)::

    [[correction]]
    serial_no = 51              # a value: indicator and column, with entity where it has one
    column = "target_text"
    entity = "高新区"
    expect = "---"
    value = "700"
    reason = "原件第5页为700"
    by = "王某"
    on = 2026-01-05

Other places: ``page``, ``row`` and ``column = <number>`` for a printed cell as the table ``cells``
numbers it (``table_no`` instead of the page where the format has none, or beside it where a page
holds several tables), and ``finding = "<finding_id>"`` for a finding that no value stands behind,
which can only be accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schemas.vocabulary import words

Content = str | float | tuple[str, ...]

#: The columns that can be corrected by serial number.
CORRECTABLE = (
    *("level1", "level2", "level3", "level4", "indicator", "unit", "points", "max_points"),
    *("target_text", "status", "assessing_departments", "supporting_departments", "note"),
    *("direction", "base_text"),
)
STATUSES = ("assessed", "not_assessed")
#: Columns that hold one value an entity; where the entity is left out, all entities are meant.
BY_ENTITY = frozenset({"target_text", "status", "base_text"})
#: The column that must name its entity.
OF_ENTITY = "max_points"
LISTS = frozenset({"assessing_departments", "supporting_departments"})
#: Columns that may be corrected to nothing.
MAY_BE_EMPTY = frozenset({"level1", "level2", "level4", "unit", "note"})


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """A value by its indicator's serial number and column (of :data:`CORRECTABLE`).

    Serial numbers are those of the tables once corrections of printed cells are applied.
    """

    serial_no: int
    column: str
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A printed cell by page or table, row and column; all from 1, as the table ``cells`` has them.

    A cell that covers several rows or columns may be named by any of them.
    """

    row: int
    column: int
    page: int | None = None
    table_no: int | None = None


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """A finding by its ``finding_id``."""

    finding_id: str


Place = ValuePlace | CellPlace | FindingPlace


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision. ``number`` counts the file's entries from 1; ``source`` is the file.

    ``value`` is None where what was read is accepted. ``expect`` and ``value`` are text, but a
    number for ``max_points``, and may be a list of names for departments.
    """

    where: Place
    expect: Content
    value: Content | None
    reason: str
    by: str
    on: date
    number: int = 1
    source: str = "corrections.toml"

    @property
    def accepts(self) -> bool:
        """Whether what was read is accepted as right."""
        return self.value is None


def place_in_words(place: Place) -> tuple[str, str]:
    """Return the place in English and in Chinese."""
    if isinstance(place, FindingPlace):
        return f"finding {place.finding_id}", f"发现{place.finding_id}"
    if isinstance(place, ValuePlace):
        of = "" if place.entity is None else f", {place.entity}"
        of_zh = "" if place.entity is None else f"（{place.entity}）"
        name = words("field").get(place.column, place.column)
        return (
            f"indicator {place.serial_no}, {place.column}{of}",
            f"第{place.serial_no}项{name}{of_zh}",
        )
    page = "" if place.page is None else f"page {place.page}, "
    table = "" if place.table_no is None else f"table {place.table_no}, "
    page_zh = "" if place.page is None else f"第{place.page}页"
    table_zh = "" if place.table_no is None else f"第{place.table_no}个表"
    return (
        f"{page}{table}row {place.row}, column {place.column}",
        f"{page_zh}{table_zh}第{place.row}行第{place.column}列",
    )
