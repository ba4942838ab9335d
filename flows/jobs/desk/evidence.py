"""What a document prints of what an officer may declare: each field's evidence beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from common.messages import message
from common.refusal import Refusal
from flows.jobs.desk.declaring import declared
from flows.jobs.desk.listing import landed_notices, left_open
from flows.jobs.returns.forms import read_document_lines
from flows.jobs.score.rules import parameters_zh
from flows.jobs.score.what_if import indicator_names, rule_zh
from flows.jobs.score.whole import printed_whole
from flows.jobs.sidecar.content import Content
from flows.jobs.sidecar.meta import rank_groups
from schemas.records.document import FrontMatter
from schemas.records.rows import IndicatorRow, MethodRow, NoticeRow, TargetRow
from schemas.tables.frames import rows_as
from schemas.vocabulary import Direction, word, words

if TYPE_CHECKING:
    import pandas as pd

    from scoring.total.printed import PrintedTotal

_TABLES = ("notices", "indicators", "targets", "methods", "findings")
_PROPOSED = "proposed"
_WHOSE = ("level1", "level2", "level3", "kind")


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator of which something is to be declared, with what is printed of it.

    ``given`` is what is declared of it, ``proposal`` how it is understood otherwise. ``where`` is
    what a direction or accumulation is declared under, of a method what is not understood of it,
    ``because`` what a proposal was understood by.
    """

    serial_no: int
    name: str
    printed: str
    given: str | None
    where: str = ""
    proposal: str | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule that the file declares: of an indicator, else of the rows that ``whose`` names."""

    serial_no: object
    whose: str
    rule: str

    @classmethod
    def of(cls, entry: Mapping[str, object]) -> WrittenRule:
        """Return an entry of ``[[rules.rule]]`` as it stands there, understood or not."""
        whose = next((entry[key] for key in _WHOSE if key in entry), "")
        rule = str(entry.get("rule", ""))
        return cls(entry.get("serial_no"), str(whose), words("rule").get(rule, rule))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One landed document, what it prints, and what is declared of it by now.

    ``directions`` are asked for; ``each`` holds every indicator's direction and how its figure
    moves through the year, which may be declared otherwise than they were understood.
    """

    notice: NoticeRow
    front: FrontMatter | None
    declared: Mapping[str, object]
    entities: tuple[str, ...]
    groups: Mapping[str, str]
    departments: Mapping[str, int]
    directions: tuple[Asked, ...]
    each: tuple[tuple[Asked, Asked], ...]
    one_figure: tuple[Asked, ...]
    methods: tuple[Asked, ...]
    rules: tuple[WrittenRule, ...]
    total: PrintedTotal
    others: tuple[str, ...]
    open_findings: int
    values: int


def evidence_of(
    warehouse: Path, document_id: str, folder: Path, raw: Path, front: FrontMatter | None
) -> Evidence:
    """Return what the forms of one landed document show. Raises Refusal where it is not landed."""
    from scoring.total.printed import PrintedTotal
    from warehouse.reading import read_own

    own = read_own(warehouse, document_id, _TABLES)
    said = declared(folder)
    names = indicator_names(own["indicators"])
    targets = rows_as(TargetRow, own["targets"])
    methods = rows_as(MethodRow, own["methods"])
    notice = rows_as(NoticeRow, own["notices"])[-1]
    directions = _directions(own["indicators"], targets, names, said.table_of("directions", str))
    accumulates = _accumulates(own["indicators"], targets, names, said.table_of("accumulates", str))
    doubts, values = left_open(own)
    landed = [each.document_id for each in landed_notices(warehouse)]
    return Evidence(
        notice=notice,
        front=front,
        declared=said.said,
        entities=tuple(dict.fromkeys(each["entity"] for each in targets)),
        groups=_groups(said),
        departments=_departments(own["indicators"]),
        directions=tuple(each for each in directions if each.given or not each.proposal),
        each=tuple(zip(directions, accumulates, strict=True)),
        one_figure=tuple(_one_figure(warehouse, notice, raw)),
        methods=tuple(_methods(methods, names, said)),
        rules=tuple(map(WrittenRule.of, said.entries("rules", "rule"))),
        total=printed_whole(own) or PrintedTotal(),
        others=tuple(name for name in landed if name != document_id),
        open_findings=doubts,
        values=values,
    )


def _groups(said: Content) -> dict[str, str]:
    """Return the declared rank group of each entity that is in one."""
    return {name: group for group, members in rank_groups(said).items() for name in members}


def _departments(indicators: pd.DataFrame) -> dict[str, int]:
    """Return the assessing departments as they landed, with how many indicators each has."""
    found: dict[str, int] = {}
    for names in indicators["assessing_departments"]:
        for name in names if names is not None else ():
            found[str(name)] = found.get(str(name), 0) + 1
    return found


def _directions(
    indicators: pd.DataFrame,
    targets: list[TargetRow],
    names: Mapping[int, str],
    given: Mapping[str, str],
) -> list[Asked]:
    """Return each indicator's good end: as it is declared, and as it is understood."""
    each = _of_each(indicators, targets, names, given)
    rows = rows_as(IndicatorRow, indicators, ["indicator", "unit", "direction"])
    return [_known(asked, row) for asked, row in zip(each, rows, strict=True)]


def _known(asked: Asked, row: IndicatorRow) -> Asked:
    """Return a direction in words and by what it was understood; as it is where nothing tells."""
    from normalize.text.direction import direction

    if row["direction"] == Direction.UNKNOWN:
        return asked
    by_name = direction(row["indicator"], row["unit"]) == row["direction"]
    because = message("flows.desk_because.name" if by_name else "flows.desk_because.other").zh
    return replace(asked, proposal=word("direction", row["direction"]), because=because)


def _accumulates(
    indicators: pd.DataFrame,
    targets: list[TargetRow],
    names: Mapping[int, str],
    given: Mapping[str, str],
) -> Iterator[Asked]:
    """Yield how each indicator's figure moves: as it is declared, and as it is understood."""
    from scoring.points.accumulation import understood

    assessed = [each for each in targets if each["status"] == "assessed"]
    first = {each["serial_no"]: each for each in reversed(assessed)}
    for asked, name in zip(
        _of_each(indicators, targets, names, given), indicators["indicator"], strict=True
    ):
        target = first.get(asked.serial_no)
        unit, kind = (target["target_unit"], target["target_kind"]) if target else (None, "none")
        way, column, by = understood(str(name), unit, kind)
        because = {
            "names": message("flows.desk_because.ending", by=by).zh,
            "units": message("flows.desk_because.unit", by=by).zh,
            "kinds": message("flows.desk_because.kind").zh,
        }.get(column, message("flows.desk_because.nothing").zh)
        yield replace(asked, proposal=word("accumulates", way), because=because)


def _of_each(
    indicators: pd.DataFrame,
    targets: list[TargetRow],
    names: Mapping[int, str],
    given: Mapping[str, str],
) -> Iterator[Asked]:
    """Yield each indicator with its targets, and what is declared of it by number or name."""
    texts: dict[int, dict[str, None]] = {}
    for target in targets:
        if target["target_text"]:
            texts.setdefault(target["serial_no"], {})[target["target_text"]] = None
    for row in rows_as(IndicatorRow, indicators, ["serial_no", "indicator", "unit"]):
        number, name = row["serial_no"], row["indicator"]
        where = name if name in given and str(number) not in given else str(number)
        unit = f"（{row['unit']}）" if row["unit"] else ""
        printed = "；".join([*texts.get(number, {})][:6])
        yield Asked(number, f"{names[number]}{unit}", printed, given.get(where), where)


def _one_figure(warehouse: Path, notice: NoticeRow, raw: Path) -> Iterator[Asked]:
    """Yield the indicators that are compared with a figure, and those for which it is one."""
    try:
        document, _ = read_document_lines(warehouse, notice["year"], notice["document_id"], raw)
    except Refusal:  # of rules that are wrong: who scores is told
        return
    seen: set[int] = set()
    for line in document.lines:
        if "benchmark" in line.needs and line.serial_no not in seen:
            seen.add(line.serial_no)
            is_one = "yes" if line.one_figure else None
            yield Asked(line.serial_no, line.indicator, line.target_text or "", is_one)


def _methods(methods: list[MethodRow], names: Mapping[int, str], said: Content) -> list[Asked]:
    """Return the printed methods that do not count by themselves, with what was understood.

    A rule that leaves words uncounted is no proposal to confirm.
    """
    from scoring.model.uncovered import uncovered

    confirmed = {
        (each["serial_no"], each["text"])
        for each in said.entries("rules", "method")
        if isinstance(each.get("serial_no"), int) and isinstance(each.get("text"), str)
    }
    found: dict[tuple[int, str], Asked] = {}
    for row in methods:
        number, text = row["serial_no"], row["text"]
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
            rule
            if row["status"] == _PROPOSED and not uncovered(row["left_out"], row["reason"])
            else None,
        )
    return list(found.values())
