"""Departments that are nearly ones that are known: a character misread, lost or too many."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from normalize.departments import looks_like_department
from normalize.tables import declared_list

_PLACES = "市县区州省旗盟"
_COUNTED = "一二三四五六七八九十零〇0123456789"
_LINKS = "和与及的及市县区委办政局"
_BODIES = "委府"  # 市委 is whole
_SHORT_FORMS = ("局", "委", "办", "室", "院", "会", "中心", "公司", "支队")
_LONG = 7
_SHORTEST = 3


def near_name(name: str, printed: Mapping[str, int]) -> tuple[str, ...]:
    """Return the known names that this one nearly is; empty where it is known or like none.

    ``printed`` counts in how many rows the document prints each name. In a short name only a
    character that no name of a department has is a sign: 市财政局 and 市民政局 are two. A numeral,
    another ending (局 for 委) or a linking word (发展和改革) makes no doubt.
    """
    bare = _bare(name)
    if bare in _declared():
        return ()
    if len(bare) < 2:
        whole = () if bare in _BODIES else sorted(n for n in _declared() if n.startswith(bare))
        return tuple(name[: len(name) - len(bare)] + n for n in whole)
    if len(bare) < _SHORTEST:
        return ()
    known = {n: n for n, count in printed.items() if n != name and count > printed.get(name, 0)}
    prefix = name[: len(name) - len(bare)]
    known |= {prefix + n: n for n in _declared()}
    others = {c for n in printed if n != name for c in n} | _characters()
    near = [n for n in known if _is_slip(bare, _bare(n), others) or _is_cut(name, n)]
    every = {*known, *printed} - {name}
    return tuple(sorted(near)) or _run_together(name, every) or _slip_before(name, every, others)


def _is_cut(name: str, known: str) -> bool:
    """Tell whether a name is the beginning of a known one and ends as no short form of it does."""
    return len(known) > len(name) and known.startswith(name) and not name.endswith(_SHORT_FORMS)


def _slip_before(name: str, known: Collection[str], usual: Collection[str]) -> tuple[str, ...]:
    """Return the two names that stand in one, the first of them with a wrong character."""
    for right in sorted(known, key=len, reverse=True):
        left = name[: -len(right)]
        if len(_bare(right)) >= _SHORTEST <= len(_bare(left)) and name.endswith(right):
            found = sorted(n for n in known if _is_slip(_bare(left), _bare(n), usual))
            return (found[0], right) if found else ()
    return ()


def _bare(name: str) -> str:
    return name[1:] if name[:1] in _PLACES else name


@cache
def _declared() -> frozenset[str]:
    return frozenset(declared_list("department_names", "names"))


@cache
def _characters() -> frozenset[str]:
    return frozenset(c for name in _declared() for c in name) | frozenset(_COUNTED)


def _is_slip(name: str, known: str, usual: Collection[str]) -> bool:
    if len(name) == len(known):
        places = [at for at, (a, b) in enumerate(zip(name, known, strict=True)) if a != b]
        if len(places) != 1:
            return False
        odd, meant = name[places[0]], known[places[0]]
        ending = places[0] == len(name) - 1 and looks_like_department(name) >= 0.5
        if ending or (odd in _COUNTED and meant in _COUNTED):
            return False
        return odd not in usual or len(name) >= _LONG
    long, short = (name, known) if len(name) > len(known) else (known, name)
    if len(long) != len(short) + 1 or len(short) < _LONG - 1:
        return False
    extra = next((at for at, c in enumerate(short) if long[at] != c), len(short))
    return long[:extra] + long[extra + 1 :] == short and long[extra] not in _LINKS


def _run_together(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the two names that stand in one, with at most one wrong character between them."""
    bare = {_bare(one): one for one in known}
    for left in sorted(known, key=len, reverse=True):
        if not name.startswith(left) or len(_bare(left)) < _SHORTEST:
            continue
        rest = name[len(left) :]
        for right in (rest, rest[1:]):
            if right and (_bare(right) in bare) and len(_bare(right)) >= 2:
                return (left, bare[_bare(right)])
    return ()
