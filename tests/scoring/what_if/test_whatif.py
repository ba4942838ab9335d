"""What if: what a file may ask for, what it changes, and that the real stays as it is."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pandas as pd
import pytest

from common.refusal import Refusal
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import RETURNS
from scoring.engine import Inputs, score
from scoring.what_if.apply import Difference, changed, compare
from scoring.what_if.parse import parse_what_if
from tests.support.for_each import for_each
from tests.support.scoring.notices import DOCUMENT, indicator, inputs, returned, target

RULES = 'version = "2"\nfrom = 2020-01-01\nbasis = "试算"\n'


def notice(**said: Any) -> Inputs:
    """Two indicators of two entities: 5 of 10 returned of the first, nothing of the second."""
    owners = [indicator(1, base_points=2.0), indicator(2, base_points=1.0)]
    targets = [target(owner, entity) for owner in owners for entity in ("甲县", "乙县")]
    rows = [
        returned(owners[0], "甲县", actual_value=5.0),
        returned(owners[0], "乙县", actual_value=6.0),
    ]
    return inputs(owners, targets, rows, **said)


def compound(**said: Any) -> Inputs:
    parts = [
        {"text": f"{n}户", "subject": None, "operator": ">=", "value": 10.0, "unit": "户"}
        for n in (1, 2)
    ]
    owner = indicator(1, base_points=2.0)
    kind: dict[str, Any] = {
        "target_kind": "compound",
        "operator": None,
        "target_value": None,
        "parts": parts,
    }
    rows = [returned(owner, part_no=n, actual_value=5.0, source_row=n) for n in (1, 2)]
    return inputs([owner], [target(owner, **kind)], rows, **said)


def tried(real: Inputs, text: str) -> Difference:
    asked = parse_what_if(tomllib.loads(text), "试算.toml")
    return compare(real, changed(real, DOCUMENT, asked))


def points(found: Difference) -> list[tuple[Any, ...]]:
    return [
        (row["serial_no"], row["entity"], row["points_real"], row["points_what_if"])
        for row in found.scores.astype(object).where(found.scores.notna(), None).to_dict("records")
    ]


def test_another_actual() -> None:
    found = tried(notice(), '[[actual]]\nserial_no=1\nentity="甲县"\nactual_value=8')
    assert points(found) == [(1, "甲县", 1.0, 1.6)]
    ranks = found.totals.set_index("entity")
    assert ranks.loc["甲县", ["rank_real", "rank_what_if"]].tolist() == [2, 1]
    assert ranks.loc["乙县", ["rank_real", "rank_what_if"]].tolist() == [1, 2]
    assert len(found.totals) == 2


def test_an_actual_that_was_not_returned() -> None:
    found = tried(notice(), '[[actual]]\nserial_no=2\nentity="甲县"\nactual_value=8')
    assert points(found) == [(2, "甲县", None, 0.8)]


def test_another_target_of_all_and_of_one() -> None:
    found = tried(notice(), "[[target]]\nserial_no=1\ntarget_value=20")
    assert points(found) == [(1, "甲县", 1.0, 0.5), (1, "乙县", 1.2, 0.6)]
    found = tried(notice(), '[[target]]\nserial_no=1\nentity="乙县"\ntarget_value=20')
    assert points(found) == [(1, "乙县", 1.2, 0.6)]


def test_other_points() -> None:
    found = tried(notice(), "[[target]]\nserial_no=1\nmax_points=4")
    assert points(found) == [(1, "甲县", 1.0, 2.0), (1, "乙县", 1.2, 2.4)]
    assert found.totals["max_points_what_if"].tolist() == [5.0, 5.0]


def test_another_operator() -> None:
    real = notice(rules={"rule": [{"serial_no": 1, "rule": "pass_fail"}]})
    found = tried(real, '[[target]]\nserial_no=1\noperator="<="')
    assert points(found) == [(1, "甲县", 0.0, 2.0), (1, "乙县", 0.0, 2.0)]


def test_other_rules_stand_instead_of_the_notices() -> None:
    real = notice(rules={"rule": [{"serial_no": 1, "rule": "pass_fail"}]})
    found = tried(real, f"[rules]\n{RULES}")
    assert points(found) == [(1, "甲县", 0.0, 1.0), (1, "乙县", 0.0, 1.2)]
    assert found.scores["rule_real"].tolist() == ["pass_fail"] * 2


def test_a_veto_tried_and_what_was_returned_stays() -> None:
    found = tried(notice(), '[[actual]]\nserial_no=1\nentity="甲县"\nveto=true')
    assert points(found) == [(1, "甲县", 1.0, 0.0)]


def test_departments_that_differ_are_settled_by_a_trial() -> None:
    real = notice()
    owner = indicator(1)
    other = returned(owner, "甲县", actual_value=9.0, department="市发展改革委", revision=2)
    real = inputs(
        [indicator(1, base_points=2.0)], [target(indicator(1, base_points=2.0))],
        [returned(owner, "甲县", actual_value=5.0), other],
    )  # fmt: skip
    assert score(real).points[0] != score(real).points[0]
    found = tried(real, '[[actual]]\nserial_no=1\nentity="甲县"\nactual_value=9')
    assert points(found) == [(1, "甲县", None, 1.8)]


def test_a_part() -> None:
    found = tried(compound(), '[[actual]]\nserial_no=1\nentity="甲县"\npart_no=2\nactual_value=10')
    assert points(found) == [(1, "甲县", 1.0, 1.5)]
    found = tried(compound(), "[[target]]\nserial_no=1\npart_no=1\ntarget_value=5")
    assert points(found) == [(1, "甲县", 1.0, 1.5)]


def test_the_whole_where_it_is_not_counted_by_parts() -> None:
    rules = {"rule": [{"kind": "compound", "rule": "judged"}]}
    found = tried(compound(rules=rules), '[[actual]]\nserial_no=1\nentity="甲县"\nawarded_pct=90')
    assert points(found) == [(1, "甲县", None, 1.8)]


def test_a_later_return_does_not_count_for_what_stays() -> None:
    day = date(2021, 1, 20)
    late = returned(indicator(1), "甲县", actual_value=9.0, veto=True, received_on=day)
    real = notice(as_of=date(2021, 1, 15))
    both = pd.concat([real.returns, rows_to_frame(RETURNS, [late])])
    real = Inputs(real.targets, real.indicators, both, real.as_of)
    found = tried(real, '[[actual]]\nserial_no=1\nentity="甲县"\nactual_value=10')
    assert points(found) == [(1, "甲县", 1.0, 2.0)]


def test_the_real_is_left_as_it_is() -> None:
    real = notice()
    before = [real.targets.copy(), real.returns.copy()]
    tried(real, "[[target]]\nserial_no=1\ntarget_value=20\nmax_points=9")
    assert real.targets.equals(before[0])
    assert real.returns.equals(before[1])


def test_nothing_changed() -> None:
    found = tried(notice(), "[[target]]\nserial_no=1\ntarget_value=10")
    assert (len(found.scores), len(found.scorecards), len(found.totals)) == (0, 0, 2)


@for_each(
    "text, word",
    [
        ("", "至少一处改动"),
        ("[[target]]\nserial_no=1", "至少一项"),
        ("[[target]]\ntarget_value=1", "serial_no"),
        ('[[target]]\nserial_no=1\ntarget_value="多"', "target_value"),
        ("[[target]]\nserial_no=1\ntarget_value=nan", "target_value"),
        ("[[target]]\nserial_no=1\ntarget_value=1\nfoo=2", "foo"),
        ("[[target]]\nserial_no=7\ntarget_value=1", "第7项"),
        ('[[target]]\nserial_no=1\nentity="丙县"\ntarget_value=1', "丙县"),
        ('[[actual]]\nserial_no=1\nentity="甲县"\nveto=1', "veto"),
        ("[[actual]]\nserial_no=1\nactual_value=1", "entity"),
        ('[[actual]]\nserial_no=1\nentity="甲县"\nactual_value=1\npart_no=2', "part_no"),
        ("[[target]]\nserial_no=1\nmax_points=1\npart_no=1", "part_no"),
        ('[rules]\nversion="2"', "from"),
        ('[rules]\nversion="2"\nfrom=2030-01-01\nbasis="x"', "--as-of"),
        ("target = 3", "列表"),
    ],
)
def test_what_is_refused(text: str, word: str) -> None:
    with pytest.raises(Refusal) as refused:
        tried(notice(), text)
    assert word in refused.value.zh


def test_a_compound_target_needs_the_part() -> None:
    for text in ('[[actual]]\nserial_no=1\nentity="甲县"\nactual_value=1',
                 "[[target]]\nserial_no=1\ntarget_value=1",
                 "[[target]]\nserial_no=1\npart_no=3\ntarget_value=1"):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            tried(compound(), text)
        assert "part_no" in refused.value.zh


def test_what_is_not_assessed_cannot_be_tried() -> None:
    owner = indicator()
    real = inputs([owner], [target(owner, status="not_assessed")])
    with pytest.raises(Refusal):
        tried(real, "[[target]]\nserial_no=1\ntarget_value=1")


def test_what_figures_rest_on_stands_beside_them() -> None:
    owners = [indicator(1, base_points=2.0), indicator(2, base_points=1.0)]
    targets = [target(owner, "甲县", needs_review=owner["serial_no"] == 1) for owner in owners]
    targets += [target(owner, "乙县") for owner in owners]
    rows = [returned(owners[0], "甲县", actual_value=5.0)]
    changes = '[[actual]]\nserial_no=1\nentity="甲县"\nactual_value=8'
    found = tried(inputs(owners, targets, rows), changes)
    assert found.scores["needs_review_real"].tolist() == [True]
    totals = found.totals.set_index("entity")
    assert totals["values_in_doubt_what_if"].to_dict() == {"甲县": 1, "乙县": 0}
    assert totals["received_share_real"].tolist()[1] == 0
    assert totals["provisional_real"].tolist() == [0, 0]
