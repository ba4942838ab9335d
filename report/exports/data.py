"""What the exported workbooks tell of one document: its rows as plain records, put in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]

_TABLES = ("indicators", "targets", "scores", "scorecards", "findings")
_BY_DATE = ("scores", "scorecards")


@dataclass(frozen=True, slots=True)
class RuleUse:
    """One rule with its parameters, and for how many scores it was used."""

    name: str
    name_zh: str
    parameters: Mapping[str, Any]
    assumed: bool
    version: str
    since: str
    basis: str | None
    uses: int


@dataclass(frozen=True)
class Exported:
    """One document's rows; scores and scorecards are those of its latest as-of date.

    ``as_of`` is None where it was not scored.
    """

    notice: Record
    rows: Mapping[str, list[Record]]
    as_of: date | None

    @property
    def document_id(self) -> str:
        """The document's name in the warehouse."""
        return str(self.notice["document_id"])

    @property
    def year(self) -> int:
        """The year the document is for."""
        return int(self.notice["year"])

    @property
    def day(self) -> date:
        """The day that the data is of: never the clock's, so that it is the same every time."""
        told = self.as_of or self.notice["issued_on"] or self.notice["received_on"]
        return told or date(self.year, 1, 1)

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """The entities in printed order."""
        return tuple(dict.fromkeys(row["entity"] for row in self.rows["targets"]))

    @cached_property
    def targets(self) -> dict[tuple[int, str], Record]:
        """The targets by serial number and entity."""
        return {(row["serial_no"], row["entity"]): row for row in self.rows["targets"]}

    @cached_property
    def scores(self) -> dict[tuple[int, str], Record]:
        """The scores by serial number and entity."""
        return {(row["serial_no"], row["entity"]): row for row in self.rows["scores"]}

    @cached_property
    def traces(self) -> list[Record]:
        """The traces of the scores, read."""
        return [json.loads(row["trace"]) for row in self.rows["scores"]]

    @cached_property
    def samples(self) -> int:
        """For how many scores a made-up figure was returned."""
        return sum(any(each["sample"] for each in _actuals(trace)) for trace in self.traces)

    @cached_property
    def rules(self) -> list[RuleUse]:
        """The rules that scores were computed by, assumed ones first."""
        counted: dict[str, tuple[Record, int]] = {}
        for trace in self.traces:
            for told in (trace, *trace.get("parts", ())):
                if told.get("rule"):
                    key = json.dumps(told["rule"], sort_keys=True)
                    counted[key] = (told["rule"], counted.get(key, ({}, 0))[1] + 1)
        uses = [
            RuleUse(
                rule["name"],
                rule["name_zh"],
                rule["parameters"],
                rule["origin"] != "notice",
                str(rule["version"]),
                rule["from"],
                rule.get("basis"),
                count,
            )
            for rule, count in counted.values()
        ]
        return sorted(uses, key=lambda use: (not use.assumed, -use.uses, use.name))

    @cached_property
    def cards(self) -> list[Record]:
        """The scorecards, every level-1 heading followed by its level-2 headings."""
        rows = self.rows["scorecards"]
        order = {
            name: place
            for place, name in enumerate(
                dict.fromkeys(row["name"] for row in rows if row["level"] == "level1")
            )
        }
        whose = {name: place for place, name in enumerate(dict.fromkeys(r["entity"] for r in rows))}

        def place(row: Record) -> tuple[int, int, bool]:
            level1 = {"total": "", "level1": row["name"]}.get(row["level"], row["parent"])
            return whose[row["entity"]], order.get(level1, -1), row["level"] == "level2"

        return sorted(rows, key=place)

    def status_count(self, status: str) -> int:
        """Return how many scores have a status."""
        return sum(row["status"] == status for row in self.rows["scores"])


def _actuals(trace: Record) -> list[Record]:
    told = (trace, *trace.get("parts", ()))
    return [each["actual"] for each in told if each.get("actual")]


def exported(frames: Mapping[str, pd.DataFrame]) -> list[Exported]:
    """Return what is told of every document in ``notices``, by year and document.

    Frames are those of :mod:`schemas.tables.registry` with the column ``year``; tables that are
    not there have no rows.
    """
    tables = {name: records(frames[name]) if name in frames else [] for name in _TABLES}
    documents = [_document(notice, tables) for notice in records(frames["notices"])]
    return sorted(documents, key=lambda each: (each.year, each.document_id))


def _document(notice: Record, tables: Mapping[str, list[Record]]) -> Exported:
    mine = {
        name: [row for row in rows if row["document_id"] == notice["document_id"]]
        for name, rows in tables.items()
    }
    as_of = max((row["as_of"] for row in mine["scorecards"]), default=None)
    for name in _BY_DATE:
        mine[name] = [row for row in mine[name] if row["as_of"] == as_of]
    return Exported(notice, mine, as_of)


def records(frame: pd.DataFrame) -> list[Record]:
    """Return a frame's rows as plain values, None where one is missing."""
    rows: list[Record] = pa.Table.from_pandas(frame, preserve_index=False).to_pylist()
    return rows
