"""All rules of scoring by name: every module of :mod:`scoring.rules.methods` is one."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from schemas.vocabulary import words
from scoring.rules import methods
from scoring.rules.method import Method


def _found() -> Mapping[str, Method]:
    """Return the rules in the order of their words."""
    names = {module.name for module in pkgutil.iter_modules(methods.__path__)}
    unworded = names ^ set(words("rule"))
    if unworded:
        raise LookupError(f"rules without a word in vocabulary.toml or a module: {unworded}")
    return MappingProxyType(
        {name: import_module(f"{methods.__name__}.{name}").METHOD for name in words("rule")}
    )


METHODS: Mapping[str, Method] = _found()
METHOD_CODES = {name: code for code, name in enumerate(METHODS)}
