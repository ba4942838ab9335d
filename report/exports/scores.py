"""得分汇总表: the scorecards as a workbook, with a sheet of one page for every entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from report.doubts import Card, Score
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
from report.figures import Figure, rank, signs_text
from report.marks import lost_points, ranks, unread_of_whole, veto_effects
from report.workbook import HEAD, Paper, put, set_paper, sheet_title
from schemas.records.rows import ScorecardRow, TargetRow
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
    return [card.row["entity"] for card in _totals(document)]


def _totals(document: Exported) -> list[Card]:
    """Return the totals by rank group and rank, those without a rank last."""
    cards = _of_level(document, "total")
    groups = list(dict.fromkeys(card.row["rank_group"] for card in cards))

    def place(card: Card) -> tuple[int, int]:
        rank = card.row["rank"] if ranks(card.row) else None
        return groups.index(card.row["rank_group"]), 10**9 if rank is None else rank

    return sorted(cards, key=place)


def _figures(document: Exported) -> tuple[Column[Card], ...]:
    """Return the columns of what a sum comes to, its place as a number where it is one."""
    return (
        Column("满分", 9, lambda card: card.row["max_points"], POINTS),
        Column("得分", 9, lambda card: card.points.given, POINTS),
        Column("最少可得", 9, lambda card: card.points.least, POINTS),
        Column("最多可得", 9, lambda card: card.points.most, POINTS),
        Column("百分制得分", 10, lambda card: card.of_100, POINTS),
        Column("名次", 8, lambda card: rank(card.row, card.doubt, "～"), COUNT),
        Column("已报送比例", 10, lambda card: card.row["received_share"], SHARE),
        Column("一票否决项", 8, lambda card: card.row["vetoes"], COUNT),
        Column("标注", 16, document.card_marks, wrapped=True),
    )


def _grade(row: ScorecardRow) -> str | None:
    """Return the grade, or from which to which the interval allows; nothing without returns."""
    ends = (row["grade_low"], row["grade_high"])
    if not any((row["grade"], *ends)) or ranks(row) is None:
        return None
    low, high = (end or word("missing", "grade") for end in ends)
    return low if low == high else f"{low}～{high}"


def _has(value: object) -> bool:
    return bool(value.value if isinstance(value, Figure) else value)


#: Columns of the whole result, each shown where any entity has something in it.
_OF_WHOLE: Sequence[Column[Card]] = (
    Column("加分", 7, lambda card: card.added("bonus"), POINTS),
    Column("扣分", 7, lambda card: card.added("minus"), POINTS),
    Column("整体否决", 10, lambda card: "、".join(veto_effects(card.row)) or None, wrapped=True),
    Column("等次", 12, lambda card: _grade(card.row), wrapped=True),
)


def _add_summary(book: Workbook, document: Exported, title: str) -> None:
    sheet = book.active
    sheet.title = SUMMARY_SHEET
    totals = _totals(document)
    own = _of_level(document, "level1")
    cards = {(card.row["entity"], card.row["name"]): card for card in own}
    headings = list(dict.fromkeys(card.row["name"] for card in own))
    columns = [
        Column("考核对象", 14, lambda card: card.row["entity"], wrapped=True),
        Column("分组", 12, lambda card: card.row["rank_group"], wrapped=True),
        *_figures(document),
        *(each for each in _OF_WHOLE if any(_has(each.value(card)) for card in totals)),
        *(_heading_column(name, cards) for name in headings),
    ]
    at = put_title(sheet, len(columns), title, _lines(document))
    end = put_table(sheet, at, columns, totals)
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, 2)
    sheet.auto_filter.ref = f"A{at}:{get_column_letter(len(columns))}{end - 1}"
    set_paper(sheet, Paper(large=len(columns) > 16, repeated_row=at, footer=document.document_id))


def _heading_column(name: str, cards: Mapping[tuple[str, str], Card]) -> Column[Card]:
    def points(total: Card) -> Figure | None:
        card = cards.get((total.row["entity"], name))
        return card.points.given if card else None

    return Column(f"{name}得分", 11, points, POINTS)


def _of_level(document: Exported, level: str) -> list[Card]:
    return [card for card in document.shown_cards if card.row["level"] == level]


def _heading_columns(document: Exported) -> list[Column[Card]]:
    """Return the columns that name a sum: what it is of, and the headings that are printed."""
    level1 = Column(word("field", "level1"), 16, _level1_of)
    level2 = Column(word("field", "level2"), 22, _level2_of)
    return [
        Column("级别", 10, lambda card: word("scorecard_level", card.row["level"])),
        *([level1] if "level1" in document.levels else []),
        *([level2] if "level2" in document.levels else []),
    ]


def _level1_of(card: Card) -> str:
    row = card.row
    return row["parent"] or (row["name"] if row["level"] == "level1" else "")


def _level2_of(card: Card) -> str:
    return card.row["name"] if card.row["level"] == "level2" else ""


def _add_headings(book: Workbook, document: Exported) -> None:
    sheet = book.create_sheet(HEADINGS_SHEET)
    columns = (
        Column("考核对象", 14, lambda card: card.row["entity"]),
        Column("分组", 12, lambda card: card.row["rank_group"]),
        *_heading_columns(document),
        *_figures(document),
    )
    at = put_title(
        sheet, len(columns), f"{document.year}年度目标绩效考核分项得分表", _lines(document)
    )
    end = put_table(sheet, at, columns, document.shown_cards)
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, 2)
    sheet.auto_filter.ref = f"A{at}:{get_column_letter(len(columns))}{end - 1}"
    set_paper(sheet, Paper(repeated_row=at, footer=document.document_id))


@dataclass(frozen=True, slots=True)
class _Loss:
    """An indicator by which an entity lost points."""

    target: TargetRow
    score: Score
    gap: float
    marks: tuple[str, ...]


_LOSSES: Sequence[Column[_Loss]] = (
    Column("指标", 22, lambda loss: loss.target["indicator"], wrapped=True),
    Column("应得分", 9, lambda loss: loss.score.row["share_points"], POINTS),
    Column("得分", 9, lambda loss: loss.score.points.given, POINTS),
    Column("差距", 9, lambda loss: Figure(loss.gap, loss.score.doubt), POINTS),
    Column("标注", 10, lambda loss: "、".join(loss.marks), wrapped=True),
)


def _add_entity(book: Workbook, document: Exported, entity: str) -> None:
    """Add the page of one entity: its headings, and where most points were lost."""
    sheet = book.create_sheet(sheet_title(entity, book.sheetnames))
    named = _heading_columns(document)
    columns = (*named, *_figures(document))
    at = put_title(
        sheet, len(columns), f"{entity}　{document.year}年度目标绩效考核得分表", _lines(document)
    )
    mine = [card for card in document.shown_cards if card.row["entity"] == entity]
    end = put_table(sheet, at, columns, mine)
    losses = _losses(document, entity)
    if losses:
        more = f"（共 {len(losses)} 项，列出前 {_MOST_LOSSES} 项）" * (len(losses) > _MOST_LOSSES)
        put(sheet.cell(end + 1, 1), f"已计分而未得满分的指标，按差距排列{more}").font = HEAD
        lost: list[Column[_Loss]] = [
            Column("序号", 10, lambda loss: loss.target["serial_no"], COUNT),
            *heading_column(document, 16, lambda loss: loss.target["level1"]),
            *_LOSSES,
        ]
        put_table(sheet, end + 2, lost, losses[:_MOST_LOSSES])
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, len(named) + 1)
    set_paper(
        sheet, Paper(landscape=False, one_page=True, footer=f"{document.document_id} {entity}")
    )


def _losses(document: Exported, entity: str) -> Sequence[_Loss]:
    """Return the entity's scored indicators below their full points, the largest gap first."""
    losses = [
        _Loss(
            target,
            score,
            gap,
            (
                *score.doubt.marks,
                *document.open_direction(serial_no),
                *document.standing(serial_no, whose),
            ),
        )
        for (serial_no, whose), score in document.scores.items()
        if whose == entity
        if (target := document.targets.get((serial_no, whose))) is not None
        if (gap := lost_points(score.row, target.get("item_kind"))) is not None and gap > 0
    ]
    return sorted(losses, key=lambda loss: (-loss.gap, loss.target["serial_no"]))
