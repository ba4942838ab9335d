"""One rule with its parameters, as it is applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from schemas.records.traced import AppliedRule
from schemas.vocabulary import word

Bands = tuple[tuple[float, float], ...]
#: A rule within a mix: its weight, its name and its parameters.
Component = tuple[float, str, "Parameters"]
#: Classes of awards: name and points for each event.
Classes = tuple[tuple[str, float], ...]
Value = float | bool | str | Bands | Classes | tuple[Component, ...]
Parameters = tuple[tuple[str, Value], ...]
#: Parameters as JSON knows them.
Given = Mapping[str, object]
#: The origin of a rule that goes with the kind of target, which neither notice nor officer names.
GENERAL = "default"


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """What a rule's parameter may be: ``kind`` is number, bool, choice, bands, mix or classes.

    One that is ``optional`` and not given is not there at all.
    """

    name: str
    kind: str = "number"
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False

    @property
    def zh(self) -> str:
        """What the parameter is called in Chinese."""
        return word("parameter", self.name)


def number_of(given: Given, name: str, otherwise: float) -> float:
    """Return a numeric parameter, or ``otherwise`` where there is none of this name."""
    value = given.get(name)
    return float(value) if isinstance(value, (int, float)) else otherwise


def pairs_of(given: Given, name: str) -> Sequence[tuple[float, float]]:
    """Return bands by their bounds, or places; none where there are none of this name."""
    value = given.get(name)
    return value if isinstance(value, (list, tuple)) else ()


def classes_of(given: Given) -> Mapping[str, float]:
    """Return classes of awards with the points for each event; none of any other rule."""
    value = given.get("classes")
    return value if isinstance(value, dict) else {}


def mixed_of(name: str, given: Given) -> Sequence[tuple[float, str, Given]]:
    """Return the rules of a mix: weight, name and parameters; any other rule alone, weight 1."""
    mixed = given.get("rules")
    return mixed if isinstance(mixed, (list, tuple)) else ((1.0, name, given),)


def cap_of(given: Given) -> float:
    """Return the most that a rule of these parameters, no mix, gives without points beyond."""
    if bands := pairs_of(given, "bands") or pairs_of(given, "by_place"):
        return float(max(part for _, part in bands))
    if "better" in given:
        measured = given.get("against", "comparison") != "comparison"
        named = (number_of(given, name, 0.0) for name in ("better", "same", "worse"))
        return max(*named, 1.0 if measured else 0.0)
    return number_of(given, "cap", number_of(given, "start", 1.0))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is applied: name, parameters complete, and where it comes from.

    ``origin`` is ``default``, ``printed`` (the notice's own method) or ``notice`` (an officer's
    rule); ``version`` and ``since`` are those of the edition
    or of the notice's rules, ``basis`` what those rest on.
    """

    name: str
    parameters: tuple[tuple[str, Value], ...]
    origin: str
    version: str
    since: date
    basis: str

    def get(self, name: str) -> Value | None:
        """Return a parameter; None where the rule has none of this name."""
        return dict(self.parameters).get(name)

    @property
    def traced(self) -> AppliedRule:
        """The rule as traces hold it."""
        return AppliedRule(
            name=self.name,
            name_zh=self.zh,
            parameters=self.plain,
            origin=self.origin,
            version=self.version,
            since=self.since.isoformat(),
            basis=self.basis,
        )

    def number(self, name: str, otherwise: float) -> float:
        """Return a numeric parameter, or ``otherwise`` where the rule has none of this name."""
        value = self.get(name)
        return float(value) if isinstance(value, (int, float)) else otherwise

    @property
    def cap(self) -> float:
        """The most that the attainment can be (1 for ``parts``, whose parts have their own).

        Without the points that may be given beyond the share, see :attr:`beyond_points`.
        """
        if self.components:
            return self._together([weight * rule.cap for weight, rule in self.components])
        return cap_of(self.plain)

    @property
    def beyond_points(self) -> float:
        """How many points may be given beyond what the cap gives of the share."""
        if self.components:
            return self._together([weight * rule.beyond_points for weight, rule in self.components])
        return self.number("beyond_points", 0.0)

    @property
    def least(self) -> float:
        """The least that the attainment may come to: below 0 only where points are taken so."""
        if self.components:
            return self._together([weight * rule.least for weight, rule in self.components])
        return min(0.0, self.number("floor", 0.0))

    def _together(self, given: list[float]) -> float:
        """Return what the rules of a mix come to: the best of them, or their sum."""
        return max(given) if self.get("take") == "best" else sum(given)

    @property
    def bands(self) -> Bands:
        """The bands by their bounds, or the places; none but for rules that have them."""
        bands = self.get("bands") or self.get("by_place")
        return cast(Bands, bands) if isinstance(bands, tuple) else ()

    @property
    def classes(self) -> Classes:
        """The classes of awards with the points for each event; none of any other rule."""
        return cast(Classes, self.get("classes") or ())

    def of_class(self, name: str, points: float) -> Rule:
        """Return the rule of one of the classes alone."""
        return replace(self, parameters=(("classes", ((name, points),)),))

    @property
    def components(self) -> tuple[tuple[float, Rule], ...]:
        """The rules of a mix with their weights; none of any other rule."""
        mixed = cast("tuple[Component, ...]", self.get("rules") or ())
        return tuple(
            (weight, replace(self, name=name, parameters=parameters))
            for weight, name, parameters in mixed
        )

    @property
    def zh(self) -> str:
        """The rule's name in Chinese."""
        return word("rule", self.name)

    @property
    def plain(self) -> dict[str, object]:
        """The parameters as JSON knows them."""
        plain: dict[str, object] = dict(self.parameters)
        if "rules" in plain:
            plain["rules"] = [[weight, each.name, each.plain] for weight, each in self.components]
        if "classes" in plain:
            plain["classes"] = dict(self.classes)
        return plain
