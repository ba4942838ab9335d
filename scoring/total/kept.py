"""The rules of the whole as scorecards keep them, so that a replay counts by those of the day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from types import MappingProxyType
from typing import TypedDict

from scoring.total.rules import Grade, Possible, QuotaOf, TotalRules, VetoEffect, WholeVeto


def kept(rules: TotalRules | None) -> str:
    """Return rules as JSON, ``{}`` for none; what nobody understood of the notice is left out."""
    if rules is None:
        return "{}"
    told = {
        "version": rules.version,
        "from": rules.since.isoformat(),
        "basis": rules.basis,
        **_caps(rules),
        "grades": [asdict(each) for each in rules.grades],
        "vetoes": _vetoes(rules.vetoes),
        "coefficients": dict(rules.coefficients),
        "quota_of": rules.quota_of,
        "possible": {
            **_caps(rules.possible),
            "factors": dict(rules.possible.factors),
            "vetoes": _vetoes(rules.possible.vetoes),
        },
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def of_kept(text: str) -> TotalRules | None:
    """Return the rules that :func:`kept` wrote. ValueError, TypeError or LookupError for others."""
    told = json.loads(text)
    if not told:
        return None
    possible = told["possible"]
    return TotalRules(
        told["version"],
        date.fromisoformat(told["from"]),
        told["basis"],
        told["bonus_cap"],
        told["minus_cap"],
        tuple(Grade(**each) for each in told["grades"]),
        _whole_vetoes(told["vetoes"]),
        MappingProxyType(told["coefficients"]),
        Possible(
            possible["bonus_cap"],
            possible["minus_cap"],
            MappingProxyType(possible["factors"]),
            _whole_vetoes(possible["vetoes"]),
        ),
        None if told["quota_of"] is None else QuotaOf(told["quota_of"]),
    )


def _caps(rules: TotalRules | Possible) -> dict[str, float | None]:
    return {"bonus_cap": rules.bonus_cap, "minus_cap": rules.minus_cap}


class _Kept(TypedDict):
    """A veto of the whole in JSON."""

    serial_no: int | None
    effects: list[VetoEffect]


def _vetoes(vetoes: Sequence[WholeVeto]) -> list[_Kept]:
    return [{"serial_no": each.serial_no, "effects": sorted(each.effects)} for each in vetoes]


def _whole_vetoes(told: Sequence[_Kept]) -> tuple[WholeVeto, ...]:
    made = ((each["serial_no"], frozenset(map(VetoEffect, each["effects"]))) for each in told)
    return tuple(WholeVeto(*each) for each in made)
