"""What the header over one column says, from its top text down: whose it is, and what it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from common.fold import clean, fold
from normalize.columns.hints import Hints
from normalize.columns.odds import odds
from normalize.columns.periods import Period, period_of
from normalize.columns.words import claims, declared_words, heads_entities, is_measure
from normalize.model.table import Role
from normalize.text.departments import looks_like_department
from normalize.text.places import is_place

_YEAR = re.compile(r"(?:19|20)\d{2}")
_YEAR_ALONE = re.compile(r"(?:19|20)\d{2}(?:年度?|全年)?(?:\([^()]*\))?")
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z0-9（）()、·]{1,12}")
_BRACKETED = re.compile(r"([^（()）]+)[（(]([^（()）]+)[)）]")
_LEADING_YEAR = re.compile(r"(?:(?:19|20)\d{2}年?度?)?")
# These say what the whole of a group is, whatever is printed below: what was, or boxes to fill in.
_OVER_ALL = (Role.BASE, Role.NOTE, Role.POINTS)


@dataclass(frozen=True, slots=True)
class ColumnHeader:
    """What the header over one column says.

    ``entity`` is the name it may be an entity's by (None: no text of it can be one), and
    ``entity_odds`` how often a text of that form is one. ``rest`` are the other texts, folded:
    columns of several entities with the same rest are of one kind. ``claims`` are the roles that
    the rest speaks for, ``alone`` those of the whole where no text of it is an entity.
    """

    path: tuple[str, ...]
    claims: Mapping[Role, float]
    alone: Mapping[Role, float]
    entity: str | None = None
    entity_odds: float = 0.0
    rest: tuple[str, ...] = ()
    period: Period | None = None

    @property
    def says_target(self) -> bool:
        """Whether it says that a target stands here, be it a second one of the same entity."""
        owned = self.entity_odds >= odds("entity", "in_targets")
        return owned or self.alone.get(Role.TARGET, 0.0) >= odds("name", "measure")


def read_headings(paths: Sequence[tuple[str, ...]], hints: Hints) -> list[ColumnHeader]:
    """Read the headers of all columns of a table."""
    paths = [tuple(part for text in path for part in _parted(text)) for path in paths]
    around = _Around(paths)
    hints = replace(hints, year=_year_of_targets(paths, hints.year))
    return [_heading(path, hints, around) for path in paths]


def _year_of_targets(paths: Sequence[tuple[str, ...]], of_document: int | None) -> int | None:
    """Return the year that the table's targets are of: the document's unless all name another."""
    named = [max(_years(path), default=0) for path in paths if _speaks_of_targets(path)]
    return of_document if not named or 0 in named or of_document in named else max(named)


def _years(path: Sequence[str]) -> list[int]:
    return [int(found) for text in path for found in _YEAR.findall(text)]


def _parted(text: str) -> tuple[str, ...]:
    """Part a header that names a place and what of it stands here.

    >>> _parted("2020年平川县上年完成"), _parted("目标值（平川县）"), _parted("目标值（万元）")
    (('平川县', '2020年上年完成'), ('平川县', '目标值'), ('目标值（万元）',))
    """
    printed = clean(text)
    if found := _BRACKETED.fullmatch(printed):
        outer, inner = found.groups()
        for place, rest in ((inner, outer), (outer, inner)):
            if _is_plain_place(place) and claims(rest):
                return place, rest
    year = found.group() if (found := _LEADING_YEAR.match(printed)) else ""
    bare = printed[len(year) :]
    for end in range(len(bare) - 1, 1, -1):
        if _is_plain_place(bare[:end]) and (claims(bare[end:]) or _YEAR.match(bare[end:])):
            return bare[:end], year + bare[end:]
    return (text,)


def _is_plain_place(name: str) -> bool:
    return is_place(name) and not claims(name) and not heads_entities(name)


def _speaks_of_targets(path: Sequence[str]) -> bool:
    """Tell whether a header says target, or nothing but a year."""
    alone = bool(path) and all(_YEAR_ALONE.fullmatch(fold(text)) for text in path)
    return alone or any(claims(text).get(Role.TARGET, 0.0) >= 0.5 for text in path)


class _Around:
    """How many names that speak for no role stand side by side, below a heading or over a name.

    ``places``: whether some header names a county, zone or town.
    """

    def __init__(self, paths: Sequence[tuple[str, ...]]) -> None:
        unlisted = [path for path in dict.fromkeys(paths) if path and not claims(path[-1])]
        self.places = any(is_place(text) for path in paths for text in path)
        self._below = Counter(path[:-1] for path in unlisted)
        over = {(path[0], path[1:]) for path in paths if len(path) > 1 and not claims(path[0])}
        self._over = Counter(tail for _, tail in over)

    def beside(self, path: tuple[str, ...], at: int) -> int:
        """Return how many names like this one, itself counted, stand in the same place."""
        if at == len(path) - 1:
            return self._below[path[:-1]]
        return self._over[path[1:]] if at == 0 else 0


def _heading(path: tuple[str, ...], hints: Hints, around: _Around) -> ColumnHeader:
    period = next((p for text in reversed(path) if (p := period_of(text))), None)
    alone = _claims_of(path, hints)
    likely = [(_entity_odds(path, i, hints, around), i) for i in range(len(path))]
    best, at = max(likely, default=(0.0, 0))
    if best < odds("entity", "claimed"):
        return ColumnHeader(path, {}, alone, period=period)
    rest = tuple(text for i, text in enumerate(path) if i != at and not heads_entities(text))
    held = _claims_of(rest, hints)
    if not any(map(claims, rest)) and not _years(rest):
        held = {Role.TARGET: odds("name", "measure" if rest else "sure"), **held}
    name = path[at]
    folded = tuple(fold(text) for text in rest)
    return ColumnHeader(path, held, alone, name, best, folded, period)


def _entity_odds(path: tuple[str, ...], at: int, hints: Hints, around: _Around) -> float:
    """Return how often a text of that form, under the texts above it, is an entity's name."""
    name = path[at]
    if hints.declares(name):
        return odds("entity", "declared")
    if claims(name) or _YEAR_ALONE.fullmatch(fold(name)) or heads_entities(name):
        return 0.0
    if is_measure(name) or (_YEAR.search(name) and not is_place(name)):
        return 0.0
    forms = list(_forms_of(path, at, hints, around))
    if hints.declared and not is_place(name):
        return odds("entity", "undeclared")
    return max((odds("entity", form) for form in forms), default=0.0)


def _forms_of(path: tuple[str, ...], at: int, hints: Hints, around: _Around) -> Iterator[str]:
    """Yield the forms of a name that are evidence for an entity (``[entity]`` of columns.toml)."""
    name = path[at]
    if is_place(name):
        yield "place"
    if hints.names(name):
        yield "named"
    if _WORD.fullmatch(name):
        yield from _forms_of_word(path, at, around)


def _forms_of_word(path: tuple[str, ...], at: int, around: _Around) -> Iterator[str]:
    """Yield the forms of a name that by itself is a word like any other."""
    above, beside = path[:at], around.beside(path, at)
    if any(map(heads_entities, above)) or (beside > 1 and at < len(path) - 1):
        yield "in_group"
    if beside > 1 and any(claims(text).get(Role.TARGET, 0.0) >= 0.5 for text in above):
        yield "in_targets"
    if is_body(path[at]):
        yield "body"
    yield "run" if beside > 1 and not (above or around.places) else "word"


def is_body(name: str) -> bool:
    """Tell whether a name is that of a department, company, school or the like."""
    return looks_like_department(name) >= 0.7 or bool(declared_words("body").search(clean(name)))


def _claims_of(path: Sequence[str], hints: Hints) -> Mapping[Role, float]:
    """Return the roles that texts speak for together, the lowest first of all."""
    years = _years(path)
    spoken = [claims(text) for text in path if not _YEAR_ALONE.fullmatch(fold(text))]
    held: Mapping[Role, float] = _mixed(spoken) if any(spoken) else {}
    if years:
        latest = max(years)
        held = _in_year(held, latest, hints.year) if held else _of_year(latest, hints.year)
    if not any(map(is_measure, path)):
        return held
    beside = odds("name", "measure" if held else "measure_alone")
    return {**held, Role.UNKNOWN: max(beside, held.get(Role.UNKNOWN, 0.0))}


def _mixed(spoken: Sequence[Mapping[Role, float]]) -> Mapping[Role, float]:
    """Weigh the claims of texts one below the other."""
    found = [held for held in spoken if held]
    lowest, above = found[-1], found[:-1]
    whole = next((h for h in above if any(h.get(r, 0.0) >= 0.5 for r in _OVER_ALL)), None)
    if whole is not None:
        return whole
    share = 1.0 if spoken[-1] else odds("name", "inherited")
    mixed = {role: share * p for role, p in lowest.items()}
    for held in above:
        for role, p in held.items():
            mixed[role] = max(mixed.get(role, 0.0), odds("name", "ancestor") * p)
    return mixed


def _of_year(year: int, of_document: int | None) -> Mapping[Role, float]:
    if of_document is None:
        return {Role.TARGET: 0.5, Role.BASE: 0.4}
    if year == of_document:
        return {Role.TARGET: odds("year", "target_of_year")}
    if year < of_document:
        return {
            Role.BASE: odds("year", "base_of_earlier"),
            Role.TARGET: odds("year", "target_of_earlier"),
            Role.UNKNOWN: odds("year", "other_of_earlier"),
        }
    return {Role.UNKNOWN: 0.8, Role.TARGET: odds("year", "target_of_later")}


def _in_year(
    held: Mapping[Role, float], year: int, of_document: int | None
) -> Mapping[Role, float]:
    """Return the claims of texts that name a year, by how it lies to the document's."""
    if of_document is None:
        return held
    moved = dict(held)
    if year == of_document and Role.BASE in moved:  # this year's result is filled in later
        moved[Role.NOTE] = max(moved.get(Role.NOTE, 0.0), moved.pop(Role.BASE))
    if year != of_document and Role.TARGET in moved:
        kept = odds("year", "target_of_earlier" if year < of_document else "target_of_later")
        moved[Role.UNKNOWN] = max(moved.get(Role.UNKNOWN, 0.0), moved[Role.TARGET])
        moved[Role.TARGET] *= kept
        moved.pop(Role.MILESTONE, None)
    return moved
