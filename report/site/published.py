"""What a site shows, kept beside its pages in a few figures: to tell later what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from common.numbers import LARGEST
from report.doubts import Card, Doubts, by_line
from report.figures import CERTAIN, Doubt, Points
from report.marks import open_values, rank_text
from schemas.records.rows import FindingRow, ScorecardRow, TableRows
from schemas.vocabulary import word

STATE = "published.json"
#: A state of a hundred years of a hundred entities is far smaller.
_MOST_BYTES = 4_000_000
_WORDS = {
    "indicators": "指标数",
    "targets": "目标数",
    "doubts": "未了事项",
    "values": "待核对的值",
    "returns": "报送行数",
    "as_of": "得分截至",
}


#: The columns that figures are made of; all where none are named.
OF_FIGURES: Mapping[str, tuple[str, ...] | None] = {
    "notices": None,
    "targets": ("serial_no", "entity", "needs_review"),
    "findings": ("state", "severity"),
    "returns": ("document_id",),
    "scores": ("serial_no", "entity", "as_of", "status", "points_low", "points_high", "trace"),
    "scorecards": None,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """One document's tables in a few figures: of the whole, and by entity.

    ``totals`` are points, the least and the most, ``in_doubt`` values and provisional points.
    """

    document_id: str
    year: int
    indicators: int
    targets: int
    doubts: int
    values: int
    returns: int
    as_of: str | None
    totals: dict[str, list[float | None]]
    in_doubt: dict[str, list[int]]
    places: dict[str, str]
    received: float | None

    def as_json(self) -> dict[str, object]:
        """Return the figures in JSON's types."""
        return asdict(self)


def figures_of(rows: TableRows) -> Figures:
    """Return the figures of one document's tables, of the latest as-of date."""
    notice = rows["notices"][-1]
    as_of = max((each["as_of"] for each in rows["scorecards"]), default=None)
    totals = _totals(rows, as_of)
    return Figures(
        document_id=notice["document_id"],
        year=notice["year"],
        indicators=notice["indicators"],
        targets=notice["targets"],
        doubts=sum(map(asks, rows["findings"])),
        values=open_values(rows["targets"]),
        returns=len(rows["returns"]),
        as_of=None if as_of is None else str(as_of),
        totals={
            entity: [card.points.points, card.points.low, card.points.high]
            for entity, card in totals.items()
        },
        in_doubt={
            entity: [card.doubt.values, card.doubt.provisional + len(card.doubt.why)]
            for entity, card in totals.items()
            if card.doubt
        },
        places={entity: rank_text(card.row) for entity, card in totals.items()},
        received=received(card.row for card in totals.values()),
    )


def _totals(rows: TableRows, day: date | None) -> dict[str, Card]:
    """Return each entity's total of a day, with its doubt."""
    scores = by_line(row for row in rows["scores"] if row["as_of"] == day)
    doubts = Doubts((), by_line(rows["targets"]), scores)
    return {
        row["entity"]: doubts.with_doubt(row)
        for row in rows["scorecards"]
        if row["as_of"] == day and row["level"] == "total"
    }


def points_in(figures: Mapping[str, object], entity: str) -> Points:
    """Return an entity's points in the figures of a state, which may be old or not ours.

    An older one does not say whose points are in doubt: all are, where any value is.
    """
    given = table_in(figures, "totals").get(entity)
    own = [number_in(each) for each in given] if isinstance(given, Sequence) else []
    points, low, high = own if len(own) == 3 else (None, None, None)
    if "in_doubt" not in figures:
        return Points(points, low, high, Doubt(values=int(number_in(figures.get("values")) or 0)))
    counts = table_in(figures, "in_doubt").get(entity)
    told = [int(number_in(each) or 0) for each in counts] if isinstance(counts, Sequence) else []
    doubt = Doubt(told[0], told[1]) if len(told) == 2 else CERTAIN
    return Points(points, low, high, doubt)


def table_in(figures: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return what figures, which may be old or not ours, have by entity; nothing if they do not."""
    table = figures.get(name)
    return table if isinstance(table, Mapping) else {}


def number_in(value: object) -> float | None:
    """Return the number that stands in an earlier site's figures; None for what can be none."""
    return float(value) if isinstance(value, int | float) and abs(value) <= LARGEST else None


def received(totals: Iterable[ScorecardRow]) -> float | None:
    """Return the share of all points whose indicators something was returned for."""
    own = [
        (share, card["max_points"] or 0.0)
        for card in totals
        if (share := card["received_share"]) is not None
    ]
    most = sum(points for _, points in own)
    return sum(share * points for share, points in own) / most if most else None


def asks(finding: FindingRow) -> bool:
    """Say whether somebody is still to look at a finding."""
    return finding["state"] == "open" and finding["severity"] in ("error", "warning")


def with_before(
    figures: Mapping[str, object], states: Mapping[str, Mapping[str, object]]
) -> dict[str, object]:
    """Return figures with those ``before``: of the last publication that showed others.

    So a site that is made again of the same tables is the same, and still says what changed.
    ``states`` are of the last publication, by document. None: nothing was published before; without
    a figure: other documents were.
    """
    last = states.get(str(figures["document_id"]))
    if last is None:
        return {**figures, "before": {} if states else None}
    shown = {name: value for name, value in last.items() if name != "before"}
    same = shown == json.loads(json.dumps(figures))
    return {**figures, "before": last.get("before") if same else shown}


def write_state(folder: Path, figures: Iterable[Mapping[str, object]]) -> None:
    """Keep the figures of all documents of a site in its folder."""
    text = json.dumps(list(figures), ensure_ascii=False, indent=1)
    (folder / STATE).write_text(f"{text}\n", encoding="utf-8")


def read_states(folder: Path) -> dict[str, Mapping[str, object]]:
    """Return the figures that a site shows, by document; none where it shows none, or is old."""
    path = folder / STATE
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(each["document_id"]): each for each in content}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}


def read_state(folder: Path, document_id: str) -> Mapping[str, object] | None:
    """Return the figures that a site shows of a document; None where it shows none, or is old."""
    return read_states(folder).get(document_id)


def differences(before: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    """Yield in what two states of a document differ, in Chinese."""
    for key, name in _WORDS.items():
        if before.get(key) != now[key]:
            yield f"{name}：已发布 {_shown(before.get(key))}，现为 {_shown(now[key])}"
    published, totals = table_in(before, "totals"), table_in(now, "totals")
    for entity in dict.fromkeys((*published, *totals)):
        was, new = (_shown_points(each, entity) for each in (before, now))
        if published.get(entity) != totals.get(entity) or was != new:
            yield f"{entity}得分：已发布 {was}，现为 {new}"


def _shown(value: object) -> str:
    return word("missing", "score") if value is None else str(value)


def _shown_points(figures: Mapping[str, object], entity: str) -> str:
    """Return an entity's points in a state, with their interval and their doubt."""
    points = points_in(figures, entity)
    if points.points is None:
        return word("missing", "score")
    settled = points.low is None or points.low == points.high
    return f"{points.given}" if settled else f"{points.given}（{points.span}）"
