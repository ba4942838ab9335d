"""The declared data of scoring: rules, their parameters and their editions, kept as TOML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from common.declared import declared


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """What a rule's parameter may be; ``default`` None: it must be given.

    ``kind`` is ``number``, ``bool``, ``choice`` or ``bands``.
    """

    name: str
    zh: str
    kind: str
    default: float | bool | str | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule: its Chinese name, the returned values it counts with, its parameters."""

    name: str
    zh: str
    needs: tuple[str, ...]
    target: bool
    parameters: MappingProxyType[str, ParameterSpec]


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated version of the defaults: the rule of each kind of target and of each part."""

    version: str
    since: date
    basis: str
    kinds: MappingProxyType[str, str]
    parts: MappingProxyType[str, str]
    green: float
    yellow: float


@cache
def rule_specs() -> MappingProxyType[str, RuleSpec]:
    """Return every rule by name, in the order of the file."""
    return MappingProxyType(
        {name: _spec(name, told) for name, told in declared("scoring", "rules")["rule"].items()}
    )


def _spec(name: str, told: dict[str, Any]) -> RuleSpec:
    parameters = {
        each: ParameterSpec(
            name=each,
            zh=said["zh"],
            kind=_kind(each, said),
            default=said.get("default"),
            minimum=said.get("minimum"),
            maximum=said.get("maximum"),
            choices=tuple(said.get("choices", ())),
        )
        for each, said in told["parameters"].items()
    }
    return RuleSpec(
        name, told["zh"], tuple(told["needs"]), told["target"], MappingProxyType(parameters)
    )


def _kind(name: str, said: dict[str, Any]) -> str:
    if "choices" in said:
        return "choice"
    if isinstance(said.get("default"), bool):
        return "bool"
    return name if name == "bands" else "number"


def edition(as_of: date) -> Edition:
    """Return the edition in force on a day: the latest begun, or the first of all."""
    editions = sorted(
        (_edition(told) for told in declared("scoring", "rules")["edition"]), key=lambda e: e.since
    )
    begun = [each for each in editions if each.since <= as_of]
    return begun[-1] if begun else editions[0]


def _edition(told: dict[str, Any]) -> Edition:
    return Edition(
        told["version"],
        told["from"],
        told["basis"],
        MappingProxyType(told["kinds"]),
        MappingProxyType(told["parts"]),
        told["lights"]["green"],
        told["lights"]["yellow"],
    )
