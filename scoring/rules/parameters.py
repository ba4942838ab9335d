"""The parameters of a rule while they are read: every one known, within its bounds, complete."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from common.numbers import LARGEST
from schemas.vocabulary import word
from scoring.rules.declared import with_defaults
from scoring.rules.registry import METHODS
from scoring.rules.rule import Bands, Classes, Component, Parameters, ParameterSpec, Value
from scoring.rules.toml import Entry

#: The bound of a band that is open to its side; written ``inf``, or null in JSON.


def parse_parameters(name: str, given: Mapping[str, object], source: str, where: str) -> Parameters:
    """Return the parameters of a rule, the given ones and the defaults of the others.

    Raises Refusal, which names ``source`` and ``where``, for what is not understood or missing.
    """
    specs = {spec.name: spec for spec in METHODS[name].all_parameters}
    entry = Entry(source, where, given, frozenset(specs))
    values: dict[str, Value] = {
        each: _parameter(entry, spec) for each, spec in specs.items() if each in entry.given
    }
    try:
        parameters = with_defaults(name, values)
    except KeyError as error:
        missing = str(error.args[0])
        raise entry.unexpected(
            "needed_parameter", missing, rule=name, parameter=specs[missing].zh
        ) from error
    _check_together(entry, name, dict(parameters))
    return parameters


def _parameter(entry: Entry, spec: ParameterSpec) -> Value:
    if spec.kind == "bool":
        return entry.flag(spec.name)
    if spec.kind == "choice":
        return entry.choice(spec.name, spec.choices)
    if spec.kind in _LISTS:
        return _LISTS[spec.kind](entry, spec.name)
    return entry.number(spec.name, spec.minimum, spec.maximum)


def _bands(entry: Entry, name: str) -> Bands:
    """Return bands by their bounds, each once; one bound may be open."""
    given = entry.given.get(name)
    pairs = given if isinstance(given, list) else []
    bands = [
        (_bound(pair[0]), float(pair[1]))
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and _is_number(_bound(pair[0]), pair[1])
    ]
    starts = {start for start, _ in bands}
    if not pairs or len(bands) != len(pairs) or len(starts) != len(bands):
        raise entry.unexpected("bands", name)
    if any(not 0 <= fraction <= 10 for _, fraction in bands):
        raise entry.unexpected("band_fractions", name)
    return tuple(sorted(bands))


def _classes(entry: Entry, name: str) -> Classes:
    """Return classes of awards in their order: each a name with the points for an event."""
    given = entry.given.get(name)
    listed = given if isinstance(given, Mapping) else {}
    usable = all(
        isinstance(each, str) and each.strip() and _is_number(points) and 0 < points <= _MOST_POINTS
        for each, points in listed.items()
    )
    if not usable or not 0 < len(listed) <= _MOST_CLASSES:
        raise entry.unexpected("classes", name)
    return tuple((each.strip(), float(points)) for each, points in listed.items())


#: So many classes, each with so many points for an event, at most.
_MOST_CLASSES, _MOST_POINTS = 20, 1e6


def _bound(given: object) -> float:
    """Return a bound as a number: open ones are far away, what is none is NaN."""
    if given is None or given == math.inf:
        return LARGEST
    return float(given) if _is_number(given) else math.nan  # type: ignore[arg-type]


def _is_number(*values: object) -> bool:
    return all(
        isinstance(each, (int, float)) and not isinstance(each, bool) and math.isfinite(each)
        for each in values
    )


def _mixed(entry: Entry, name: str) -> tuple[Component, ...]:
    """Return the rules of a mix: each with its weight, its name and its parameters."""
    given = entry.given.get(name)
    listed = given if isinstance(given, list) else []
    if not listed or not all(isinstance(each, list) and len(each) in (2, 3) for each in listed):
        raise entry.unexpected("mix", name)
    return tuple(_component(entry, name, number, *each) for number, each in enumerate(listed, 1))


def _component(
    entry: Entry, name: str, number: int, weight: object, rule: object, parameters: object = None
) -> Component:
    inner = {} if parameters is None else parameters
    usable = _is_number(weight) and isinstance(inner, Mapping) and rule in MIXABLE
    if not usable:
        raise entry.unexpected("mix", name)
    where = f"{entry.where} {name} 第{number}项"
    if "threshold" in inner:  # type: ignore[operator]
        known = frozenset(map(str, inner))  # type: ignore[call-overload]
        own = Entry(entry.source, where, inner, known)  # type: ignore[arg-type]
        raise own.unexpected("threshold_of_the_mix", "threshold")
    found = parse_parameters(str(rule), inner, entry.source, where)  # type: ignore[arg-type]
    return float(weight), str(rule), found  # type: ignore[arg-type]


_ALONE = frozenset({"mix", "judged", "classes"})
MIXABLE = frozenset(
    name for name, method in METHODS.items() if method.arithmetic and name not in _ALONE
)
"""Rules that a mix may be made of."""
_LISTS: Mapping[str, Callable[[Entry, str], Value]] = {
    "bands": _bands,
    "mix": _mixed,
    "classes": _classes,
}


def _check_together(entry: Entry, name: str, given: Mapping[str, Value]) -> None:
    """Refuse parameters that cannot stand beside each other, or not alone."""
    method = METHODS[name]
    _check_pair(entry, name, method.differ, given)
    if method.needed_with:
        parameter, value, needed = method.needed_with
        if given.get(parameter) == value and needed not in given:
            shown = word("parameter", needed)
            raise entry.unexpected("needed_parameter", needed, rule=name, parameter=shown)
    several = [each for each in method.one_of if each in given]
    if len(several) > 1:
        listed, listed_zh = ", ".join(method.one_of), "、".join(method.one_of)
        raise entry.unexpected("just_one_of", several[1], listed=listed, listed_zh=listed_zh)
    floor, cap = given.get("floor"), given.get("cap")
    if isinstance(floor, float) and isinstance(cap, float) and floor > cap:
        raise entry.unexpected("at_most_cap", "floor")


def _check_pair(
    entry: Entry, name: str, pair: tuple[str, str] | None, given: Mapping[str, Value]
) -> None:
    """Refuse one of two parameters that stand together, or both where they are the same."""
    present = [each for each in pair or () if each in given]
    if pair is None or not present:
        return
    if len(present) == 1:
        (missing,) = set(pair) - set(present)
        shown = word("parameter", missing)
        raise entry.unexpected("needed_parameter", missing, rule=name, parameter=shown)
    if given[pair[0]] == given[pair[1]]:
        one = word("parameter", pair[0])
        raise entry.unexpected("unlike", pair[1], name=pair[0], parameter=one)
