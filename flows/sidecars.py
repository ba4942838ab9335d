"""The sidecar that a landed document's rules, rank groups and aliases stand in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.source import SIDECAR, sidecar_of
from schemas.errors import Refusal

#: What a landed notice can have from a sidecar alone.
_ONLY_DECLARED = ("received_on", "supersedes")


def declared_sidecar(raw: Path, notice: Mapping[str, Any]) -> Path | None:
    """Return the sidecar of a landed notice (a row of ``notices``); None where it never had one.

    Raises Refusal where it had one when it was landed that is not there now: without it other
    rules and rank groups would count, and nobody would notice.
    """
    document_id = str(notice["document_id"])
    sidecar = sidecar_of(raw, document_id)
    if sidecar is None and _had_one(notice):
        place = raw / "notices" / document_id / SIDECAR
        raise Refusal(
            "sidecar_missing",
            f"{document_id} was landed with a {SIDECAR}, but {place} is not there; "
            "its rules and rank groups are not known",
            f"文件“{document_id}”入库时带有 {SIDECAR}，现在找不到 {place}，"
            "不知道它规定的计分规则、分组和部门别名。请在项目文件夹中运行，或用 --raw 指明原始数据"
            "所在的文件夹；如该文件已被移走，请先恢复。",
        )
    return sidecar


def _had_one(notice: Mapping[str, Any]) -> bool:
    told = any(notice[name] is not None for name in _ONLY_DECLARED)
    return told or notice["role"] not in (None, "official")
