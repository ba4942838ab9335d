"""得分汇总表: the scorecards as a workbook, with a sheet of one page for every entity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from report.doubts import on_top
from report.exports.data import Exported
from report.exports.items import add_details, add_items, heading_column
from report.exports.notes import add_notes, sample_lines
from report.exports.sheet import (
    COUNT,
    POINTS,
    SHARE,
    Column,
    put_table,
    put_title,
    save,
    set_widths,
)
from report.figures import Figure, Points, rank, signs_text
from report.marks import lost_points, ranks, unread_of_whole
from report.workbook import HEAD, Paper, put, set_paper, sheet_title
from schemas.tables.frames import Row
from schemas.vocabulary import word

SUMMARY_SHEET = "得分汇总"
HEADINGS_SHEET = "分项得分"
_MOST_LOSSES = 12


def write_scores(document: Exported, path: Path) -> Path:
    """Write the scorecards of a document's latest as-of date."""
    title = f"{document.year}年度目标绩效考核得分汇总表"
    book = Workbook()
    book.properties.title = title
    _add_summary(book, document, title)
    _add_headings(book, document)
    lines = _lines(document)
    add_items(book, document, lines)
    for entity in _ranked(document):
        _add_entity(book, document, entity)
        add_details(book, document, entity, lines)
    add_notes(book, document, title, scored=True)
    return save(book, path, document.day)


def _lines(document: Exported) -> tuple[str, ...]:
    notice = document.notice["title"] or document.document_id
    signs = signs_text(document.doubts.whole)
    said = f"依据：{notice}　　截止日期：{document.as_of}"
    unread = unread_of_whole(document.cards)
    return (said, *sample_lines(document), *unread, *([signs] if signs else []))


def _ranked(document: Exported) -> list[str]:
    return [row["entity"] for row in _totals(document)]


def _totals(document: Exported) -> list[Row]:
    """Return the rows of the totals by rank group and rank, those without a rank last."""
    rows = [row for row in document.marked_cards if row["level"] == "total"]
    groups = list(dict.fromkeys(row["rank_group"] for row in rows))
    return sorted(
        rows,
        key=lambda row: (groups.index(row["rank_group"]), row["rank"] if ranks(row) else 10**9),
    )


def _place(row: Any) -> Figure:
    """Return the place, as a number where it is one, or all that the interval allows."""
    return rank(row, "～")


def _points(row: Any) -> Figure:
    return Points.of(row).given


_FIGURES = (
    Column("满分", 9, lambda row: row["max_points"], POINTS),
    Column("得分", 9, _points, POINTS),
    Column("最少可得", 9, lambda row: Points.of(row).least, POINTS),
    Column("最多可得", 9, lambda row: Points.of(row).most, POINTS),
    Column("百分制得分", 10, lambda row: Points.of(row).as_given(row["points_of_100"]), POINTS),
    Column("名次", 8, _place, COUNT),
    Column("已报送比例", 10, lambda row: row["received_share"], SHARE),
    Column("一票否决项", 8, lambda row: row["vetoes"], COUNT),
    Column("标注", 16, lambda row: row["marks"], wrapped=True),
)


def _effects(row: Any) -> str | None:
    names = [word("veto_effect", name) for name in ("vetoed", "barred") if row[name]]
    return "、".join(names) or None


def _grade(row: Any) -> str | None:
    """Return the grade, or from which to which the interval allows; nothing without returns."""
    names = [row[name] for name in ("grade", "grade_low", "grade_high")]
    if not any(names) or ranks(row) is None:
        return None
    low, high = (name or word("missing", "grade") for name in names[1:])
    return low if low == high else f"{low}～{high}"


def _has(value: Any) -> bool:
    return bool(value.value if isinstance(value, Figure) else value)


#: Columns of the whole result, each shown where any entity has something in it.
_OF_WHOLE = (
    Column("加分", 7, lambda row: on_top(row, "bonus"), POINTS),
    Column("扣分", 7, lambda row: on_top(row, "minus"), POINTS),
    Column("整体否决", 10, _effects, wrapped=True),
    Column("等次", 12, _grade, wrapped=True),
)


def _add_summary(book: Workbook, document: Exported, title: str) -> None:
    sheet = book.active
    sheet.title = SUMMARY_SHEET
    totals = _totals(document)
    cards = {(row["entity"], row["name"]): row for row in _of_level(document, "level1")}
    headings = list(dict.fromkeys(row["name"] for row in _of_level(document, "level1")))
    columns = [
        Column("考核对象", 14, lambda row: row["entity"], wrapped=True),
        Column("分组", 12, lambda row: row["rank_group"], wrapped=True),
        *_FIGURES,
        *(each for each in _OF_WHOLE if any(_has(each.value(row)) for row in totals)),
        *(_heading_column(name, cards) for name in headings),
    ]
    at = put_title(sheet, len(columns), title, _lines(document))
    end = put_table(sheet, at, columns, totals)
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, 2)
    sheet.auto_filter.ref = f"A{at}:{get_column_letter(len(columns))}{end - 1}"
    set_paper(sheet, Paper(large=len(columns) > 16, repeated_row=at, footer=document.document_id))


def _heading_column(name: str, cards: dict[tuple[str, str], Row]) -> Column:
    def points(row: Any) -> Any:
        card = cards.get((row["entity"], name))
        return _points(card) if card else None

    return Column(f"{name}得分", 11, points, POINTS)


def _of_level(document: Exported, level: str) -> list[Row]:
    return [row for row in document.marked_cards if row["level"] == level]


def _heading_columns(document: Exported) -> list[Column]:
    """Return the columns that name a sum: what it is of, and the headings that are printed."""
    names: dict[str, Callable[[Row], Any]] = {
        "level1": lambda row: row["parent"] or (row["level"] == "level1" and row["name"]) or "",
        "level2": lambda row: row["name"] if row["level"] == "level2" else "",
    }
    return [
        Column("级别", 10, lambda row: word("scorecard_level", row["level"])),
        *(
            Column(word("field", level), width, names[level])
            for level, width in (("level1", 16), ("level2", 22))
            if level in document.levels
        ),
    ]


def _add_headings(book: Workbook, document: Exported) -> None:
    sheet = book.create_sheet(HEADINGS_SHEET)
    columns = (
        Column("考核对象", 14, lambda row: row["entity"]),
        Column("分组", 12, lambda row: row["rank_group"]),
        *_heading_columns(document),
        *_FIGURES,
    )
    at = put_title(
        sheet, len(columns), f"{document.year}年度目标绩效考核分项得分表", _lines(document)
    )
    end = put_table(sheet, at, columns, document.marked_cards)
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, 2)
    sheet.auto_filter.ref = f"A{at}:{get_column_letter(len(columns))}{end - 1}"
    set_paper(sheet, Paper(repeated_row=at, footer=document.document_id))


_LOSSES = (
    Column("指标", 22, lambda row: row["indicator"], wrapped=True),
    Column("应得分", 9, lambda row: row["share_points"], POINTS),
    Column("得分", 9, _points, POINTS),
    Column("差距", 9, lambda row: Figure(row["gap"], row["doubt"]), POINTS),
    Column("标注", 10, lambda row: "、".join(row["marks"]), wrapped=True),
)


def _add_entity(book: Workbook, document: Exported, entity: str) -> None:
    """Add the page of one entity: its headings, and where most points were lost."""
    sheet = book.create_sheet(sheet_title(entity, book.sheetnames))
    named = _heading_columns(document)
    columns = (*named, *_FIGURES)
    at = put_title(
        sheet, len(columns), f"{entity}　{document.year}年度目标绩效考核得分表", _lines(document)
    )
    mine = [row for row in document.marked_cards if row["entity"] == entity]
    end = put_table(sheet, at, columns, mine)
    losses = _losses(document, entity)
    if losses:
        more = f"（共 {len(losses)} 项，列出前 {_MOST_LOSSES} 项）" * (len(losses) > _MOST_LOSSES)
        put(sheet.cell(end + 1, 1), f"已计分而未得满分的指标，按差距排列{more}").font = HEAD
        serial = Column("序号", 10, lambda row: row["serial_no"], COUNT)
        lost = [serial, *heading_column(document, 16), *_LOSSES]
        put_table(sheet, end + 2, lost, losses[:_MOST_LOSSES])
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, len(named) + 1)
    set_paper(
        sheet, Paper(landscape=False, one_page=True, footer=f"{document.document_id} {entity}")
    )


def _losses(document: Exported, entity: str) -> Sequence[Row]:
    """Return the entity's scored indicators below their full points, the largest gap first."""
    rows = [
        {
            **target,
            **score,
            "gap": gap,
            "doubt": document.doubts.of(serial_no, whose),
            "marks": (
                *document.marks(serial_no, whose),
                *document.open_direction(serial_no),
                *document.standing(serial_no, whose),
            ),
        }
        for (serial_no, whose), score in document.scores.items()
        if whose == entity
        if (target := document.targets.get((serial_no, whose))) is not None
        if (gap := lost_points(score, target.get("item_kind"))) is not None
    ]
    return sorted(
        (row for row in rows if row["gap"] > 0), key=lambda row: (-row["gap"], row["serial_no"])
    )
