"""What a document's ``source.toml`` says of it: every key known, and of its kind."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from common.days import today
from common.refusal import Refusal, refusal
from flows.jobs.sidecar.answered import answered_methods
from flows.jobs.sidecar.content import Content
from schemas.ids import FIRST_YEAR, checked_document_id
from schemas.records.source import SourceMeta, Supplier
from schemas.vocabulary import KNOWN_DIRECTIONS, Accumulation, word

#: A licence by its identifier or address, as Data Packages name them.
LICENCE = re.compile(r"[-A-Za-z0-9._]+|https?://\S+")
ROLES = ("copy", "draft", "official")
#: Whether values that nobody approved count (shown as such), or do not.
APPROVALS = ("shown", "required")
TEXT_KEYS = ("title", "doc_number", "issuer", "sha256", "role", "supersedes", "licence")
DATE_KEYS = ("issued_on", "received_on")
OTHER_KEYS = frozenset(
    {
        "year",
        "url",
        "origin",
        "document_id",
        "entities",
        "deadline",
        "approval",
        "one_figure",
        "supplier",
    }
)
TABLES = (
    *("departments", "rank_groups", "directions", "accumulates", "rules", "total"),
    *("coefficients", "periods"),
)


def parse_sidecar(path: Path, folder_name: str) -> SourceMeta:
    """Return the sidecar's content, each key checked; a mistake in it is refused by its key."""
    content = Content.of(path)
    for key in content.said:
        if key not in (*TEXT_KEYS, *DATE_KEYS, *OTHER_KEYS, *TABLES):
            raise _unknown_key(path, key)
    texts = {key: content.get(key, str) for key in TEXT_KEYS}
    role = content.one_of("role", ROLES, "official")
    if texts["licence"] is not None and not LICENCE.fullmatch(texts["licence"]):
        raise content.refused("licence", texts["licence"], "licence")
    dates = _dates(content)
    approval = content.one_of("approval", APPROVALS, APPROVALS[0])
    supplier = Supplier(content.one_of("supplier", tuple(Supplier), Supplier.QUICK))
    return SourceMeta(
        document_id=checked_document_id(content.get("document_id", str) or folder_name),
        year=content.get("year", int),
        title=texts["title"],
        doc_number=texts["doc_number"],
        issuer=texts["issuer"],
        issued_on=dates["issued_on"],
        origin=content.get("origin", str) or content.get("url", str),
        received_on=dates["received_on"],
        sha256=texts["sha256"],
        licence=texts["licence"],
        role=role,
        supersedes=texts["supersedes"],
        departments=content.table_of("departments", str),
        rank_groups=rank_groups(content),
        directions=_coded(content, "directions", "direction", KNOWN_DIRECTIONS),
        accumulates=_coded(content, "accumulates", "accumulates", tuple(Accumulation)),
        entities=_entities(content),
        deadline=_deadline(content),
        approval=approval,
        supplier=supplier,
        one_figure=_one_figure(content),
        methods=answered_methods(content.table("rules"), content.table("total")),
    )


def _unknown_key(path: Path, key: str) -> Refusal:
    """Say that a sidecar has a key that nothing reads, and which there are."""
    tables = (f"[{name}]" for name in TABLES)
    keys = (*TEXT_KEYS, *DATE_KEYS, *sorted(OTHER_KEYS), *tables)
    return refusal("flows.bad_source_toml.key", file=path, key=key, keys="、".join(keys))


def _dates(content: Content) -> dict[str, date | None]:
    """Return the days of a sidecar; none is still to come, nor was it received before its issue."""
    dates: dict[str, date | None] = {}
    earliest = date(FIRST_YEAR, 1, 1)
    for key in DATE_KEYS:
        found = dates[key] = content.day(key)
        if found is None:
            continue
        place = {"file": content.path, "key": key, "found": found}
        if found > today():
            raise refusal("flows.bad_source_toml.day_to_come", **place, today=today())
        if found < earliest:
            raise refusal("flows.bad_source_toml.day_too_early", **place, earliest=earliest)
        earliest = max(earliest, found)
    return dates


def _deadline(content: Content) -> date | None:
    """Return the day by which returns are to be there; it may be to come."""
    found, earliest = content.day("deadline"), date(FIRST_YEAR, 1, 1)
    if found is not None and found < earliest:
        place = {"file": content.path, "key": "deadline", "found": found}
        raise refusal("flows.bad_source_toml.day_too_early", **place, earliest=earliest)
    return found


def _one_figure(content: Content) -> bool | tuple[int | str, ...] | None:
    """Return whose figure to compare with is one: of all, of none, or of some indicators."""
    found = content.said.get("one_figure")
    if found is None or isinstance(found, bool):
        return found
    listed = found if isinstance(found, list) else [None]
    if not all(isinstance(each, int | str) and not isinstance(each, bool) for each in listed):
        raise content.refused("one_figure", repr(found), "one_figure")
    return tuple(listed)


def _entities(content: Content) -> tuple[str, ...]:
    """Return those whom a person says the document assesses; empty where nobody did."""
    listed = content.get("entities", list)
    names = () if listed is None else content.names("entities", listed)
    return tuple(dict.fromkeys(name.strip() for name in names))


def rank_groups(content: Content) -> dict[str, tuple[str, ...]]:
    """Return the rank groups by name; each is a list of the names of entities."""
    groups = content.table_of("rank_groups", list)
    return {name: content.names(f"rank_groups.{name}", each) for name, each in groups.items()}


def _coded(content: Content, key: str, section: str, known: tuple[str, ...]) -> dict[str, str]:
    """Return a table's codes by serial number or name of the indicator.

    They may be given as codes or in the words of the vocabulary's section (越低越好).
    """
    codes = {name: code for code in known for name in (code, word(section, code))}
    found = content.table_of(key, str)
    for name, given in found.items():
        if given not in codes:
            raise content.refused(f"{key}.{name}", given, " / ".join(codes))
    return {name: str(codes[given]) for name, given in found.items()}
