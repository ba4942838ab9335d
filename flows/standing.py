"""How a landed document stands beside the others of its year: whether it is in force."""

from __future__ import annotations

from pathlib import Path

from schemas.source import SourceMeta


def standing(warehouse: Path, meta: SourceMeta, year: int) -> tuple[str, ...]:
    """Return what a person should know of it, in Chinese; nothing where all is as usual."""
    from warehouse.query import query

    landed = {str(row[0]) for row in query(warehouse, "SELECT document_id FROM notices").rows}
    sql = f"SELECT document_id FROM current_notices WHERE year = {year:d}"
    in_force = [str(row[0]) for row in query(warehouse, sql).rows]
    return (*_superseded(meta, landed), *_not_in_force(meta, year, in_force))


def _superseded(meta: SourceMeta, landed: set[str]) -> tuple[str, ...]:
    if meta.supersedes is None or meta.supersedes in landed:
        return ()
    return (f"source.toml 的 supersedes 所指的“{meta.supersedes}”没有入库，请核对文件代号。",)


def _not_in_force(meta: SourceMeta, year: int, in_force: list[str]) -> tuple[str, ...]:
    if meta.role != "official" or meta.document_id in in_force:
        return ()
    return (
        f"{year}年度现行的是“{'、'.join(in_force)}”，不是本文件；不指明文件时，发表、计分都用现行的一份。"
        "如应以本文件为准，请在 source.toml 中写明 issued_on（印发日期）或 supersedes。",
    )
