"""Which target a return is for: by its serial number, held against the indicator's name.

A notice that is landed again may number its indicators anew; a return was made for what stood
under its number then. So the name that the form printed is compared with the name that stands
there now.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from common.fold import fold_tight
from schemas.records.forms import indicator_name
from scoring.model.columns import Columns, Ints
from scoring.model.inputs import Rows

#: What became of a return: it fits; no target is there; the name stands nowhere (or at several
#: places) and another one at its number. It counts all the same where the name stands at one
#: other number, or where what stands at its own is nearly the same name.
FITS, NOWHERE, OTHER_NAME, SEVERAL, MOVED, RENAMED = range(6)
#: How like two names must be to be one that was corrected: 1 is the same.
NEARLY = 0.75


@dataclass(frozen=True, slots=True)
class Attribution:
    """The target's row of each return, -1 for none, and how it fits (:data:`FITS` and others)."""

    target: Ints
    fit: Ints


def attribute(columns: Columns, rows: Rows) -> Attribution:
    """Return the target of each return."""
    document = columns.words("document_id").among(rows.documents.values)
    entity = columns.words("entity").among(rows.entities.values)
    serial = columns.ints("serial_no")
    target = _targets(rows, document, entity, serial)
    fit = np.where(target < 0, NOWHERE, FITS)
    if not columns.missing("indicator").all():
        names = _Names(columns, rows)
        odd = names.not_there(target)
        if len(odd):
            serial = serial.copy()
            fit[odd], serial[odd] = names.found(odd, document[odd], serial[odd], target[odd])
            target[odd] = _targets(rows, document[odd], entity[odd], serial[odd])
            fit[odd] = np.where((fit[odd] == MOVED) & (target[odd] < 0), NOWHERE, fit[odd])
            target[(fit == OTHER_NAME) | (fit == SEVERAL)] = -1
    return Attribution(target, fit)


def _targets(rows: Rows, document: Ints, entity: Ints, serial: Ints) -> Ints:
    """Return the target's row of each document, entity and serial number; -1 for none."""
    cell = rows.cell.of(rows.pair.of(document, entity), serial)
    place = np.full(rows.cell.size + 1, -1, np.int64)  # the last for a cell of -1
    place[rows.cell.numbers] = np.arange(len(rows))
    found = place[cell]
    if len(rows) == 0:
        return found
    same = (
        (found >= 0) & (rows.documents.codes[found] == document)
        & (rows.entities.codes[found] == entity) & (rows.serial[found] == serial)
    )  # fmt: skip
    return np.where(same, found, -1)


class _Names:
    """Names as codes: what each return was made for (-1 unknown), what each indicator is called."""

    def __init__(self, columns: Columns, rows: Rows) -> None:
        self.rows = rows
        self.values: list[str] = []
        self._codes: dict[str, int] = {}
        self.of_owner = self._of_owners(rows.indicators)
        printed = columns.words("indicator")
        codes = np.array(
            [*(self._code(fold_tight(value)) for value in printed.values), -1], np.int64
        )
        self.of_return = codes[printed.codes]

    def _code(self, name: str) -> int:
        if name not in self._codes:
            self._codes[name] = len(self.values)
            self.values.append(name)
        return self._codes[name]

    def _of_owners(self, owners: Columns) -> Ints:
        words = [owners.words(name) for name in ("level3", "level4", "indicator")]
        keys = np.zeros(len(owners), np.int64)
        for each in words:
            keys = keys * (len(each.values) + 1) + each.codes + 1
        numbers, uniques = pd.factorize(keys)
        first = np.zeros(len(uniques), np.int64)
        first[numbers[::-1]] = np.arange(len(keys))[::-1]
        names = zip(*(each.at(first) for each in words), strict=True)
        codes = [self._code(fold_tight(indicator_name(*levels))) for levels in names]
        return np.array([*codes, -1], np.int64)[numbers]

    def not_there(self, target: Ints) -> Ints:
        """Return the returns whose name is known and is not what stands at their number."""
        there = self.of_owner[self.rows.indicator[target]] if len(self.rows) else target
        return np.flatnonzero((self.of_return >= 0) & ((target < 0) | (there != self.of_return)))

    def found(self, odd: Ints, document: Ints, serial: Ints, target: Ints) -> tuple[Ints, Ints]:
        """Return how some returns fit after all, and at what serial number."""
        there = np.full(len(odd), -1, np.int64)
        known = target >= 0
        there[known] = self.of_owner[self.rows.indicator[target[known]]]
        asked = pd.DataFrame(
            {"d": document, "s": serial, "name": self.of_return[odd], "there": there}
        )
        kinds = asked.groupby([*asked], sort=False).ngroup().to_numpy()  # by first occurrence
        different = asked.drop_duplicates().to_numpy().tolist()
        answers = np.array([self._answer(*each) for each in different], np.int64)[kinds]
        return answers[:, 0], answers[:, 1]

    def _answer(self, document: int, serial: int, name: int, there: int) -> tuple[int, int]:
        owners = self.rows.indicators
        of_document = owners.words("document_id").among(self.rows.documents.values) == document
        numbers = owners.ints("serial_no")[of_document & (self.of_owner == name)]
        if document >= 0 and len(numbers):
            return (MOVED, int(numbers[0])) if len(numbers) == 1 else (SEVERAL, serial)
        if there < 0:
            return NOWHERE, serial
        near = difflib.SequenceMatcher(None, self.values[name], self.values[there]).ratio()
        return (RENAMED if near >= NEARLY else OTHER_NAME), serial
