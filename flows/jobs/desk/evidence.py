"""What a document prints of what an officer may declare: each field's evidence beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.jobs.desk.declaring import declared
from flows.jobs.score.rules import parameters_zh
from flows.jobs.score.what_if import indicator_names, rule_zh
from schemas.records.document import FrontMatter
from schemas.tables.frames import Row, records

if TYPE_CHECKING:
    import pandas as pd

    from scoring.total.printed import PrintedTotal

_TABLES = ("notices", "indicators", "targets", "methods", "findings")
_PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator of which something is to be declared, with what is printed of it.

    ``where`` is what a direction is declared under, of a method what is not understood of it.
    """

    serial_no: int
    name: str
    printed: str
    given: str | None
    where: str = ""
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One landed document, what it prints, and what is declared of it by now."""

    notice: Row
    front: FrontMatter | None
    declared: Mapping[str, Any]
    entities: tuple[str, ...]
    groups: Mapping[str, str]
    departments: Mapping[str, int]
    directions: tuple[Asked, ...]
    methods: tuple[Asked, ...]
    total: PrintedTotal
    others: tuple[str, ...]
    open_findings: int
    values: int


def evidence_of(
    warehouse: Path, document_id: str, folder: Path, front: FrontMatter | None
) -> Evidence:
    """Return what the forms of one landed document show. Raises Refusal where it is not landed."""
    from scoring.total.printed import printed_total
    from warehouse.reading import read_tables

    tables = read_tables(warehouse, _TABLES)
    own = {name: frame[frame["document_id"] == document_id] for name, frame in tables.items()}
    said = declared(folder)
    names = indicator_names(own["indicators"])
    targets = records(own["targets"])
    notes = own["findings"].loc[own["findings"]["code"] == "table_note", "text"].dropna()
    methods = records(own["methods"])
    texts = [(str(text), None) for text in notes.drop_duplicates()]
    is_open = (own["findings"]["state"] == "open") & own["findings"]["severity"].isin(
        ("error", "warning")
    )
    return Evidence(
        notice=records(own["notices"])[-1],
        front=front,
        declared=said,
        entities=tuple(dict.fromkeys(str(each["entity"]) for each in targets)),
        groups={
            name: group
            for group, members in said.get("rank_groups", {}).items()
            for name in members
        },
        departments=_departments(own["indicators"]),
        directions=tuple(_directions(own["indicators"], targets, names, said)),
        methods=tuple(_methods(methods, names, said)),
        total=printed_total([*texts, *((str(m["text"]), int(m["serial_no"])) for m in methods)]),
        others=tuple(str(name) for name in tables["notices"]["document_id"] if name != document_id),
        open_findings=int(is_open.sum()),
        values=int(own["targets"]["needs_review"].sum()),
    )


def _departments(indicators: pd.DataFrame) -> dict[str, int]:
    """Return the assessing departments as they landed, with how many indicators each has."""
    found: dict[str, int] = {}
    for names in indicators["assessing_departments"]:
        for name in names if names is not None else ():
            found[str(name)] = found.get(str(name), 0) + 1
    return found


def _directions(
    indicators: pd.DataFrame, targets: list[Row], names: Mapping[int, str], said: Mapping[str, Any]
) -> list[Asked]:
    """Return the indicators whose good end nothing tells, and those for which it was declared."""
    given = said.get("directions", {})
    texts: dict[int, dict[str, None]] = {}
    for target in targets:
        if target["target_text"]:
            texts.setdefault(int(target["serial_no"]), {})[str(target["target_text"])] = None
    found = []
    for row in records(indicators[["serial_no", "indicator", "unit", "direction"]]):
        number = int(row["serial_no"])
        own = given.get(str(number), given.get(str(row["indicator"])))
        if row["direction"] == "unknown" or own is not None:
            printed = "；".join([*texts.get(number, {})][:6])
            unit = f"（{row['unit']}）" if row["unit"] else ""
            by_name = str(number) not in given and own is not None
            key = str(row["indicator"]) if by_name else str(number)
            found.append(Asked(number, f"{names[number]}{unit}", printed, own, key))
    return found


def _methods(methods: list[Row], names: Mapping[int, str], said: Mapping[str, Any]) -> list[Asked]:
    """Return the printed methods that do not count by themselves, with what was understood."""
    confirmed = {
        (each.get("serial_no"), each.get("text"))
        for each in said.get("rules", {}).get("method", [])
    }
    found: dict[tuple[int, str], Asked] = {}
    for row in methods:
        number, text = int(row["serial_no"]), str(row["text"])
        if row["status"] == "applied" and (number, text) not in confirmed:
            continue
        parameters = json.loads(row["parameters"]) if row["parameters"] else {}
        rule = f"{rule_zh(row['rule'])}　{parameters_zh(row['rule'], parameters)}".strip()
        found[number, text] = Asked(
            number,
            names[number],
            text,
            "yes" if (number, text) in confirmed else None,
            row["reason"] or "",
            rule if row["status"] == _PROPOSED else None,
        )
    return list(found.values())
