"""Which of the known names a written name means: only where there is one answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from common.fold import fold_tight

#: So alike must a name be, and so much more than the next one.
_ALIKE, _AHEAD = 0.85, 0.1
_LONGEST_PLACE = 6


@dataclass(frozen=True, slots=True)
class Meant:
    """The name that is meant, None where it is not clear; ``exact`` where it stood so.

    ``candidates`` are the names it may be, best first.
    """

    name: str | None
    exact: bool = False
    candidates: tuple[str, ...] = ()


def meant_name(
    written: str, known: Iterable[str], aliases: Mapping[str, str], *, by_likeness: bool = True
) -> Meant:
    """Tell which known name is written.

    In turn: the name itself, a declared alias, the name behind its place's (资阳市统计局 for
    市统计局), an abbreviation by leaving characters out (市经信局), and likeness. Each answers
    only where exactly one name fits.
    """
    names = list(dict.fromkeys(known))
    plain = fold_tight(written)
    if not plain:
        return Meant(None)
    by_plain = {fold_tight(name): name for name in names}
    if plain in by_plain:
        return Meant(by_plain[plain], exact=True)
    for alias, name in aliases.items():
        if fold_tight(alias) == plain and name in names:
            return Meant(name, exact=True)
    for found in (_behind_place(plain, by_plain), _left_out(plain, by_plain)):
        if len(found) == 1:
            return Meant(found[0], candidates=tuple(found))
        if found:
            return Meant(None, candidates=tuple(found))
    return _by_likeness(plain, by_plain, _ALIKE if by_likeness else 1.0)


def _behind_place(plain: str, by_plain: Mapping[str, str]) -> list[str]:
    """Return the longest known name that ends the text, behind no more than a place's name."""
    found = [
        folded_name
        for folded_name in by_plain
        if plain.endswith(folded_name) and len(plain) - len(folded_name) <= _LONGEST_PLACE
    ]
    return [by_plain[max(found, key=len)]] if found else []


def _left_out(plain: str, by_plain: Mapping[str, str]) -> list[str]:
    """Return the known names of which the text is an abbreviation.

    All its characters stand in the name in this order, its last one last or in a last word such
    as 办公室, and its first one among the first two.
    """
    if len(plain) < 2:
        return []
    return [
        name
        for folded_name, name in by_plain.items()
        if plain[0] in folded_name[:2]
        and (plain[-1] == folded_name[-1] or plain[-1] in folded_name[-3:])
        and _is_within(plain, folded_name)
    ]


def _is_within(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


def _by_likeness(plain: str, by_plain: Mapping[str, str], least: float) -> Meant:
    scored = sorted(
        ((SequenceMatcher(None, plain, each).ratio(), name) for each, name in by_plain.items()),
        key=lambda pair: -pair[0],
    )
    near = tuple(name for score, name in scored[:3] if score >= 0.5)
    if not scored or scored[0][0] < least:
        return Meant(None, candidates=near)
    clear = len(scored) == 1 or scored[0][0] - scored[1][0] >= _AHEAD
    return Meant(scored[0][1] if clear else None, candidates=near)


def alike(first: str, second: str) -> float:
    """Return how alike two texts are, 0 to 1."""
    return SequenceMatcher(None, fold_tight(first), fold_tight(second)).ratio()
