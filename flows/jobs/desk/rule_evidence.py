"""What an officer needs to write another rule for an indicator: print, rules now, parameters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from common.refusal import Refusal, refusal
from flows.jobs.desk.declaring import declared
from flows.jobs.returns.asked import OF_LINES, effective
from flows.jobs.score.rules import parameters_zh
from flows.jobs.score.what_if import indicator_names, rule_zh
from flows.jobs.sidecar.document import SIDECAR
from flows.jobs.sidecar.meta import rank_groups
from schemas.records.rows import IndicatorRow, MethodRow, NoticeRow, TargetRow
from schemas.tables.frames import RowT, of_document, rows_as
from schemas.vocabulary import word

if TYPE_CHECKING:
    import pandas as pd

    from scoring.rules.rule import ParameterSpec, Value

#: The rule that is made of others.
MIX = "mix"


@dataclass(frozen=True, slots=True)
class Printed:
    """One method that the notice prints for the indicator, and the rule that is proposed for it."""

    text: str
    status: str
    reason: str
    rule: str | None
    parameters: Mapping[str, object]

    @property
    def zh(self) -> str | None:
        """The proposed rule in words."""
        return None if self.rule is None else _in_words(self.rule, self.parameters)


@dataclass(frozen=True, slots=True)
class RuleNow:
    """What some of the indicator's rows are counted by now, and whose rule it is."""

    part_no: int | None
    entities: tuple[str, ...]
    zh: str
    origin: str
    note: str


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """One indicator with all that bears on how it is counted.

    ``sharing`` are the indicators that have its points together with it. ``own`` are the officer's
    entries for it as they stand in the file, ``refused`` says why what is in force cannot be told.
    """

    document_id: str
    year: int
    issued_on: date | None
    serial_no: int
    name: str
    unit: str | None
    points: float | None
    sharing: tuple[int, ...]
    targets: tuple[tuple[str, str], ...]
    printed: tuple[Printed, ...]
    now: tuple[RuleNow, ...]
    own: tuple[Mapping[str, object], ...]
    parts: int
    groups: tuple[str, ...]
    refused: str | None


def rule_evidence(
    warehouse: Path, folder: Path, document_id: str, year: int, serial_no: int
) -> RuleEvidence:
    """Return what bears on one indicator's rule. Refusal where the document has none such."""
    from warehouse.reading import read_tables

    tables = read_tables(warehouse, OF_LINES)
    own = {name: of_document(frame, document_id) for name, frame in tables.items()}
    name = _name(own["indicators"], document_id, serial_no)
    (row,) = _of(IndicatorRow, own["indicators"], serial_no)
    targets = _of(TargetRow, own["targets"], serial_no)
    group = own["indicators"][own["indicators"]["weight_group"] == row["weight_group"]]
    said = declared(folder)
    now, refused = _rules_now(folder, document_id, year, tables, serial_no)
    return RuleEvidence(
        document_id,
        year,
        rows_as(NoticeRow, own["notices"])[-1]["issued_on"],
        serial_no,
        name,
        row["unit"],
        row["base_points"],
        tuple(int(each) for each in group["serial_no"] if each != serial_no),
        tuple((each["entity"], each["target_text"] or "—") for each in targets),
        tuple(_printed(_of(MethodRow, own["methods"], serial_no))),
        now,
        tuple(each for each in said.entries("rules", "rule") if each.get("serial_no") == serial_no),
        max((len(each["parts"]) for each in targets), default=0),
        tuple(rank_groups(said)),
        refused,
    )


def require_indicator(warehouse: Path, document_id: str, serial_no: int) -> None:
    """Refuse a number that no indicator of the document has."""
    from warehouse.reading import read_own

    own = read_own(warehouse, document_id, ("indicators",))
    _name(own["indicators"], document_id, serial_no)


def _name(indicators: pd.DataFrame, document_id: str, serial_no: int) -> str:
    names = indicator_names(indicators)
    if serial_no not in names:
        raise refusal("flows.desk_no_indicator", document=document_id, serial_no=serial_no)
    return names[serial_no]


def _of(kind: Callable[..., RowT], frame: pd.DataFrame, serial_no: int) -> list[RowT]:
    return rows_as(kind, frame[frame["serial_no"] == serial_no])


def _printed(methods: Sequence[MethodRow]) -> Iterator[Printed]:
    """Yield each printed method once."""
    seen: set[str] = set()
    for row in methods:
        if row["text"] not in seen:
            seen.add(row["text"])
            given = json.loads(row["parameters"]) if row["parameters"] else {}
            status = word("method_status", row["status"])
            yield Printed(row["text"], status, row["reason"] or "", row["rule"], given)


def _rules_now(
    folder: Path, document_id: str, year: int, tables: Mapping[str, pd.DataFrame], serial_no: int
) -> tuple[tuple[RuleNow, ...], str | None]:
    """Return the rules in force of an indicator's rows; or none, and why they cannot be told."""
    sidecar, raw = folder / SIDECAR, folder.parent.parent
    try:
        declared = sidecar if sidecar.is_file() else None
        listed = effective(declared, document_id, year, tables, raw)
    except Refusal as refused:
        return (), refused.zh
    found: dict[tuple[int | None, str, str, str], list[str]] = {}
    for each in (one for one in listed if one.serial_no == serial_no):
        zh = _in_words(each.rule, each.parameters) if each.rule else "（无）"
        origin = word("rule_origin", each.origin) if each.origin else ""
        found.setdefault((each.part_no, zh, origin, each.note_zh or ""), []).append(each.entity)
    now = [RuleNow(part, tuple(names), *told) for (part, *told), names in found.items()]
    return tuple(now), None


def _in_words(rule: str, given: Mapping[str, object]) -> str:
    return f"{rule_zh(rule)}　{parameters_zh(rule, given)}".strip()


def rules_with_form() -> dict[str, str]:
    """Return the rules that a form can fill in, by name in Chinese: all there are."""
    from scoring.rules.registry import METHODS

    return {name: word("rule", name) for name in METHODS}


def rules_of_a_mix() -> dict[str, str]:
    """Return the rules that another can be made of, by name in Chinese."""
    from scoring.rules.parameters import MIXABLE

    return {name: zh for name, zh in rules_with_form().items() if name in MIXABLE}


def parameters_of(rule: str) -> tuple[tuple[ParameterSpec, Value | None], ...]:
    """Return a rule's parameters with their defaults; None of one that must be given."""
    from scoring.rules.declared import default_of
    from scoring.rules.registry import METHODS

    return tuple((spec, default_of(rule, spec.name)) for spec in METHODS[rule].all_parameters)
