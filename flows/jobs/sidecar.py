"""Finding the document that a command names, and what people declared of it beside it.

The sidecar that a landed document's rules, rank groups and aliases stand in.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common import toml
from common.days import today
from common.files import is_office_lock, sha256_of_bytes
from common.fold import fold
from common.names import shown_name
from common.refusal import Refusal, refusal
from extract.files.pictures import document_sha256, pages_of
from schemas.files.corrections import parse_corrections
from schemas.ids import FIRST_YEAR, checked_document_id, checked_year
from schemas.records.corrections import Correction
from schemas.records.document import Document
from schemas.records.source import AnsweredMethod, SourceMeta, Supplier
from schemas.vocabulary import KNOWN_DIRECTIONS, Accumulation, word

if TYPE_CHECKING:
    from scoring.points.periods import Period
    from scoring.rules.notice_rules import NoticeRules
    from scoring.total.rules import TotalRules
from collections.abc import Mapping

SIDECAR = "source.toml"
CORRECTIONS = "corrections.toml"
#: What a key of the sidecar must be, for the person who wrote it.
EXPECTED_ZH = {
    "str": "文字（用英文双引号括起）",
    "int": "整数（不加引号）",
    "date": "日期（不加引号，例如 2021-01-05）",
    "list": "列表（用方括号括起）",
    "dict": "一节（以方括号中的名称开头）",
    "list of names": "名称的列表",
    "UTF-8 TOML": "UTF-8 编码的 TOML",
    "one_figure": "true、false，或序号、指标名称的列表",
    "licence": "许可协议的代号（如 CC-BY-4.0）或网址",
}
#: A licence by its identifier or address, as Data Packages name them.
LICENCE = re.compile(r"[-A-Za-z0-9._]+|https?://\S+")
NOT_DOCUMENTS = frozenset({SIDECAR, CORRECTIONS})
ROLES = frozenset({"official", "draft", "copy"})
#: Whether values that nobody approved count (shown as such), or do not.
APPROVALS = ("shown", "required")
TEXT_KEYS = ("title", "doc_number", "issuer", "sha256", "role", "supersedes", "licence")
DATE_KEYS = ("issued_on", "received_on")
#: A year's notice is issued in the year before at the earliest, and so many years later at most.
ISSUED_WITHIN = 2
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


@dataclass(frozen=True, slots=True)
class Located:
    """One document on disk and what is known of it before it is read.

    ``meta.document_id`` is empty where nobody has named the document yet.
    """

    path: Path
    meta: SourceMeta


def locate(
    source: Path,
    document_id: str | None = None,
    year: int | None = None,
    entities: tuple[str, ...] = (),
    supplier: str | None = None,
) -> Located:
    """Find the document that ``source`` (a file, or a folder of ``raw/notices``) stands for.

    ``document_id``, ``year``, ``entities`` and ``supplier`` override what folder and sidecar say.
    Raises Refusal where there is no such file, not exactly one, or its sidecar is wrong.
    """
    if not source.exists():
        raise refusal("flows.no_such_file", file=source)
    if leads_above(source):
        raise refusal("flows.leads_above", file=source, folder=source.resolve())
    path = document_in(source) if source.is_dir() else source
    check_no_lock(path)
    check_readable(path)
    home = path if path.is_dir() else path.parent
    meta = read_sidecar(home)
    if meta.sha256 is not None:
        check_sha256(path, meta.sha256)
    if document_id is not None:
        meta = dataclasses.replace(meta, document_id=checked_document_id(document_id))
    if year is not None:
        meta = dataclasses.replace(meta, year=year)
    if entities:
        meta = dataclasses.replace(meta, entities=entities)
    if supplier is not None:
        meta = dataclasses.replace(meta, supplier=Supplier(supplier))
    return Located(path, dataclasses.replace(meta, corrections=read_corrections(home)))


def leads_above(path: Path) -> bool:
    """Say whether a link stands for a folder that holds one of those that it lies in."""
    if not path.is_symlink() or not path.is_dir():
        return False
    folder = path.resolve()
    return any(each.resolve().is_relative_to(folder) for each in path.absolute().parents)


def check_no_lock(*paths: Path) -> None:
    """Refuse what Office lays beside a file that is open, where it is taken for the file."""
    for path in paths:
        if is_office_lock(path.name):
            raise refusal("flows.office_lock", file=path)


def check_readable(path: Path) -> None:
    """Refuse what is no file (a pipe, a device); OSError where it may not be read."""
    for file in pages_of(path):
        if not file.is_file():
            raise refusal("flows.not_a_file.notice", file=path)
        file.open("rb").close()


def document_in(folder: Path) -> Path:
    """Return the one document of a folder; its sidecars, READMEs and hidden files are none.

    A folder of several pictures is a document itself: each is a page.
    """
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.is_file()
        and path.name not in NOT_DOCUMENTS
        and not path.name.startswith((".", "README", "~$"))
    ]
    if len(found) == 1:
        return found[0]
    if len(found) > 1 and len(pages_of(folder)) == len(found):
        return folder
    if not found:
        check_no_lock(*sorted(folder.iterdir()))
    names = "、".join(shown_name(path.name) for path in found) or "无"
    raise refusal("flows.not_one_document", folder=folder, count=len(found), files=names)


def read_sidecar(folder: Path) -> SourceMeta:
    """Return what ``source.toml`` in ``folder`` says; without one, what the folder's name says.

    A folder of ``raw/notices`` or one with a sidecar gives its name as the document's id.
    """
    folder = folder.resolve()
    sidecar = folder / SIDECAR
    if sidecar.is_file():
        return parse_sidecar(sidecar, shown_name(folder.name))
    in_raw = folder.parent.name == "notices" and folder.parent.parent.name == "raw"
    return SourceMeta(document_id=checked_document_id(shown_name(folder.name)) if in_raw else "")


def read_corrections(folder: Path) -> tuple[Correction, ...]:
    """Return the corrections beside a document; none where there is no such file."""
    path = folder / CORRECTIONS
    return parse_corrections(path.read_bytes(), str(path)) if path.is_file() else ()


def sidecar_of(raw: Path, document_id: str) -> Path | None:
    """Return the sidecar of a landed document; None where its folder or the sidecar is not there.

    It lies in the folder of the document's name; a folder of another name may claim the document
    with the key ``document_id``.
    """
    own = raw / "notices" / document_id / SIDECAR
    if own.is_file():
        return own
    for path in sorted((raw / "notices").glob(f"*/{SIDECAR}")):
        if parse_sidecar(path, shown_name(path.parent.name)).document_id == document_id:
            return path
    return None


def rules_of(sidecar: Path) -> NoticeRules | None:
    """Return what ``[rules]`` of a sidecar declares; None where there is no such table.

    Raises Refusal for every key or value that is not understood.
    """
    from scoring.rules.notice_rules import parse_rules

    content = read_toml(sidecar)
    if "rules" not in content:
        return None
    declared = checked(sidecar, content, "rules", dict)
    return parse_rules(declared, str(sidecar), rank_groups(sidecar, content))


def total_of(sidecar: Path) -> TotalRules | None:
    """Return what ``[total]`` and ``[coefficients]`` of a sidecar declare; None where neither is.

    Raises Refusal for every key or value that is not understood.
    """
    from scoring.total.rules import parse_total

    content = read_toml(sidecar)
    if "total" not in content and "coefficients" not in content:
        return None
    table, factors = (
        checked(sidecar, content, key, dict) or {} for key in ("total", "coefficients")
    )
    return parse_total(table, factors, str(sidecar))


def periods_of(sidecar: Path) -> tuple[Period, ...]:
    """Return what ``[periods]`` of a sidecar declares; nothing where there is no such table.

    Raises Refusal for every key or value that is not understood.
    """
    from scoring.points.periods import parse_periods

    declared = checked(sidecar, read_toml(sidecar), "periods", dict)
    return () if declared is None else parse_periods(declared, str(sidecar))


def read_toml(path: Path) -> dict[str, Any]:
    """Return a sidecar's content; Refusal where it is not TOML in UTF-8."""
    try:
        return toml.read_toml(path)
    except toml.NotTomlError as error:
        raise sidecar_refusal(path, "TOML", str(error), "UTF-8 TOML") from error


def parse_sidecar(path: Path, folder_name: str) -> SourceMeta:
    """Return the sidecar's content, each key checked; a mistake in it is refused by its key."""
    content = read_toml(path)
    for key in content:
        if key not in (*TEXT_KEYS, *DATE_KEYS, *OTHER_KEYS, *TABLES):
            raise unknown_key(path, key)
    texts = {key: checked(path, content, key, str) for key in TEXT_KEYS}
    role = texts.pop("role") or "official"
    if role not in ROLES:
        raise sidecar_refusal(path, "role", role, " / ".join(sorted(ROLES)))
    _check_licence(path, texts["licence"])
    dates = _dates(path, content)
    approval = checked(path, content, "approval", str) or APPROVALS[0]
    if approval not in APPROVALS:
        raise sidecar_refusal(path, "approval", approval, " / ".join(APPROVALS))
    supplier = checked(path, content, "supplier", str) or Supplier.QUICK
    if supplier not in tuple(Supplier):
        raise sidecar_refusal(path, "supplier", supplier, " / ".join(Supplier))
    return SourceMeta(
        document_id=checked_document_id(checked(path, content, "document_id", str) or folder_name),
        year=checked(path, content, "year", int),
        origin=checked(path, content, "origin", str) or checked(path, content, "url", str),
        role=role,
        departments=checked_table(path, content, "departments", str),
        rank_groups=rank_groups(path, content),
        directions=_coded(path, content, "directions", "direction", KNOWN_DIRECTIONS),
        accumulates=_coded(path, content, "accumulates", "accumulates", tuple(Accumulation)),
        entities=_entities(path, content),
        issued_on=dates["issued_on"],
        received_on=dates["received_on"],
        deadline=_deadline(path, content),
        approval=approval,
        supplier=Supplier(supplier),
        one_figure=_one_figure(path, content),
        methods=_answered_methods(
            checked(path, content, "rules", dict), checked(path, content, "total", dict)
        ),
        **texts,
    )


def _answered_methods(
    rules: Mapping[str, Any] | None, total: Mapping[str, Any] | None
) -> tuple[AnsweredMethod, ...]:
    """Return the printed methods that ``[rules]`` answers: confirmed, or with a rule instead.

    What is printed of a veto is answered by what ``[total]`` says that it does.

    What is wrong in an entry is said where rules are read; here it answers nothing.
    """
    confirmed = (
        AnsweredMethod(
            each["serial_no"], fold(each["text"]), "rule" in each or "parameters" in each
        )
        for each in _of_rows(rules, "method")
        if isinstance(each.get("text"), str)
    )
    instead = (
        AnsweredMethod(each["serial_no"], None, written=True)
        for each in _of_rows(rules, "rule")
        if "rule" in each and _FOR_SOME.isdisjoint(each)
    )
    vetoes = (
        AnsweredMethod(each.get("serial_no"), None, written=True, of_veto=True)
        for each in _listed(total, "veto")
    )
    return (*confirmed, *instead, *vetoes)


def _of_rows(rules: Mapping[str, Any] | None, key: str) -> list[dict[str, Any]]:
    """Return the entries that name a serial number."""
    return [each for each in _listed(rules, key) if isinstance(each.get("serial_no"), int)]


def _listed(rules: Mapping[str, Any] | None, key: str) -> list[dict[str, Any]]:
    listed = (rules or {}).get(key)
    found = listed if isinstance(listed, list) else []
    return [each for each in found if isinstance(each, dict)]


#: Keys by which a rule is for some rows of its indicator alone.
_FOR_SOME = frozenset({"part_no", "entity", "rank_group"})


def _check_licence(path: Path, found: str | None) -> None:
    if found is not None and not LICENCE.fullmatch(found):
        raise sidecar_refusal(path, "licence", found, "licence")


def _dates(path: Path, content: dict[str, Any]) -> dict[str, date | None]:
    """Return the days of a sidecar; none is still to come, nor was it received before its issue."""
    dates: dict[str, date | None] = {}
    earliest = date(FIRST_YEAR, 1, 1)
    for key in DATE_KEYS:
        found = dates[key] = checked(path, content, key, date)
        if found is None:
            continue
        if isinstance(found, datetime):
            raise sidecar_refusal(path, key, found.isoformat(), "date")
        place = {"file": path, "key": key, "found": found}
        if found > today():
            raise refusal("flows.bad_source_toml.day_to_come", **place, today=today())
        if found < earliest:
            raise refusal("flows.bad_source_toml.day_too_early", **place, earliest=earliest)
        earliest = max(earliest, found)
    return dates


def _deadline(path: Path, content: dict[str, Any]) -> date | None:
    """Return the day by which returns are to be there; it may be to come."""
    found: date | None = checked(path, content, "deadline", date)
    if isinstance(found, datetime):
        raise sidecar_refusal(path, "deadline", found.isoformat(), "date")
    earliest = date(FIRST_YEAR, 1, 1)
    if found is not None and found < earliest:
        place = {"file": path, "key": "deadline", "found": found}
        raise refusal("flows.bad_source_toml.day_too_early", **place, earliest=earliest)
    return found


def _one_figure(path: Path, content: dict[str, Any]) -> bool | tuple[int | str, ...] | None:
    """Return whose figure to compare with is one: of all, of none, or of some indicators."""
    found = content.get("one_figure")
    if found is None or isinstance(found, bool):
        return found
    kinds = (int, str)
    listed = found if isinstance(found, list) else [None]
    if not all(isinstance(each, kinds) and not isinstance(each, bool) for each in listed):
        raise sidecar_refusal(path, "one_figure", repr(found), "one_figure")
    return tuple(listed)


def checked(path: Path, content: dict[str, Any], key: str, kind: type) -> Any:
    """Return a key's value, None where it is absent; refused where it is of another kind."""
    value = content.get(key)
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
        raise sidecar_refusal(path, key, repr(value), kind.__name__)
    return value


def checked_table(path: Path, content: dict[str, Any], key: str, kind: type) -> dict[str, Any]:
    """Return a table of the sidecar with values of one kind; empty where it is absent."""
    table = checked(path, content, key, dict) or {}
    return {name: checked(path, table, name, kind) for name in table}


def _entities(path: Path, content: dict[str, Any]) -> tuple[str, ...]:
    """Return those whom a person says the document assesses; empty where nobody did."""
    names = checked(path, content, "entities", list)
    if names is not None and not _are_names(names):
        raise sidecar_refusal(path, "entities", repr(names), "list of names")
    return tuple(dict.fromkeys(name.strip() for name in names or ()))


def _are_names(names: list[Any]) -> bool:
    return bool(names) and all(isinstance(each, str) and each.strip() for each in names)


def rank_groups(path: Path, content: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the rank groups by name; each is a list of the names of entities."""
    groups = checked_table(path, content, "rank_groups", list)
    for name, members in groups.items():
        if not _are_names(members):
            raise sidecar_refusal(path, f"rank_groups.{name}", repr(members), "list of names")
    return {name: tuple(members) for name, members in groups.items()}


def _coded(
    path: Path, content: dict[str, Any], key: str, section: str, known: tuple[str, ...]
) -> dict[str, str]:
    """Return a table's codes by serial number or name of the indicator.

    They may be given as codes or in the words of the vocabulary's section (越低越好).
    """
    codes = {name: code for code in known for name in (code, word(section, code))}
    found = checked_table(path, content, key, str)
    for name, given in found.items():
        if given not in codes:
            raise sidecar_refusal(path, f"{key}.{name}", given, " / ".join(codes))
    return {name: str(codes[given]) for name, given in found.items()}


def unknown_key(path: Path, key: str) -> Refusal:
    """Say that a sidecar has a key that nothing reads, and which there are."""
    tables = (f"[{name}]" for name in TABLES)
    keys = (*TEXT_KEYS, *DATE_KEYS, *sorted(OTHER_KEYS), *tables)
    return refusal("flows.bad_source_toml.key", file=path, key=key, keys="、".join(keys))


def sidecar_refusal(path: Path, key: str, found: str, expected: str) -> Refusal:
    """Say which key of which sidecar is wrong."""
    return refusal(
        "flows.bad_source_toml.value",
        file=path,
        key=key,
        found=found,
        expected=expected,
        expected_zh=EXPECTED_ZH.get(expected, expected),
    )


def check_sha256(path: Path, expected: str) -> None:
    """Refuse a document that is not the one its sidecar was written for."""
    found = document_sha256(path)
    if found != expected.lower():
        raise refusal("flows.sha256_differs", file=path, found=found, expected=expected)


def resolve(meta: SourceMeta, document: Document) -> SourceMeta:
    """Fill the id and the year that nobody gave from what the document says of itself."""
    year = meta.year if meta.year is not None else document.front.year
    if year is None:
        raise refusal("flows.no_year", file=document.source_name)
    checked_year(year)
    if meta.issued_on and not year - 1 <= meta.issued_on.year <= year + ISSUED_WITHIN:
        named = {"document": meta.document_id, "year": year, "found": meta.issued_on}
        raise refusal("flows.issued_out_of_place", **named)
    document_id = meta.document_id or id_from_document(document, year)
    return dataclasses.replace(meta, document_id=document_id, year=year)


def id_from_document(document: Document, year: int) -> str:
    """Make an id out of what the document says: year, running number, six digits of a hash.

    The hash is taken over the number as printed, or the title, or else the file, so that the same
    notice in another format gets the same id and another office's notice never does.
    """
    front = document.front
    said = _id_text(front.doc_number or front.title or document.source_sha256)
    digest = sha256_of_bytes(re.sub(r"\W", "", said).encode())[:6]
    running = re.search(r"([0-9]+)号", _id_text(front.doc_number or ""))
    return "-".join([str(year), *([running.group(1)] if running else []), digest])


def _id_text(text: str) -> str:
    """Return a text as ids are made of it; ids that were given stay, so this never changes."""
    return "".join(unicodedata.normalize("NFKC", text).split())


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
        raise refusal("flows.sidecar_missing", document=document_id, place=place)
    return sidecar


def _had_one(notice: Mapping[str, Any]) -> bool:
    declared = any(notice[name] is not None for name in _ONLY_DECLARED)
    return declared or notice["role"] not in (None, "official")
