"""Draws random indicator tables and damages them as conversions to text do; knows what is true."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from common.fold import fold
from normalize.model.table import Column, LogicalTable, Role
from schemas.records.document import Cell, Table

LEVEL1 = ("高质量发展", "年度重点工作", "政府自身建设", "民生保障", "改革创新", "党的建设")
LEVEL2 = (
    "综合质量效益", "创新发展", "协调发展", "绿色发展", "开放发展", "共享发展", "脱贫攻坚",
    "污染防治", "安全生产", "食品安全", "防灾减灾", "乡村振兴", "工业强市", "项目投资",
    "消费升级", "预算管理", "政务公开", "数字政府", "营商环境", "城乡融合", "社会治理", "文化旅游",
)  # fmt: skip
SUBJECTS = (
    "地区生产总值", "服务业增加值", "规上工业", "社会消费品零售", "固定资产投资", "财政收入",
    "城镇化", "居民收入", "就业", "义务教育", "森林覆盖", "空气质量", "河湖管护", "耕地保护",
    "粮食生产", "生猪出栏", "道路交通", "消防", "信访", "养老服务", "医疗保障", "科技投入",
    "专利", "外贸进出口", "招商引资", "公共文化", "全民健身", "厕所改造", "农村公路", "燃气",
)  # fmt: skip
MEASURED = (("增长率", "%"), ("总量", "亿元"), ("完成数", "个"), ("覆盖率", "%"), ("人数", "人"))
JUDGED = ("工作完成情况", "任务落实情况", "体系建设", "专项考核", "管理工作")
DEPARTMENTS = (
    "市发展改革委", "市财政局", "市统计局", "市商务局", "市教育和体育局", "市农业农村局",
    "市水务局", "市公安局", "市应急管理局", "市卫生健康委", "市住房城乡建设局", "市科学技术局",
    "市生态环境局", "市交通运输局", "市市场监管局", "市政府办公室",
)  # fmt: skip
INSTRUCTIONS = (
    "按全省平均水平比较考核", "按相关要求贯彻落实", "按省、市相关要求考核", "按相关文件精神考核",
    "按《2021年度专项工作考核细则》考核", "完成省、市下达任务", "按年度工作要点考核",
)  # fmt: skip
ENTITIES = (
    "东河区", "长宁区", "南屏县", "云台县", "西岭县", "白鹤市", "石门县", "清江区", "北山县",
    "高新区", "经开区", "文旅度假区",
)  # fmt: skip


@dataclass
class Leaf:
    """A true row: its texts by column kind, and what starts in it."""

    level1: str
    level2: str
    level3: str
    level4: str | None
    points: str
    targets: list[str]
    merged: bool  # equal neighbouring targets are one printed cell
    department: str
    unit: str
    new_group: bool
    new_split: bool


@dataclass
class Drawing:
    """A damaged document and the truth."""

    tables: list[Table]
    columns: list[Column]
    truth: list[list[str]]
    log: list[str] = field(default_factory=list)


def draw(seed: int, damage: float = 0.1) -> Drawing:
    """Draw a random table over a few pages and damage that share of its rows."""
    rng = random.Random(seed)
    entities = list(ENTITIES[-rng.choice((3, 4, 5, 5, 6, 8, 12)) :])
    split = rng.random() < 0.75
    columns = _columns(rng, entities, split=split)
    leaves = _leaves(rng, len(entities), split=split, own_unit=_has(columns, Role.UNIT))
    truth = [_true_row(columns, leaf, number) for number, leaf in enumerate(leaves, 1)]
    drawing = Drawing([], columns, truth)
    _Printer(rng, drawing, leaves, damage).print()
    return drawing


def _has(columns: list[Column], role: Role) -> bool:
    return any(column.role is role for column in columns)


def _columns(rng: random.Random, entities: list[str], *, split: bool) -> list[Column]:
    levels = [(Role.LEVEL, "一级指标"), (Role.LEVEL, "二级指标"), (Role.LEVEL, "三级指标")]
    levels += [(Role.LEVEL, "三级指标")] * split
    points = [(Role.POINTS, "分值")]
    unit = [(Role.UNIT, "计量单位")] * (rng.random() < 0.2)
    targets = [(Role.TARGET, entity) for entity in entities]
    department = [(Role.ASSESSING, "责任单位")]
    serial = [(Role.SERIAL, "序号")] * (rng.random() < 0.2)
    note = [(Role.NOTE, "备注")] * (rng.random() < 0.2)
    if rng.random() < 0.2:
        kinds = serial + levels + unit + points + department + targets + note
    else:
        kinds = serial + levels + unit + points + targets + department + note
    return [Column(i, role, name) for i, (role, name) in enumerate(kinds)]


def _leaves(rng: random.Random, count: int, *, split: bool, own_unit: bool) -> list[Leaf]:
    names = [(s, m) for s in SUBJECTS for m in (*MEASURED, *JUDGED)]
    rng.shuffle(names)
    level2 = rng.sample(LEVEL2, rng.randint(5, 14))
    bounds = sorted(rng.sample(range(1, len(level2)), min(rng.randint(1, 3), len(level2) - 1)))
    leaves: list[Leaf] = []
    for index, heading in enumerate(level2):
        level1 = LEVEL1[sum(bound <= index for bound in bounds)]
        for _ in range(rng.randint(1, 5)):
            leaves += _group(rng, (level1, heading), names, count, own_unit=own_unit, split=split)
    return leaves


def _group(
    rng: random.Random,
    headings: tuple[str, str],
    names: list[tuple[str, object]],
    count: int,
    *,
    own_unit: bool,
    split: bool,
) -> list[Leaf]:
    size = rng.choice((1, 1, 1, 1, 2, 2, 3))
    department = rng.choice(DEPARTMENTS)
    points = rng.choice(("0.5", "1", "1", "2", "2", "3", "4"))
    if rng.random() < 0.2:
        points += f"（高新区{rng.choice((2, 3, 4))}）"
    parent = f"{rng.choice(SUBJECTS)}{rng.choice(('工程', '提升', '建设', '行动'))}"
    is_split = split and size > 1 and rng.random() < 0.5
    absent = rng.choice((0, 0, 1, 2)) if count > 3 else 0
    leaves = []
    for member in range(size):
        subject, kind = names.pop()
        measured = isinstance(kind, tuple)
        unit = kind[1] if measured else ""
        name = subject + (kind[0] if measured else str(kind))
        name += f"（{unit}）" if unit and not own_unit else ""
        targets, merged = _targets(rng, count, absent, measured=measured)
        leaves.append(
            Leaf(
                *headings,
                parent if is_split else name,
                name if is_split else None,
                points,
                targets,
                merged,
                department,
                unit,
                member == 0,
                is_split and member == 0,
            )
        )
    return leaves


def _targets(
    rng: random.Random, count: int, absent: int, *, measured: bool
) -> tuple[list[str], bool]:
    present = count - absent
    if measured and rng.random() < 0.75:
        digits = rng.choice((0, 1, 2))
        values = [f"{rng.uniform(1, 150):.{digits}f}" for _ in range(present)]
        merged = rng.random() < 0.2
        values = [values[0]] * present if merged else values
    elif rng.random() < 0.1:
        values = [f"改造{rng.randint(2, 60)}处" for _ in range(present)]
        merged = False
    else:
        values, merged = [rng.choice(INSTRUCTIONS)] * present, True
    return values + ["---"] * absent, merged


def _true_row(columns: list[Column], leaf: Leaf, number: int) -> list[str]:
    row: list[str] = []
    levels = 0
    targets = iter(leaf.targets)
    for column in columns:
        if column.role is Role.LEVEL:
            whole = (leaf.level1, leaf.level2, leaf.level3, leaf.level4 or leaf.level3)
            row.append(whole[levels])
            levels += 1
        elif column.role is Role.TARGET:
            row.append(next(targets))
        else:
            other = {
                Role.SERIAL: str(number),
                Role.POINTS: leaf.points,
                Role.ASSESSING: leaf.department,
                Role.UNIT: leaf.unit,
            }
            row.append(other.get(column.role, ""))
    return row


class _Printer:
    """Prints leaves as a conversion would, page by page."""

    def __init__(
        self, rng: random.Random, drawing: Drawing, leaves: list[Leaf], damage: float
    ) -> None:
        self.rng = rng
        self.drawing = drawing
        self.leaves = leaves
        self.damage = damage
        self.page_end = 0
        self.placed = False  # whether this page prints a name's second place as a blank
        self.pair = sum(c.role is Role.LEVEL for c in drawing.columns) == 4

    def print(self) -> None:
        start = 0
        while start < len(self.leaves):
            end = min(start + self.rng.randint(7, 14), len(self.leaves))
            self._page(start, end)
            start = end

    def _page(self, start: int, end: int) -> None:
        columns = self.drawing.columns
        self.page_end = end
        narrow = self.pair and not any(leaf.level4 for leaf in self.leaves[start:end])
        width = len(columns) - narrow
        reprint = self.rng.randrange(start, end) if start and self.rng.random() < 0.5 else -1
        self.placed = self.rng.random() < 0.5
        rows = [self._header(width)]
        run = ""
        for number in range(start, end):
            if not (run and self.rng.random() < 0.4):
                run = ""
                if self.rng.random() < self.damage:
                    run = self.rng.choice(("left", "left", "right", "inside", "dashes", "cut_name"))
            row = self._row(number, page_start=start, reprint=number == reprint, narrow=narrow)
            again = number == reprint and self._prints_again(number)
            rows.append(self._damaged(row, run, number, width, reprinted=again))
        rows = self._continued(rows, start, width)
        table_no = len(self.drawing.tables) + 1
        cells = tuple(
            Cell(r, c, text, page=table_no)
            for r, row in enumerate(rows, 1)
            for c, text in enumerate(row, 1)
        )
        self.drawing.tables.append(
            Table(table_no, cells, len(rows), width, page=table_no, regular=False)
        )

    def _prints_again(self, number: int) -> bool:
        """Whether a row's heading is printed above, too: only then its whole name is known."""
        return self.leaves[number].level1 == self.leaves[number - 1].level1

    def _header(self, width: int) -> list[str]:
        names: list[str] = []
        for column in self.drawing.columns:
            if not names or names[-1] != column.name:
                names.append(column.name)
        missing = width - len(names)
        at = names.index("三级指标") + 1 if self.placed else len(names)
        return names[:at] + [""] * missing + names[at:]

    def _row(
        self, number: int, *, page_start: int, reprint: bool, narrow: bool
    ) -> list[tuple[str, str]]:
        """Return the printed cells with the kind of each."""
        leaf = self.leaves[number]
        before = self.leaves[number - 1] if number else None
        cells: list[tuple[str, str]] = []
        levels = 0
        for column in self.drawing.columns:
            if column.role is Role.LEVEL:
                cells += self._level(leaf, before, levels, reprint=reprint, narrow=narrow)
                levels += 1
            elif column.role is Role.TARGET:
                if column.index and self.drawing.columns[column.index - 1].role is Role.TARGET:
                    continue
                cells += self._targets(leaf)
            elif column.role is Role.SERIAL:
                cells.append((str(number + 1), "serial"))
            elif column.role in (Role.POINTS, Role.ASSESSING):
                text = leaf.points if column.role is Role.POINTS else leaf.department
                cells.append((text if leaf.new_group else "", column.role.value))
            else:
                cells.append((leaf.unit if column.role is Role.UNIT else "", column.role.value))
        return cells

    def _level(
        self, leaf: Leaf, before: Leaf | None, level: int, *, reprint: bool, narrow: bool
    ) -> list[tuple[str, str]]:
        if level == 0:
            new = reprint or before is None or before.level1 != leaf.level1
            return [(leaf.level1 if new else "", "level1")]
        if level == 1:
            new = reprint or before is None or before.level2 != leaf.level2
            return [(leaf.level2 if new else "", "level2")]
        if level == 2:
            return [(leaf.level3 if leaf.level4 is None or leaf.new_split else "", "leaf")]
        if leaf.level4 is not None:
            return [(leaf.level4, "leaf")]
        odd = self.rng.random() < 0.1
        return [] if narrow or self.placed is odd else [("", "level4")]

    def _targets(self, leaf: Leaf) -> list[tuple[str, str]]:
        printed: list[tuple[str, str]] = []
        for index, text in enumerate(leaf.targets):
            again = leaf.merged and index and text == leaf.targets[index - 1] and text != "---"
            printed.append(("" if again else text, "again" if again else "target"))
        return printed

    def _damaged(
        self, row: list[tuple[str, str]], run: str, number: int, width: int, *, reprinted: bool
    ) -> list[str]:
        cells = list(row)
        if run == "left":
            for _ in range(self.rng.randint(1, 3)):
                if cells and cells[0][0] == "" and not self._regular_one_level_up(cells, number):
                    cells.pop(0)
        elif run == "right" and not (len(cells) == width and cells[-1][1] in ("target", "again")):
            cells.insert(0, ("", "spare"))
        elif run == "inside":
            places = [i for i, (_, kind) in enumerate(cells) if kind == "again"]
            if places and not (len(cells) == width and cells[-1][1] in ("target", "again")):
                cells.insert(places[0], ("", "spare"))
        elif run == "dashes" and not self.leaves[number].new_group:
            above = self.leaves[number - 1].targets
            leaf = self.leaves[number]
            at = [i for i, (_, kind) in enumerate(cells) if kind in ("target", "again")]
            for place, (one, other) in zip(at, zip(above, leaf.targets, strict=True), strict=True):
                if one == other == "---":
                    cells[place] = ("", "target")
        elif run == "cut_name" and cells[0][1] == "level1" and reprinted:
            cells[0] = (cells[0][0][:-2], "level1")
        texts = [text for text, _ in cells]
        if texts != [text for text, _ in row]:
            self.drawing.log.append(f"{number + 1}: {run}")
        return (texts + [""] * width)[:width]

    def _regular_one_level_up(self, cells: list[tuple[str, str]], number: int) -> bool:
        """Whether a row moved left by a cell is a regular row of a new heading of level 1.

        It begins a heading of level 2 and a split name at its page's end, so that no row of the
        page shows that the name is split.
        """
        kinds = [kind for text, kind in cells if text][:3]
        begins = kinds == ["level2", "leaf", "leaf"] and cells[0] == ("", "level1")
        return begins and number == self.page_end - 1

    def _continued(self, rows: list[list[str]], start: int, width: int) -> list[list[str]]:
        """Sometimes cut the end of the last target on the page before and print it here."""
        if not start or self.rng.random() > 0.3:
            return rows
        before = self.drawing.tables[-1]
        last = [cell for cell in before.cells if cell.row == before.row_count]
        cell = max(last, key=lambda c: len(c.text))
        if cell.text not in INSTRUCTIONS:
            return rows
        cut = self.rng.randint(2, 4)
        kept = tuple(
            Cell(c.row, c.column, c.text[:-cut], page=c.page) if c is cell else c
            for c in before.cells
        )
        self.drawing.tables[-1] = Table(
            before.table_no, kept, before.row_count, before.column_count, before.page, regular=False
        )
        alone = [""] * width
        alone[self.rng.choice((min(cell.column, width) - 1, width - 1))] = cell.text[-cut:]
        self.drawing.log.append(f"{start}: continued")
        return [rows[0], alone, *rows[1:]]


@dataclass
class Score:
    """How a laid-out table differs from the truth, cell by cell."""

    cells: int = 0
    wrong_silent: list[str] = field(default_factory=list)
    wrong_doubted: int = 0
    right_doubted: int = 0


def compare(table: LogicalTable, truth: list[list[str]]) -> Score:
    """Compare every place of the table; a warning anywhere on a cell makes it doubted."""
    score = Score()
    found = {
        (row, column): cell
        for cell in table.cells
        for row in range(cell.row0, cell.row1)
        for column in range(cell.column0, cell.column1)
    }
    for row in range(max(len(truth), table.rows)):
        for column in range(len(table.columns)):
            score.cells += 1
            cell = found.get((row, column))
            want = truth[row][column] if row < len(truth) else None
            doubted = cell is not None and any(d.severity != "info" for d in cell.doubts)
            right = cell is not None and want is not None and fold(cell.text) == fold(want)
            score.right_doubted += right and doubted
            score.wrong_doubted += not right and doubted
            if not right and not doubted:
                got = None if cell is None else cell.text
                score.wrong_silent.append(f"row {row + 1} column {column}: {want!r} <- {got!r}")
    return score
