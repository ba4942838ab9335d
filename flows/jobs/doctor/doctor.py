"""``kaohe doctor``: looks at the installation, the warehouse, the raw data and the schedule.

Nothing is written; what is found is described in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from common.refusal import Refusal
from flows.jobs.doctor.raw_data import check_raw
from flows.jobs.doctor.schedule import check_schedule
from flows.jobs.doctor.setup import check_setup
from flows.jobs.ingest import Progress
from schemas.records.health import STATES, Check, State, area_of, check, phrase
from schemas.vocabulary import word


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
        return max((each.state for each in self.checks), key=STATES.index, default="ok")

    def as_json(self) -> dict[str, object]:
        """Return the diagnosis in JSON's types."""
        return {"state": self.state, "checks": [asdict(each) for each in self.checks]}

    def as_text(self) -> str:
        """Return the diagnosis for a person."""
        found = phrase(f"flows.any.{self.state}")
        return "\n".join([*self._lines(), "", phrase("flows.any.conclusion", found=found)])

    def _lines(self) -> Iterator[str]:
        area = ""
        for each in self.checks:
            if each.area != area:
                area = each.area
                yield f"{area}："
            yield f"  [{word('check_state', each.state)}] {each.name_zh}：{each.found_zh}"
            if each.todo_zh:
                yield f"         → {each.todo_zh}"


def diagnose(order: DoctorOrder, progress: Progress) -> Diagnosis:
    """Look at everything; what stands in the way of looking is a finding itself."""
    from warehouse.integrity import check_warehouse

    now = datetime.now(UTC)
    areas: tuple[tuple[str, Callable[[], Iterator[Check]]], ...] = (
        ("flows.setup", lambda: check_setup((order.warehouse, order.raw), flow=order.flow)),
        ("warehouse.store", lambda: check_warehouse(order.warehouse)),
        ("flows.raw", lambda: check_raw(order.raw, order.warehouse)),
        ("flows.schedule", lambda: check_schedule(order.warehouse, now)),
    )
    checks: list[Check] = []
    for name, look in areas:
        area = area_of(name)
        progress(f"checking: {area}")
        checks.extend(_looked(area, look))
    return Diagnosis(tuple(checks))


def _looked(area: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except Refusal as refusal:
        yield replace(check("flows.any.refused.refused", reason=refusal.zh), area=area)
    except OSError as error:
        reason = error.strerror or error
        found = check("flows.any.unreadable.unreadable", file=error.filename or "", reason=reason)
        yield replace(found, area=area)
