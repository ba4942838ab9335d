"""What counts for a document's whole result: what its sidecar declares, or what may be declared."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from common.fold import fold
from flows.jobs.sidecar.rules import periods_of, total_of
from schemas.records.rows import FindingRow, IndicatorRow, MethodRow, TargetRow
from schemas.tables.frames import rows_as
from schemas.vocabulary import ItemKind, word

if TYPE_CHECKING:
    import pandas as pd

    from scoring.total.printed import PrintedTotal
    from scoring.total.rules import TotalRules


def printed_whole(own: Mapping[str, pd.DataFrame]) -> PrintedTotal | None:
    """Return what notes under the tables and printed methods say of the whole; None for nothing.

    ``own`` are the document's ``findings``, ``methods``, ``indicators`` and ``targets``.
    """
    from scoring.total.printed import printed_total

    methods = rows_as(MethodRow, own["methods"], ["text", "serial_no"])
    indicators = rows_as(IndicatorRow, own["indicators"], ["item_kind", "serial_no"])
    of_rows = [(row["text"], row["serial_no"]) for row in methods]
    found = printed_total(
        [*dict.fromkeys([*_notes(own["findings"]), *of_rows])],
        {row["serial_no"] for row in indicators if row["item_kind"] == ItemKind.VETO},
    )
    targets = rows_as(TargetRow, own["targets"], ["entity"])
    found = found.among({row["entity"] for row in targets})
    read = {fold(text) for text, _ in of_rows}
    unread = tuple(each for each in found.unread if not any(one in fold(each) for one in read))
    found = replace(found, unread=unread)
    return found if found.proposes or unread else None


def _notes(findings: pd.DataFrame) -> list[tuple[str, None]]:
    """Return the notes under the tables, which are of no row."""
    said = rows_as(FindingRow, findings, ["code", "text"])
    notes = (row["text"] for row in said if row["code"] == "table_note")
    return [(text, None) for text in notes if text is not None]


def rules_of_the_whole(sidecar: Path | None, printed: PrintedTotal | None) -> TotalRules | None:
    """Return what a sidecar declares; what it leaves out and the notes print is held open.

    Clauses that nobody understood and no basis quotes go with it, to stand beside the totals.
    """
    from scoring.total.rules import TotalRules

    declared = total_of(sidecar) if sidecar else None
    if printed is None:
        return declared
    rules = declared or TotalRules("", date.min, "")
    unread = _open_clauses(sidecar, rules, printed)
    held = replace(rules, possible=printed.possible_beside(rules), unread=unread)
    return declared if held == rules else held


def unread_of_the_whole(declared: TotalRules, printed: PrintedTotal) -> tuple[str, ...]:
    """Return the clauses about the whole that were not understood and that nobody settled.

    An officer settles one by quoting it in the basis; one of what a veto of a row does also by
    declaring that, where the clause is said of nothing but such rows.
    """
    basis, told = fold(declared.basis), {each.serial_no for each in declared.vetoes}
    settled = [clause for clause, serial_no in printed.of_rows if serial_no in told]
    return tuple(
        each
        for each in dict.fromkeys(printed.unread)
        if fold(each) not in basis and settled.count(each) < printed.unread.count(each)
    )


def _open_clauses(
    sidecar: Path | None, declared: TotalRules, printed: PrintedTotal
) -> tuple[str, ...]:
    """Return the clauses that nobody understood, and those of periods while none is declared."""
    unread = unread_of_the_whole(declared, printed)
    if sidecar is None or not periods_of(sidecar):
        unread = (*unread, *printed.of_periods)  # points are not weighed by them yet
    return unread


def undeclared_of_the_whole(
    sidecar: Path | None, own: Mapping[str, pd.DataFrame]
) -> tuple[str, ...]:
    """Return what is printed of the whole and declared nowhere, in Chinese: by kind, or verbatim.

    ``own`` as of :func:`printed_whole`.
    """
    from scoring.total.rules import TotalRules

    printed, declared = printed_whole(own), total_of(sidecar) if sidecar else None
    if printed is None:
        return ()
    rules = declared or TotalRules("", date.min, "")
    held = {
        "bonus_cap": (printed.bonus_cap, rules.bonus_cap),
        "minus_cap": (printed.minus_cap, rules.minus_cap),
        "grade": (printed.grades, rules.grades),
        "veto": (printed.vetoes, rules.vetoes),
        "coefficients": (printed.factors, rules.coefficients),
    }
    kinds = [name for name, (said, own_) in held.items() if _is_any(said) and not _is_any(own_)]
    clauses = (f"“{each}”" for each in _open_clauses(sidecar, rules, printed))
    return (*(word("whole_part", name) for name in kinds), *clauses)


def _is_any(said: float | Sized | None) -> bool:
    """Whether something is said; a cap of nought is."""
    return bool(said) if isinstance(said, Sized) else said is not None
