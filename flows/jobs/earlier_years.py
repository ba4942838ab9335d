"""What landed documents of earlier years know, for reading a new one and for scoring it.

Only notices in force of earlier years count, never drafts, copies or the year's own: what is read
from a document then depends neither on itself nor on what is landed after its year. They must be
of the same office: of the document's issuer, or, where that is not known, of the only one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from common.refusal import Refusal, refusal
from compare.documents import Item, Side, folded, items_of
from compare.match import match
from flows.jobs.sidecar.landed import sidecar_of
from flows.jobs.sidecar.meta import parse_sidecar
from schemas.records.earlier import (
    NOTHING_EARLIER,
    Earlier,
    KnownWords,
    PastIndicator,
    PastTarget,
)
from schemas.records.notice import Indicator, Target
from schemas.records.rows import FindingRow, IndicatorRow, NoticeRow, TargetRow
from schemas.tables.frames import of_document, rows_as
from schemas.vocabulary import BaseMissing, FindingState, Severity
from warehouse.reading import landed_issuers, landed_notices, rows_with
from warehouse.snapshots import require_snapshot
from warehouse.views import current_notices

if TYPE_CHECKING:
    import pandas as pd

    from scoring.returns.last_year import LastYears

_LEAST_SHARE = 0.3  # of the new document's indicators: less is not a notice of the same kind
_NAMES: Final = ("level1", "level2", "level3", "level4", "indicator", "unit")
#: What :func:`in_force` looks at.
_OF_FORCE = ("document_id", "year", "role", "supersedes")
_LISTS: Final = ("assessing_departments", "supporting_departments")


def earlier_than(warehouse: Path, document_id: str, year: int, issuer: str | None) -> Earlier:
    """Return what the notices in force of earlier years say; nothing where none is landed."""
    if not _may_be_landed(warehouse, year, issuer):
        return NOTHING_EARLIER
    try:
        snapshot = require_snapshot(warehouse)
        notices = of_one_office(notices_before(snapshot, document_id, year), issuer)
        if not notices:
            return NOTHING_EARLIER
        landed = _landed(snapshot, [each["document_id"] for each in notices])
    except Refusal as reason:
        raise _unreadable(warehouse, reason) from reason
    words = tuple(_known_words(each, landed[each["document_id"]]) for each in notices)
    latest = [each["document_id"] for each in notices if each["year"] == notices[0]["year"]]
    if len(latest) != 1:
        return Earlier(words)
    return Earlier(words, Past(latest[0], notices[0]["year"], landed[latest[0]]))


def notices_before(snapshot: Path, document_id: str, year: int) -> list[NoticeRow]:
    """Return the notices in force of earlier years, the latest year first, but for this one."""
    earlier = [
        each
        for each in current_notices(landed_notices(snapshot))
        if each["year"] < year and each["document_id"] != document_id
    ]
    return sorted(earlier, key=lambda each: (-each["year"], each["document_id"]))


def look_up_offices(warehouse: Path) -> None:
    """Remember whose notices of which years are landed; processes forked from this one know it.

    Where that cannot be read it is said of the document that needs it.
    """
    with suppress(Refusal):
        if landed_years(warehouse):
            _offices(warehouse)


def _may_be_landed(warehouse: Path, year: int, issuer: str | None) -> bool:
    """Whether an office has a notice of an earlier year, in force or not; None: whether any has."""
    if not any(before < year for before in landed_years(warehouse)):
        return False
    try:
        offices = _offices(warehouse)
    except Refusal as reason:
        raise _unreadable(warehouse, reason) from reason
    earlier = {office for before, office in offices if before < year}
    return bool(earlier) if issuer is None else folded(issuer) in earlier


def _offices(warehouse: Path) -> frozenset[tuple[int, str]]:
    return _offices_of(require_snapshot(warehouse))


@lru_cache(maxsize=1)
def _offices_of(snapshot: Path) -> frozenset[tuple[int, str]]:
    return frozenset((year, folded(name)) for year, name in landed_issuers(snapshot) if name)


def _unreadable(warehouse: Path, reason: Refusal) -> Refusal:
    return refusal(
        "flows.earlier_unreadable", warehouse=warehouse, reason=reason, reason_zh=reason.zh
    )


@dataclass(frozen=True, slots=True)
class _Landed:
    """A document's rows in printed order, and the serial numbers that something makes doubtful."""

    indicators: list[IndicatorRow] = field(default_factory=list)
    targets: list[TargetRow] = field(default_factory=list)
    doubted: set[int] = field(default_factory=set)


def _landed(snapshot: Path, document_ids: Sequence[str]) -> dict[str, _Landed]:
    """Return these documents as they are landed."""
    indicators, targets, findings = (
        rows_with(snapshot, name, "document_id", document_ids)
        for name in ("indicators", "targets", "findings")
    )
    found = {each: _Landed() for each in document_ids}
    for row in sorted(rows_as(IndicatorRow, indicators), key=lambda each: each["serial_no"]):
        found[row["document_id"]].indicators.append(row)
    for target in sorted(
        rows_as(TargetRow, targets), key=lambda each: (each["serial_no"], each["entity"])
    ):
        found[target["document_id"]].targets.append(target)
        if target["needs_review"]:
            found[target["document_id"]].doubted.add(target["serial_no"])
    for finding in rows_as(FindingRow, findings):
        is_open = finding["state"] == FindingState.OPEN and finding["severity"] != Severity.INFO
        if is_open and finding["serial_no"] is not None:
            found[finding["document_id"]].doubted.add(finding["serial_no"])
    return found


def _known_words(notice: NoticeRow, landed: _Landed) -> KnownWords:
    """Return the names in a document's rows that nobody doubts: others would teach mistakes."""
    indicators = [row for row in landed.indicators if row["serial_no"] not in landed.doubted]
    targets = [row for row in landed.targets if row["serial_no"] not in landed.doubted]
    return KnownWords(notice["document_id"], notice["year"], _words_of(indicators, targets))


def landed_years(warehouse: Path) -> list[int]:
    """Return the years of which notices are landed, from the folders' names alone."""
    names = (path.name for path in (warehouse / "current" / "notices").glob("year=*"))
    return [int(found.group(1)) for name in names if (found := re.fullmatch(r"year=(\d+)", name))]


def of_one_office(notices: Sequence[NoticeRow], issuer: str | None) -> list[NoticeRow]:
    """Return the notices of this issuer; where it is not known, those of the only one there is."""
    known = {folded(each["issuer"]) for each in notices if each["issuer"]}
    if issuer is not None:
        wanted = folded(issuer)
    elif len(known) == 1:
        (wanted,) = known
    else:
        return []
    return [each for each in notices if each["issuer"] and folded(each["issuer"]) == wanted]


def _words_of(indicators: Sequence[IndicatorRow], targets: Sequence[TargetRow]) -> tuple[str, ...]:
    """Return the names that a document prints, sorted, each once."""
    found = {row[name] for row in indicators for name in _NAMES}
    found |= {name for row in indicators for column in _LISTS for name in row[column] or ()}
    found |= {row["entity"] for row in targets}
    return tuple(sorted(word for word in found if word))


class Past:
    """Finds a new document's indicators in an earlier one, by names and structure."""

    def __init__(self, document_id: str, year: int, landed: _Landed) -> None:
        self.document_id, self.year = document_id, year
        self.side = Side(document_id, year, items_of(landed.indicators, landed.targets), ())
        self.find = cache(self._found)

    def __call__(self, indicators: tuple[Indicator, ...]) -> Mapping[int, PastIndicator]:
        """Return the past of every indicator that is surely matched; of no other kind of notice."""
        return self.find(indicators)

    def _found(self, indicators: tuple[Indicator, ...]) -> Mapping[int, PastIndicator]:
        new = Side("", None, tuple(Item(each, {}) for each in indicators), ())
        pairs = match(self.side, new).pairs
        if len(pairs) < _LEAST_SHARE * len(indicators):
            return {}
        return {
            pair.second.serial_no: PastIndicator(
                self.document_id, self.year, pair.first.serial_no, past_targets(pair.first.targets)
            )
            for pair in pairs
            if not pair.doubtful
        }


def past_targets(targets: Mapping[str, Target]) -> dict[str, PastTarget]:
    """Return the targets that are numbers and that nobody doubted, by entity."""
    return {
        entity: PastTarget(each.target_kind, each.operator, each.target_value, each.target_unit)
        for entity, each in targets.items()
        if each.target_value is not None and not each.needs_review
    }


def in_force(notices: Sequence[NoticeRow], year: int) -> list[str]:
    """Return the official documents of a year that none supersedes, whosever they are."""
    official = [each for each in notices if each["role"] in (None, "official")]
    superseded = {each["supersedes"] for each in official}
    of_year = [str(each["document_id"]) for each in official if each["year"] == year]
    return sorted(each for each in of_year if each not in superseded)


def last_year_of(
    own: Mapping[str, pd.DataFrame],
    tables: Mapping[str, pd.DataFrame],
    year: int,
    day: date,
    raw: Path,
) -> LastYears:
    """Return last year's values for a document's targets, by confirmed keys.

    Nothing where the keys lead to none or to several documents in force of the year before. Where
    last year's ``source.toml`` requires approval, only approved values count.
    """
    from scoring.returns.last_year import Earlier, LastYears, last_years

    keys = tables["indicator_keys"]
    mine = set(own["indicator_keys"]["indicator_key"])
    shared = set(keys.loc[keys["indicator_key"].isin(mine), "document_id"])
    of_year = in_force(rows_as(NoticeRow, tables["notices"], _OF_FORCE), year - 1)
    found = [each for each in of_year if each in shared]
    if len(found) != 1:
        why = BaseMissing.SEVERAL if found else BaseMissing.NO_KEY
        return LastYears(default=why if of_year else BaseMissing.NO_NOTICE)
    (before,) = found
    targets, indicators, returns = (
        of_document(tables[name], before) for name in ("targets", "indicators", "returns")
    )
    counted = split_returns(returns, required=approval_required(raw, before))
    earlier = Earlier(before, year - 1, targets, indicators, *counted)
    return last_years(own["targets"], own["indicators"], keys, earlier, day)


def approval_required(raw: Path, document_id: str) -> bool:
    """Tell whether a document's ``source.toml`` lets only approved values count."""
    sidecar = sidecar_of(raw, document_id)
    return sidecar is not None and parse_sidecar(sidecar, document_id).approval == "required"


def split_returns(
    returns: pd.DataFrame, *, required: bool
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return what counts, and what does not where approval is required as nobody approved it."""
    from scoring.returns.withheld import approved

    if not required:
        return returns, None
    is_approved = approved(returns)
    return (
        returns[is_approved].reset_index(drop=True),
        returns[~is_approved].reset_index(drop=True),
    )
