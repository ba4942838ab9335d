"""What the forms of a notice's page say, as it is to be declared: each field of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from common.refusal import refusal
from flows.desk.shared.labels import label
from flows.jobs.desk.sidecar_text import VALUES, Basis, Declaration
from flows.jobs.sidecar.content import Content

if TYPE_CHECKING:
    from starlette.datastructures import FormData

GRADES = 6
_DAYS = ("issued_on", "received_on", "deadline")
_GRADE_KEYS = ("name", "at_least", "at_most_rank", "quota")
_SPLIT = re.compile(r"[\n,，、;；]+")


def declaration(form: FormData, held: Content) -> Declaration:
    """Return what the forms say; what no field shows stays as the file holds it."""
    values = _values(form, held.said)
    groups = _groups(form)
    named: dict[str, Mapping[str, object]] = {
        "departments": _aliases(form),
        "directions": _chosen(form, "direction.", held.table("directions")),
        "rank_groups": groups,
        "accumulates": _chosen(form, "accumulates.", held.table("accumulates")),
        "coefficients": _coefficients(form, groups, held.table("coefficients")),
        "periods": _periods(form, held.table("periods")),
    }
    confirmed = [_method(str(each)) for each in form.getlist("method")]
    return Declaration(
        values, names_in(form.get("entities")), named, confirmed, _total(form), basis_in(form)
    )


def basis_in(form: FormData) -> Basis:
    """Return what rules rest on, in force from the day of issue or the first of the year."""
    issued = _day(text_in(form, "issued_on") or None, label("issued_on"))
    since = issued or date(number_in(text_in(form, "landed_year"), label("year")), 1, 1)
    return Basis(since, text_in(form, "basis") or None)


def names_in(given: object) -> tuple[str, ...]:
    """Return names that stand in a field, separated by commas or lines, each once."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, _SPLIT.split(str(given or ""))))))


def text_in(form: FormData, key: str) -> str:
    """Return what is filled in, or nothing."""
    return str(form.get(key) or "").strip()


def number_in(text: str, name: str) -> int:
    """Return a whole number; Refusal for anything else."""
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise refusal("flows.desk_field.number", name=name, found=text)
    return int(text)


def decimal_in(text: str, name: str) -> float | None:
    """Return a number, None where nothing is filled in; Refusal for anything else."""
    if not text.strip():
        return None
    with suppress(ValueError):
        return float(text)
    raise refusal("flows.desk_field.number", name=name, found=text)


def _day(text: str | None, name: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refusal("flows.desk_field.day", name=name, found=text) from None


def _values(form: FormData, held: Mapping[str, object]) -> dict[str, object]:
    """Return the document's own values, each of its kind."""
    texts = {key: text_in(form, key) or None for key in VALUES}
    values: dict[str, object] = {**texts, "one_figure": _one_figure(form)}
    if texts["year"] is not None:
        values["year"] = number_in(texts["year"], label("year"))
    for key in _DAYS:
        values[key] = _day(texts[key], label(key))
    return values | {key: held.get(key) for key in VALUES if key not in form}


def _one_figure(form: FormData) -> bool | list[int] | None:
    """Return of which indicators the figure to compare with is one; None: as understood."""
    if text_in(form, "one_figure") != "listed":
        return None
    chosen = [number_in(str(each), label("serial_no")) for each in form.getlist("one_figure_of")]
    return chosen or False


def _fields(form: FormData, start: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a table: what stands behind its name, and what is filled in."""
    for key, value in form.multi_items():
        if key.startswith(start) and isinstance(value, str) and value.strip():
            yield key.removeprefix(start), value.strip()


def _aliases(form: FormData) -> dict[str, str]:
    """Return departments' other names: those that are filled in, and one that is new."""
    found = dict(_fields(form, "department."))
    printed, name = text_in(form, "new_printed"), text_in(form, "new_name")
    return found | ({printed: name} if printed and name else {})


def _chosen(form: FormData, start: str, held: Mapping[str, object]) -> dict[str, object]:
    """Return the choices of a table; those of the file that no field shows stay."""
    shown = {key.removeprefix(start) for key in form if key.startswith(start)}
    kept = {key: value for key, value in held.items() if key not in shown}
    return kept | dict(_fields(form, start))


def _groups(form: FormData) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entity, group in _fields(form, "group."):
        found.setdefault(group, []).append(entity)
    return found


def _coefficients(
    form: FormData, groups: Mapping[str, object], held: Mapping[str, object]
) -> dict[str, object]:
    """Return the coefficients of entities and of the groups that there are."""
    entities = {key.removeprefix("group.") for key in form if key.startswith("group.")}
    found = _chosen(form, "coefficient.", held)
    return {
        name: decimal_in(str(each), f"{name}的系数")
        for name, each in found.items()
        if name in groups or name in entities or f"coefficient.{name}" not in form
    }


def _periods(form: FormData, held: Mapping[str, object]) -> Mapping[str, object]:
    """Return the parts of the year with their weights; one without a name is none."""
    if "period1.name" not in form:
        return held
    return dict(_filled_periods(form))


def _filled_periods(form: FormData) -> Iterator[tuple[str, dict[str, object]]]:
    for number in count(1):
        key = f"period{number}"
        if f"{key}.name" not in form:
            return
        if name := text_in(form, f"{key}.name"):
            given = {
                "weight": decimal_in(text_in(form, f"{key}.weight"), label("weight")),
                "as_of": _day(text_in(form, f"{key}.as_of") or None, label("as_of")),
            }
            yield name, {which: each for which, each in given.items() if each is not None}


def _method(given: str) -> tuple[int, str]:
    number, _, text = given.partition("|")
    return number_in(number, label("serial_no")), text


def _total(form: FormData) -> dict[str, object]:
    """Return caps, grades and vetoes; a grade without a name and a veto that does nothing: none."""
    caps = {key: decimal_in(text_in(form, key), label(key)) for key in ("bonus_cap", "minus_cap")}
    grades = [_grade(form, number) for number in range(1, GRADES + 1)]
    whose = text_in(form, "quota_of") or None
    return {
        **caps,
        "quota_of": whose,
        "grade": list(filter(None, grades)),
        "veto": list(_vetoes(form)),
    }


def _grade(form: FormData, number: int) -> dict[str, object]:
    get = {key: text_in(form, f"grade{number}.{key}") for key in _GRADE_KEYS}
    if not get["name"]:
        return {}
    quota = decimal_in(get["quota"], label("quota"))
    grade = {
        "name": get["name"],
        "at_least": decimal_in(get["at_least"], label("at_least")),
        "at_most_rank": number_in(get["at_most_rank"], label("at_most_rank"))
        if get["at_most_rank"]
        else None,
        "quota": None if quota is None else round(quota / 100, 6),
    }
    return {key: value for key, value in grade.items() if value is not None}


def _vetoes(form: FormData) -> Iterator[dict[str, object]]:
    """Yield what vetoes do to the whole; of no serial number: a veto of any indicator."""
    for number in count(1):
        key = f"veto{number}.serial_no"
        if key not in form:
            return
        serial_no = text_in(form, key)
        own = {"serial_no": number_in(serial_no, label("serial_no"))} if serial_no else {}
        if effects := [str(each) for each in form.getlist(f"veto{number}.effects")]:
            yield {**own, "effects": effects}
