"""Departments that are nearly ones that are known: a character misread, lost or too many."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from common.declared import declared_list
from normalize.text.departments import (
    PLACES,
    SHORTEST,
    looks_like_department,
    names_of_departments,
)

_COUNTED = "一二三四五六七八九十零〇0123456789"
_LINKS = "和与及的及市县区委办政局"
_BODIES = "委府"  # 市委 is whole
_SHORT_FORMS = ("局", "委", "办", "室", "院", "会", "中心", "公司", "支队")
_WHOLE_HEADS = (*_SHORT_FORMS, *_BODIES)
_LONG = 7
_HABIT = 0.8  # share of a document's other names from which all are meant to begin with a place


def near_name(name: str, printed: Mapping[str, int]) -> tuple[str, ...]:
    """Return the known names that this one nearly is; empty where it is known or like none.

    A known one is near where the document prints it with a place, as it does its other names.

    ``printed`` counts in how many rows the document prints each name. In a short name only a
    character that no name of a department has is a sign: 市财政局 and 市民政局 are two. A numeral,
    another ending (局 for 委) or a linking word (发展和改革) makes no doubt.
    """
    bare = _bare(name)
    prefix = name[: len(name) - len(bare)]
    if known_department(name):
        return _with_its_place(name, printed)
    if len(bare) < 2:
        return tuple(prefix + whole for whole in _beginning_with(bare))
    if whole := _end_of(name, printed):
        return whole
    if len(bare) < SHORTEST:
        return ()
    others = printed.keys() - {name}
    known = {n for n in others if printed[n] > printed.get(name, 0)}
    known.update(prefix + n for n in names_of_departments())
    usual = _characters().union(*others)
    every = known | others
    return (
        _slips_of(name, known, usual)
        or _run_together(name, every)
        or _slip_before(name, every, usual)
        or _ending_before(name, every)
    )


def known_department(name: str) -> bool:
    """Tell whether a name is that of a department of any government."""
    return _bare(name) in names_of_departments()


def _beginning_with(bare: str) -> list[str]:
    """Return the declared names that one character, or none, begins; 市委 is whole."""
    return (
        [] if bare in _BODIES else sorted(n for n in names_of_departments() if n.startswith(bare))
    )


def _end_of(name: str, printed: Mapping[str, int]) -> tuple[str, ...]:
    """Return the known names that this one is only the end of, where others begin with a place.

    What stands before it is no name by itself: 市公安局 | 交警支队 are an office and its branch.
    """
    others = printed.keys() - {name}
    if not _lacks_a_place(name, others):
        return ()
    known = {_bare(other) for other in others} | names_of_departments()
    return tuple(sorted(whole for whole in known if _is_cut_off(name, whole)))


def _with_its_place(name: str, printed: Mapping[str, int]) -> tuple[str, ...]:
    """Return the printed names that this one is without the place before it, where others have one.

    The place may stand at the end of the cell above, over which a browser printed the rest.
    """
    others = printed.keys() - {name}
    if not _lacks_a_place(name, others):
        return ()
    return tuple(sorted(other for other in others if _bare(other) == name))


def _lacks_a_place(name: str, others: Collection[str]) -> bool:
    """Tell whether a name has no word for a place before it, as the others have (市财政局)."""
    placed = sum(other != _bare(other) for other in others)
    return name == _bare(name) and placed > 0 and placed >= _HABIT * len(others)


def _is_cut_off(end: str, whole: str) -> bool:
    head = whole.removesuffix(end)
    return head not in ("", whole) and not head.endswith(_WHOLE_HEADS)


def _slips_of(name: str, known: Collection[str], usual: Collection[str]) -> tuple[str, ...]:
    """Return the known names that this one is with a slip, or the beginning of."""
    bare = _bare(name)
    return tuple(sorted(n for n in known if _is_slip(bare, _bare(n), usual) or _is_cut(name, n)))


def _is_cut(name: str, known: str) -> bool:
    """Tell whether a name is the beginning of a known one and ends as no short form of it does."""
    return len(known) > len(name) and known.startswith(name) and not name.endswith(_SHORT_FORMS)


def _slip_before(name: str, known: Collection[str], usual: Collection[str]) -> tuple[str, ...]:
    """Return the two names that stand in one, the first of them with a wrong character."""
    for right in sorted(known, key=len, reverse=True):
        left = name[: -len(right)]
        if len(_bare(right)) >= SHORTEST <= len(_bare(left)) and name.endswith(right):
            found = sorted(n for n in known if _is_slip(_bare(left), _bare(n), usual))
            return (found[0], right) if found else ()
    return ()


def _ending_before(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the name behind what only ends one: the rest of the cell above (局市财政局)."""
    rest = next((name[len(end) :] for end in _SHORT_FORMS if name.startswith(end)), "")
    whole = rest in known or known_department(rest)
    return (rest,) if whole and rest != _bare(rest) and len(_bare(rest)) >= SHORTEST else ()


def _bare(name: str) -> str:
    return name[1:] if name[:1] in PLACES else name


@cache
def _characters() -> frozenset[str]:
    return frozenset(c for name in names_of_departments() for c in name) | frozenset(_COUNTED)


def _is_slip(name: str, known: str, usual: Collection[str]) -> bool:
    if len(name) == len(known):
        return _has_odd_character(name, known, usual)
    long, short = (name, known) if len(name) > len(known) else (known, name)
    if len(long) != len(short) + 1 or len(short) < _LONG - 1:
        return False
    extra = next((at for at, c in enumerate(short) if long[at] != c), len(short))
    return long[:extra] + long[extra + 1 :] == short and long[extra] not in _LINKS


def _has_odd_character(name: str, known: str, usual: Collection[str]) -> bool:
    """Tell whether one character of a name is wrong, where the other name has its own."""
    places = [at for at, (a, b) in enumerate(zip(name, known, strict=True)) if a != b]
    if len(places) != 1:
        return False
    odd, meant = name[places[0]], known[places[0]]
    ending = places[0] == len(name) - 1 and looks_like_department(name) >= 0.5
    if ending or (odd in _COUNTED and meant in _COUNTED):
        return False
    return odd not in usual or len(name) >= _LONG


def _is_branch(rest: str) -> bool:
    """Tell whether what stands behind a whole name is an office of it (市公安局 | 交警支队)."""
    second = declared_list("normalize", "departments", "second")
    return _bare(rest) == rest and rest in names_of_departments() and not rest.endswith(second)


def _run_together(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the two names that stand in one, with at most one wrong character between them."""
    bare = {_bare(one): one for one in known}
    for left in sorted(known, key=len, reverse=True):
        if not name.startswith(left) or len(_bare(left)) < SHORTEST:
            continue
        rest = name[len(left) :]
        if _is_branch(rest):
            continue
        for right in (rest, rest[1:]):
            if right and (_bare(right) in bare) and len(_bare(right)) >= 2:
                return (left, bare[_bare(right)])
    return ()
