"""How an indicator's figure moves through the year: a sum that grows, a level, a rate.

Only a sum is compared with the share of the year that has passed. The lists of words are
``data/accumulates.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from common.declared import declared
from common.refusal import refusal
from schemas.vocabulary import Accumulation
from scoring.model.columns import Flags
from scoring.model.inputs import KINDS, Rows


def is_sum(rows: Rows, own: Mapping[str, Mapping[str, str]]) -> Flags:
    """Tell which rows' figures grow over the year: as declared, else by name, unit and kind.

    ``own`` is what each document's ``[accumulates]`` says, by serial number or name of the
    indicator. Refusal where it names none.
    """
    lists = declared(dict[str, dict[str, list[str]]], "scoring", "accumulates")
    name, unit = rows.indicators.words("indicator"), rows.columns.words("target_unit")
    of_row = name.codes[rows.indicator]

    def named(which: str) -> Flags:
        return _each(name.values, _ends_with(lists[which]["names"]))[of_row]

    stays = _each(unit.values, lambda each: each in lists["rate"]["units"])[unit.codes]
    stays |= _each(KINDS, lambda each: each in lists["rate"]["kinds"])[rows.kind]
    found: Flags = named("sum") | ~(stays | named("rate") | named("level"))
    for document, entries in own.items():
        if document in rows.documents.values:
            _declare(found, rows, document, entries)
    return found


def understood(name: str, unit: str | None, kind: str) -> tuple[Accumulation, str, str]:
    """Return how one figure moves by what is printed, and which of its columns says so by what.

    The column is ``names``, ``units`` or ``kinds``; empty where nothing says otherwise than a sum.
    """
    lists = declared(dict[str, dict[str, list[str]]], "scoring", "accumulates")
    ends = {
        way: next((each for each in lists[way]["names"] if _ends_with([each])(name)), None)
        for way in ("sum", "rate", "level")
    }
    if ends["sum"]:
        return Accumulation.SUM, "names", ends["sum"]
    if unit in lists["rate"]["units"]:
        return Accumulation.RATE, "units", str(unit)
    if kind in lists["rate"]["kinds"]:
        return Accumulation.RATE, "kinds", kind
    found = next((way for way in ("rate", "level") if ends[way]), None)
    if found is None:
        return Accumulation.SUM, "", ""
    return Accumulation(found), "names", str(ends[found])


def _each(values: Sequence[str], fits: Callable[[str], bool]) -> Flags:
    """Tell of each value whether it fits; the last one is that of no value."""
    return np.array([*map(fits, values), False], np.bool_)


def _ends_with(words: Sequence[str]) -> Callable[[str], bool]:
    """Tell whether a name ends in one of the words, an explanation in brackets apart."""
    return lambda name: name.split("（")[0].split("(")[0].rstrip().endswith(tuple(words))


def _declare(found: Flags, rows: Rows, document: str, entries: Mapping[str, str]) -> None:
    """Set (in place) what a document's officer declared."""
    own = rows.documents.codes == rows.documents.values.index(document)
    names = rows.indicators.words("indicator")
    for key, way in entries.items():
        if key.isdecimal():
            chosen = own & (rows.serial == int(key))
        else:
            place = names.values.index(key) if key in names.values else -2
            chosen = own & (names.codes[rows.indicator] == place)
        if not chosen.any():
            raise refusal(
                "scoring.rule_for_nothing", document=document, selector="[accumulates]", value=key
            )
        found[chosen] = way == Accumulation.SUM
