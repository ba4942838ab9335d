"""A method's text parted into clauses, each understood whole by a pattern or left unread."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache

from common.declared import declared, declared_list
from common.fold import fold
from normalize.methods.amounts import figure
from normalize.methods.model import Clauses, Statement

#: A comma that parts what one clause lists: 得5分、4分, 国家级、省级.
_LISTED = (
    r"(?<=[分%]),(?=(?:[0-9.]+(?:分|%)|满分)(?:[,;.]|$))|(?<=级),(?=[国家省市县区州部委]{1,4}级)"
)
_ENDS = re.compile(rf"(?!{_LISTED})(?:(?<![0-9]),|,(?![0-9]))|[;!?]|\.(?![0-9])|:(?=[^0-9])")
_NUMBERED = re.compile(r"^(?:\([0-9一二三四五六七八九十]+\)|[0-9]{1,2}[.)](?![0-9])|[①-⑳])")
_MACRO = re.compile(r"\{([a-z_]+)\}")
_NAME, _AGAIN = re.compile(r"\(\?P<([a-z_0-9]+)>"), re.compile(r"__[0-9]+$")
#: Longer texts are no methods that a grammar of clauses would understand.
_LONGEST, _MOST_CLAUSES, _LONGEST_CLAUSE = 600, 24, 90


def said_of(text: str) -> Clauses:
    """Return the clauses of a printed method; every word of it is in one of them."""
    folded = _brackets().sub(r",\1,", fold(text))
    if len(folded) > _LONGEST:
        return Clauses((), (folded,))
    clauses = [*_clauses(folded)]
    if len(clauses) > _MOST_CLAUSES:
        return Clauses((), (folded,))
    statements: list[Statement] = []
    unread: list[str] = []
    place = 0
    while place < len(clauses):
        found, taken = _understood(clauses, place)
        if found is None:
            unread.append(clauses[place])
        elif found.kind != "lead" and (several := _spread(found)):
            statements.extend(several)
        elif found.kind != "lead":
            unread.append(found.text)
        place += taken
    return Clauses(tuple(statements), tuple(unread))


def _clauses(folded: str) -> Iterator[str]:
    for each in _ENDS.split(folded):
        bare = _NUMBERED.sub("", each.strip())
        if bare:
            yield bare


def _understood(clauses: list[str], place: int) -> tuple[Statement | None, int]:
    """Return what a clause says, joined with the next where it says something only so."""
    if place + 1 < len(clauses):
        joined = f"{clauses[place]},{clauses[place + 1]}"
        if _leads(clauses[place]) and (found := _statement(joined)):
            return found, 2
    if found := _statement(clauses[place]):
        return found, 1
    if place + 1 < len(clauses) and (found := _statement(f"{clauses[place]},{clauses[place + 1]}")):
        return found, 2
    return None, 1


@lru_cache(maxsize=4096)
def _statement(clause: str) -> Statement | None:
    if len(clause) > _LONGEST_CLAUSE:
        return None
    for kind, patterns in _patterns().items():
        for pattern in patterns:
            if found := pattern.fullmatch(clause):
                return Statement(kind, clause, said_in(found))
    return None


def _leads(clause: str) -> bool:
    return any(pattern.fullmatch(clause) for pattern in _lead_patterns())


@cache
def _lead_patterns() -> tuple[re.Pattern[str], ...]:
    patterns = declared_list("normalize", "methods", "leads", "patterns")
    return tuple(compiled(pattern) for pattern in patterns)


@cache
def _brackets() -> re.Pattern[str]:
    return re.compile(declared(str, "normalize", "methods", "brackets", "pattern"))


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    listed = declared(dict[str, list[str]], "normalize", "methods", "clauses")
    return {
        kind: tuple(compiled(pattern) for pattern in patterns) for kind, patterns in listed.items()
    }


def said_in(found: re.Match[str]) -> dict[str, str]:
    """Return what a match says under each name: what one of the groups of the name holds."""
    held = {name: text for name, text in found.groupdict().items() if text}
    return {_AGAIN.sub("", name): text for name, text in reversed(held.items())}


def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern with its macros written out; a name may stand in several places."""
    count: Counter[str] = Counter()

    def numbered(found: re.Match[str]) -> str:
        count[found[1]] += 1
        again = f"__{count[found[1]]}" if count[found[1]] > 1 else ""
        return f"(?P<{found[1]}{again}>"

    return re.compile(_NAME.sub(numbered, _written_out(pattern)))


def _written_out(pattern: str) -> str:
    parts = dict(declared(dict[str, str], "normalize", "methods", "parts"))
    parts["leads"] = "|".join(declared_list("normalize", "methods", "leads", "patterns"))
    while _MACRO.search(pattern):
        pattern = _MACRO.sub(lambda found: f"(?:{parts[found[1]]})", pattern)
    return pattern


_APART = re.compile("[,和及与]")
_MOST_PLACES = 30


def _spread(found: Statement) -> list[Statement] | None:
    """Return what a clause says, one statement a thing that it lists; None if they do not match."""
    made = _LISTS.get(found.kind)
    return [found] if made is None else made(found)


def _places(found: Statement) -> list[Statement] | None:
    """Return places with the share of each, from the first one named to the last."""
    gives = _APART.split(found.get("gives") or "")
    first = int(figure(found, "first")) if found.get("first") else 1
    last = int(figure(found, "last"))
    if last - first + 1 != len(gives) or last > _MOST_PLACES:
        return None
    said = {"beyond": found.get("beyond")}
    return [
        Statement("place", found.text, {**said, "first": str(no), "last": str(no), "give": give})
        for no, give in enumerate(gives, first)
    ]


def _classes(found: Statement) -> list[Statement] | None:
    """Return classes of awards with the points of each."""
    names = _APART.split(found.get("names") or "")
    amounts = _APART.split(found.get("amounts") or "")
    if len(names) != len(amounts):
        return None
    told = {"kind": found.get("kind"), "sign": found.get("sign")}
    return [
        Statement("class", found.text, {**told, "name": name, "points": points})
        for name, points in zip(names, amounts, strict=True)
    ]


_LISTS: Mapping[str, Callable[[Statement], list[Statement] | None]] = {
    "place_list": _places,
    "class_list": _classes,
}
