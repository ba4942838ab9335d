"""Whether the raw data is what was received, and what of it is not in the warehouse yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.days import today
from common.files import sha256_of
from common.messages import message
from common.names import shown_name
from common.refusal import Refusal
from extract.files.pictures import document_sha256
from flows.jobs.night.inbox import arrivals
from flows.jobs.returns.unanswered import unanswered
from flows.jobs.sidecar import declared_sidecar, locate
from returns.days import overtaken
from schemas.records.health import Check, State

if TYPE_CHECKING:
    import pandas as pd

AREA = "原始数据"
_SHOWN = 5
_HIDDEN = (".", "~$", "README")


def check_raw(raw: Path, warehouse: Path) -> Iterator[Check]:
    """Yield what is found of notices, returns, inbox and keys."""
    if not raw.is_dir():
        found = f"“{raw}”不存在；请在项目文件夹中运行，或用 --raw 指明"
        yield _check("raw", "note", "原始数据", found)
        return
    landed = _landed(warehouse)
    yield from _notices(raw, landed)
    yield from _sidecars(raw, landed)
    yield check_returns(raw, landed)
    yield from check_days(landed)
    yield from _inbox(raw)
    yield from _keys(raw, landed)


def _check(code: str, state: State, name_zh: str, found_zh: str, todo_zh: str = "") -> Check:
    return Check(AREA, code, state, name_zh, found_zh, todo_zh)


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
        found = f"与入库时读取的不是同一份：{_listed(held.changed)}"
        todo = "如确已换文，请重新 kaohe ingest；否则请恢复原文件。"
        yield _check("notices_changed", "warning", "通知原件", found, todo)
    gone = [name for name, sha256 in hashes.items() if not {name, sha256} & held.there]
    if gone and not held.refused:
        found = f"入库的文件在 raw/notices/ 中没有原件：{_listed(gone)}"
        todo = "请把收到时的原文件放回 raw/notices/；没有原件，无法核对，也不能重新读取。"
        yield _check("originals_gone", "note", "通知原件", found, todo)
    if held.waiting and landed:
        found = f"还没有入库：{_listed(held.waiting)}"
        yield _check("notices_waiting", "note", "通知原件", found)


def _hold(path: Path, hashes: Mapping[str, str], held: _Held) -> None:
    """Hold one folder's document against what is declared and landed of it."""
    try:
        located = locate(path)
        sha256 = document_sha256(located.path)
    except (Refusal, OSError) as error:
        reason = error.zh if isinstance(error, Refusal) else f"{path}：{error.strerror}"
        held.refused.append(reason)
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
        todo = "请恢复收到时的原文件，或改正 source.toml（见 raw/README.md）。"
        found = "；".join(held.refused[:_SHOWN])
        return _check("notices", "error", "通知原件", found, todo)
    found = f"{count} 份通知与登记的 sha256 一致"
    found += f"；未登记 sha256：{_listed(held.unsigned)}" if held.unsigned else ""
    return _check("notices", "note" if held.unsigned else "ok", "通知原件", found)


def _sidecars(raw: Path, landed: dict[str, pd.DataFrame]) -> Iterator[Check]:
    """Say which notices were landed with a ``source.toml`` that is not there now."""
    from schemas.tables.frames import records

    gone = []
    for notice in records(landed["notices"]) if landed else ():
        try:
            declared_sidecar(raw, notice)
        except Refusal as refusal:
            if refusal.code == "sidecar_missing":
                gone.append(str(notice["document_id"]))
    if gone:
        found = f"入库时带有 source.toml、现在找不到的：{_listed(gone)}；不能生成填报表、接收和计分"
        todo = "请从备份恢复 raw/notices/ 中的文件，或用 --raw 指明原始数据所在的文件夹。"
        yield _check("notices_gone", "warning", "通知原件", found, todo)


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(_HIDDEN)]


def _listed(names: list[str]) -> str:
    more = f" 等 {len(names)} 份" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more


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
            found = f"{path} 无法读取（{error.strerror}）"
            return _check("returns", "error", "报送原件", found, "请检查权限和磁盘。")
    rows = landed.get("returns")
    if rows is None:
        return _check("returns", "note", "报送原件", f"{len(files)} 个文件，没有可比对的入库数据")
    made_up = rows["sample"].eq(True)  # empty where the table is older than the column
    samples = rows.loc[made_up, "source_sha256"].nunique()
    rows = rows[~made_up]
    names = dict(zip(rows["source_sha256"].tolist(), rows["source_name"].tolist(), strict=True))
    gone = sorted(str(name) for sha256, name in names.items() if sha256 not in there)
    if gone:
        found = f"入库的报送数据找不到原件，或原件被改动过：{_listed(gone)}"
        todo = "请从备份恢复 raw/returns/ 中的原件；原始数据任何时候都不应改动。"
        return _check("returns", "warning", "报送原件", found, todo)
    found = f"{len(names)} 份入库的报送表都有原件" if names else "还没有入库的报送表"
    if samples:
        found += (
            f"；另有 {samples} 份是编造的样例，正式使用前请换用新的数据仓库（见 docs/returns.md）"
        )
    return _check("returns", "note" if samples else "ok", "报送原件", found)


def check_days(landed: Mapping[str, pd.DataFrame]) -> Iterator[Check]:
    """Name the returns whose day cannot be, or keeps a later one from counting."""
    from schemas.tables.frames import records

    if "returns" not in landed:
        return
    years = {str(each["document_id"]): int(each["year"]) for each in records(landed["notices"])}
    odd: dict[str, None] = {}
    documents: dict[str, list[dict[str, Any]]] = {}
    for row in records(landed["returns"]):
        documents.setdefault(row["document_id"], []).append(row)
        if row["received_on"] > today():
            odd[f"{_named(row)}：这一天还没有到"] = None
        elif row["received_on"].year < years.get(row["document_id"], 0):
            odd[f"{_named(row)}：早于考核年度"] = None
    for rows in documents.values():
        for each in overtaken(rows):
            odd[f"{_named(each.row)}：早于此前报送的 {each.by}，没有计入"] = None
    if odd:
        found = "；".join([*odd][:_SHOWN]) + (f" 等 {len(odd)} 处" if len(odd) > _SHOWN else "")
        todo = "请核对收到日，用 kaohe receive --redate 更正或确认（见 docs/returns.md）。"
        yield _check("days", "warning", "收到日", found, todo)


def _named(row: Mapping[str, Any]) -> str:
    return f"{row['department']} {row['source_name']} {row['received_on']}"


def _inbox(raw: Path) -> Iterator[Check]:
    waiting = _visible(raw / "inbox")
    if waiting:
        found = f"{len(waiting)} 个文件等待接收（kaohe nightly 或 kaohe receive）"
        yield _check("inbox", "note", "收件箱", found)
    no_days = {each.no_day: None for each in arrivals(raw) if each.no_day is not None}
    if no_days:
        found = "；".join(message("flows.inbox_day", folder=name).zh for name in no_days)
        yield _check("inbox_day", "warning", "收件箱", found)
    left = list(unanswered(raw / "returns", strike_off=False))
    if failed := [each for each in left if each.problem is not None]:
        named = [f"{'/'.join(each.path.parts[-3:])}：{each.problem}" for each in failed]
        found = f"{len(failed)} 份报送表已归档，上次运行没能办完：{'；'.join(named[:_SHOWN])}"
        todo = "下次 kaohe nightly 或 kaohe receive 再办；仍不成，请按所说原因处理。"
        yield _check("returns_failed", "warning", "报送原件", found, todo)
    if waiting_on := len(left) - len(failed):
        found = (
            f"{waiting_on} 份报送表已归档，还没有办完（下次 kaohe nightly 或 kaohe receive 补办）"
        )
        yield _check("returns_unanswered", "note", "报送原件", found)


def _keys(raw: Path, landed: dict[str, pd.DataFrame]) -> Iterator[Check]:
    """Hold the confirmed keys against the indicators that are landed."""
    from compare.documents import side
    from flows.jobs.keys import read_keys, stale_keys

    todo = "请改正 raw/keys/indicators.csv 后运行 kaohe keys（见 docs/query.md）。"
    try:
        keys = read_keys(raw)
    except (Refusal, OSError) as error:
        yield _check("keys", "error", "指标键", getattr(error, "zh", str(error)), todo)
        return
    if not keys or not landed:
        return
    documents = {key.document_id for key in keys} & set(_hashes(landed))
    stale = [
        f"{key.document_id} 第{key.serial_no}项应为“{key.expect}”，现为“{found}”"
        for name in sorted(documents)
        for key, found in stale_keys(
            side(name, landed["indicators"], landed["targets"]),
            [key for key in keys if key.document_id == name],
        )
    ]
    if stale:
        yield _check("keys", "warning", "指标键", "；".join(stale[:_SHOWN]), todo)
    else:
        yield _check("keys", "ok", "指标键", f"{len(keys)} 行与入库的指标一致")
