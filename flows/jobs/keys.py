"""``kaohe keys``: keys that follow an indicator through years, proposed, confirmed, landed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import write_atomically
from common.refusal import refusal
from flows.jobs.diff import compared, document_named
from flows.jobs.ingest import Progress, code_version
from schemas.records.keys import (
    KEYS_FILE,
    PROPOSAL_COLUMNS,
    YES,
    ConfirmedKey,
    Decision,
    clash,
    keys_text,
    parse_decisions,
    parse_keys,
)
from schemas.records.rows import IndicatorKeyRow

if TYPE_CHECKING:
    import pandas as pd

    from compare.documents import Side
    from compare.keys import Proposal


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed for two documents, and the file in which a person decides."""

    first: str
    second: str
    file: str
    sure: int
    doubtful: int
    done: int
    dropped: int
    new: int

    def as_json(self) -> dict[str, object]:
        """Return the result in JSON's types."""
        return asdict(self)

    def as_text(self) -> str:
        """Return the result for a person."""
        return "\n".join(
            (
                f"{self.first} → {self.second}：同一指标的建议写入 {self.file}",
                f"  建议确认（已填“是”）{self.sure}　把握不大（请填“是”或“否”）{self.doubtful}"
                f"　已有键 {self.done}　只在前者 {self.dropped}　只在后者 {self.new}",
                "  请逐行核对“确认”一列，更名的指标在“理由”中写明依据；然后运行："
                f"kaohe keys --confirm {self.file} --by 姓名",
            )
        )


@dataclass(frozen=True, slots=True)
class LandedKeys:
    """What the keys' table holds now; ``waiting`` are documents that are not landed yet."""

    file: str
    added: int
    keys: int
    documents: Mapping[str, int]
    waiting: tuple[str, ...]
    changed: bool

    def as_json(self) -> dict[str, object]:
        """Return the result in JSON's types."""
        return {**asdict(self), "documents": dict(self.documents)}

    def as_text(self) -> str:
        """Return the result for a person."""
        lines = [
            f"{self.file}：新增 {self.added} 行；已入库 {sum(self.documents.values())} 项指标，"
            f"共 {self.keys} 个键" + ("" if self.changed else "（与原有数据相同，没有改动）"),
            *(f"  {name}　{count} 项" for name, count in self.documents.items()),
        ]
        lines += [f"  {name} 还没有入库，其指标键暂未写入" for name in self.waiting]
        return "\n".join(lines)


def propose_keys(warehouse: Path, raw: Path, first: str, second: str, out: Path) -> Proposed:
    """Write a file of proposals for two documents, named by id or by the year they are in force.

    A file that is there already may hold a person's answers and is refused. Nothing is landed.
    """
    from common.terminal import write_csv
    from compare.keys import proposals

    one, other = (document_named(warehouse, name) for name in (first, second))
    matching = compared(warehouse, one, other).matching
    known = {(key.document_id, key.serial_no): key.key for key in read_keys(raw)}
    found = proposals(matching, known)
    file = out / f"{one}--{other}.csv"
    if file.exists():
        raise refusal("flows.proposals_exist", file=file)
    out.mkdir(parents=True, exist_ok=True)
    write_csv(file, PROPOSAL_COLUMNS, [_line(each, one, other) for each in found if not each.done])
    pairs = [each for each in found if each.key and not each.done]
    return Proposed(
        one,
        other,
        str(file),
        sure=sum(each.sure for each in pairs),
        doubtful=sum(not each.sure for each in pairs),
        done=sum(each.done for each in found),
        dropped=len(matching.dropped),
        new=len(matching.new),
    )


def _line(each: Proposal, first: str, second: str) -> list[object]:
    before = (first, each.first.serial_no, each.first.name) if each.first else ("", "", "")
    after = (second, each.second.serial_no, each.second.name) if each.second else ("", "", "")
    likeness = "" if each.likeness is None else round(each.likeness, 4)
    return [
        YES if each.sure else "", each.key, *before, *after, likeness, each.hint, each.reason
    ]  # fmt: skip


def read_keys(raw: Path) -> tuple[ConfirmedKey, ...]:
    """Return the keys that were confirmed; none where there is no such file."""
    path = raw / KEYS_FILE
    return parse_keys(path.read_bytes(), str(path)) if path.is_file() else ()


def confirm_keys(warehouse: Path, raw: Path, file: Path, by: str, on: date) -> LandedKeys:
    """Add what a person answered with yes to the keys, and land them.

    Everything is held against the landed documents first: on a Refusal neither file nor warehouse
    was changed.
    """
    decisions = parse_decisions(file.read_bytes(), str(file))
    known = read_keys(raw)
    new = _new_keys(decisions, known, by, on, str(file))
    keys = (*known, *new)
    parse_keys(keys_text(keys).encode(), str(file))  # the whole must stand up to what is asked
    frames, waiting = _frames(warehouse, raw, keys)
    if new:
        write_atomically(raw / KEYS_FILE, keys_text(keys).encode("utf-8-sig"))
    return _land(warehouse, raw, frames, waiting, added=len(new))


def land_keys(warehouse: Path, raw: Path, progress: Progress) -> LandedKeys:
    """Land the keys as the file has them; landing the same changes nothing.

    Refuses where an indicator no longer has the name that was confirmed.
    """
    progress(f"landing {raw / KEYS_FILE}")
    frames, waiting = _frames(warehouse, raw, read_keys(raw))
    return _land(warehouse, raw, frames, waiting, added=0)


def _new_keys(
    decisions: Sequence[Decision], known: Sequence[ConfirmedKey], by: str, on: date, source: str
) -> list[ConfirmedKey]:
    """Return the lines that the answers add; Refusal where one has another key already."""
    there = {(key.document_id, key.serial_no): key for key in known}
    added: list[ConfirmedKey] = []
    for each in decisions:
        if not each.confirmed:
            continue
        for document_id, serial_no, name in (each.first, each.second):
            key = ConfirmedKey(
                each.key, document_id, serial_no, name, by, on, each.reason, each.line
            )
            other = there.setdefault((document_id, serial_no), key)
            if other is key:
                added.append(key)
            elif other.key != key.key:
                raise clash(key, other, source)
    return added


_Frames = list[tuple[str, int, "pd.DataFrame"]]


def _frames(
    warehouse: Path, raw: Path, keys: Sequence[ConfirmedKey]
) -> tuple[_Frames, tuple[str, ...]]:
    """Return the rows by document with its year, and the documents that are not landed.

    A document whose last key was taken back gets no rows.
    """
    from compare.documents import side
    from schemas.tables.frames import rows_to_frame
    from schemas.tables.registry import INDICATOR_KEYS
    from warehouse.reading import read_tables

    tables = read_tables(warehouse, ("notices", "indicators", "targets", "indicator_keys"))
    notices = tables["notices"]
    years = dict(zip(notices["document_id"].tolist(), notices["year"].tolist(), strict=True))
    named = dict.fromkeys(key.document_id for key in keys)
    before = dict.fromkeys(str(name) for name in tables["indicator_keys"]["document_id"])
    frames: _Frames = []
    for document_id in [name for name in {**named, **before} if name in years]:
        mine = [key for key in keys if key.document_id == document_id]
        landed = side(document_id, tables["indicators"], tables["targets"])
        _check_names(landed, mine, raw)
        names = {item.serial_no: item.name for item in landed.items}
        mine.sort(key=lambda key: key.serial_no)
        rows = [_row(key, names[key.serial_no]) for key in mine]
        frames.append((document_id, years[document_id], rows_to_frame(INDICATOR_KEYS, rows)))
    return frames, tuple(name for name in named if name not in years)


def _row(key: ConfirmedKey, name: str) -> IndicatorKeyRow:
    from schemas.ids import indicator_id

    return {
        "document_id": key.document_id,
        "indicator_id": indicator_id(key.document_id, key.serial_no),
        "serial_no": key.serial_no,
        "name": name,
        "indicator_key": key.key,
        "confirmed_by": key.by,
        "confirmed_on": key.on,
        "reason": key.reason,
    }


def _check_names(side: Side, keys: Iterable[ConfirmedKey], raw: Path) -> None:
    """Refuse keys of indicators that have another name now than when they were confirmed."""
    stale = stale_keys(side, keys)
    if not stale:
        return
    listed = "；".join(
        f"{key.document_id} 第{key.serial_no}项应为“{key.expect}”，现为“{found}”"
        for key, found in stale[:10]
    )
    more = f"，等 {len(stale)} 处" if len(stale) > 10 else ""
    raise refusal(
        "flows.keys_stale",
        file=raw / KEYS_FILE,
        count=len(stale),
        document=side.document_id,
        listed=listed,
        more=more,
    )


def stale_keys(side: Side, keys: Iterable[ConfirmedKey]) -> list[tuple[ConfirmedKey, str]]:
    """Return the document's keys whose indicator has another name now, with that name."""
    from compare.keys import renamed

    found = [(key, renamed(side, key.serial_no, key.expect)) for key in keys]
    return [(key, name) for key, name in found if name is not None]


def _land(
    warehouse: Path, raw: Path, frames: _Frames, waiting: tuple[str, ...], *, added: int
) -> LandedKeys:
    from warehouse.landing import Batch, land

    run_id, version = uuid.uuid4().hex, code_version()
    batches = [
        Batch(document_id, year, {"indicator_keys": frame}, run_id, version)
        for document_id, year, frame in frames
    ]
    changed = land(warehouse, batches).changed if batches else False
    keys = {str(key) for _, _, frame in frames for key in frame["indicator_key"]}
    documents = {document_id: len(frame) for document_id, _, frame in frames}
    return LandedKeys(str(raw / KEYS_FILE), added, len(keys), documents, waiting, changed)
