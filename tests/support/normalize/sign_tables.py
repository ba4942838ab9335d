"""Signs that a whole table or several show: for each a document with the sign and one without."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.corrections import Correction, FindingPlace
from schemas.records.document import Document, Seen, Table
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.normalize import choices as choose
from tests.support.normalize import corrected as corrections
from tests.support.normalize import layouts as shapes
from tests.support.normalize.drawn import document, table
from tests.support.normalize.sign_texts import CLEAN, HEADER

Make = Callable[[Path], Notice]


def notice_of(*tables: Table, title: str | None = "2020年度考核指标") -> Notice:
    """Normalize drawn tables as one document."""
    numbered = [replace(one, table_no=number) for number, one in enumerate(tables, 1)]
    return normalize(document(*numbered, title=title), SourceMeta("x", year=2020))


def drawn(body: str, header: str = HEADER, **traits: object) -> Make:
    """Draw one table."""
    return lambda _: notice_of(table(f"{header}\n{body.strip()}", page=1, **traits))  # type: ignore[arg-type]


def method(text: str) -> Make:
    """Draw a table of one indicator with a method beside its targets."""
    header = "考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法"
    first = f"发展 | 投资额（亿元） | 60 | 12 | 13 | {text}"
    return drawn(f"{first}\n发展 | 高企数量（户） | 40 | 3 | 4 | .", header)


def changed(printed: str, instead: str) -> Make:
    """Draw the clean document with another text."""
    return lambda _: _read_once(CLEAN.replace(printed, instead))


@cache
def _read_once(body: str) -> Notice:
    return notice_of(table(f"{HEADER}\n{body.strip()}", page=1))


def measured_in(units: str, printed: str, instead: str) -> Make:
    """Draw the clean document with another text under a line that states units for the table."""
    return drawn(CLEAN.replace(printed, instead), caption=(f"单位：{units}",))


def recognised(name: str) -> Make:
    """Draw the clean document as if a picture of it had been read, with another leaf's name."""
    whole = table(f"{HEADER}\n{CLEAN.strip()}", page=1)
    names = max(cell.column for cell in whole.cells if cell.text in ("三级指标", "指标"))
    first = next(c for c in whole.cells if c.row > 1 and c.column == names and c.text)
    cells = tuple(
        c._replace(confidence=1.0, text=name if c is first else c.text) for c in whole.cells
    )
    return lambda _: notice_of(replace(whole, cells=cells))


def undrawn(doubt: str | None) -> Make:
    """Draw the clean document as a page without rules leaves it: how far a cell reaches is open."""
    whole = table(f"{HEADER}\n{CLEAN.strip()}", page=1)
    first = next(cell for cell in whole.cells if cell.row > 1 and cell.text)
    cells = tuple(c._replace(undrawn=doubt) if c is first else c for c in whole.cells)
    return lambda _: notice_of(replace(whole, cells=cells))


def seen_otherwise(*seen: Seen) -> Make:
    """Draw the clean document as a page that shows something else of its first value."""
    whole = table(f"{HEADER}\n{CLEAN.strip()}", page=1)
    first = next(cell for cell in whole.cells if cell.row > 1 and cell.text)
    cells = tuple(c._replace(seen=seen) if c is first else c for c in whole.cells)
    return lambda _: notice_of(replace(whole, cells=cells))


def lost(printed: str) -> Make:
    """Draw the clean document without the cell of a text."""
    whole = table(f"{HEADER}\n{CLEAN.strip()}", page=1)
    cells = tuple(cell for cell in whole.cells if cell.text != printed)
    return lambda _: notice_of(replace(whole, cells=cells))


def pages(*bodies: str, header: str = HEADER) -> Make:
    """Draw one table over several pages, each closed by rules."""
    return lambda _: notice_of(
        *(table(f"{header}\n{body.strip()}", page=page) for page, body in enumerate(bodies, 1))
    )


def untitled(before: int, behind: int) -> Make:
    """Draw rows without a title before the page that the title stands on, which holds others."""
    rows = [SAME.format(f"任务{n}", "5 | 6") for n in range(before + behind)]
    first = table("\n".join([SPLIT, *rows[:before]]), page=1)
    titled = table(
        "\n".join([SPLIT, *rows[before:]]), page=2, caption=("2020年度县（区）考核指标",)
    )
    return tables(first, titled)


def backwards(*numbers: str) -> Make:
    """Draw two pages with these page numbers under them."""
    rows = [SAME.format(f"任务{n}", "5 | 6") for n in range(4)]
    bodies = ("\n".join(rows[:2]), "\n".join(rows[2:]))
    return tables(
        *(
            table(f"{SPLIT}\n{body}", page=page, notes=(number,))
            for page, (body, number) in enumerate(zip(bodies, numbers, strict=True), 1)
        )
    )


def tables(*found: Table) -> Make:
    return lambda _: notice_of(*found)


def converted(*lines: str) -> Make:
    """Write one Markdown table, its header first, as a conversion leaves it."""

    def make(folder: Path) -> Notice:
        path = folder / "notice.md"
        head, *rest = lines
        rule = "|" + "---|" * head.count(" | ") + "---|"
        body = "\n".join(line if line == "" else f"| {line} |" for line in rest)
        path.write_text(f"2020年度考核指标\n\n| {head} |\n{rule}\n{body}\n", encoding="utf-8")
        return normalize(read_document(path), SourceMeta("x", year=2020))

    return make


def doubted(change: Callable[[Document], Document]) -> Make:
    """Read the clean document after a change to what the readers said."""

    def make(_: Path) -> Notice:
        read = document(table(f"{HEADER}\n{CLEAN.strip()}", page=1), title="2020年度考核指标")
        return normalize(change(read), SourceMeta("x", year=2020))

    return make


def with_cell(printed: str, **changes: object) -> Make:
    """Change the cells of the clean document that print a text."""

    def change(read: Document) -> Document:
        (one,) = read.tables
        cells = (c._replace(**changes) if c.text == printed else c for c in one.cells)  # type: ignore[arg-type]
        return replace(read, tables=(replace(one, cells=tuple(cells)),))

    return doubted(change)


def known(word: str) -> Make:
    """Read a department of the clean document in two ways, with a word of earlier years."""
    looks = {"text": "市司法后", "confidence": 0.6, "agreed": False, "other_text": "市司法局"}

    def make(_: Path) -> Notice:
        one = table(f"{HEADER}\n{CLEAN.strip()}", page=1)
        cells = (c._replace(**looks) if c.text == "市司法局" else c for c in one.cells)  # type: ignore[arg-type]
        read = document(replace(one, cells=tuple(cells)), title="2020年度考核指标")
        return normalize(read, SourceMeta("x", year=2020), [word])

    return make


def entitled(title: str) -> Make:
    return lambda _: notice_of(table(shapes.ORDINARY, page=1), title=title)


def numbered(*numbers: int) -> Make:
    rows = CLEAN.strip().split("\n")
    body = "\n".join(f"{number} | {row}" for number, row in zip(numbers, rows, strict=True))
    return drawn(body, f"序号 | {HEADER}")


def summed(first: str, second: str) -> Make:
    body = CLEAN.replace("发展质量 |", f"发展质量{first} |").replace(
        "社会民生 |", f"社会民生{second} |"
    )
    return drawn(body)


def headed(*points: str) -> Make:
    """Print the points of each heading of level 2 behind its name."""
    body = CLEAN
    for name, text in zip(("创新驱动", "绿色低碳", "就业服务", "法治建设"), points, strict=True):
        body = body.replace(f"{name} |", f"{name}{text} |")
    return drawn(body)


def returning(heading: str) -> Make:
    """Print a row of the first heading of level 1 at the end of the table."""
    row = f"{heading} | 质量强市 | 抽检合格率（%） | 2 | 97 | 98 | 96 | 95 | 市市场监管局"
    return drawn(f"{CLEAN.strip()}\n{row}")


SPLIT = "一级指标 | 二级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 责任单位"
RIVAL = choose.COUNTIES.replace("| 1 | 2 | 3 |", "| 4 | 5 | 6 |")
TRAINED = "考核培训（人） | 1 | 90 | 80 | 70 | 市司法局"
DEALS = "^ | ^ | 合同登记 | 2 | 按要求完成 | 按要求完成 | 市科技局"
TASKS = "^ | ^ | 合同登记 | 2 | 按要求完成 | 按要求完成 | 市科技局"
LONG = " |  | 城乡融合 | 1 | 按《关于印发任务清单的通知》要求进行{} |  |  | 市司法局"
RULE = "---" + " | ---" * 7
HALVES = f"{SPLIT.replace('乙县', '<')}\n^ | ^ | ^ | ^ | 上半年 | 四季度 | ^"
EAST = SPLIT.replace("甲县 | 乙县", "东兴县 | 东兴区")
EDGES = tuple(50.0 * column for column in range(9))
TOP = "发展 | 创新 | 高企（户） | 3 | 7 | 8 | 市科技局\n^ | ^ | 专利（件） | 2 | 7 | 8 | 市科技局"
LEAF = "序号 | 考核内容 | 考核指标 | 考核单位 | 甲县 | 乙县"
LEAVES = "1 | 发展 | 高企（2分） | 市科技局 | 7 | 8\n2 | ^ | 专利（3分） | {} | 7 | 8"
LAST = "3 | 发展 | 合同（2分） | 市财政局 | 7 | 8\n4 | ^ | 贸易（2分） | 市商务局 | 4 | 5"
MD = "一级指标 | 二级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 丙县 | 责任单位"
ROWS = (
    "发展质量 | 创新驱动 | 企业总数（户） | 3 | 7 | 8 | 9 | 市财政局",
    " |  | 研发投入增长率（%） | 2 | 4.3 | 4.5 | 5.1 | 市科技局",
    " | 绿色低碳 | 森林覆盖率（%） | 2 | 40 | 41 | 42 | 市自然资源局",
    "社会民生 | 就业服务 | 保密工作情况 | 1 | 按相关要求贯彻落实 |  |  | 市国家保密局",
    " | 法治建设 | 普法工作 | 1 | 按《普法考核办法》考核 |  |  | 市司法局",
)
WIDE = MD.replace("丙县", " | ".join(f"{sign}县" for sign in "丙丁戊己庚辛壬癸子丑寅卯"))
SEVENS = tuple(
    f"{names} | 3 | {' | '.join('7' * 14)} | 市科技局"
    for names in ("发展 | 创新 | 企业（户）", " |  | 专利（件）")
)
SAME = "发展 | 创新 | {} | 2 | {} | 市科技局"
TASK = "全面完成年度任务"
DIGIT = "不发生一次死亡{}人以上的安全责任事故"


def targets(*texts: str) -> Make:
    """Draw one row a text, said to both entities."""
    rows = (SAME.format(f"任务{n}", f"{text} | <") for n, text in enumerate(texts, 1))
    return drawn("\n".join(rows), SPLIT)


OUTLINE = "考核项目 | 分值 | 甲县 | 乙县 | 责任单位"


def outline(*headings: str) -> Make:
    """Draw rows that add up to the row above them, which is called so."""
    body: list[str] = []
    for number, heading in enumerate(headings):
        name, points, target = (text.strip() for text in heading.split("|"))
        body.append(f"{name} | {points} | {target} | {target} | 市水利局")
        whole = int(points)
        body += [f"保洁{number} | {whole - 4} | 41 | 42 | 市水利局"]
        body += [f"{what}{number} | 2 | 52 | 53 | 市水利局" for what in ("巡查", "清障")]
    return drawn("\n".join(body), OUTLINE)


def weights(*groups: str) -> Make:
    """Draw two headings of 60 and 40 points over items of these weights."""
    body = [
        f"{name} | {points} | {name}{what}（处） | {weight} | 41 | 42 | 市水利局"
        for name, points, group in zip(("河道", "林木"), (60, 40), groups, strict=True)
        for what, weight in zip(("保洁", "巡查"), group.split(), strict=True)
    ]
    again = [re.sub(r"^.*? \| \d+", "^ | ^", row) for row in body]
    merged = [pair[n % 2] for n, pair in enumerate(zip(body, again, strict=True))]
    return drawn("\n".join(merged), "一级指标 | 权重 | 三级指标 | 权重 | 甲县 | 乙县 | 责任单位")


def ordinals_over(ordinals: str, points: int) -> Make:
    """Draw items under numbered rows; the first such row prints these points, its items 6."""
    of = {"一、": points, "二、": 3, "1": 4, "2": 2, "3": 3}
    rows = [f"{o} | 任务{o} | {of[o]} | 41 | 42 | 市水利局" for o in ordinals.split()]
    return drawn("\n".join(rows), f"序号 | {OUTLINE}")


#: Code, a document that shows it, one that must not.
def lone(title: str, remark: str = "", *entities: str, issuer: str | None = None) -> Make:
    """Draw a table with one column of targets for all, and a remark beside the first of them."""
    body = f"""
        考核项目 | 考核指标 | 分值 | 目标值 | 备注
        创新 | 高企（户） | 5 | 30 | {remark or "."}
        创新 | 研发投入（亿元） | 5 | 3 | .
        """
    one = document(table(body, page=1), title=title or "2020年度考核指标")
    held = replace(one, front=replace(one.front, issuer=issuer))
    return lambda _: normalize(held, SourceMeta("x", year=2020, entities=entities))


TABLES: list[tuple[str, Make, Make]] = [
    (
        "unit_stated",
        measured_in("万元", "研发投入增长率（%）", "研发投入增长率"),
        measured_in("万元", "研发投入增长率（%）", "研发投入"),
    ),
    (
        "unit_stated",
        measured_in("万元、%", "研发投入增长率（%）", "研发投入"),
        measured_in("分", "研发投入增长率（%）", "研发投入增长率（%）"),
    ),
    ("accepted", lambda _: _accepted(), lambda _: corrections.corrected(corrections.CLEAN)),
    ("corrected", lambda _: corrections.corrected(corrections.CLEAN, _fix()),
     lambda _: corrections.corrected(corrections.CLEAN)),
    ("blank_ambiguous", converted(MD, *ROWS, " |  | 培训（人） | 1 | 90 | 80 |  | 市司法局"),
     converted(MD, *ROWS, " |  | 培训（人） | 1 | 90 | 80 | 70 | 市司法局")),
    ("blank_at_break", pages(LEAVES.format("."), LAST, header=LEAF),
     pages(LEAVES.format("市教育局"), LAST, header=LEAF)),
    ("cell_missing", lost("43"), drawn(CLEAN)),
    ("column_unknown", drawn(TOP.replace("科技局", "科技局 | 见文"), f"{SPLIT} | .", edges=EDGES),
     drawn(TOP.replace("科技局", "科技局 | 见文"), f"{SPLIT} | 备注", edges=EDGES)),
    ("column_unsure", drawn(TOP, SPLIT.replace("甲县 | 乙县", "安岳 | 乐至")),
     drawn(TOP, SPLIT.replace("甲县 | 乙县", "安岳县 | 乐至县"))),
    ("year_target_of_period", drawn(TOP, HALVES), drawn(TOP, HALVES.replace("四季度", "全年"))),
    ("department_cut", converted(MD, *ROWS, " |  |  | 培训（人） | 1 | 90 | 80 | 70"),
     converted(MD, *ROWS, " |  | 培训（人） | 1 | 90 | 80 | 70 | 市司法局")),
    ("digit_differs", targets(DIGIT.format(3), DIGIT.format(3), DIGIT.format(7)),
     targets(DIGIT.format(3), DIGIT.format(3), DIGIT.format("3名"))),
    ("entity_twice", drawn(CLEAN, HEADER.replace("乙县", "甲县")), drawn(CLEAN)),
    ("heading_ambiguous", converted(MD, f" |  | {TRAINED}", *ROWS),
     converted(MD, *ROWS, f" |  | {TRAINED}")),
    ("heading_cut",
     converted(MD, *ROWS, "", MD, RULE,
               "社会民生工作 | 民政 | 低保（户） | 1 | 5 | 6 | 7 | 市民政局"),
     converted(MD, *ROWS, "", MD, RULE,
               "社会民生 | 民政 | 低保（户） | 1 | 5 | 6 | 7 | 市民政局")),
    ("heading_points_missing", headed("（5分）", "（2分）", "（1分）", ""),
     headed("（5分）", "（2分）", "（1分）", "（3分）")),
    ("heading_points_missing", headed("（5分）", "（2分）", "（1分）", ""), headed("", "", "", "")),
    ("heading_returns", returning("发展质量"), returning("社会民生")),
    ("entity_assumed", lone("", issuer="资阳市人民政府"), lone("资阳市雁江区考核指标")),
    ("exception_applied", lone("", "高新区不考核", "甲县", "高新区"),
     lone("", "高新区为新设园区", "甲县", "高新区")),
    ("target_shared", lone("", "", "甲县", "乙县"), lone("", "", "甲县")),
    ("heading_sum_differs", summed("（7分）", "（5分）"), summed("（7分）", "（4分）")),
    ("heading_by_sum", outline("日常 | 6 | 40", "林木 | 7 | 30"),
     outline("日常 | 6 |", "林木 | 7 |")),
    ("heading_or_item", ordinals_over("一、 1 2 二、 3", 7), ordinals_over("一、 1 2 二、 3", 6)),
    ("points_relative", weights("3 4", "5 2"), weights("30 70", "60 40")),
    ("layout_unknown",
     lambda _: shapes.read(table(shapes.ORDINARY, page=1),
                           replace(table(shapes.turned(shapes.TURNED), page=2), regular=False)),
     lambda _: shapes.read(table(shapes.ORDINARY, page=1))),
    ("low_confidence", with_cell("7", confidence=0.3), with_cell("7", confidence=0.99)),
    ("mostly_unread", untitled(7, 3), drawn(CLEAN)),
    ("page_repeated", pages(CLEAN, CLEAN), drawn(CLEAN)),
    ("pages_reordered", backwards("- 2 -", "- 1 -"), backwards("- 1 -", "- 2 -")),
    ("other_table", tables(choose.counties, choose.results), tables(choose.counties)),
    ("points_entity_ambiguous", drawn(TOP.replace("| 3 |", "| 3（东兴4） |"), EAST),
     drawn(TOP.replace("| 3 |", "| 3（东兴县4） |"), EAST)),
    ("readers_disagree", with_cell("7", agreed=False, other_text="1"),
     with_cell("7", agreed=False, other_text="７")),
    ("revises_earlier", entitled("关于修订考核指标的通知"),
     entitled("关于印发考核指标的通知")),
    ("row_cut_unsure",
     pages(f"{TOP}\n{TASKS}", ". | . | 成交（件） | . | . | . | .", header=SPLIT),
     pages(f"{TOP}\n{DEALS}", ". | . | 成交（件） | 2 | 7 | 8 | 市科技局", header=SPLIT)),
    ("row_shifted", converted(MD, *ROWS, "企业培训 | 1 | 90 | 80 | 70 | 市司法局"),
     converted(MD, *ROWS, " |  | 企业培训 | 1 | 90 | 80 | 70 | 市司法局")),
    ("serial_gap", numbered(2, 3, 4, 5, 6, 7), numbered(1, 2, 3, 4, 5, 6)),
    ("serial_gap", numbered(1, 2, 4, 5, 6, 7), numbered(1, 2, 3, 4, 5, 6)),
    ("serial_gap", numbered(1, 2, 3, 3, 4, 5), numbered(1, 2, 3, 1, 2, 3)),
    ("settled_by_totals", changed("2（丙县3、丁县3）", "2（丙县）（丁县3）"), drawn(CLEAN)),
    ("settled_by_vocabulary",
     known("市司法局"), known("市民政局")),
    ("table_choice_unsure",
     tables(choose.counties, table(RIVAL, page=5, caption=("附件2 2020年度县（区）考核指标",))),
     tables(choose.counties, choose.departments)),
    ("table_note", drawn(CLEAN, notes=("注：丁县为新设县。",)), drawn(CLEAN, notes=("- 3 -",))),
    ("tables_combined",
     tables(table(shapes.FIRST, place="甲县"), table(shapes.SECOND, place="乙县")),
     tables(table(shapes.FIRST, place="甲县"))),
    ("tables_differ",
     tables(table(shapes.FIRST, place="甲县"),
            table(shapes.SECOND.replace("8 | 市科技局", "8 | 市经信局"), place="乙县")),
     tables(table(shapes.FIRST, place="甲县"), table(shapes.SECOND, place="乙县"))),
    ("target_cut", targets(TASK, TASK, "全面完成年"), targets(TASK, TASK, "全面完成任务")),
    ("text_continued",
     converted(MD, *ROWS, LONG.format(""), "", MD, RULE, " |  |  |  |  |  |  | 考核"),
     converted(MD, *ROWS, LONG.format("考核"))),
    ("text_unplaced",
     lambda _: shapes.read(table(shapes.turned(shapes.TURNED).replace(
         "责任单位 |", "合计 | 1 | 2 | 3 | 4\n责任单位 |"), page=1)),
     lambda _: shapes.read(table(shapes.turned(shapes.TURNED), page=1))),
    ("total_row", drawn(f"{CLEAN.strip()}\n合计 | < | < | 11 | . | . | . | . | ."), drawn(CLEAN)),
    ("name_misread", recognised("1"), recognised("研究与试验")),
    ("name_misread", recognised("研研究究与与试验"), recognised("方方面面的工作")),
    ("undrawn", undrawn("extent"), undrawn(None)),
    ("seen_otherwise", seen_otherwise(Seen("glyph", "7")), seen_otherwise()),
    ("seen_otherwise", seen_otherwise(Seen("outside", "7")), seen_otherwise()),
    ("seen_otherwise", seen_otherwise(Seen("overprinted", "7")), seen_otherwise()),
    ("seen_otherwise", seen_otherwise(Seen("clipped", "7")), seen_otherwise()),
    ("seen_otherwise", seen_otherwise(Seen("filled", "")), seen_otherwise()),
    ("row_unplaced", converted(WIDE, *SEVENS, "甲类 | 乙类"), converted(WIDE, *SEVENS)),
    ("methods_elsewhere",
     tables(choose.counties, choose.methods), tables(choose.counties, choose.results)),
    ("method_not_applied", method("按有关规定酌情计分"), method("每少1亿元扣2分，扣完为止")),
    ("method_not_applied", method("每少1户扣2分"), method("按完成比例计分")),
]  # fmt: skip


def _fix() -> Correction:
    return corrections.fix(corrections.of(2, "target_text", "甲县"), "7", "9")


def _accepted() -> Notice:
    drawing = corrections.CLEAN.replace("2（乙县4）", "2（乙县7）")
    before = corrections.corrected(drawing)
    (code,) = corrections.opened(before)
    place = FindingPlace(corrections.id_of(before, code))
    said = corrections.only(before, code).message_zh
    return corrections.corrected(drawing, corrections.fix(place, said))
