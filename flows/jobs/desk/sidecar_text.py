"""What is declared of a document, put into the text of its ``source.toml`` as if by hand.

Comments, order and keys that no form shows stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

#: Keys of the file that hold one value, and tables of names, as forms fill them in.
VALUES = (
    *("title", "doc_number", "issuer", "issued_on", "received_on", "year", "role", "supersedes"),
    *("deadline", "approval", "one_figure"),
)
NAMED = ("departments", "directions", "rank_groups", "accumulates", "coefficients", "periods")
#: What of ``[total]`` forms fill in.
OF_TOTAL = ("bonus_cap", "minus_cap", "quota_of", "grade", "veto")
_LISTS_OF_TOTAL = ("grade", "veto")
_METHOD = ("serial_no", "text")
_FIRST_VERSION = "1"
#: What confirmed methods and tables of the whole rest on, and rules of which nobody said it.
_PRINTED, _NOT_SAID = "通知所印", "没有写明依据"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule or ``[total]`` rests on, as somebody typed it, and from which day it counts."""

    since: date
    basis: str | None


@dataclass(frozen=True, slots=True)
class Declaration:
    """What forms say: None of a value takes it out, and an empty table as well.

    ``methods`` are serial numbers with printed texts that are confirmed; ``total`` holds caps,
    grades and vetoes.
    """

    values: Mapping[str, object]
    entities: Sequence[str]
    named: Mapping[str, Mapping[str, object]]
    methods: Sequence[tuple[int, str]]
    total: Mapping[str, object]
    basis: Basis


@dataclass(frozen=True, slots=True)
class OwnRule:
    """An officer's rule for the rows that ``chosen`` names; None takes it out.

    ``chosen`` holds ``serial_no`` and, where it is for some of its rows alone, ``part_no`` and
    ``entity`` or ``rank_group``.
    """

    chosen: Mapping[str, int | str]
    rule: str | None
    parameters: Mapping[str, object]
    basis: Basis


def with_declaration(text: str, said: Declaration) -> str:
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
    _put_total(file, said, dict(held.get("coefficients", {})))
    return tomlkit.dumps(file)


def with_rule(text: str, said: OwnRule) -> str:
    """Return the file's text with one rule in the place of that for the same rows, or without."""
    import tomlkit

    file = tomlkit.parse(text)
    held = _entries(file.get("rules"), "rule")
    kept = [each for each in held if not is_for(each, said.chosen)]
    wanted = list(kept)
    if said.rule is not None:
        given = {"parameters": dict(said.parameters)} if said.parameters else {}
        basis = said.basis.basis or _NOT_SAID
        wanted.append({**said.chosen, "rule": said.rule, "basis": basis, **given})
    if wanted != held:
        _put_entries(_table(file, "rules", said.basis.since, _PRINTED), "rule", wanted)
    return tomlkit.dumps(file)


def is_for(entry: Mapping[str, object], chosen: Mapping[str, object]) -> bool:
    """Say whether an entry of ``[[rules.rule]]`` is for just the rows that are chosen."""
    keys = ("serial_no", "part_no", "entity", "rank_group")
    return all(entry.get(key) == chosen.get(key) for key in keys)


def _put(file: Any, key: str, value: object) -> None:
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


def _put_table(file: Any, name: str, wanted: Mapping[str, object]) -> None:
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
    """Confirm printed methods: entries of ``[[rules.method]]``; what one writes besides stays."""
    held = _entries(file.get("rules"), "method")
    by_text = {(each.get("serial_no"), each.get("text")): each for each in held}
    wanted = [by_text.get(each, dict(zip(_METHOD, each, strict=True))) for each in said.methods]
    if held != wanted:
        _put_entries(_table(file, "rules", said.basis.since, _PRINTED), "method", wanted)


def _put_total(file: Any, said: Declaration, factors: Mapping[str, object]) -> None:
    """Declare caps, grades and vetoes in ``[total]``, and what they and coefficients rest on.

    ``factors`` are the coefficients of before: ``[total]`` says which version they are of.
    """
    wanted = {key: each for key in OF_TOTAL if (each := said.total.get(key)) not in (None, [])}
    held = file.get("total", {})
    basis = said.basis.basis or held.get("basis") or _PRINTED
    now = dict(said.named.get("coefficients", {}))
    if (now == factors and _says(held, wanted, basis)) or not (held or wanted or now):
        return
    total = _table(file, "total", said.basis.since, basis)
    _put(total, "basis", basis)
    for key in OF_TOTAL:
        _put_of_total(total, key, wanted.get(key))


def _says(held: Mapping[str, object], wanted: Mapping[str, object], basis: str) -> bool:
    """Whether ``[total]`` says just this already; without one, whether there is nothing to say."""
    same = {key: held[key] for key in OF_TOTAL if key in held} == wanted
    return bool(same and held.get("basis", basis) == basis)


def _put_of_total(total: Any, key: str, value: object) -> None:
    if key not in _LISTS_OF_TOTAL:
        _put(total, key, value)
        return
    entries = value if isinstance(value, list) else []
    if _entries(total, key) != entries:
        _put_entries(total, key, entries)


def _entries(table: Any, key: str) -> list[Mapping[str, object]]:
    return [each.unwrap() for each in (table or {}).get(key, [])]


def _put_entries(table: Any, key: str, entries: Sequence[Mapping[str, object]]) -> None:
    """Make a list of entries say just this; those that say it already stay with their remarks."""
    import tomlkit

    kept = _kept(table, key, entries)
    if not kept:
        _put(table, key, None)
    listed = table[key] if kept else tomlkit.aot()
    for each in entries[kept:]:
        entry = tomlkit.table()
        entry.update(each)
        listed.append(entry)
    if entries and not kept:
        table.add(key, listed)


def _kept(table: Any, key: str, entries: Sequence[Mapping[str, object]]) -> int:
    """Take out of a list what is not wanted; return how many stay, with which the others begin."""
    from tomlkit.items import AoT

    held = _entries(table, key)
    left = [each for each in held if each in entries]
    if not isinstance(table.get(key), AoT) or left != list(entries[: len(left)]):
        return 0
    for place in reversed([n for n, each in enumerate(held) if each not in entries]):
        del table[key][place]
    return len(left)


def _table(file: Any, name: str, since: date, basis: str) -> Any:
    """Return a table of rules that is about to change: another version, or one that begins."""
    import tomlkit

    if name in file:
        table = file[name]
        version = table.get("version")
        if isinstance(version, str) and version.isascii() and version.isdecimal():
            table["version"] = str(int(version) + 1)
        return table
    table = tomlkit.table()
    table.add("version", _FIRST_VERSION)
    table.add("from", since)
    table.add("basis", basis)
    file.add(tomlkit.nl())
    file.add(name, table)
    return file[name]
