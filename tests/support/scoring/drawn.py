"""Notices and returns drawn at random, with every rule, doubt and mistake that scoring knows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from scoring.engine import Inputs
from scoring.model.inputs import DIRECTIONS
from scoring.points.alternatives import COLUMNS
from tests.support.scoring.notices import AS_OF, DOCUMENT, indicator, inputs, returned, target

ENTITIES = ("甲县", "乙县", "丙县", "丁县")
DEPARTMENTS = ("市统计局", "市发展改革委")
Told = dict[str, Any]

values = st.one_of(
    st.integers(-20, 60).map(float),
    st.integers(-200, 600).map(lambda number: number / 10),
    st.sampled_from([0.0, 0.1 + 0.2, 1e-12, 1e9]),
)
caps = st.sampled_from([1.0, 1.2, 2.0])
floors = st.sampled_from([0.0, 0.3, -0.5])


def _rule(name: str, **parameters: Any) -> st.SearchStrategy[Told]:
    given_ = st.fixed_dictionaries({}, optional=parameters)
    return given_.map(lambda told: {"rule": name, "parameters": told})


efficacy = st.builds(
    lambda worst, gap, more: {
        "rule": "efficacy",
        "parameters": {"unacceptable": worst, "satisfactory": worst + gap, **more},
    },
    values,
    st.sampled_from([-7.0, 0.5, 10.0]),
    st.fixed_dictionaries({}, optional={"cap": caps, "floor": floors}),
)
bands = st.builds(
    lambda steps, by: {
        "rule": "bands",
        "parameters": {"bands": [[start, part] for start, part in steps.items()], "by": by},
    },
    st.dictionaries(
        st.sampled_from([0.0, 0.5, 0.9, 1.0, 1.1, 5.0]),
        st.sampled_from([0.0, 0.5, 0.8, 1.0, 1.2]),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["ratio", "value"]),
)
strict = bands.map(lambda told: {**told, "parameters": {**told["parameters"], "strict": True}})
earned = st.fixed_dictionaries(
    {"per": st.sampled_from([0.5, 3.0]), "points": st.sampled_from([0.1, 1.0])},
    optional={"cap_points": st.sampled_from([0.5, 2.0])},
).map(lambda told: {"rule": "earned", "parameters": told})
per_unit = st.fixed_dictionaries(
    {"per": st.sampled_from([0.5, 3.0]), "points": st.sampled_from([-0.1, 0.2])},
    optional={
        "of": st.sampled_from(["value", "ratio"]),
        "side": st.sampled_from(["short", "over", "both"]),
        "whole_steps": st.sampled_from(["up", "down"]),
        "allowance": st.just(0.2),
        "cap_points": st.sampled_from([0.5, 2.0]),
        "beyond_points": st.sampled_from([0.0, 0.7]),
        "floor": floors,
    },
).map(lambda told: {"rule": "per_unit", "parameters": told})
mixed = st.builds(
    lambda first, second, share, take: {
        "rule": "mix",
        "parameters": {
            "rules": [
                [weight, each["rule"], each["parameters"]]
                for weight, each in ((1.0, first), (share, second))
            ],
            "take": take,
        },
    },
    st.one_of(_rule("pass_fail"), bands, earned, _rule("previous_value")),
    st.one_of(per_unit, strict, _rule("previous_value", worse=st.just(0.2))),
    st.sampled_from([0.5, 1.0, 2.0]),
    st.sampled_from(["sum", "best"]),
)
plain_rules = st.one_of(
    _rule("proportional", cap=caps, floor=floors),
    _rule("pass_fail"),
    _rule("approximate", tolerance=st.sampled_from([0.0, 0.3, 5.0]), one_sided=st.booleans()),
    st.sampled_from([-3.0, 0.0, 4.5]).map(
        lambda low: {"rule": "range", "parameters": {"low": low, "high": low + 5.5}}
    ),
    _rule(
        "benchmark", base=st.sampled_from([0.6, 0.8]), slope=st.sampled_from([0.0, 0.05, 1.0]),
        cap=caps, floor=floors,
    ),
    bands,
    strict,
    earned,
    per_unit,
    efficacy,
    st.sampled_from([0.0, 0.5, 3.0]).map(
        lambda each: {"rule": "deduction", "parameters": {"points_per_event": each}}
    ),
    _rule("judged", cap=st.sampled_from([1.0, 1.1])),
    _rule("external", out_of=st.sampled_from([100.0, 120.0])),
)  # fmt: skip
_place = {"by_place": [[1, 1.0], [2, 0.7], [4, 0.2]]}
of_its_group = st.one_of(
    _rule("rank", step=st.sampled_from([0.05, 0.4]), floor=st.sampled_from([0.0, 0.5])),
    _rule("rank", step_points=st.sampled_from([0.1, 3.0])),
    _rule("efficacy", cap=caps),
    st.sampled_from(["sum", "best"]).map(
        lambda take: {
            "rule": "mix",
            "parameters": {"rules": [[0.5, "rank", _place], [0.5, "pass_fail", {}]], "take": take},
        }
    ),
)
rules = st.one_of(
    plain_rules,
    of_its_group,
    of_its_group,
    _rule("rank", step=st.just(0.3), among=st.just("all")),
    _rule("parts"),
    _rule("previous_value", against=st.sampled_from(["comparison", "proportional"])),
    mixed,
)
kinds = st.sampled_from(
    ["number", "quantity", "growth", "limit", "approximate", "zero_tolerance", "benchmark",
     "document", "judged", "external", "compound", "range", "rank", "previous_value", "none"]
)  # fmt: skip
operators = st.sampled_from([">=", ">", "<=", "<", "=", "~", None])
parts = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.just("分项"),
            "subject": st.none(),
            "operator": operators,
            "value": st.one_of(st.none(), values),
            "unit": st.none(),
        }
    ),
    max_size=3,
)


def _part(operator: str, value: float) -> Told:
    return {"text": "区间", "subject": None, "operator": operator, "value": value, "unit": None}


@st.composite
def _targets(draw: st.DrawFn, owners: list[Told], entities: list[str]) -> list[Told]:
    rows = []
    for owner in owners:
        kind = draw(kinds)
        for entity in entities:
            status = draw(st.sampled_from(["assessed"] * 6 + ["not_assessed", "unreadable"]))
            said: Told = {"status": status, "target_kind": kind, "operator": draw(operators)}
            said["target_value"] = draw(st.one_of(values, values, st.none()))
            said["max_points"] = owner["base_points"]
            said["base_value"] = draw(st.one_of(st.none(), values))
            if kind == "compound":
                said["parts"] = draw(parts)
            if kind == "range":
                ends = sorted(draw(st.lists(values, min_size=2, max_size=2, unique=True)))
                said["parts"] = [_part(">=", ends[0]), _part("<=", ends[1])]
                said |= {"operator": None, "target_value": ends[0]}
            rows.append(target(owner, entity, **said))
    return rows


@st.composite
def _returns(draw: st.DrawFn, rows: list[Told]) -> list[Told]:
    told: list[Told] = []
    for row in rows:
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
            day = date(2021, draw(st.sampled_from([1, 1, 2])), draw(st.integers(1, 9)))
            said: Told = {
                "part_no": draw(st.sampled_from([None, 1, 2, 3])) if row["parts"] else None,
                "actual_value": draw(st.one_of(values, values, values, st.none())),
                "actual_text": draw(st.sampled_from([None, None, None, "超额完成"])),
                "awarded_pct": draw(st.sampled_from([None, 0.0, 88.5, 100.0, 105.0, -1.0])),
                "benchmark_value": draw(st.one_of(st.none(), values)),
                "veto": draw(st.integers(0, 11)) == 0,
                "department": draw(st.sampled_from([*DEPARTMENTS, DEPARTMENTS[0]])),
                "received_on": day,
                "revision": draw(st.integers(1, 3)),
                "source_row": len(told) + 1,
            }
            told.append(returned(row, row["entity"], **said))
    return told


@st.composite
def drawn(draw: st.DrawFn) -> Inputs:
    """Draw what one document is scored from."""
    entities = list(ENTITIES[: draw(st.integers(1, 4))])
    count = draw(st.integers(1, 5))
    owners: list[Told] = []
    for serial in range(1, count + 1):
        joins = owners and draw(st.booleans())
        group = owners[-1]["weight_group"] if joins else serial
        points = (
            owners[-1]["base_points"]
            if joins
            else draw(st.sampled_from([0.0, 0.5, 1.0, 3.0, -2.0]))
        )
        owners.append(
            indicator(
                serial,
                weight_group=group,
                base_points=points,
                level2=draw(st.sampled_from(["发展质量", "民生", None])),
                direction=draw(st.sampled_from(DIRECTIONS)),
            )
        )
    rows = draw(_targets(owners, entities))
    entries = [
        {"serial_no": serial, **draw(rules)}
        for serial in range(1, count + 1)
        if draw(st.integers(0, 3))
    ]
    entries += [
        {"serial_no": serial, "entity": draw(st.sampled_from(entities)), **draw(of_its_group)}
        for serial in range(1, count + 1)
        if draw(st.integers(0, 3)) == 0
    ]
    entries += [
        {"serial_no": serial, "part_no": draw(st.integers(1, 3)), **draw(plain_rules)}
        for serial in range(1, count + 1)
        if draw(st.integers(0, 3)) == 0
    ]
    groups = {"县": entities[:2]} if draw(st.booleans()) else None
    return inputs(
        owners,
        rows,
        draw(_returns(rows)),
        as_of=AS_OF,
        rules={"rule": entries} if entries else None,
        rank_groups=groups,
        alternatives=draw(_alternatives(rows)),
    )


@st.composite
def _alternatives(draw: st.DrawFn, rows: list[Told]) -> pd.DataFrame:
    told = [
        (
            DOCUMENT,
            row["serial_no"],
            row["entity"],
            draw(st.one_of(st.none(), values)),
            draw(operators),
            draw(st.sampled_from([None, None, 1.0, 7.0])),
            draw(st.booleans()),
            draw(st.integers(0, 9)) == 0,
            None,
            None,
        )
        for row in rows
        if draw(st.integers(0, 5)) == 0
    ]
    return pd.DataFrame(told, columns=list(COLUMNS)).astype(
        {"target_value": "float64", "max_points": "float64", "serial_no": "int64"}
    )
