"""Decisions written to ``corrections.toml`` and landed at once, or refused and nothing written.

An entry is added at the file's end, or taken out, as text: what people wrote by hand stays as it is
to the last comment. Before anything is written the whole file is held against its schema, and the
document is understood with it; a decision that does not fit what was read changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from common.days import today
from common.files import write_atomically
from common.refusal import refusal
from flows.jobs.batch.summary import Summary
from flows.jobs.desk.memory import Memory, alone
from flows.jobs.sidecar.document import CORRECTIONS, locate
from schemas.files.corrections import parse_corrections
from schemas.records.corrections import Content, Correction, FindingPlace, place_in_words

_ENTRY = re.compile(r"^\s*\[\[\s*correction\s*\]\]")
_KEYS = ("serial_no", "page", "table_no", "row", "column", "entity", "finding")


@dataclass(frozen=True, slots=True)
class Written:
    """One decision as it stands in the file, in words; ``number`` counts from 1.

    ``where`` is its place as the file names it.
    """

    number: int
    where: Mapping[str, object]
    place: str
    decision: str
    reason: str
    by: str
    on: date


def written(folder: Path) -> list[Written]:
    """Return the decisions of a folder in the file's order; Refusal where the file is wrong."""
    return [_in_words(each) for each in _parsed(_content(folder), folder)]


def _in_words(correction: Correction) -> Written:
    value = correction.value
    said = "、".join(value) if isinstance(value, tuple) else f"{value}"
    return Written(
        correction.number,
        asdict(correction.where),
        place_in_words(correction.where)[1],
        "认可原样" if value is None else f"改为“{said}”",
        correction.reason,
        correction.by,
        correction.on,
    )


def decide(
    folder: Path,
    raw: Path,
    warehouse: Path,
    memory: Memory,
    entries: Sequence[Mapping[str, object]],
) -> Summary:
    """Add decisions to a document's file and land the document with them.

    An entry's ``replaces`` are decisions that go out for it, each with ``number`` and ``mark`` as
    the officer saw it. Raises Refusal, and then the file is as it was and nothing has been landed.
    """
    memory.recall(folder, warehouse)
    with alone(raw):
        before = _content(folder)
        listed = _parsed(before, folder)
        out = {place: said for entry in entries for place, said in _replaced(entry)}
        text = _taken_out(before, folder, listed, out)
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        after = text + "".join(f"{gap or ''}{_toml(_as_read(entry, listed))}" for entry in entries)
        return _write(folder, warehouse, memory, before, after.encode())


def undo(
    folder: Path, raw: Path, warehouse: Path, memory: Memory, number: int, said: str
) -> Summary:
    """Take one decision out of a document's file and land the document without it.

    ``said`` is the decision as the officer saw it: Refusal where another has its number now.
    """
    memory.recall(folder, warehouse)
    with alone(raw):
        before = _content(folder)
        listed = _parsed(before, folder)
        after = _taken_out(before, folder, listed, {number: said})
        return _write(folder, warehouse, memory, before, after.encode())


def _replaced(entry: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """Give the decisions that an entry takes the place of: their numbers and marks."""
    given = entry.get("replaces")
    for each in given if isinstance(given, list) else ():
        number = each.get("number") if isinstance(each, Mapping) else None
        yield (number, str(each.get("mark"))) if isinstance(number, int) else (0, "")


def _as_read(entry: Mapping[str, object], listed: Sequence[Correction]) -> Mapping[str, object]:
    """Return an entry that expects what was read before the decision that it takes the place of."""
    for number, _ in _replaced(entry):
        if not isinstance((before := listed[number - 1]).where, FindingPlace):
            return {**entry, "expect": _plain(before.expect)}
    return entry


def _plain(expected: Content) -> object:
    return list(expected) if isinstance(expected, tuple) else expected


def _taken_out(
    before: bytes, folder: Path, listed: Sequence[Correction], out: Mapping[int, str]
) -> str:
    """Return the file's text without some decisions, by number, each known by its mark."""
    text = before.decode("utf-8-sig") if before else ""
    left = list(listed)
    for number in sorted(out, reverse=True):
        if not 1 <= number <= len(left) or mark_of(_in_words(left[number - 1])) != out[number]:
            raise refusal("flows.desk_undo.changed", file=folder / CORRECTIONS)
        text = _without(text, number, len(left))
        del left[number - 1]
        if not _same(_parsed(text.encode(), folder), left):
            raise refusal("flows.desk_undo.by_hand", file=folder / CORRECTIONS, number=number)
    return text


def mark_of(each: Written) -> str:
    """Return what a decision is known by from one look to the next."""
    return f"{each.place}|{each.decision}|{each.reason}|{each.by}|{each.on}"


def _content(folder: Path) -> bytes:
    path = folder / CORRECTIONS
    return path.read_bytes() if path.is_file() else b""


def _parsed(content: bytes, folder: Path) -> tuple[Correction, ...]:
    return parse_corrections(content, str(folder / CORRECTIONS))


def _write(folder: Path, warehouse: Path, memory: Memory, before: bytes, after: bytes) -> Summary:
    """Understand the document with the new decisions, then write them, then land it."""
    located = locate(folder)
    corrections = _parsed(after, folder)
    decided = replace(located, meta=replace(located.meta, corrections=corrections))
    reading = memory.understand(decided, warehouse)
    if _content(folder) != before:
        raise refusal("flows.desk_undo.changed", file=folder / CORRECTIONS)
    write_atomically(folder / CORRECTIONS, after)
    return memory.land_saved(reading, folder, warehouse)


def _toml(entry: Mapping[str, object]) -> str:
    """Return one decision as an entry of the file, dated today; the schema names what lacks."""
    import tomlkit

    table = tomlkit.table()
    where = entry.get("where")
    place = where if isinstance(where, Mapping) else {}
    accepts = entry.get("accept") is True
    decision = ("expect", "accept" if accepts else "value", "reason", "by")
    for key, value in [*((k, place.get(k)) for k in _KEYS), *((k, entry.get(k)) for k in decision)]:
        if value is not None:
            table.add(key, value)
    table.add("on", today())
    file = tomlkit.document()
    listed = tomlkit.aot()
    listed.append(table)
    file.add("correction", listed)
    return tomlkit.dumps(file)


def _without(text: str, number: int, count: int) -> str:
    """Return the file's text without an entry; the remarks above the next one are that one's."""
    lines = text.splitlines(keepends=True)
    starts = [place for place, line in enumerate(lines) if _ENTRY.match(line)]
    if len(starts) != count:
        return text
    first = starts[number - 1]
    last = starts[number] if number < count else len(lines)
    if number < count:
        while last - 1 > first and (not lines[last - 1].strip() or _is_remark(lines[last - 1])):
            last -= 1
    while first > 0 and not lines[first - 1].strip():
        first -= 1
    return "".join(lines[:first] + lines[last:])


def _is_remark(line: str) -> bool:
    return line.lstrip().startswith("#")


def _same(found: Sequence[Correction], wanted: Sequence[Correction]) -> bool:
    return [replace(each, number=1) for each in found] == [
        replace(each, number=1) for each in wanted
    ]
