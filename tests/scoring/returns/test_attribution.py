"""Returns made before a notice was landed again with other serial numbers."""

from __future__ import annotations

import json
from typing import Any

from scoring.engine import Scored, score
from scoring.results.frames import scores_frame
from scoring.returns.attribution import FITS, MOVED, NOWHERE, OTHER_NAME, RENAMED, SEVERAL
from tests.support.for_each import for_each
from tests.support.scoring.notices import indicator, inputs, returned, target


def scored_of(names: dict[int, str], made_for: list[tuple[int, str | None]]) -> Scored:
    owners = {serial: indicator(serial, indicator=name) for serial, name in names.items()}
    rows = [
        returned(indicator(serial), actual_value=float(no), indicator=name, source_row=no)
        for no, (serial, name) in enumerate(made_for, 1)
    ]
    targets = [target(owner) for owner in owners.values()]
    return score(inputs(list(owners.values()), targets, rows))


GDP, TAX, JOB = "地区生产总值增速", "税收收入", "城镇新增就业"


@for_each(
    "name, fit",
    [
        (GDP, FITS),
        (None, FITS),
        ("地区 生产总值\n增速", FITS),
        ("地区生产总值增速", FITS),
        ("地区生产总植增速", RENAMED),
        (TAX, MOVED),
        (JOB, OTHER_NAME),
    ],
)
def test_what_stands_at_the_number(name: str | None, fit: int) -> None:
    scored = scored_of({1: GDP, 2: TAX}, [(1, name)])
    assert scored.latest.fit[0] == fit
    counted = {FITS: 0, RENAMED: 0, MOVED: 1}.get(fit)
    assert [row for row in (0, 1) if scored.latest.whole[row] == 0] == (
        [] if counted is None else [counted]
    )
    assert scored.latest.unmatched.tolist() == ([] if counted is not None else [0])


def test_all_numbers_moved_by_one() -> None:
    names = {1: "新增指标", 2: GDP, 3: TAX, 4: JOB}
    scored = scored_of(names, [(1, GDP), (2, TAX), (3, JOB)])
    assert scored.latest.whole.tolist() == [-1, 0, 1, 2]
    assert scored.latest.fit.tolist() == [MOVED] * 3
    told = json.loads(scores_frame(scored)["trace"].iloc[1])
    assert (told["actual"]["serial_no"], told["actual"]["indicator"]) == (1, GDP)


def test_a_name_at_several_numbers_and_at_none() -> None:
    scored = scored_of({1: GDP, 2: TAX, 3: TAX}, [(1, TAX), (9, JOB), (9, GDP)])
    assert scored.latest.fit.tolist() == [SEVERAL, NOWHERE, MOVED]
    assert scored.latest.whole.tolist() == [2, -1, -1]


def test_a_moved_return_for_an_entity_that_is_gone() -> None:
    owners = [indicator(1, indicator=GDP), indicator(2, indicator=TAX)]
    row = returned(indicator(1), "别县", actual_value=1.0, indicator=TAX)
    scored = score(inputs(owners, [target(each) for each in owners], [row]))
    assert scored.latest.fit.tolist() == [NOWHERE]
    assert scored.latest.unmatched.tolist() == [0]


def test_a_split_indicator_is_named_as_in_the_form() -> None:
    said: dict[str, Any] = {"indicator": "一产", "level3": "增加值", "level4": "一产"}
    owner = indicator(1, **said)
    rows = [returned(owner, actual_value=1.0, indicator="增加值：一产")]
    assert score(inputs([owner], [target(owner)], rows)).latest.fit.tolist() == [FITS]
