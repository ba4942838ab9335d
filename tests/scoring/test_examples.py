"""What docs/scoring.md shows is understood, and what it says of the rules is so."""

from __future__ import annotations

import re
import tomllib

from scoring.results.stability import Noise
from scoring.rules.declared import rule_specs
from scoring.rules.notice_rules import parse_rules
from scoring.what_if.parse import parse_what_if
from tests.support.paths import DOCS

PAGE = DOCS / "scoring.md"
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \|([^|]*)\|", re.MULTILINE)


def test_the_examples_are_understood() -> None:
    own, what_if = map(tomllib.loads, BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    rules = parse_rules(own["rules"], "source.toml")
    assert len(rules.overrides) == 3
    assert rules.fractions[13] == {13: 0.5, 14: 0.3, 15: 0.2}
    asked = parse_what_if(what_if, "what-if.toml")
    assert (len(asked.targets), len(asked.actuals)) == (2, 1)
    assert asked.rules is not None


def test_every_rule_is_told_with_its_parameters_and_defaults() -> None:
    told = dict(ROW.findall(PAGE.read_text(encoding="utf-8")))
    for name, spec in rule_specs().items():
        assert set(re.findall(r"`(\w+)`", told[name])) - {"ratio", "value"} == set(spec.parameters)
        for each in spec.parameters.values():
            if isinstance(each.default, float):
                assert f"`{each.name}` ({each.default:g})" in told[name]


def test_the_draws_are_told() -> None:
    text = PAGE.read_text(encoding="utf-8")
    noise = Noise()
    assert f"{noise.draws:,} times between {1 - noise.size:g} and {1 + noise.size:g}" in text
    assert f"seed {noise.seed}" in text
