"""The book of rules that the rows of a computation point into."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.rules.registry import METHOD_CODES, METHODS
from scoring.rules.rule import Rule, Value

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
        return np.array([*(rule.get(name) == value for rule in self.rules), False])

    def caps(self) -> NDArray[np.float64]:
        """Return the most that each rule can give; 1 for no rule."""
        return np.array([*(rule.cap for rule in self.rules), 1.0])

    def with_target(self) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts with the target's value; False for no rule."""
        return np.array([*(METHODS[rule.name].target for rule in self.rules), False])

    def directed(self) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts otherwise where less is better; False for none."""
        return np.array([*(METHODS[rule.name].directed for rule in self.rules), False])

    def needs(self, returned: str) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts with this returned value; False for no rule."""
        return np.array([*(returned in METHODS[rule.name].needs for rule in self.rules), False])
