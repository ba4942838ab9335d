"""The notice's own methods (table ``methods``) as rules, and which rows they are for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from common.fold import fold
from common.messages import message
from common.refusal import Refusal, refusal
from schemas.records.traced import PrintedCell
from schemas.tables.frames import records
from schemas.vocabulary import MethodStatus
from scoring.model.columns import Ints
from scoring.model.inputs import NOT_ASSESSED, Rows
from scoring.rules.declared import Edition
from scoring.rules.notice_rules import NoticeRules
from scoring.rules.parameters import parse_parameters
from scoring.rules.registry import METHODS
from scoring.rules.rule import Rule

_BOX = ("page", "x0", "top", "x1", "bottom")
_CELL = ("table_no", "row", "column")


@dataclass(frozen=True, slots=True)
class PrintedRule:
    """One printed method: its text and place, and the rule it was understood as, if it was.

    ``status`` is ``applied`` where the rule counts; else the general rule does, and
    ``beyond_points`` is what the text may give beyond the share.
    """

    text: str
    status: MethodStatus
    cell: PrintedCell
    rule: Rule | None = None
    beyond_points: float = 0.0

    @property
    def basis(self) -> str:
        """What a score of such a row rests on, in Chinese."""
        page = "" if self.cell.page is None else _page(self.cell.page)
        if self.status is MethodStatus.APPLIED:
            return message("scoring.method.applied", text=self.text, page=page).zh
        if self.status is MethodStatus.PROPOSED:
            return message("scoring.method.proposed", text=self.text, page=page).zh
        return message("scoring.method.not_understood", text=self.text, page=page).zh


def _page(page: int) -> str:
    return message("scoring.method.page", page=page).zh


@dataclass(frozen=True, slots=True)
class PrintedMethods:
    """The printed methods of a computation, and the number of each row's; -1 where it has none."""

    methods: tuple[PrintedRule, ...]
    of_row: Ints


def printed_methods(
    methods: pd.DataFrame | None,
    targets: pd.DataFrame,
    rows: Rows,
    rules: Mapping[str, NoticeRules],
    defaults: Edition,
) -> PrintedMethods:
    """Return the methods of the rows of ``targets``.

    What stands in a target's own cell is for the targets that have the text. Of several methods
    for one row none is applied. Raises Refusal where an officer confirms what is not there.
    """
    found = PrintedMethods((), np.full(len(rows), -1, np.int64))
    listed = [] if methods is None else records(methods)
    _check_confirmed(listed, rules)
    if not listed:
        return found
    read = [_read(each, rules.get(each["document_id"]), defaults) for each in listed]
    own = _rows_of(listed, targets, rows)
    return _joined(read, own, found.of_row)


def _joined(read: list[PrintedRule], own: Sequence[Ints], of_row: Ints) -> PrintedMethods:
    """Number the methods by row; several of one row stand together as one that is not applied."""
    together: dict[tuple[int, int], int] = {}
    for number, places in enumerate(own):
        for before in np.unique(of_row[places]):
            some = places[of_row[places] == before]
            if before < 0:
                of_row[some] = number
                continue
            key = (int(before), number)
            if key not in together:
                together[key] = len(read)
                read.append(_several(read[before], read[number]))
            of_row[some] = together[key]
    return PrintedMethods(tuple(read), of_row)


def _several(one: PrintedRule, other: PrintedRule) -> PrintedRule:
    return replace(
        one,
        text=f"{one.text}；{other.text}",
        status=MethodStatus.NOT_UNDERSTOOD,
        rule=None,
        beyond_points=one.beyond_points + other.beyond_points,
    )


def _rows_of(listed: Sequence[Any], targets: pd.DataFrame, rows: Rows) -> list[Ints]:
    """Return the rows that each method is for."""
    inside = _inside(listed, targets)
    document = {name: code for code, name in enumerate(rows.documents.values)}
    keys = rows.documents.codes * rows.width + rows.serial
    wanted = [
        document.get(each["document_id"], -1) * rows.width + each["serial_no"] for each in listed
    ]
    order = np.argsort(keys, kind="stable")
    firsts = np.searchsorted(keys[order], wanted, side="left")
    lasts = np.searchsorted(keys[order], wanted, side="right")
    texts = targets.get("target_text")
    found: list[Ints] = []
    for number, each in enumerate(listed):
        places = order[firsts[number] : lasts[number]]
        places = places[rows.status[places] != NOT_ASSESSED]
        if number in inside and texts is not None:
            printed = [fold(str(text or "")) for text in texts.iloc[places]]
            whole = fold(each["text"])
            has = np.array([_holds(text, whole) for text in printed], np.bool_)
            places = places[has] if has.any() else places
        found.append(places)
    return found


def _holds(text: str, method: str) -> bool:
    """Tell whether a target's text holds a method, which was put together of its clauses."""
    return all(clause in text for clause in method.replace("，", ",").split(",") if clause)


def _inside(listed: Sequence[Any], targets: pd.DataFrame) -> set[int]:
    """Return the numbers of the methods that stand in a target's cell."""
    if not {"table_no", "row", "column"} <= set(targets.columns):
        return set()
    numbers = {each["serial_no"] for each in listed}
    beside = targets.loc[targets["serial_no"].isin(numbers), ["document_id", "serial_no", *_CELL]]
    cells = {tuple(row) for row in beside.astype(object).itertuples(index=False)}
    return {
        number
        for number, each in enumerate(listed)
        if (each["document_id"], each["serial_no"], *(each.get(name) for name in _CELL)) in cells
    }


def _read(row: Mapping[str, Any], own: NoticeRules | None, defaults: Edition) -> PrintedRule:
    status = MethodStatus(row["status"])
    given = json.loads(row["parameters"]) if row["parameters"] else {}
    printed = PrintedRule(row["text"], status, PrintedCell(*(row[name] for name in _BOX)))
    beyond = float(given.get("beyond_points") or 0.0)
    confirmed = own is not None and _key(row) in own.confirmed
    if status is not MethodStatus.APPLIED and not confirmed:
        return replace(printed, beyond_points=beyond)
    printed = replace(printed, status=MethodStatus.APPLIED)
    try:
        parameters = parse_parameters(row["rule"], given, row["document_id"], "methods")
    except (Refusal, KeyError):  # a rule of a later version
        return replace(printed, status=MethodStatus.NOT_UNDERSTOOD, beyond_points=beyond)
    version, since = defaults.version, defaults.since
    if own is not None and confirmed:
        version, since = own.version, own.since
    rule = Rule(row["rule"], parameters, "printed", version, since, printed.basis)
    return replace(printed, rule=rule)


def _key(row: Mapping[str, Any]) -> tuple[int, str]:
    return row["serial_no"], fold(row["text"])


def _check_confirmed(listed: Sequence[Any], rules: Mapping[str, NoticeRules]) -> None:
    """Refuse what an officer confirms and is not there, or has no rule to confirm."""
    for name, own in rules.items():
        known = {
            _key(each) for each in listed if each["document_id"] == name and each["rule"] in METHODS
        }
        for serial_no, text in own.confirmed - known:
            raise refusal(
                "scoring.confirmed_nothing", document=name, serial_no=serial_no, text=text
            )
