"""The stage of the total, from cases an official can read; and each held by its traces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.refusal import Refusal
from schemas.vocabulary import ScorecardLevel
from scoring.engine import Scored, score
from scoring.results.audit import differences
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.scorecards import total
from scoring.total.grades import Graded, Standing, graded
from scoring.total.printed import printed_total
from scoring.total.rules import Grade, Struck, TotalRules, VetoEffect, parse_total
from tests.support.for_each import for_each
from tests.support.scoring.notices import DOCUMENT, cases, indicator, inputs, returned, target

_OF_RULES = {"version": "1", "from": date(2020, 1, 1), "basis": "考核办法第九条"}
CASES = cases("total")
_RETURNED = {"完成": "actual_value", "评定": "awarded_pct", "否决": "veto"}


def rules_of(case: dict[str, Any]) -> TotalRules:
    rules = parse_total(_OF_RULES | case.get("总分", {}), case.get("系数", {}), "source.toml")
    printed = printed_total(
        [
            *((note, None) for note in case.get("附注", ())),
            *((text, serial) for serial, text in case.get("办法", {}).items()),
        ],
        {serial for serial, said in case["指标"].items() if said.get("种类") == "veto"},
    )
    return replace(rules, possible=printed.possible_beside(rules))


def scored_of(case: dict[str, Any]) -> Scored:
    owners = {
        serial: indicator(
            serial,
            base_points=float(said["分值"]) if "分值" in said else None,
            item_kind=said.get("种类", "scored"),
            cap=float(said["上限"]) if "上限" in said else None,
        )
        for serial, said in case["指标"].items()
    }
    entities = dict.fromkeys(entity for each in case["报送"].values() for entity in each)
    printed = [
        target(
            owner,
            entity,
            item_kind=owner["item_kind"],
            cap=owner["cap"],
            max_points=owner["base_points"],
            **({} if owner["item_kind"] == "scored" else _WITHOUT),
        )
        for owner in owners.values()
        for entity in entities
    ]
    said_of = [
        (serial, entity, said)
        for serial, each in case["报送"].items()
        for entity, said in each.items()
    ]
    returns = [
        returned(
            owners[serial],
            entity,
            source_row=row,
            **{_RETURNED[name]: _plain(value) for name, value in said.items()},
        )
        for row, (serial, entity, said) in enumerate(said_of, 5)
    ]
    own = [
        {"serial_no": serial, **said["规则"]}
        for serial, said in case["指标"].items()
        if "规则" in said
    ]
    return score(
        inputs(
            list(owners.values()),
            printed,
            returns,
            rules=_OF_RULES | {"rule": own} if own else None,
            rank_groups=case.get("排名组"),
            totals={DOCUMENT: rules_of(case)},
        )
    )


_WITHOUT = {"target_kind": "none", "operator": None, "target_value": None, "target_text": None}


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool) else float(value)


@pytest.fixture(scope="module")
def scored_cases() -> dict[str, Scored]:
    return {case["说明"]: scored_of(case) for case in CASES}


@for_each("case", CASES)
def test_totals(case: dict[str, Any], scored_cases: dict[str, Scored]) -> None:
    scored = scored_cases[case["说明"]]
    cards = scorecards_frame(scored, total(scored))
    totals = cards[cards["level"] == ScorecardLevel.TOTAL].set_index("entity")
    wrong = {
        (entity, name): totals.at[entity, name]
        for entity, wanted in case["应得"].items()
        for name, value in wanted.items()
        if not _same(totals.at[entity, name], value)
    }
    assert wrong == {}
    assert replayed(scored, cards, rules_of(case)) == ()


def replayed(scored: Scored, cards: pd.DataFrame, rules: TotalRules) -> tuple[Any, ...]:
    given_ = scored.inputs
    return differences(
        {
            "scores": scores_frame(scored),
            "scorecards": cards,
            "targets": given_.targets,
            "indicators": given_.indicators,
            "returns": given_.returns,
        },
        rules,
    )


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return list(found) == wanted
    if wanted is None or pd.isna(found):
        return bool(wanted is None and pd.isna(found))
    return bool(found == (pytest.approx(wanted) if isinstance(wanted, (int, float)) else wanted))


@for_each("case", CASES)
def test_a_total_that_was_changed_is_named(
    case: dict[str, Any], scored_cases: dict[str, Scored]
) -> None:
    scored = scored_cases[case["说明"]]
    changed = scorecards_frame(scored, total(scored))
    fields = ("bonus", "minus", "points", "vetoed", "barred", "grade")
    for name in fields:
        values = changed[name].tolist()
        values[0] = _other(values[0])
        changed[name] = pd.Series(values, dtype=changed[name].dtype)
    assert {*fields} <= {each.field for each in replayed(scored, changed, rules_of(case))}


def test_a_total_is_replayed_by_the_rules_that_it_was_made_by() -> None:
    (case,) = (each for each in CASES if "已写明加分上限" in each["说明"])
    scored = scored_of(case)
    cards = scorecards_frame(scored, total(scored))
    since = replace(rules_of(case), bonus_cap=1.0, grades=(Grade("优秀"),))
    assert replayed(scored, cards, since) == ()
    # One of an older table keeps none: what is declared now counts for it.
    older = cards.assign(total_rules=None)
    assert {each.field for each in replayed(scored, older, since)} >= {"bonus", "grade"}
    # What is not what it was made by is named.
    for other in ("{}", "[]", '{"version": 1}', "没有"):
        changed = cards.assign(
            total_rules=cards["total_rules"].where(cards["level"] != "total", other)
        )
        assert replayed(scored, changed, rules_of(case)) != (), other


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return "又一等" if pd.isna(value) or isinstance(value, str) else value + 1


@for_each(
    "table, key",
    [
        ({"grades": []}, "grades"),
        ({"bonus_cap": -1}, "bonus_cap"),
        ({"minus_cap": "5"}, "minus_cap"),
        ({"basis": " "}, "basis"),
        ({"grade": [{"name": "优秀", "least": 90}]}, "least"),
        ({"grade": [{"name": "优秀"}, {"name": "优秀"}]}, "name"),
        (
            {"grade": [{"name": "良好", "at_least": 80}, {"name": "优秀", "at_least": 90}]},
            "at_least",
        ),
        ({"grade": [{"name": "优秀", "quota": 30}]}, "quota"),
        ({"grade": [{"name": "优秀", "at_most_rank": 0}]}, "at_most_rank"),
        ({"quota_of": "unit"}, "quota_of"),
        ({"veto": [{"effects": []}]}, "effects"),
        ({"veto": [{"effects": ["zero"]}]}, "effects"),
        ({"veto": [{"effects": ["bar"], "serial_no": 0}]}, "serial_no"),
    ],
)
def test_rules_of_the_whole_are_understood_to_the_last(table: dict[str, Any], key: str) -> None:
    with pytest.raises(Refusal, match=key) as refused:
        parse_total(_OF_RULES | table, {}, "source.toml")
    assert refused.value.code == "bad_rules"


def test_coefficients_and_vetoes_name_what_the_notice_has() -> None:
    case = {"指标": {1: {"分值": 100}}, "报送": {1: {"甲县": {"完成": 10}}}}
    with pytest.raises(Refusal, match="coefficients"):
        total(scored_of(case | {"系数": {"区": 0.9}}))
    with pytest.raises(Refusal, match="serial_no"):
        total(scored_of(case | {"总分": {"veto": [{"serial_no": 9, "effects": ["bar"]}]}}))


def test_a_veto_of_a_part_counts_for_the_whole_and_one_of_what_is_not_assessed_does_not() -> None:
    rules = parse_total(_OF_RULES | {"veto": [{"effects": ["set_aside"]}]}, {}, "source.toml")
    part = {"text": "10", "subject": None, "operator": ">=", "unit": None, "value": 10.0}
    owner = indicator(1)
    compound = {"target_kind": "compound", "operator": None, "target_value": None}
    said = [
        returned(owner, "甲县", part_no=1, actual_value=10.0, veto=True, source_row=5),
        returned(owner, "甲县", part_no=2, actual_value=10.0, source_row=6),
        returned(owner, "乙县", actual_value=10.0, veto=True, source_row=7),
    ]
    printed = [
        target(owner, "甲县", **compound, parts=[part, part]),
        target(owner, "乙县", status="not_assessed"),
    ]
    scored = score(inputs([owner], printed, said, totals={DOCUMENT: rules}))
    cards = scorecards_frame(scored, total(scored))
    totals = cards[cards["level"] == ScorecardLevel.TOTAL].set_index("entity")
    assert totals["vetoed"].to_dict() == {"甲县": True, "乙县": False}
    assert replayed(scored, cards, rules) == ()


_POINTS = st.integers(0, 8).map(lambda each: each * 12.5)


_EFFECTS = st.frozensets(st.sampled_from(sorted(set(VetoEffect) - {VetoEffect.SET_ASIDE})))
_STRUCK = st.builds(Struck, _EFFECTS, _EFFECTS)


@st.composite
def groups(draw: st.DrawFn) -> list[Standing]:
    ends = [
        sorted(draw(st.tuples(_POINTS, _POINTS, _POINTS))) for _ in range(draw(st.integers(1, 6)))
    ]
    values = [(middle, low, high) for low, middle, high in ends]
    return [
        Standing(
            own,
            (
                1 + sum(other[0] > own[0] for other in values),
                1 + sum(other[1] > own[2] for other in values),
                1 + sum(other[2] > own[1] for other in values if other is not own),
            ),
            draw(_STRUCK),
        )
        for own in values
    ]


_GRADES = (
    Grade("优秀", 75.0, 3, 0.4),
    Grade("良好", 50.0, None, 0.5),
    Grade("合格", 25.0),
    Grade("差"),
)


@given(groups())
def test_a_grade_lies_within_its_ends(group: list[Standing]) -> None:
    order = {grade.name: place for place, grade in enumerate(_GRADES)}
    for each in graded(_GRADES, group):
        assert each.grade and each.low and each.high
        assert order[each.high] <= order[each.grade] <= order[each.low]


@given(groups(), st.data())
def test_the_ends_hold_whatever_becomes_of_the_others(
    group: list[Standing], data: st.DataObject
) -> None:
    order = {grade.name: place for place, grade in enumerate(_GRADES)}
    settled = [_between(each, data) for each in group]
    placed = [
        Standing(
            (own, own, own),
            (rank := 1 + sum(o > own for o in settled), rank, rank),
            Struck(data.draw(st.sampled_from([each.struck.at_least, each.struck.at_most]))),
        )
        for own, each in zip(settled, group, strict=True)
    ]
    for before, after in zip(graded(_GRADES, group), graded(_GRADES, placed), strict=True):
        assert order[_of(before.high)] <= order[_of(after.grade)] <= order[_of(before.low)]


def _between(each: Standing, data: st.DataObject) -> float:
    assert each.of_100
    _, low, high = each.of_100
    return data.draw(st.sampled_from([low, (low + high) / 2, high]))


def _of(grade: str | None) -> str:
    assert grade
    return grade


def test_no_grades_and_nobody() -> None:
    assert graded((), []) == []
    assert graded(_GRADES, [Standing(None, None)]) == [Graded(None, None, None)]
