"""A rule with its parameters, and the book of rules that the rows of a computation point into."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scoring.rules.declared import Edition, rule_specs

Bands = tuple[tuple[float, float], ...]
Value = float | bool | str | Bands


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is applied: name, parameters complete, and where it comes from.

    ``origin`` is ``default`` or ``notice``; ``version`` and ``since`` are those of the edition
    or of the notice's rules, ``basis`` what those rest on; ``direction`` overrides the
    indicator's where it is not None.
    """

    name: str
    parameters: tuple[tuple[str, Value], ...]
    origin: str
    version: str
    since: date
    basis: str
    direction: str | None = None

    def get(self, name: str) -> Value:
        """Return a parameter; KeyError where the rule has none of this name."""
        return dict(self.parameters)[name]

    def number(self, name: str, otherwise: float) -> float:
        """Return a numeric parameter, or ``otherwise`` where the rule has none of this name."""
        value = dict(self.parameters).get(name, otherwise)
        return float(value) if isinstance(value, (int, float)) else otherwise

    @property
    def cap(self) -> float:
        """The most that the attainment can be (of ``parts`` 1: its parts say more)."""
        if self.bands:
            return max(fraction for _, fraction in self.bands)
        return self.number("cap", 1.0)

    @property
    def bands(self) -> Bands:
        """The bands by their lower ends; none but for the rule of that name."""
        bands = dict(self.parameters).get("bands")
        return bands if isinstance(bands, tuple) else ()

    @property
    def zh(self) -> str:
        """The rule's name in Chinese."""
        return rule_specs()[self.name].zh

    @property
    def parameters_json(self) -> str:
        """The parameters as JSON text."""
        return json.dumps(dict(self.parameters), ensure_ascii=False)


def with_defaults(name: str, given: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    """Return the rule's parameters, the given ones and the defaults of the others.

    KeyError where one that must be given is not.
    """
    found: list[tuple[str, Value]] = []
    for spec in rule_specs()[name].parameters.values():
        value = given.get(spec.name, spec.default)
        if value is None:
            raise KeyError(spec.name)
        found.append((spec.name, value))
    return tuple(found)


def default_rule(name: str, edition: Edition) -> Rule:
    """Return a rule with its default parameters."""
    parameters = with_defaults(name, {})
    return Rule(name, parameters, "default", edition.version, edition.since, edition.basis)


METHODS = tuple(rule_specs())
METHOD_CODES = {name: code for code, name in enumerate(METHODS)}
#: The rule number of a row that no rule applies to.
NO_RULE = -1


class RuleBook:
    """Rules by number, and their parameters as columns.

    Rows hold a rule's number; :data:`NO_RULE` stands for none.
    """

    def __init__(self) -> None:
        self._numbers: dict[Rule, int] = {}
        self.rules: list[Rule] = []

    def number(self, rule: Rule) -> int:
        """Return the rule's number, a new one where it is not in the book yet."""
        if rule not in self._numbers:
            self._numbers[rule] = len(self.rules)
            self.rules.append(rule)
        return self._numbers[rule]

    def methods(self) -> NDArray[np.int8]:
        """Return the method of each rule, and as the last one -1 for :data:`NO_RULE`."""
        codes = [METHOD_CODES[rule.name] for rule in self.rules]
        return np.array([*codes, -1], np.int8)

    def column(self, parameter: str, otherwise: float) -> NDArray[np.float64]:
        """Return a parameter of each rule by number; the last one is that of no rule."""
        values = [rule.number(parameter, otherwise) for rule in self.rules]
        return np.array([*values, otherwise], np.float64)

    def flags(self, name: str, value: Value) -> NDArray[np.bool_]:
        """Tell of each rule whether a parameter has this value; False for no rule."""
        return np.array([*(dict(r.parameters).get(name) == value for r in self.rules), False])

    def caps(self) -> NDArray[np.float64]:
        """Return the most that each rule can give; 1 for no rule."""
        return np.array([*(rule.cap for rule in self.rules), 1.0])

    def with_target(self) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts with the target's value; False for no rule."""
        specs = rule_specs()
        return np.array([*(specs[rule.name].target for rule in self.rules), False])

    def needs(self, returned: str) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts with this returned value; False for no rule."""
        specs = rule_specs()
        return np.array([*(returned in specs[rule.name].needs for rule in self.rules), False])
