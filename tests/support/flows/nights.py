"""A small city for the tests of nights: notices and returns written in a moment, by hand."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.jobs.night.summary import NightlyOrder
from schemas.tables.registry import TABLES

ENTITIES = ("东河区", "南屏县", "高新区")
HEAD = ("一级指标", "二级指标", "三级指标", "分值", *ENTITIES, "考核单位")
LEAVES = (
    ("高质量发展", "经济发展", "地区生产总值增长率（%）", "40", "4.3", "5.4", "2.2", "市统计局"),
    ("高质量发展", "经济发展", "财政收入（亿元）", "30", "12", "20", "8", "市财政局"),
    ("重点工作", "民生改善", "新增城镇就业（人）", "20", "900", "800", "700", "市民政局"),
    ("重点工作", "民生改善", "信访工作", "10", *["按相关要求贯彻落实"] * 3, "市商务局"),
)
DEPARTMENTS = tuple(leaf[-1] for leaf in LEAVES)


def notice_text(year: int = 2021, growth: str = "4.3") -> str:
    """Return a notice as converted text; ``growth`` is its first target."""
    rows = [list(HEAD), ["---"] * len(HEAD), *map(list, LEAVES)]
    rows[2][4] = growth
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"天河府办发〔{year}〕7号\n\n关于印发{year}年度目标考核指标的通知\n\n{table}\n"


def return_text(department: str, document: str = "tianhe-2021", factor: float = 1.0) -> str:
    """Return a department's form as CSV, every target met ``factor`` times."""
    number = DEPARTMENTS.index(department) + 1
    leaf = LEAVES[number - 1]
    lines = [
        f"填报部门：{department}",
        f"文件编号：{document}",
        "序号,指标名称,考核对象,实际值,评定得分(%),依据",
    ]
    for entity, target in zip(ENTITIES, leaf[4:7], strict=True):
        judged = not target[0].isdigit()
        actual = "" if judged else f"{float(target) * factor:g}"
        lines.append(f"{number},{leaf[2]},{entity},{actual},{90 if judged else ''},统计年报")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class City:
    """The folders of one city."""

    root: Path

    @property
    def warehouse(self) -> Path:
        return self.root / "tables"

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def inbox(self) -> Path:
        return self.raw / "inbox"

    @property
    def out(self) -> Path:
        return self.root / "site"

    def order(self, **more: Any) -> NightlyOrder:
        return NightlyOrder(
            self.warehouse, self.raw, self.out, replies=self.root / "replies", **more
        )

    def put_notice(self, name: str, text: str | None = None, sidecar: str = "") -> Path:
        folder = self.raw / "notices" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "notice.txt").write_text(text or notice_text(), encoding="utf-8")
        if sidecar:
            (folder / "source.toml").write_text(sidecar, encoding="utf-8")
        return folder

    def put_return(self, department: str, day: date, **more: Any) -> Path:
        folder = self.inbox / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{department}.csv"
        path.write_text(return_text(department, **more), encoding="utf-8")
        return path

    def current(self) -> str:
        return (self.warehouse / "CURRENT").read_text().strip()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        from warehouse.query import query

        return query(self.warehouse, sql, of=[name for name in TABLES if name in sql]).rows

    def inbox_files(self) -> list[str]:
        return sorted(
            str(Path(folder, name).relative_to(self.inbox))
            for folder, _, names in os.walk(self.inbox)
            for name in names
        )
