"""The parameters of a scoring rule in words, for pages and workbooks alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from common.numbers import show
from schemas.records.rows import MethodRow
from schemas.records.traced import AppliedRule
from schemas.vocabulary import word, words


def number(value: float | None, most: int = 6) -> str:
    """Return a number with at most ``most`` decimals, no trailing zeros, and a true minus sign."""
    return show(value, most).replace("-", "−")


def parameters(rule: AppliedRule) -> list[tuple[str, str]]:
    """Return a rule's parameters in words: name and value."""
    return parameter_words(rule.parameters)


def parameter_words(given: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return parameters in words, a mix's with the rules that it is made of."""
    names = {**words("parameter"), **words("parameter_beside")}
    return [(names.get(name, name), _value(name, value)) for name, value in given.items()]


def method_words(method: MethodRow) -> str:
    """Return the rule that a printed method was read as, with its parameters; none: nothing."""
    return _rule(method["rule"], _kept(method["parameters"])) if method["rule"] else ""


def _kept(parameters: str | None) -> Mapping[str, object]:
    """Return parameters that are kept as JSON; none where they are not ours."""
    try:
        told = json.loads(parameters or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _value(name: str, value: object) -> str:
    if name in _LISTED:
        return _LISTED[name](value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or isinstance(value, int | float):
        return number(value)
    return words("choice").get(str(value), str(value))


_LISTED: Mapping[str, Callable[[Any], str]] = {
    "bands": lambda bands: "、".join(f"{number(a)} 得 {number(b)}" for a, b in bands),
    "by_place": lambda places: "、".join(f"{_place(a)} 得 {number(b)}" for a, b in places),
    "rules": lambda mixed: "；".join(f"{number(one)} × {_rule(*rest)}" for one, *rest in mixed),
    "classes": lambda classes: "、".join(
        f"{name} 每项 {number(points)} 分" for name, points in classes.items()
    ),
}


def _place(last: float) -> str:
    return "其余" if last >= _FAR else f"前 {number(last)} 名"


def _rule(name: str, given: Mapping[str, object]) -> str:
    inner = "，".join(f"{key} {value}" for key, value in parameter_words(given))
    return f"{word('rule', name)}（{inner}）" if inner else word("rule", name)


#: The bound of a band that is open to its side.
_FAR = 1e15
