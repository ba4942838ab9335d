"""The parameters of a scoring rule in words, for pages and workbooks alike."""

from __future__ import annotations

from typing import Any

from common.numbers import show
from schemas.records.trace import AppliedRule
from schemas.vocabulary import word, words


def number(value: float | None, most: int = 6) -> str:
    """Return a number with at most ``most`` decimals, no trailing zeros, and a true minus sign."""
    return show(value, most).replace("-", "−")


def parameters(rule: AppliedRule) -> list[tuple[str, str]]:
    """Return a rule's parameters in words: name and value."""
    names = words("parameter")
    return [(names.get(name, name), _value(name, value)) for name, value in rule.parameters.items()]


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "bands":
        return "、".join(f"≥{number(a)} 得 {number(b)}" for a, b in value)
    if name == "by":
        return word("term", "actual_value" if value == "value" else "attainment")
    return number(value) if isinstance(value, int | float) else str(value)
