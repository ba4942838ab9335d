"""What a site shows, kept beside its pages in a few figures: to tell later what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

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


def figures_of(rows: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Return one document's tables in a few figures, in JSON's types; ``totals`` by entity."""
    notice = rows["notices"][-1]
    as_of = max((each["as_of"] for each in rows["scorecards"]), default=None)
    cards = [each for each in rows["scorecards"] if each["as_of"] == as_of]
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
            for card in cards
            if card["level"] == "total"
        },
        "places": {
            str(card["entity"]): rank_text(card) for card in cards if card["level"] == "total"
        },
        "received": received(cards),
    }


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
        was, new = published.get(entity), now["totals"].get(entity)
        if was != new:
            yield f"{entity}得分：已发布 {_points(was)}，现为 {_points(new)}"


def _shown(value: object) -> str:
    return word("missing", "score") if value is None else str(value)


def _points(values: Sequence[float | None] | None) -> str:
    """Return an entity's points with their interval."""
    if values is None or values[0] is None:
        return word("missing", "score")
    points, low, high = values[:3]
    span = "" if low is None or high is None or low == high else f"（{low:.2f}–{high:.2f}）"
    return f"{points:.2f}{span}"
