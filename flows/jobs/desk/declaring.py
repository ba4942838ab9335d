"""What an officer declares of a document, written to ``source.toml`` as if by hand.

Comments, order and keys that no form shows stay as they are. The file as it would be is held
against the schema of hand-written ones, and the document is understood with it, before anything
is written.
"""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from common.files import write_atomically
from common.refusal import Refusal, refusal
from flows.jobs.batch.summary import Summary
from flows.jobs.desk.memory import Memory, alone
from flows.jobs.sidecar import SIDECAR, locate, parse_sidecar, read_toml, rules_of, total_of

#: Keys of the file that hold one value, and tables of names, as forms fill them in.
VALUES = (
    *("title", "doc_number", "issuer", "issued_on", "received_on", "year", "role", "supersedes"),
    "deadline",
)
NAMED = ("departments", "directions", "rank_groups")
_FIRST_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What forms say: None of a value takes it out, and an empty table as well.

    ``methods`` are serial numbers with printed texts that are confirmed; ``total`` holds caps and
    grades. What rules rest on is ``basis``, in force from ``since``.
    """

    values: Mapping[str, str | int | date | None]
    entities: Sequence[str]
    named: Mapping[str, Mapping[str, Any]]
    methods: Sequence[tuple[int, str]]
    total: Mapping[str, Any]
    since: date
    basis: str


def declared(folder: Path) -> dict[str, Any]:
    """Return what the file of a folder says now; nothing where there is none."""
    path = folder / SIDECAR
    return read_toml(path) if path.is_file() else {}


def state_of(folder: Path) -> str:
    """Return a mark that changes with the file."""
    return hashlib.sha256(_content(folder)).hexdigest()


def declare(
    folder: Path, raw: Path, warehouse: Path, memory: Memory, said: Declaration, seen: str
) -> Summary:
    """Write what is declared of a document and land the document with it.

    ``seen`` is the file's state as the officer saw it. Raises Refusal, and then nothing is changed.
    """
    with alone(raw):
        before = _content(folder)
        if hashlib.sha256(before).hexdigest() != seen:
            raise refusal("flows.desk_undo.changed", file=folder / SIDECAR)
        after = _with(before.decode("utf-8-sig").replace("\r\n", "\n"), said).encode()
        meta = _checked(after, folder)
        located = locate(folder)
        meta = dataclasses.replace(meta, corrections=located.meta.corrections)
        reading = memory.understand(dataclasses.replace(located, meta=meta), warehouse)
        if after != before:
            write_atomically(folder / SIDECAR, after)
        return memory.land_saved(reading, folder, warehouse)


def _content(folder: Path) -> bytes:
    path = folder / SIDECAR
    return path.read_bytes() if path.is_file() else b""


def _checked(content: bytes, folder: Path) -> Any:
    """Return what a file of this content declares, refused as the file itself would be."""
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / SIDECAR
        path.write_bytes(content)
        try:
            meta = parse_sidecar(path, folder.name)
            rules_of(path)
            total_of(path)
        except Refusal as refused:
            said = (text.replace(str(path), SIDECAR) for text in (refused.en, refused.zh))
            raise Refusal(refused.code, *said) from None
    return meta


def _with(text: str, said: Declaration) -> str:
    """Return the file's text with what is declared, all else as it was."""
    import tomlkit

    values = {**said.values, "entities": list(said.entities) or None}
    held = tomlkit.parse(text)
    new = {key: value for key, value in values.items() if value is not None and key not in held}
    file = tomlkit.parse(_joined(text, tomlkit.dumps(new)))
    for key in (*VALUES, "entities"):
        _put(file, key, values.get(key))
    for name in NAMED:
        _put_table(file, name, said.named.get(name, {}))
    _put_methods(file, said)
    _put_total(file, said)
    return tomlkit.dumps(file)


def _put(file: Any, key: str, value: Any) -> None:
    """Set a key where it says otherwise; take it out where there is no value."""
    if value is None:
        if key in file:
            del file[key]
    elif file.get(key) != value:
        file[key] = value


def _joined(text: str, added: str) -> str:
    """Return a file's text with lines of the document's own before its first table."""
    lines = text.splitlines(keepends=True)
    tables = (place for place, each in enumerate(lines) if each.lstrip().startswith("["))
    at = next(tables, len(lines))
    while 0 < at < len(lines) and (not lines[at - 1].strip() or lines[at - 1].startswith("#")):
        at -= 1
    head = "".join(lines[:at])
    gap = "\n" if head and not head.endswith("\n") else ""
    return "".join([head, gap, added, *lines[at:]])


def _put_table(file: Any, name: str, wanted: Mapping[str, Any]) -> None:
    """Make a table say just this; lines that say it already stay with their remarks."""
    import tomlkit

    if not wanted:
        _put(file, name, None)
        return
    if name not in file:
        file.add(tomlkit.nl())
        file.add(name, tomlkit.table())
    table = file[name]
    for key in [each for each in table if each not in wanted]:
        del table[key]
    for key, value in wanted.items():
        _put(table, key, value)


def _put_methods(file: Any, said: Declaration) -> None:
    """Confirm printed methods: entries of ``[[rules.method]]``, with rules that they stand in."""
    import tomlkit

    rules = file.get("rules")
    wanted = list(said.methods)
    held = [(each["serial_no"], each["text"]) for each in (rules or {}).get("method", [])]
    if held == wanted:
        return
    if rules is None:
        file.add(tomlkit.nl())
        file.add("rules", _begun(said))
        rules = file["rules"]
    _put_entries(rules, "method", [{"serial_no": each[0], "text": each[1]} for each in wanted])


def _put_entries(table: Any, key: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """Make a list of entries say just this; without any it is taken out."""
    import tomlkit

    if key in table:
        del table[key]
    listed = tomlkit.aot()
    for each in entries:
        entry = tomlkit.table()
        entry.update(each)
        listed.append(entry)
    if entries:
        table.add(key, listed)


def _put_total(file: Any, said: Declaration) -> None:
    """Declare caps and grades in ``[total]``."""
    import tomlkit

    total, wanted = file.get("total"), {k: v for k, v in said.total.items() if v not in (None, [])}
    held = {key: total[key] for key in ("bonus_cap", "minus_cap", "grade") if key in (total or {})}
    if held == wanted:
        return
    if total is None:
        file.add(tomlkit.nl())
        file.add("total", _begun(said))
        total = file["total"]
    for key in ("bonus_cap", "minus_cap"):
        _put(total, key, wanted.get(key))
    _put_entries(total, "grade", wanted.get("grade", []))


def _begun(said: Declaration) -> Any:
    """Return a table of rules that begins: version, first day and what it rests on."""
    import tomlkit

    table = tomlkit.table()
    table.add("version", _FIRST_VERSION)
    table.add("from", said.since)
    table.add("basis", said.basis)
    return table
