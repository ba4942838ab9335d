"""Whether the raw data is what was received, and what of it is not in the warehouse yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from common.days import today
from common.files import sha256_of
from common.messages import message
from common.names import shown_name
from common.refusal import Refusal
from extract.files.pictures import document_sha256
from flows.jobs.night.inbox import arrivals
from flows.jobs.returns.unanswered import unanswered
from flows.jobs.sidecar.document import locate
from flows.jobs.sidecar.landed import declared_sidecar
from returns.days import overtaken
from schemas.records.health import Check, check, phrase
from schemas.records.rows import NoticeRow, ReturnRow

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5
_HIDDEN = (".", "~$", "README")


def check_raw(raw: Path, warehouse: Path) -> Iterator[Check]:
    """Yield what is found of notices, returns, inbox and keys."""
    if not raw.is_dir():
        yield check("flows.raw.raw.absent", folder=raw)
        return
    landed = _landed(warehouse)
    yield from _notices(raw, landed)
    yield from _sidecars(raw, landed)
    yield check_returns(raw, landed)
    yield from check_days(landed)
    yield from _inbox(raw)
    yield from _keys(raw, landed)


def _landed(warehouse: Path) -> dict[str, pd.DataFrame]:
    """Return the landed tables that raw data is held against; none where they cannot be read."""
    from warehouse.reading import read_tables

    try:
        return read_tables(warehouse, ("notices", "indicators", "targets", "returns"))
    except (Refusal, OSError):  # said in its own place
        return {}


@dataclass(slots=True)
class _Held:
    """Folders of notices by what is found of them; ``refused`` holds reasons.

    ``there`` are the ids and hashes of the documents that are there.
    """

    refused: list[str] = field(default_factory=list)
    unsigned: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    there: set[str] = field(default_factory=set)


def _notices(raw: Path, landed: dict[str, pd.DataFrame]) -> Iterator[Check]:
    """Hold each document against its ``source.toml`` and against what was landed of it."""
    folders = [path for path in _visible(raw / "notices") if path.is_dir()]
    held, hashes = _Held(), _hashes(landed)
    for path in folders:
        _hold(path, hashes, held)
    yield _originals(len(folders), held)
    if held.changed:
        yield check("flows.raw.notices_changed.changed", names=_listed(held.changed))
    gone = [name for name, sha256 in hashes.items() if not {name, sha256} & held.there]
    if gone and not held.refused:
        yield check("flows.raw.originals_gone.gone", names=_listed(gone))
    if held.waiting and landed:
        yield check("flows.raw.notices_waiting.waiting", names=_listed(held.waiting))


def _hold(path: Path, hashes: Mapping[str, str], held: _Held) -> None:
    """Hold one folder's document against what is declared and landed of it."""
    try:
        located = locate(path)
        sha256 = document_sha256(located.path)
    except (Refusal, OSError) as error:
        held.refused.append(
            error.zh
            if isinstance(error, Refusal)
            else phrase("flows.raw.unreadable", path=path, reason=error.strerror)
        )
        return
    if located.meta.sha256 is None:
        held.unsigned.append(shown_name(path.name))
    held.there |= {located.meta.document_id, sha256}
    known = hashes.get(located.meta.document_id)
    if known is None:
        held.waiting.append(shown_name(path.name))
    elif known != sha256:
        held.changed.append(shown_name(path.name))


def _originals(count: int, held: _Held) -> Check:
    if held.refused:
        return check("flows.raw.notices.refused", reasons="；".join(held.refused[:_SHOWN]))
    if held.unsigned:
        return check("flows.raw.notices.unsigned", count=count, names=_listed(held.unsigned))
    return check("flows.raw.notices.right", count=count)


def _sidecars(raw: Path, landed: dict[str, pd.DataFrame]) -> Iterator[Check]:
    """Say which notices were landed with a ``source.toml`` that is not there now."""
    from schemas.tables.frames import rows_as

    gone = []
    for notice in rows_as(NoticeRow, landed["notices"]) if landed else ():
        try:
            declared_sidecar(raw, notice)
        except Refusal as refusal:
            if refusal.code == "sidecar_missing":
                gone.append(notice["document_id"])
    if gone:
        yield check("flows.raw.notices_gone.gone", names=_listed(gone))


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(_HIDDEN)]


def _listed(names: list[str]) -> str:
    shown = "、".join(names[:_SHOWN])
    if len(names) <= _SHOWN:
        return shown
    return phrase("flows.raw.and_more", names=shown, count=len(names))


def _hashes(landed: dict[str, pd.DataFrame]) -> dict[str, str]:
    if "notices" not in landed:
        return {}
    rows = landed["notices"]
    return dict(zip(rows["document_id"].tolist(), rows["source_sha256"].tolist(), strict=True))


def check_returns(raw: Path, landed: dict[str, pd.DataFrame]) -> Check:
    """Say whether every landed return is still there as it was received."""
    files = [path for path in sorted((raw / "returns").glob("[!.]*/**/*")) if path.is_file()]
    there: set[str] = set()
    for path in files:
        try:
            there.add(sha256_of(path))
        except OSError as error:
            return check("flows.raw.returns.unreadable", path=path, reason=error.strerror)
    rows = landed.get("returns")
    if rows is None:
        return check("flows.raw.returns.not_compared", count=len(files))
    made_up = rows["sample"].eq(True)  # empty where the table is older than the column
    samples = rows.loc[made_up, "source_sha256"].nunique()
    rows = rows[~made_up]
    names = dict(zip(rows["source_sha256"].tolist(), rows["source_name"].tolist(), strict=True))
    gone = sorted(str(name) for sha256, name in names.items() if sha256 not in there)
    if gone:
        return check("flows.raw.returns.gone", names=_listed(gone))
    found = (
        phrase("flows.raw.landed", count=len(names)) if names else phrase("flows.raw.none_landed")
    )
    if samples:
        return check("flows.raw.returns.samples", landed=found, samples=samples)
    return check("flows.raw.returns.right", landed=found)


def check_days(landed: Mapping[str, pd.DataFrame]) -> Iterator[Check]:
    """Name the returns whose day cannot be, or keeps a later one from counting."""
    from schemas.tables.frames import rows_as

    if "returns" not in landed:
        return
    notices = rows_as(NoticeRow, landed["notices"])
    years = {each["document_id"]: each["year"] for each in notices}
    odd: dict[str, None] = {}
    documents: dict[str, list[ReturnRow]] = {}
    for row in rows_as(ReturnRow, landed["returns"]):
        documents.setdefault(row["document_id"], []).append(row)
        if row["received_on"] > today():
            odd[phrase("flows.raw.to_come", named=_named(row))] = None
        elif row["received_on"].year < years.get(row["document_id"], 0):
            odd[phrase("flows.raw.before_the_year", named=_named(row))] = None
    for rows in documents.values():
        for each in overtaken(rows):
            odd[phrase("flows.raw.overtaken", named=_named(each.row), by=each.by)] = None
    if odd:
        days = "；".join([*odd][:_SHOWN])
        if len(odd) > _SHOWN:
            days = phrase("flows.raw.and_more_days", days=days, count=len(odd))
        yield check("flows.raw.days.odd", days=days)


def _named(row: ReturnRow) -> str:
    return f"{row['department']} {row['source_name']} {row['received_on']}"


def _inbox(raw: Path) -> Iterator[Check]:
    waiting = _visible(raw / "inbox")
    if waiting:
        yield check("flows.raw.inbox.waiting", count=len(waiting))
    no_days = {each.no_day: None for each in arrivals(raw) if each.no_day is not None}
    if no_days:
        reasons = "；".join(message("flows.inbox_day", folder=name).zh for name in no_days)
        yield check("flows.raw.inbox_day.no_day", reasons=reasons)
    left = list(unanswered(raw / "returns", strike_off=False))
    if failed := [each for each in left if each.problem is not None]:
        named = [
            phrase("flows.raw.failed", file="/".join(each.path.parts[-3:]), reason=each.problem)
            for each in failed[:_SHOWN]
        ]
        yield check("flows.raw.returns_failed.failed", count=len(failed), names="；".join(named))
    if waiting_on := len(left) - len(failed):
        yield check("flows.raw.returns_unanswered.left", count=waiting_on)


def _keys(raw: Path, landed: dict[str, pd.DataFrame]) -> Iterator[Check]:
    """Hold the confirmed keys against the indicators that are landed."""
    from compare.documents import side
    from flows.jobs.keys import read_keys, stale_keys

    try:
        keys = read_keys(raw)
    except (Refusal, OSError) as error:
        yield check("flows.raw.keys.unreadable", reason=getattr(error, "zh", str(error)))
        return
    if not keys or not landed:
        return
    documents = {key.document_id for key in keys} & set(_hashes(landed))
    stale = [
        phrase(
            "flows.raw.stale",
            document=key.document_id,
            serial=key.serial_no,
            expected=key.expect,
            found=found,
        )
        for name in sorted(documents)
        for key, found in stale_keys(
            side(name, landed["indicators"], landed["targets"]),
            [key for key in keys if key.document_id == name],
        )
    ]
    if stale:
        yield check("flows.raw.keys.stale", stale="；".join(stale[:_SHOWN]))
    else:
        yield check("flows.raw.keys.right", count=len(keys))
