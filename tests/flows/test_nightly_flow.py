"""The flow ``nightly`` on a real server: states, artifacts, retries, word of failure."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from common.refusal import Refusal
from flows.jobs import marks
from flows.jobs.night import night as nights
from tests.support.flows.nights import City


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "flows.jobs.night.notify.send", lambda event, text, _: sent.append((event, text))
    )
    return sent


def no_site(order: Any, _progress: Any) -> None:
    order.out.mkdir(parents=True, exist_ok=True)
    (order.out / "index.html").write_text(marks.current_name(order.warehouse) or "")


@pytest.mark.usefixtures("server")
def test_a_night_as_a_flow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: list[tuple[str, str]]
) -> None:
    from prefect.artifacts import Artifact

    from flows import nightly
    from flows.jobs.night import returns as nightly_returns

    monkeypatch.setattr("flows.jobs.site.report.make_report", no_site)
    monkeypatch.setattr(nightly.step, "retry_delay_seconds", 0)
    real, tries = nightly_returns.receive, []

    def busy_at_first(*arguments: Any) -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise Refusal("warehouse_busy", "busy", "忙")
        return real(*arguments)

    monkeypatch.setattr(nightly_returns, "receive", busy_at_first)
    city = City(tmp_path)
    city.put_notice("tianhe-2021")
    city.put_return("市统计局", date(2021, 7, 5))
    city.put_notice("letter", "一封信")
    asked = nightly.flow_of(city.order())

    # A step that a lock stood in the way of is tried again, a refusal is not.
    state = asked(return_state=True)
    assert (state.type.value, state.name) == ("COMPLETED", "Completed with findings")
    assert len(tries) == 3
    items = {item.name: item.state for item in state.result().items}
    assert items["2021-07-05/市统计局.csv"] == "received"
    assert items["letter"] == "refused"
    assert city.inbox_files() == []
    page, table = Artifact.get("nightly"), Artifact.get("nightly-items")
    assert page is not None
    assert "letter" in str(page.data)
    assert table is not None
    assert {row["对象"] for row in json.loads(str(table.data))} >= {"letter", "tianhe-2021"}

    # The same again is nothing new, though what was refused is named again.
    again = asked(return_state=True)
    assert again.name == "Completed with findings"
    assert again.result().up_to_date
    assert [event for event, _ in told] == ["findings", "findings"]

    # Where another night holds the warehouse the run fails in plain words, and word is sent.
    monkeypatch.setattr(nightly, "WAIT_SECONDS", 0.0)
    with nights.exclusive(city.warehouse):
        failed = asked(return_state=True)
    assert failed.is_failed()
    assert "没有运行" in str(failed.message)
    event, text = told[-1]
    assert event == "failed"
    assert "没有运行" in text
