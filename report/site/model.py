"""What the report site shows of one document: its rows, put so that pages find them.

Nothing is scored here. The scores shown are those of the latest as-of date that is landed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from functools import cached_property
from typing import Any

from report.directions import unclear_directions
from report.doubts import Card, Doubts, Score, by_line
from report.figures import Doubt, added, signs_text
from report.marks import is_late, is_unapproved, is_withheld, unread_of_whole
from schemas.records.rows import (
    IndicatorRow,
    NoticeRow,
    ReturnRow,
    ScoreRow,
    TableRows,
    TargetRow,
)
from schemas.vocabulary import word

#: Points of less tell nothing of a coefficient: they are rounded when they are landed.
_LEAST = 0.1

#: Stands for a department where none is printed.
NO_DEPARTMENT = word("missing", "department")


@dataclass(frozen=True, slots=True)
class Crop:
    """A picture of a part of a printed page; ``marks`` are boxes in it, by entity, in points.

    ``width`` and ``height`` are the part's size in points, ``name`` the file's name.
    """

    page: int
    name: str
    width: float
    height: float
    marks: tuple[tuple[str, float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Print:
    """What shows each indicator in print, by serial_no: pictures, and heading and text of cells."""

    crops: dict[int, list[Crop]]
    texts: dict[int, list[tuple[str, str]]]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Print:
        """Return what :meth:`as_json` wrote; TypeError, ValueError or KeyError for other things."""
        return cls(
            {int(number): [_crop(*each) for each in own] for number, own in given["crops"]},
            {
                int(number): [(str(head), str(text)) for head, text in texts]
                for number, texts in given["printed"]
            },
        )

    def as_json(self) -> dict[str, object]:
        """Return it in JSON's types."""
        return {
            "crops": [[number, list(map(astuple, own))] for number, own in self.crops.items()],
            "printed": [[number, texts] for number, texts in self.texts.items()],
        }


def _crop(page: Any, name: Any, width: Any, height: Any, marks: Any) -> Crop:
    boxes = (
        (str(entity), float(x0), float(top), float(x1), float(bottom))
        for entity, x0, top, x1, bottom in marks
    )
    return Crop(int(page), str(name), float(width), float(height), tuple(boxes))


@dataclass(frozen=True, slots=True)
class Total(Card):
    """An entity's total; ``coefficient`` is what it was multiplied by, None where by nothing."""

    coefficient: float | None


@dataclass(frozen=True)
class Edition:
    """One document of one year, with all its landed rows by table.

    ``folder`` is where its pages stand in the site, ``printed`` what shows its indicators in print,
    ``files`` what can be taken away (name shown, path from the edition's folder).
    """

    folder: str
    rows: TableRows
    printed: Print = Print({}, {})
    remark: str | None = None
    files: Sequence[tuple[str, str]] = ()

    @cached_property
    def notice(self) -> NoticeRow:
        """The document's own row."""
        return self.rows["notices"][-1]

    @property
    def year(self) -> int:
        """The year the document is for."""
        return self.notice["year"]

    @property
    def document_id(self) -> str:
        """The document's name in the warehouse."""
        return self.notice["document_id"]

    @cached_property
    def indicators(self) -> list[IndicatorRow]:
        """The indicators in printed order."""
        return sorted(self.rows["indicators"], key=lambda row: row["serial_no"])

    @cached_property
    def dates(self) -> list[date]:
        """The as-of dates that are scored, the earliest first."""
        return sorted({row["as_of"] for row in self.rows["scorecards"]})

    @property
    def as_of(self) -> date | None:
        """The date whose scores are shown; None where nothing is scored."""
        return self.dates[-1] if self.dates else None

    @cached_property
    def entities(self) -> list[str]:
        """The entities in printed order."""
        return list(dict.fromkeys(row["entity"] for row in self.rows["targets"]))

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """The rank groups with their entities; one nameless group where nothing is scored."""
        groups: dict[str, list[str]] = {}
        for entity in self.entities:
            card = self.totals.get(entity)
            groups.setdefault(card.row["rank_group"] if card else "", []).append(entity)
        return groups

    @cached_property
    def targets(self) -> dict[tuple[int, str], TargetRow]:
        """The targets by indicator and entity."""
        return by_line(self.rows["targets"])

    @cached_property
    def scores(self) -> dict[tuple[int, str], Score]:
        """The scores of the date shown, by indicator and entity."""
        own = by_line(row for row in self.rows["scores"] if row["as_of"] == self.as_of)
        return {key: Score.of(row, self.doubt(*key)) for key, row in own.items()}

    @cached_property
    def unclear(self) -> frozenset[int]:
        """The indicators of which nobody knows which end is good, by serial number."""
        traces = {key: score.trace for key, score in self.scores.items()}
        return unclear_directions(self.indicators, self.rows["targets"], traces)

    @cached_property
    def deadline(self) -> date | None:
        """The day by which returns were to be there; None where nobody declared one."""
        found = (score.trace.deadline for score in self.scores.values())
        day = next((each for each in found if each), None)
        return None if day is None else date.fromisoformat(day)

    @property
    def due(self) -> date:
        """The day after which returns are late: the deadline, else the last of the year."""
        return self.deadline or date(self.year, 12, 31)

    @cached_property
    def on_top(self) -> bool:
        """Whether anything comes on top of the whole: bonus and minus items."""
        return any(score.trace.on_top for score in self.scores.values())

    @cached_property
    def letters(self) -> str:
        """The letters of states that not every year has: t, w, a and l of :func:`tables.state`."""
        told = (("w", is_withheld), ("a", is_unapproved), ("l", is_late))
        rows = [score.row for score in self.scores.values()]
        found = [letter for letter, holds in told if any(map(holds, rows))]
        return "".join(["t"] * self.on_top + found)

    @cached_property
    def _doubts(self) -> dict[date | None, Doubts]:
        """What is in doubt at the dates whose scores are here; the latest is one of them."""
        scores: dict[date | None, dict[tuple[int, str], ScoreRow]] = {self.as_of: {}}
        for row in self.rows["scores"]:
            scores.setdefault(row["as_of"], {})[row["serial_no"], row["entity"]] = row
        return {
            day: Doubts(self.rows["indicators"], self.targets, own) for day, own in scores.items()
        }

    def doubt(self, serial_no: int, entity: str) -> Doubt:
        """Return the doubt of a target, and of all that comes of it at the date shown."""
        return self._doubts[self.as_of].of(serial_no, entity)

    @property
    def signs(self) -> str:
        """What the signs behind figures mean, whatever date they are of; nothing without any."""
        return signs_text(added(each.whole for each in self._doubts.values()))

    @cached_property
    def _all_cards(self) -> list[Card]:
        """The scorecards of all dates, each with its doubt."""
        latest = self._doubts[self.as_of]
        return [
            self._doubts.get(row["as_of"], latest).with_doubt(row)
            for row in self.rows["scorecards"]
        ]

    @cached_property
    def cards(self) -> list[Card]:
        """The scorecards of the date shown."""
        return [card for card in self._all_cards if card.row["as_of"] == self.as_of]

    @cached_property
    def totals(self) -> dict[str, Total]:
        """The scorecard of each entity's total, of the date shown."""
        return {
            card.row["entity"]: Total(card.row, card.doubt, card.on_top, self._coefficient(card))
            for card in self.cards
            if card.row["level"] == "total"
        }

    @cached_property
    def unread_of_whole(self) -> tuple[str, ...]:
        """What the notice says of the whole and nobody understood, a line each."""
        return unread_of_whole(card.row for card in self.totals.values())

    @cached_property
    def courses(self) -> dict[str, list[Card]]:
        """The scorecards of each entity's total at every date, the earliest first."""
        found: dict[str, list[Card]] = {}
        for card in self._all_cards:
            if card.row["level"] == "total":
                found.setdefault(card.row["entity"], []).append(card)
        for cards in found.values():
            cards.sort(key=lambda card: card.row["as_of"])
        return found

    @cached_property
    def _sums(self) -> dict[str, float]:
        """The points of each entity's indicators that make up the whole, before anything else."""
        sums: dict[str, float] = {}
        for (_, entity), score in self.scores.items():
            own = score.row["points"] if score.trace.on_top is None else None
            sums[entity] = sums.get(entity, 0.0) + (own or 0.0)
        return sums

    def _coefficient(self, card: Card) -> float | None:
        """Return what a landed total was multiplied by, beyond its sums; None where by nothing."""
        row = card.row
        before = self._sums.get(row["entity"], 0.0)
        before += (row.get("bonus") or 0.0) + (row.get("minus") or 0.0)
        if row["points"] is None or abs(before) < _LEAST:
            return None
        factor = round(row["points"] / before, 4)
        return None if factor == 1 else factor

    @cached_property
    def returns(self) -> dict[int, list[ReturnRow]]:
        """What was returned by the date shown, by indicator, the latest first."""
        found: dict[int, list[ReturnRow]] = {}
        for row in self.rows["returns"]:
            if self.as_of is None or row["received_on"] <= self.as_of:
                found.setdefault(row["serial_no"], []).append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row["entity"], row["part_no"] or 0))
            rows.sort(key=lambda row: (row["received_on"], row["revision"]), reverse=True)
        return found

    @cached_property
    def departments(self) -> list[str]:
        """The assessing departments in printed order, the one that is missing last."""
        named = [name for row in self.indicators for name in departments_of(row)]
        ordered = list(dict.fromkeys(named))
        return sorted(ordered, key=lambda name: name == NO_DEPARTMENT)

    @cached_property
    def sample(self) -> bool:
        """Whether anything returned for the document was made up for a demonstration."""
        return any(row["sample"] for row in self.rows["returns"])

    def entity_page(self, entity: str) -> str:
        """Return the path of an entity's page from the edition's folder."""
        return f"e/{self.entities.index(entity) + 1:02d}.html"

    def trace_page(self, entity: str) -> str:
        """Return the path of the page with an entity's answers from the edition's folder."""
        return f"t/{self.entities.index(entity) + 1:02d}.html"

    def department_page(self, department: str) -> str:
        """Return the path of a department's page from the edition's folder."""
        return f"d/{self.departments.index(department) + 1:02d}.html"


def departments_of(indicator: IndicatorRow) -> list[str]:
    """Return the departments that assess an indicator, or the word for none."""
    return list(dict.fromkeys(indicator["assessing_departments"])) or [NO_DEPARTMENT]


def indicator_page(serial_no: int) -> str:
    """Return the path of an indicator's page from the edition's folder."""
    return f"i/{serial_no:03d}.html"


def entity_mark(edition: Edition, entity: str) -> str:
    """Return the name of an entity's place on a page."""
    return f"e{edition.entities.index(entity) + 1}"
