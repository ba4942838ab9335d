"""``kaohe doctor``: looks at the installation, the warehouse, the raw data and the schedule.

Nothing is written; what is found is described in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from common.refusal import Refusal
from flows.jobs.doctor.raw_data import check_raw
from flows.jobs.doctor.schedule import check_schedule
from flows.jobs.doctor.setup import check_setup
from flows.jobs.ingest import Progress
from schemas.records.health import STATES, Check, State
from schemas.vocabulary import word

_HEADLINES: dict[State, str] = {
    "ok": "一切正常",
    "note": "一切正常",
    "warning": "可以运行，有需要注意的问题",
    "error": "有需要处理的错误",
}


@dataclass(frozen=True, slots=True)
class DoctorOrder:
    """What is looked at. With ``flow`` an empty flow is run too, which takes half a minute."""

    warehouse: Path = Path("warehouse/tables")
    raw: Path = Path("raw")
    flow: bool = False


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All that was looked at, in order."""

    checks: tuple[Check, ...]

    @property
    def state(self) -> State:
        """The gravest state among the checks."""
        return max((check.state for check in self.checks), key=STATES.index, default="ok")

    def as_json(self) -> dict[str, Any]:
        """Return the diagnosis in JSON's types."""
        return {"state": self.state, "checks": [asdict(check) for check in self.checks]}

    def as_text(self) -> str:
        """Return the diagnosis for a person."""
        return "\n".join([*self._lines(), "", f"结论：{_HEADLINES[self.state]}"])

    def _lines(self) -> Iterator[str]:
        area = ""
        for check in self.checks:
            if check.area != area:
                area = check.area
                yield f"{area}："
            yield f"  [{word('check_state', check.state)}] {check.name_zh}：{check.found_zh}"
            if check.todo_zh:
                yield f"         → {check.todo_zh}"


def diagnose(order: DoctorOrder, progress: Progress) -> Diagnosis:
    """Look at everything; what stands in the way of looking is a finding itself."""
    from warehouse.integrity import AREA, check_warehouse

    now = datetime.now(UTC)
    areas: tuple[tuple[str, Callable[[], Iterator[Check]]], ...] = (
        ("安装", lambda: check_setup((order.warehouse, order.raw), flow=order.flow)),
        (AREA, lambda: check_warehouse(order.warehouse)),
        ("原始数据", lambda: check_raw(order.raw, order.warehouse)),
        ("定时运行", lambda: check_schedule(order.warehouse, now)),
    )
    checks: list[Check] = []
    for area, look in areas:
        progress(f"checking: {area}")
        checks.extend(_looked(area, look))
    return Diagnosis(tuple(checks))


def _looked(area: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except Refusal as refusal:
        yield Check(area, "refused", "error", "检查未完成", refusal.zh, "按上述提示处理后再检查。")
    except OSError as error:
        found = f"无法读取 {error.filename or ''}（{error.strerror or error}）"
        yield Check(area, "unreadable", "error", "检查未完成", found, "请检查权限和磁盘。")
