"""What an officer declares of a document, written to ``source.toml`` as if by hand.

The file as it would be is held against the schema of hand-written ones, and the document is
understood with it, before anything is written.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from common.files import sha256_of_bytes, workshop, write_atomically
from common.refusal import Refusal, refusal
from flows.jobs.batch.summary import Summary
from flows.jobs.desk.memory import Memory, alone
from flows.jobs.sidecar.content import Content
from flows.jobs.sidecar.document import SIDECAR, locate
from flows.jobs.sidecar.meta import parse_sidecar
from flows.jobs.sidecar.rules import periods_of, rules_of, total_of

if TYPE_CHECKING:
    from flows.jobs.ingest import Reading
    from schemas.records.source import SourceMeta
    from scoring.rules.notice_rules import NoticeRules


#: The tables whose lists of tables forms show, or change.
_LISTS = (("rules", "rule"), ("rules", "method"), ("total", "grade"), ("total", "veto"))


def declared(folder: Path) -> Content:
    """Return what the file of a folder says now; nothing where there is none.

    What is not understood is shown as it stands; Refusal where no form has a place for it.
    """
    path = folder / SIDECAR
    content = Content.of(path) if path.is_file() else Content(path, {})
    for table, key in _LISTS:
        content.entries(table, key)
    for veto in content.entries("total", "veto"):
        Content(path, veto).get("effects", list)
    content.table("coefficients")
    content.table_of("periods", dict)
    return content


def state_of(folder: Path) -> str:
    """Return a mark that changes with the file."""
    return sha256_of_bytes(_content(folder))


def declare(
    folder: Path,
    raw: Path,
    warehouse: Path,
    memory: Memory,
    change: Callable[[str], str],
    seen: str,
) -> Summary:
    """Write what ``change`` makes of a document's file, and land the document with it.

    ``seen`` is the file's state as the officer saw it. Raises Refusal, and then nothing is changed.
    """
    memory.recall(folder, warehouse)
    with alone(raw):
        before = _content(folder)
        if sha256_of_bytes(before) != seen:
            raise refusal("flows.desk_undo.changed", file=folder / SIDECAR)
        after = change(before.decode("utf-8-sig").replace("\r\n", "\n")).encode()
        meta, rules = _checked(after, folder)
        located = locate(folder)
        meta = dataclasses.replace(meta, corrections=located.meta.corrections)
        reading = memory.understand(dataclasses.replace(located, meta=meta), warehouse)
        _check_methods(reading, rules)
        if after != before:
            write_atomically(folder / SIDECAR, after)
        return memory.land_saved(reading, folder, warehouse)


def _content(folder: Path) -> bytes:
    path = folder / SIDECAR
    return path.read_bytes() if path.is_file() else b""


def _check_methods(reading: Reading, rules: NoticeRules | None) -> None:
    """Refuse confirmations of printed methods that could not count, as scoring would."""
    from schemas.tables.document_frames import method_row
    from scoring.rules.printed import check_confirmed

    document_id = reading.notice.document_id
    if rules is not None:
        rows = [method_row(each, document_id) for each in reading.notice.methods]
        check_confirmed(rows, {document_id: rules})


def _checked(content: bytes, folder: Path) -> tuple[SourceMeta, NoticeRules | None]:
    """Return what a file of this content declares, refused as the file itself would be."""
    with workshop(Path(gettempdir())) as aside:
        path = aside / SIDECAR
        path.write_bytes(content)
        try:
            meta = parse_sidecar(path, folder.name)
            rules = rules_of(path)
            for parse in (total_of, periods_of):
                parse(path)
        except Refusal as refused:
            said = (text.replace(str(path), SIDECAR) for text in (refused.en, refused.zh))
            raise Refusal(refused.code, *said) from None
    return meta, rules
