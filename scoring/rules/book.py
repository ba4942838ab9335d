"""The book of rules that the rows of a computation point into."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scoring.model.columns import Floats, Ints
from scoring.rules import registry
from scoring.rules.method_rows import of_share
from scoring.rules.registry import METHOD_CODES
from scoring.rules.rule import GENERAL, Given, Rule, Value

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

    def most(self, rule: Ints, share: Floats) -> Floats:
        """Return the most that rows can attain by their rules and points; 1 for no rule."""
        caps = np.array([*(each.cap for each in self.rules), 1.0])[rule]
        beyond = np.array([*(each.beyond_points for each in self.rules), 0.0])
        return caps + of_share(beyond[rule], share) if beyond.any() else caps

    def least(self, rule: Ints) -> Floats:
        """Return the least that rows can attain by their rules: 0, or less where it may be lost."""
        return np.array([*(each.least for each in self.rules), 0.0])[rule]

    def with_target(self) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts with the target's value; False for no rule."""
        return self._told(registry.with_target)

    def with_ratio(self) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts with a completion rate; False for no rule."""
        return self._told(registry.with_ratio)

    def with_base(self) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts with last year's value; False for no rule."""
        return self._told(registry.with_base)

    def of_year(self) -> NDArray[np.bool_]:
        """Tell of each rule whether it has figures of the whole year of its own; False for none."""
        return self._told(registry.of_year)

    def directed(self) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts otherwise where less is better; False for none."""
        return self._told(registry.directed)

    def among_peers(self) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts with the values of others; False for no rule."""
        return self._told(registry.ranked)

    def over_all(self) -> NDArray[np.bool_]:
        """Tell of each rule whether those others are all, not of the rank group; False for none."""
        return self._told(registry.over_all)

    def assuming(self) -> NDArray[np.bool_]:
        """Tell of each rule whether it assumes what nobody declared; False for no rule."""
        general = [rule.origin == GENERAL for rule in self.rules]
        found = self._told(lambda name, _: registry.METHODS[name].assumed is not None)
        return found & np.array([*general, False], np.bool_)

    def needs(self, returned: str) -> NDArray[np.bool_]:
        """Tell of each rule whether it counts with this returned value; False for no rule."""
        return self._told(lambda name, given: returned in registry.needs(name, given))

    def awards(self) -> NDArray[np.bool_]:
        """Tell of each rule whether a department gives the points itself; False for no rule."""
        return self._told(lambda name, _: registry.METHODS[name].awards)

    def _told(self, tells: Callable[[str, Given], bool]) -> NDArray[np.bool_]:
        return np.array([*(tells(rule.name, rule.plain) for rule in self.rules), False], np.bool_)
