"""The editions of the general rules and the defaults of parameters: ``data/rules.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypedDict

from common.declared import declared
from scoring.rules.registry import METHODS
from scoring.rules.rule import GENERAL, Rule, Value


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated version of the general rules: the rule of each kind of target and of each part."""

    version: str
    since: date
    basis: str
    kinds: Mapping[str, str]
    parts: Mapping[str, str]
    green: float
    yellow: float


def edition(as_of: date) -> Edition:
    """Return the edition in force on a day: the latest begun, or the first of all."""
    begun = [each for each in _editions() if each.since <= as_of]
    return begun[-1] if begun else _editions()[0]


@cache
def _editions() -> tuple[Edition, ...]:
    found = map(_edition, declared(list[_Told], "scoring", "rules", "edition"))
    return tuple(sorted(found, key=lambda each: each.since))


_Told = TypedDict(
    "_Told",
    {
        "version": str,
        "from": date,
        "basis": str,
        "kinds": dict[str, str],
        "parts": dict[str, str],
        "lights": dict[str, float],
    },
)


def _edition(table: _Told) -> Edition:
    lights = table["lights"]
    return Edition(
        table["version"], table["from"], table["basis"], table["kinds"], table["parts"],
        lights["green"], lights["yellow"],
    )  # fmt: skip


_NONE_GIVEN: Mapping[str, Value] = {}


def default_of(rule: str, parameter: str) -> Value | None:
    """Return the default of a rule's parameter; None where it must be given."""
    defaults = declared(dict[str, dict[str, Value]], "scoring", "rules", "defaults")
    return defaults.get(rule, {}).get(parameter)


def with_defaults(name: str, given: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    """Return the rule's parameters, the given ones and the defaults of the others.

    Of parameters of which just one stands the others have no default. KeyError where one that
    must be given is not.
    """
    method = METHODS[name]
    left_out = set(method.one_of) - set(given) if set(given) & set(method.one_of) else set()
    found: list[tuple[str, Value]] = []
    for spec in method.all_parameters:
        otherwise = None if spec.name in left_out else default_of(name, spec.name)
        value = given.get(spec.name, otherwise)
        if value is not None:
            found.append((spec.name, value))
        elif not spec.optional:
            raise KeyError(spec.name)
    return tuple(found)


def default_rule(name: str, defaults: Edition, given: Mapping[str, Value] = _NONE_GIVEN) -> Rule:
    """Return a rule with its default parameters, and with those that come from the target."""
    parameters = with_defaults(name, given)
    return Rule(name, parameters, GENERAL, defaults.version, defaults.since, defaults.basis)
