"""The notice's own methods (table ``methods``) as rules, and which rows they are for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from common.fold import fold
from common.messages import message
from common.refusal import Refusal, refusal, together
from schemas.records.rows import MethodRow
from schemas.records.traced import PrintedCell
from schemas.tables.frames import rows_as
from schemas.vocabulary import MethodStatus
from scoring.model.columns import Ints
from scoring.model.inputs import NOT_ASSESSED, Rows
from scoring.model.uncovered import uncovered
from scoring.rules.declared import Edition
from scoring.rules.notice_rules import Confirmed, NoticeRules
from scoring.rules.parameters import parse_parameters
from scoring.rules.registry import METHODS, with_ratio, with_target
from scoring.rules.rule import Given, Parameters, Rule, number_of
from scoring.rules.toml import inline

#: What parts a method from the notes of all rows that go with it.
_NOTED = fold("；注：")
_CELL = ("table_no", "row", "column")


@dataclass(frozen=True, slots=True)
class PrintedRule:
    """One printed method: its text and place, and the rule it was understood as, if it was.

    ``status`` is ``applied`` where the rule counts, ``overridden`` where an officer wrote its
    parameters; else the general rule does, ``beyond_points`` is what the text may give beyond the
    share, and ``limit_points`` the most that it gives where that is less. ``proposed`` is the rule
    that waits for confirmation, ``reason`` why it does.
    """

    text: str
    status: MethodStatus
    cell: PrintedCell
    rule: Rule | None = None
    beyond_points: float = 0.0
    limit_points: float | None = None
    proposed: Rule | None = None
    reason: str = ""

    @property
    def basis(self) -> str:
        """What a score of such a row rests on, in Chinese."""
        page = "" if self.cell.page is None else _page(self.cell.page)
        why = self.reason or message("scoring.method.no_reason").zh
        if self.status is MethodStatus.APPLIED:
            return message("scoring.method.applied", text=self.text, page=page).zh
        if self.status is MethodStatus.PROPOSED:
            return message("scoring.method.proposed", text=self.text, page=page, reason=why).zh
        return message("scoring.method.not_understood", text=self.text, page=page, reason=why).zh


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
    listed = [] if methods is None else rows_as(MethodRow, methods)
    check_confirmed(listed, rules)
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
    """Return two methods of one row: none is applied but the one that an officer wrote."""
    text = f"{one.text}；{other.text}"
    written = [each for each in (one, other) if each.status is MethodStatus.OVERRIDDEN]
    if len(written) > 1:
        raise refusal("scoring.confirmed_twice", one=one.text, other=other.text)
    if written:
        return replace(written[0], text=text)
    return replace(
        one,
        text=text,
        status=MethodStatus.NOT_UNDERSTOOD,
        rule=None,
        proposed=None,
        beyond_points=one.beyond_points + other.beyond_points,
        limit_points=None,
        reason=_why_several(one, other),
    )


def _why_several(one: PrintedRule, other: PrintedRule) -> str:
    """Return why none of two methods counts: there are two, and what is not understood of each."""
    own = (one.reason, other.reason)
    parts = [part for reason in own for part in reason.split("；") if part]
    return "；".join(dict.fromkeys((*parts, message("scoring.method.several").zh)))


def _rows_of(listed: Sequence[MethodRow], targets: pd.DataFrame, rows: Rows) -> list[Ints]:
    """Return the rows that each method is for."""
    inside = _inside(listed, targets)
    document = {name: code for code, name in enumerate(rows.documents.values)}
    keys = rows.documents.codes * rows.width + rows.serial
    held = (rows.status != NOT_ASSESSED) | rows.on_top  # a veto gives no points and has a method
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
        places = places[held[places]]
        if number in inside and texts is not None:
            printed = [fold(str(text or "")) for text in texts.iloc[places]]
            whole = fold(each["text"]).partition(_NOTED)[0]
            has = np.array([_holds(text, whole) for text in printed], np.bool_)
            places = places[has] if has.any() else places
        found.append(places)
    return found


def _holds(text: str, method: str) -> bool:
    """Tell whether a target's text holds a method, which was put together of its clauses."""
    return all(clause in text for clause in method.replace("，", ",").split(",") if clause)


def _inside(listed: Sequence[MethodRow], targets: pd.DataFrame) -> set[int]:
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


def _read(row: MethodRow, own: NoticeRules | None, defaults: Edition) -> PrintedRule:
    status, reason = MethodStatus(row["status"]), row.get("reason") or ""
    cell = PrintedCell(row["page"], row["x0"], row["top"], row["x1"], row["bottom"])
    printed = PrintedRule(row["text"], status, cell, reason=reason)
    said = own.confirmed.get(_key(row)) if own is not None else None
    if own is not None and said is not None and (rule := said.rule or row["rule"]):
        return _confirmed(printed, row, rule, own, said)
    proposed = _proposed(row, replace(printed, status=MethodStatus.APPLIED), defaults)
    if status is MethodStatus.APPLIED and proposed is not None:
        return replace(printed, rule=proposed)
    given = _given(row)
    beyond = _beyond(given)
    limit = number_of(given, "limit_points", math.inf)
    printed = replace(printed, limit_points=limit if "limit_points" in given else None)
    if status is MethodStatus.APPLIED:  # a rule of a later version
        return replace(printed, status=MethodStatus.NOT_UNDERSTOOD, beyond_points=beyond)
    return replace(printed, beyond_points=beyond, proposed=proposed)


def _confirmed(
    printed: PrintedRule, row: MethodRow, rule: str, own: NoticeRules, said: Confirmed
) -> PrintedRule:
    """Return a method that counts by an officer's word, as proposed or as written."""
    parameters = _as_said(row, rule, said)
    counted = replace(printed, status=MethodStatus.APPLIED)
    origin, basis = "printed", counted.basis
    if said.parameters is not None:
        counted = replace(printed, status=MethodStatus.OVERRIDDEN)
        origin, basis = "notice", _written(printed, row, own)
    return replace(counted, rule=Rule(rule, parameters, origin, own.version, own.since, basis))


def _written(printed: PrintedRule, row: MethodRow, own: NoticeRules) -> str:
    """Return what parameters rest on that an officer wrote, with the words that nobody read."""
    left = "；".join(uncovered(row.get("left_out"), printed.reason)) or "—"
    return message("scoring.method.written", basis=own.basis, text=printed.text, left=left).zh


def _as_said(row: MethodRow, rule: str, said: Confirmed) -> Parameters:
    """Return the parameters of the rule that a confirmation stands for."""
    given = _own_parameters(row, rule) if said.parameters is None else said.parameters
    where = f"[[rules.method]] serial_no = {row['serial_no']} parameters"
    return parse_parameters(rule, given, row["document_id"], where)


def _proposed(row: MethodRow, printed: PrintedRule, defaults: Edition) -> Rule | None:
    """Return the rule that a text was understood as; None without one that is known."""
    rule = row["rule"]
    if rule is None or rule not in METHODS:
        return None
    try:
        parameters = _as_said(row, rule, Confirmed())
    except Refusal:
        return None
    version, since = defaults.version, defaults.since
    return Rule(rule, parameters, "printed", version, since, printed.basis)


def _given(row: MethodRow) -> Given:
    found: Given = json.loads(row["parameters"] or "{}")
    return found


def _own_parameters(row: MethodRow, rule: str) -> Given:
    """Return the parameters of a row's rule, without what is said of the text beside them."""
    known = {each.name for each in METHODS[rule].all_parameters}
    given = _given(row)
    return {name: each for name, each in given.items() if name in known or name not in _BESIDE}


def _beyond(given: Given) -> float:
    """Return what a text may give beyond the points, whatever the rule does beyond its start."""
    return number_of(given, "over_points", number_of(given, "beyond_points", 0.0))


#: What the table holds with the parameters though most rules have none such.
_BESIDE = frozenset({"beyond_points", "limit_points", "over_points"})


def _key(row: MethodRow) -> tuple[int, str]:
    return row["serial_no"], fold(row["text"])


def check_confirmed(listed: Sequence[MethodRow], rules: Mapping[str, NoticeRules]) -> None:
    """Refuse at once all that officers confirm and is not there, or that leaves words uncounted.

    ``listed`` are rows of the table ``methods``, ``rules`` those of documents by name.
    """
    if wrong := [each for name, own in rules.items() for each in _wrong(name, listed, own)]:
        raise together(wrong)


def _wrong(name: str, listed: Sequence[MethodRow], own: NoticeRules) -> Iterator[Refusal]:
    """Give what is wrong of each confirmation of a document."""
    known = {_key(each): each for each in listed if each["document_id"] == name}
    for (serial_no, text), said in own.confirmed.items():
        row = known.get((serial_no, text))
        rule = said.rule or (row and row["rule"])
        if row is None or rule is None or rule not in METHODS:
            slots = {"document": name, "serial_no": serial_no, "text": text}
            yield refusal("scoring.confirmed_nothing", **slots)
        elif said.parameters is None and (left := uncovered(row.get("left_out"), row["reason"])):
            yield _uncounted(row, rule, left)
        else:
            try:
                _as_said(row, rule, said)
            except Refusal as error:
                yield error


def _uncounted(row: MethodRow, rule: str, left: Sequence[str]) -> Refusal:
    """Return what a confirmation leaves out, with what to write instead."""
    slots = {"serial_no": row["serial_no"], "text": row["text"], "rule": rule}
    slots |= {"left": "；".join(left), "parameters": inline(_own_parameters(row, rule))}
    if rule == "rank":
        return refusal("scoring.confirmed_unread.places", document=row["document_id"], **slots)
    if _lacks_target(row, rule):
        return refusal("scoring.confirmed_unread.no_value", document=row["document_id"], **slots)
    return refusal("scoring.confirmed_unread.proposed", document=row["document_id"], **slots)


def _lacks_target(row: MethodRow, rule: str) -> bool:
    """Whether a row's proposed rule counts with a target that has no figure: 不高于上年."""
    told = (rule, _own_parameters(row, rule))
    without = message("normalize.method_gap.no_target").zh in (row["reason"] or "")
    return without and (with_target(*told) or with_ratio(*told))
