"""What a trial prints: signs of doubt, intervals of places, nothing of what is not received."""

from __future__ import annotations

from typing import Any

from flows.jobs.score.what_if import WhatIfSummary
from schemas.tables.frames import records
from scoring.what_if.apply import changed, compare
from scoring.what_if.parse import Change, WhatIf
from tests.support.scoring.notices import DOCUMENT, indicator, inputs, returned, target


def sides(**said: Any) -> dict[str, Any]:
    """Columns of both sides, alike unless a pair is given."""
    pairs = {name: each if isinstance(each, tuple) else (each, each) for name, each in said.items()}
    return {
        f"{name}{side}": value
        for name, pair in pairs.items()
        for side, value in zip(("_real", "_what_if"), pair, strict=True)
    }


def total(entity: str, **said: Any) -> dict[str, Any]:
    held: dict[str, Any] = {"points": (4.0, 5.0), "points_low": (4.0, 5.0), "points_high": 9.0}
    held |= {"points_of_100": (40.0, 50.0), "rank_low": 1, "rank_high": (2, 1)}
    held |= {"received_share": 0.5, "values_in_doubt": 0, "provisional": 0}
    held |= {"total_open": (((), ())), "total_unread": (((), ()))}
    return {"entity": entity, "points_difference": 1.0, **sides(**(held | said))}


def score(**said: Any) -> dict[str, Any]:
    held: dict[str, Any] = {"status": "scored", "rule": None, "attainment": 0.5}
    held |= {"points": (1.0, 2.0), "points_low": (1.0, 2.0), "points_high": (1.0, 2.0)}
    own = {"serial_no": 1, "indicator": "税收", "entity": "甲县", "points_difference": 1.0}
    return {**own, **sides(**(held | {"needs_review": False, "provisional": 0} | said))}


def summary(totals: list[dict[str, Any]], scores: list[dict[str, Any]]) -> WhatIfSummary:
    return WhatIfSummary(
        "a-2020", 2020, "2021-01-31", "w.toml", tuple(totals), tuple(scores), sample=False
    )


def line(text: str, begins: str) -> list[str]:
    (found,) = [each for each in text.splitlines() if each.lstrip().startswith(begins)]
    return found.split()


def test_doubt_stands_behind_every_figure() -> None:
    doubtful = total("甲县", values_in_doubt=1, provisional=(0, 2))
    found = summary([doubtful, total("乙县")], [score(needs_review=True)])
    text = found.as_text()
    own = line(text, "甲县")[1:]
    assert own == ["4.00？", "5.00？◇", "1.00？◇", "40.00？", "50.00？◇", "1–2？", "1？◇"]
    assert line(text, "乙县")[1:] == ["4.00", "5.00", "1.00", "40.00", "50.00", "1–2", "1"]
    changed = [each for each in line(text, "1 ") if "0" in each]
    assert changed == ["0.50？", "0.50？", "1.00？", "2.00？", "1.00？", "1.00？", "2.00？"]
    assert "“？”" in text
    assert "“◇”" in text
    assert '<span class="sign"' in found.entities[0].real.points.given.__html__()


def test_a_score_that_rests_on_an_assumption_is_signed() -> None:
    """Of 约8 nobody knows whether 9 is near enough; 8 is what it says."""
    owner = indicator(1, base_points=2.0)
    kind = {"target_kind": "approximate", "operator": "~", "target_value": 8.0}
    real = inputs([owner], [target(owner, **kind)], [returned(owner, actual_value=9.0)])
    value = Change(1, "甲县", None, {"actual_value": 8.0})
    tried = compare(real, changed(real, DOCUMENT, WhatIf(actuals=(value,))))
    scores = [{**row, "indicator": "物价"} for row in records(tried.scores)]
    found = summary(records(tried.totals), scores)
    (row,) = found.indicators
    assert [str(each.points.given) for each in (row.real, row.tried)] == ["0.00◇", "2.00"]
    assert "“◇”" in found.as_text()


def test_nothing_is_said_of_what_is_not_received_or_in_part() -> None:
    nothing = total("甲县", received_share=(0.0, 0.5))
    part = total("乙县", points=(1.0, 5.0))
    text = summary([nothing, part], []).as_text()
    assert line(text, "甲县")[-2:] == ["—", "1"]
    assert line(text, "乙县")[1:4] == ["部分收到", "5.00", "部分收到"]
    assert "“？”" not in text


def test_what_is_printed_of_the_whole_and_does_not_count_is_named() -> None:
    open_ = {"total_open": (("印有系数 0.95 未采用",),) * 2, "total_unread": (("酌情加分",),) * 2}
    found = summary([total("甲县", **open_), total("乙县")], [])
    text = found.as_text()
    (own,) = [each.split() for each in text.splitlines() if each.startswith("甲县 ")]
    assert own[1:3] == ["4.00◇", "5.00◇"]
    assert line(text, "乙县")[1:3] == ["4.00", "5.00"]
    assert "甲县：印有系数 0.95 未采用" in text and "酌情加分" in text
    assert found.entities[0].tried.points.doubt.words == ("印有系数 0.95 未采用",)
