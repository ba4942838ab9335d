"""What docs/scoring.md shows is understood, and what it says of the rules is so."""

from __future__ import annotations

import re
import tomllib
from datetime import date

from normalize.targets.model import target_context
from normalize.targets.reader import read_target
from schemas.vocabulary import Direction
from scoring.points.periods import parse_periods
from scoring.results.stability import Noise
from scoring.rules.declared import default_of, edition
from scoring.rules.notice_rules import parse_rules
from scoring.rules.registry import METHODS
from scoring.total.rules import parse_total
from scoring.what_if.parse import parse_what_if
from tests.support.for_each import for_each
from tests.support.paths import DOCS

PAGE = DOCS / "scoring.md"
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \|([^|]*)\|", re.MULTILINE)


def test_the_examples_are_understood() -> None:
    blocks = map(tomllib.loads, BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    periods, whole, own, what_if = blocks
    quarters = parse_periods(periods["periods"], "source.toml")
    assert [each.weight for each in quarters] == [0.15, 0.25, 0.25, 0.35]
    declared = parse_total(whole["total"], whole["coefficients"], "source.toml")
    assert [each.name for each in declared.grades] == ["优秀", "良好"]
    assert (declared.caps, len(declared.vetoes), len(declared.coefficients)) == ((6, 3), 1, 1)
    groups = {name: tuple(members) for name, members in own["rank_groups"].items()}
    rules = parse_rules(own["rules"], "source.toml", groups)
    assert len(rules.overrides) == 4
    assert rules.fractions[13] == {13: 0.5, 14: 0.3, 15: 0.2}
    asked = parse_what_if(what_if, "what-if.toml")
    assert (len(asked.targets), len(asked.actuals)) == (2, 1)
    assert asked.rules is not None


def test_every_rule_is_described_with_its_parameters_and_defaults() -> None:
    described = dict(ROW.findall(PAGE.read_text(encoding="utf-8")))
    for rule, method in METHODS.items():
        names = {spec.name for spec in method.parameters}
        assert set(re.findall(r"`(\w+)`", described[rule])) - {"ratio", "value"} == names
        for name in names:
            default = default_of(rule, name)
            if isinstance(default, float):
                assert f"`{name}` ({default:g})" in described[rule]


@for_each(
    "wordings, rule",
    [
        ("35 达到35 完成35 100% 增长8% 4.5", "proportional"),
        ("≥35 不低于35 35以上 100%以上 95%以上 ≤4.5 零事故 前3位", "pass_fail"),
        ("3%-5%", "range"),
        ("4.5左右", "approximate"),
        ("高于全省平均", "benchmark"),
        ("不低于上年", "previous_value"),
    ],
)
def test_a_wording_has_the_default_that_the_page_says(wordings: str, rule: str) -> None:
    for wording in wordings.split():
        typed = read_target(wording, target_context("空气优良率", "%", Direction.HIGHER))
        assert edition(date(2021, 1, 31)).kinds[typed.kind] == rule, wording
        assert wording in PAGE.read_text("utf-8")


def test_the_draws_are_described() -> None:
    text = PAGE.read_text(encoding="utf-8")
    noise = Noise()
    assert f"{noise.draws:,} times between {1 - noise.size:g} and {1 + noise.size:g}" in text
    assert f"seed {noise.seed}" in text
