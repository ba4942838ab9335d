"""The wordings of printed methods, each with the row that it stands in."""

from __future__ import annotations

from typing import Any

from normalize.methods.model import MethodContext
from schemas.vocabulary import Direction, ItemKind, Operator, TargetKind
from tests.support.paths import TESTS
from tests.support.yaml_files import read_yaml

CASES = TESTS / "normalize/cases/methods.yaml"
#: Kinds of targets that have no value of their own.
_WITHOUT_VALUE = {"judged", "none", "benchmark", "previous_value"}


def wordings() -> list[dict[str, Any]]:
    """Return all cases."""
    listed: list[dict[str, Any]] = read_yaml(CASES)
    return listed


def context_of(case: dict[str, Any]) -> MethodContext:
    """Return what the case says of its row; what it does not say is ordinary."""
    row: dict[str, Any] = case.get("row") or {}
    kind = row.get("kind", "number")
    plain = kind not in _WITHOUT_VALUE
    value = row.get("value", 8 if plain else None)
    operator = row.get("op", ">=" if plain else None)
    return MethodContext(
        kind=TargetKind(kind),
        operator=Operator(operator) if operator else None,
        value=None if value is None else float(value),
        unit=row.get("unit", None if kind in ("judged", "none") else "%"),
        direction=Direction.LOWER if row.get("way") == "低" else Direction.HIGHER,
        points=float(row.get("points", 5)) if row.get("alone", True) else None,
        alone=row.get("alone", True),
        item_kind=ItemKind(row.get("item", "scored")),
        indicator=row.get("name", "生产总值增速"),
        entities=row.get("entities", 2),
    )
