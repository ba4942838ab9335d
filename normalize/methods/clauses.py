"""A method's text parted into clauses, each understood whole by a pattern or left unread."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

from common.declared import declared
from common.fold import fold
from normalize.methods.model import Clauses, Statement

_ENDS = re.compile(r"(?<![0-9]),|,(?![0-9])|[;!?]|\.(?![0-9])|:(?=[^0-9])")
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
        elif found.kind != "lead":
            statements.append(found)
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
    patterns = declared("normalize", "methods")["leads"]["patterns"]
    return tuple(compiled(pattern) for pattern in patterns)


@cache
def _brackets() -> re.Pattern[str]:
    return re.compile(declared("normalize", "methods")["brackets"]["pattern"])


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    listed = declared("normalize", "methods")["clauses"]
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
    parts = dict(declared("normalize", "methods")["parts"])
    parts["leads"] = "|".join(declared("normalize", "methods")["leads"]["patterns"])
    while _MACRO.search(pattern):
        pattern = _MACRO.sub(lambda found: f"(?:{parts[found[1]]})", pattern)
    return pattern
