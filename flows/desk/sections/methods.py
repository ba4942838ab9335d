"""Another rule for an indicator, written at the desk: what is printed, and a field a parameter."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from common.refusal import refusal
from flows.desk.sections.declaration import basis_in, decimal_in, number_in, text_in
from flows.desk.shared.desk import Desk
from flows.desk.shared.labels import label
from flows.desk.shared.pages import page
from flows.jobs.desk.declaring import declare, state_of
from flows.jobs.desk.memory import folder_of
from flows.jobs.desk.rule_evidence import (
    MIX,
    RuleEvidence,
    parameters_of,
    require_indicator,
    rule_evidence,
    rules_of_a_mix,
    rules_with_form,
)
from flows.jobs.desk.sidecar_text import OwnRule, is_for, with_rule

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from scoring.rules.rule import ParameterSpec, Value

#: So many lines has a list of bands or classes on the page.
_LINES = 8
#: So many rules may one be made of on the page.
_COMPONENTS = 4
#: Of fractions by place, what the places get that no line names.
_PLACES, _REST = "by_place", math.inf


@dataclass(frozen=True, slots=True)
class _Component:
    """One of the rules that a mix is made of, as its fields show it; no rule: none is chosen."""

    number: int
    weight: object
    rule: str
    fields: Sequence[tuple[ParameterSpec, Value | None]]
    given: Mapping[str, object]


def show_method(desk: Desk, request: Request) -> Response:
    """Return one indicator's printed methods, its rules now, and the form of another rule."""
    document_id, order = request.path_params["document"], desk.order
    folder = folder_of(order.raw, document_id)
    serial_no = number_in(request.query_params.get("serial_no", ""), label("serial_no"))
    year = desk.year_of(document_id)
    evidence = rule_evidence(order.warehouse, folder, document_id, year, serial_no)
    chosen = _chosen(request.query_params, serial_no)
    entry = next((each for each in evidence.own if is_for(each, chosen)), None)
    rules = rules_with_form()
    asked = request.query_params.get("rule")
    rule = asked or str((entry or {}).get("rule") or _proposed(evidence))
    if rule not in rules:
        rule = next(iter(rules))
    given = _given(evidence, entry, rule)
    return page(
        request,
        "method.html",
        evidence=evidence,
        chosen=chosen,
        entry=entry,
        rules=rules,
        rule=rule,
        fields=parameters_of(rule),
        given=given,
        mixable=rules_of_a_mix(),
        components=list(_components(request.query_params, given)) if rule == MIX else [],
        lines=_LINES,
        seen=state_of(folder),
        done=request.query_params.get("done"),
    )


def _proposed(evidence: RuleEvidence) -> str:
    return next((each.rule for each in evidence.printed if each.rule), "")


def _given(
    evidence: RuleEvidence, entry: Mapping[str, object] | None, rule: str
) -> Mapping[str, object]:
    """Return what the fields hold at first: what is declared, else what the print proposes."""
    if entry is not None and entry.get("rule") == rule:
        return _held(rule, entry.get("parameters"))
    proposed = (each.parameters for each in evidence.printed if each.rule == rule)
    return _held(rule, next(proposed, None))


def _held(rule: str, given: object = None) -> Mapping[str, object]:
    """Return a rule's parameters, without what is in no form that the fields can show."""
    told = given if isinstance(given, dict) else {}
    return {
        spec.name: shown
        for spec, _ in parameters_of(rule)
        if (shown := _shown(spec, told.get(spec.name))) is not None
    }


def _shown(spec: ParameterSpec, value: object) -> object:
    if spec.kind == "classes":
        return value if isinstance(value, dict) else None
    if spec.kind in ("bands", "mix"):
        rows = value if isinstance(value, list) else []
        return [each for each in rows if isinstance(each, list) and len(each) > 1] or None
    return value


def _components(asked: Mapping[str, object], given: Mapping[str, object]) -> Iterator[_Component]:
    """Yield the rules of a mix: those that are asked for, else those that it has."""
    rules = given.get("rules")
    held = rules if isinstance(rules, list) else []
    for number in range(1, max(_COMPONENTS, len(held)) + 1):
        weight, name, *rest = held[number - 1] if number <= len(held) else (1, "", {})
        rule = str(asked.get(f"m{number}", name))
        if rule not in rules_of_a_mix():
            yield _Component(number, 1, "", (), {})
        elif rule == name:
            yield _Component(number, weight, rule, parameters_of(rule), _held(rule, *rest[:1]))
        else:
            yield _Component(number, 1, rule, parameters_of(rule), {})


def _chosen(fields: Mapping[str, object], serial_no: int) -> dict[str, int | str]:
    """Return which of the indicator's rows a rule is for, as an entry of the file names them."""
    chosen: dict[str, int | str] = {"serial_no": serial_no}
    if part := str(fields.get("part_no") or ""):
        chosen["part_no"] = number_in(part, label("part_no"))
    kind, _, name = str(fields.get("for") or "").partition("|")
    if kind in ("entity", "rank_group") and name:
        chosen[kind] = name
    return chosen


def save(desk: Desk, request: Request, form: FormData) -> Response:
    """Write the rule, or take it out, and land the document with it."""
    from starlette.responses import RedirectResponse

    document_id, order = request.path_params["document"], desk.order
    folder = folder_of(order.raw, document_id)
    serial_no = number_in(text_in(form, "serial_no"), label("serial_no"))
    require_indicator(order.warehouse, document_id, serial_no)
    chosen = _chosen(form, serial_no)
    rule = None if "remove" in form else text_in(form, "rule")
    parameters = {} if rule is None else dict(_parameters(form, rule))
    said = OwnRule(chosen, rule, parameters, basis_in(form))
    change = partial(with_rule, said=said)
    declare(folder, order.raw, order.warehouse, desk.memory, change, text_in(form, "seen"))
    back = {
        "serial_no": serial_no,
        "for": text_in(form, "for"),
        "part_no": text_in(form, "part_no"),
    }
    asked = urlencode({**back, "done": "removed" if rule is None else "saved"})
    return RedirectResponse(f"/notices/{document_id}/method?{asked}", 303)


def _parameters(form: FormData, rule: str, start: str = "p") -> Iterator[tuple[str, object]]:
    """Yield the parameters that are filled in; the schema says what of them is wrong."""
    if rule not in rules_with_form():
        raise refusal("flows.desk_no_rule", rule=rule)
    for spec, _ in parameters_of(rule):
        value = _READ.get(spec.kind, _number)(form, spec, f"{start}.{spec.name}")
        if value is not None:
            yield spec.name, value


def _number(form: FormData, spec: ParameterSpec, key: str) -> float | None:
    return decimal_in(text_in(form, key), spec.zh)


def _word(form: FormData, _: ParameterSpec, key: str) -> str | None:
    return text_in(form, key) or None


def _flag(form: FormData, _: ParameterSpec, key: str) -> bool | None:
    return {"yes": True, "no": False}.get(text_in(form, key))


def _lines(form: FormData, spec: ParameterSpec, key: str) -> Iterator[tuple[str, float]]:
    """Yield the lines of a list that are filled in: what is named, and its figure."""
    for number in range(1, _LINES + 1):
        first, second = (text_in(form, f"{key}.{number}.{part}") for part in ("of", "gives"))
        if first or second:
            yield first, _needed(second, f"{spec.zh}第 {number} 行")


def _needed(text: str, name: str) -> float:
    value = decimal_in(text, name)
    if value is None:
        raise refusal("flows.desk_field.number", name=name, found="")
    return value


def _bands(form: FormData, spec: ParameterSpec, key: str) -> list[list[float]] | None:
    found = [[_bound(of, spec), gives] for of, gives in _lines(form, spec, key)]
    return found or None


def _bound(text: str, spec: ParameterSpec) -> float:
    """Return a bound; of places, a line without one is for all others."""
    return _REST if not text and spec.name == _PLACES else _needed(text, spec.zh)


def _classes(form: FormData, spec: ParameterSpec, key: str) -> dict[str, float] | None:
    return dict(_lines(form, spec, key)) or None


def _mixed(form: FormData, _: ParameterSpec, __: str) -> list[list[object]] | None:
    """Return the rules of a mix that are chosen: weight, name and parameters of each."""
    found: list[list[object]] = []
    for number in count(1):
        if f"m{number}.rule" not in form:
            return found or None
        if rule := text_in(form, f"m{number}.rule"):
            weight = _needed(text_in(form, f"m{number}.weight"), f"{label('weight')} {number}")
            if rule == MIX:
                raise refusal("flows.desk_no_rule", rule=rule)
            found.append([weight, rule, dict(_parameters(form, rule, f"m{number}"))])
    return None


_READ: Mapping[str, Callable[[FormData, ParameterSpec, str], object]] = {
    "choice": _word,
    "bool": _flag,
    "bands": _bands,
    "classes": _classes,
    "mix": _mixed,
}

PAGES = {"/notices/{document}/method": show_method}
CHANGES = {"/notices/{document}/method": save}
