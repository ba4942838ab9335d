"""The main job on the bundled notice: land it and its damaged text, and show how they differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.compare import Doubted, doubted
from flows.orchestration import run_ingest
from flows.printing import text_table
from flows.steps import Order, Progress
from flows.summary import Summary
from schemas.errors import Refusal

OFFICIAL = "ziyang-2020"
COPY = "ziyang-2020-text"
SHOWN_DIFFERENCES = 40


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration landed, and in what the two documents differ."""

    landed: tuple[Summary, ...]
    differences: tuple[Doubted, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the demonstration in JSON's types."""
        return {
            "landed": [summary.as_json() for summary in self.landed],
            "differences": [difference.as_json() for difference in self.differences],
        }

    def as_text(self) -> str:
        """Return the demonstration for a person."""
        parts = [summary.as_text() for summary in self.landed]
        return "\n\n".join([*parts, self.differences_text(), self.next_text()])

    def differences_text(self) -> str:
        """Return the table of differences and how many of them are flagged."""
        flagged = Counter(difference.flagged for difference in self.differences)
        heading = (
            f"{OFFICIAL} 与 {COPY} 的差异 differing values: {len(self.differences)}"
            f"（已标记 flagged {flagged[True]}，未标记 not flagged {flagged[False]}）"
        )
        if not self.differences:
            return f"{heading}：两份读出的每个值都相同；文本版中不确定的值已列在上面。"
        shown = sorted(self.differences, key=lambda item: item.flagged)[:SHOWN_DIFFERENCES]
        columns = ("序号", "对象", "栏目", "通知", "文本版", "")
        table = text_table(columns, [item.as_row() for item in shown], widest=36)
        left = len(self.differences) - len(shown)
        more = f"\n…另有 {left} 处 and {left} more: kaohe demo --json" if left else ""
        return f"{heading}\n{table}{more}"

    def next_text(self) -> str:
        """Return what to do next."""
        where = self.landed[0].landed_in
        return (
            f"数据在 tables: {where}/current/<table>/year=2020/*.parquet, {where}/kaohe.duckdb\n"
            '查询 ask them: .venv/bin/kaohe query "SELECT entity, sum(max_points) FROM (SELECT '
            "DISTINCT entity, weight_group, max_points FROM targets WHERE status = 'assessed' AND "
            f"document_id = '{OFFICIAL}') GROUP BY entity\"\n"
            f"逐项核对 look at it: .venv/bin/kaohe review {OFFICIAL}"
        )


def run_demo(warehouse: Path, progress: Progress) -> Demo:
    """Ingest both bundled documents as flows on one embedded server, and compare them."""
    notices = bundled()
    orders = [Order(notices / name, warehouse) for name in (OFFICIAL, COPY)]
    progress("starting Prefect's embedded server (a few seconds; the first time up to a minute)")
    landed = tuple(run_ingest(order, progress, orchestrated=True) for order in orders)
    return Demo(landed, tuple(doubted(warehouse, OFFICIAL, COPY)))


def bundled() -> Path:
    """Return the folder of the bundled notices: here, or in the project that this code is of."""
    for root in (Path.cwd(), Path(__file__).resolve().parent.parent):
        folder = root / "raw" / "notices"
        if (folder / OFFICIAL).is_dir():
            return folder
    raise Refusal(
        "no_bundled_notice",
        f"raw/notices/{OFFICIAL} is neither here nor beside the program",
        f"找不到随附的通知 raw/notices/{OFFICIAL}。请在项目文件夹中运行 kaohe demo。",
    )
