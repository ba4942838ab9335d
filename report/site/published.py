"""What a site shows, kept beside its pages in a few figures: to tell later what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from common.numbers import LARGEST
from report.doubts import Doubts, by_line
from report.figures import CERTAIN, Doubt, Points
from report.marks import rank_text
from schemas.tables.frames import Row
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


def figures_of(rows: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Return one document's tables in a few figures, in JSON's types; ``totals`` by entity."""
    notice = rows["notices"][-1]
    as_of = max((each["as_of"] for each in rows["scorecards"]), default=None)
    cards = [each for each in rows["scorecards"] if each["as_of"] == as_of]
    totals = [each for each in cards if each["level"] == "total"]
    doubts = Doubts((), by_line(rows["targets"]), by_line(_of_day(rows["scores"], as_of)))
    return {
        "document_id": str(notice["document_id"]),
        "year": int(notice["year"]),
        "indicators": notice["indicators"],
        "targets": notice["targets"],
        "doubts": sum(map(_asks, rows["findings"])),
        "values": sum(bool(each["needs_review"]) for each in rows["targets"]),
        "returns": len(rows["returns"]),
        "as_of": None if as_of is None else str(as_of),
        "totals": {
            str(card["entity"]): [card["points"], card["points_low"], card["points_high"]]
            for card in totals
        },
        "in_doubt": {
            str(card["entity"]): [doubt.values, doubt.provisional + len(doubt.why)]
            for card in totals
            if (doubt := doubts.under(card))
        },
        "places": {str(card["entity"]): rank_text(card) for card in totals},
        "received": received(cards),
    }


def _of_day(rows: Iterable[Row], day: date | None) -> list[Row]:
    return [row for row in rows if row["as_of"] == day]


def points_in(figures: Mapping[str, Any], entity: str) -> Points:
    """Return an entity's points in the figures of a state, which may be old or not ours.

    An older one does not say whose points are in doubt: all are, where any value is.
    """
    given = _of(figures, "totals", entity)
    own = [number_in(each) for each in given] if isinstance(given, Sequence) else []
    points, low, high = own if len(own) == 3 else (None, None, None)
    if "in_doubt" not in figures:
        return Points(points, low, high, Doubt(values=int(number_in(figures.get("values")) or 0)))
    counts = _of(figures, "in_doubt", entity)
    told = [int(number_in(each) or 0) for each in counts] if isinstance(counts, Sequence) else []
    doubt = Doubt(told[0], told[1]) if len(told) == 2 else CERTAIN
    return Points(points, low, high, doubt)


def _of(figures: Mapping[str, Any], name: str, entity: str) -> Any:
    table = figures.get(name)
    return table.get(entity) if isinstance(table, Mapping) else None


def number_in(value: object) -> float | None:
    """Return the number that stands in an earlier site's figures; None for what can be none."""
    return float(value) if isinstance(value, int | float) and abs(value) <= LARGEST else None


def received(cards: Iterable[Row]) -> float | None:
    """Return the share of all points whose indicators something was returned for."""
    own = [
        card for card in cards if card["level"] == "total" and card["received_share"] is not None
    ]
    most = sum(card["max_points"] or 0.0 for card in own)
    got = sum(card["received_share"] * (card["max_points"] or 0.0) for card in own)
    return float(got / most) if most else None


def _asks(finding: Row) -> bool:
    return finding["state"] == "open" and finding["severity"] in ("error", "warning")


def with_before(figures: Row, states: Mapping[str, Mapping[str, Any]]) -> Row:
    """Return figures with those ``before``: of the last publication that showed others.

    So a site that is made again of the same tables is the same, and still says what changed.
    ``states`` are of the last publication, by document. None: nothing was published before; without
    a figure: other documents were.
    """
    last = states.get(figures["document_id"])
    if last is None:
        return {**figures, "before": {} if states else None}
    shown = {name: value for name, value in last.items() if name != "before"}
    same = shown == json.loads(json.dumps(figures))
    return {**figures, "before": last.get("before") if same else shown}


def write_state(folder: Path, figures: Iterable[Mapping[str, Any]]) -> None:
    """Keep the figures of all documents of a site in its folder."""
    text = json.dumps(list(figures), ensure_ascii=False, indent=1)
    (folder / STATE).write_text(f"{text}\n", encoding="utf-8")


def read_states(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Return the figures that a site shows, by document; none where it shows none, or is old."""
    path = folder / STATE
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(each["document_id"]): each for each in content}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}


def read_state(folder: Path, document_id: str) -> Mapping[str, Any] | None:
    """Return the figures that a site shows of a document; None where it shows none, or is old."""
    return read_states(folder).get(document_id)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield in what two states of a document differ, in Chinese."""
    for key, name in _WORDS.items():
        if before.get(key) != now[key]:
            yield f"{name}：已发布 {_shown(before.get(key))}，现为 {_shown(now[key])}"
    published = before.get("totals") or {}
    for entity in dict.fromkeys((*published, *now["totals"])):
        was, new = (_shown_points(each, entity) for each in (before, now))
        if published.get(entity) != now["totals"].get(entity) or was != new:
            yield f"{entity}得分：已发布 {was}，现为 {new}"


def _shown(value: object) -> str:
    return word("missing", "score") if value is None else str(value)


def _shown_points(figures: Mapping[str, Any], entity: str) -> str:
    """Return an entity's points in a state, with their interval and their doubt."""
    points = points_in(figures, entity)
    if points.points is None:
        return word("missing", "score")
    settled = points.low is None or points.low == points.high
    return f"{points.given}" if settled else f"{points.given}（{points.span}）"
