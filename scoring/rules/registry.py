"""All rules of scoring by name: every module in :mod:`scoring.rules.methods` is one."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

from schemas.vocabulary import words
from scoring.rules import methods
from scoring.rules.method import Method
from scoring.rules.rule import Given, mixed_of


def _found() -> Mapping[str, Method]:
    """Return the rules in the order of their words."""
    found = pkgutil.walk_packages(methods.__path__, f"{methods.__name__}.")
    modules = {each.name.rpartition(".")[2]: each.name for each in found if not each.ispkg}
    unworded = set(modules) ^ set(words("rule"))
    if unworded:
        raise LookupError(f"rules without a word in vocabulary.toml or a module: {unworded}")
    return MappingProxyType({name: import_module(modules[name]).METHOD for name in words("rule")})


METHODS: Mapping[str, Method] = _found()


def simple(name: str, parameters: Given) -> Iterator[tuple[Method, Given]]:
    """Give the rule itself, or the rules of a mix, each with its parameters."""
    for _, inner, given in mixed_of(name, parameters):
        yield METHODS[inner], given


def ranked(name: str, parameters: Given) -> bool:
    """Tell whether a rule counts with the values of all who are ranked together."""
    return any(method.peers.counts(given) for method, given in simple(name, parameters))


def over_all(name: str, parameters: Given) -> bool:
    """Tell whether a rule counts with the values of all whom the notice assesses."""
    return any(given.get("among") == "all" for _, given in simple(name, parameters))


def directed(name: str, parameters: Given) -> bool:
    """Tell whether a rule counts otherwise where less is better."""
    within = (method.directed for method, _ in simple(name, parameters))
    return any(within) or ranked(name, parameters)


def needs(name: str, parameters: Given) -> frozenset[str]:
    """Return the returned values that a rule counts with."""
    return frozenset(need for each, _ in simple(name, parameters) for need in each.needs)


def with_target(name: str, parameters: Given) -> bool:
    """Tell whether a rule counts with the target's value."""
    counted = any(
        method.target and given.get("by") != "value" for method, given in simple(name, parameters)
    )
    return counted or "threshold" in parameters


def with_ratio(name: str, parameters: Given) -> bool:
    """Tell whether a rule counts with a completion rate, which only a target above 0 has."""
    by = any("ratio" in (each.get("by"), each.get("of")) for _, each in simple(name, parameters))
    return by or "threshold" in parameters


def with_base(name: str, parameters: Given) -> bool:
    """Tell whether a rule counts with last year's value."""
    return any(method.base for method, _ in simple(name, parameters))


def of_year(name: str, parameters: Given) -> bool:
    """Tell whether a rule counts with figures of the whole year beside the target's."""
    return any(method.of_year(given) for method, given in simple(name, parameters))


METHOD_CODES = {name: code for code, name in enumerate(METHODS)}
