"""The codes of GB/T 2260 that entities had in a notice's year, where they are beyond doubt.

``data/divisions.txt`` lists names and codes by year, and says where it was copied from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, islice

from common.declared import declared_list
from common.fold import clean

_TABLES = "# tables: "
_ENDS, _LONGEST = "区县市旗州盟", 15


@dataclass(frozen=True, slots=True)
class _Tabled:
    """A name's code, with the first and the last year whose tables list the two together."""

    code: str
    first: int
    last: int

    @classmethod
    def of(cls, line: str) -> _Tabled:
        """Read a line, without its name."""
        code, first, last = line.split(" ")
        return cls(code, int(first), int(last))


def division_codes(
    names: Sequence[str], year: int, said: Iterable[str | None]
) -> Mapping[str, str]:
    """Return the codes of entities by name; without those that have none or more than one.

    ``said`` are texts that tell whose notice it is, such as issuer and title: a name is that of a
    place within one that they name. A name alone decides nothing: 东区 may be the only one of the
    tables, and yet another city's economic zone is called so. A division that was abolished by
    ``year`` has no code, nor has one of which no table tells whether it was.

    >>> division_codes(["雁江区", "城关区", "高新区"], 2020, ["资阳市人民政府"])
    {'雁江区': '512002'}
    """
    within = _places(year, said)
    found = {name: _codes(name, year, within) for name in names}
    return {name: codes[0] for name, codes in found.items() if len(codes) == 1}


def _codes(name: str, year: int, within: Sequence[str]) -> Sequence[str]:
    bare = clean(name)
    for body in declared_list("normalize", "entity_kinds", "bodies"):
        bare = bare.removesuffix(body)
    codes = _in_force(bare, year)
    if not codes and len(bare) >= 2 and bare[-1] not in _ENDS:
        codes = [code for end in _ENDS for code in _in_force(bare + end, year)]
    return [code for code in codes if any(code.startswith(place) for place in within)]


def _places(year: int, said: Iterable[str | None]) -> list[str]:
    """Return what the codes of all that lies in the places named begin with; the smallest places.

    Of texts that name places one within another, such as a province and its city, the inner counts.
    """
    found = set()
    for name in chain.from_iterable(_named(clean(text)) for text in said if text):
        codes = _in_force(name, year)
        found |= {_area(code) for code in codes} if len(codes) == 1 else set()
    return [each for each in found if not any(o != each and o.startswith(each) for o in found)]


def _named(text: str) -> Iterator[str]:
    """Yield the divisions that a text names; where one name ends with another the longer one.

    One of two signs, such as 南县, may be the end of a name that no table has.
    """
    known, _ = _divisions()
    for end in (place + 1 for place, sign in enumerate(text) if sign in f"{_ENDS}省"):
        names = (text[start:end] for start in range(max(0, end - _LONGEST), end - 2))
        yield from islice((name for name in names if name in known), 1)


def _area(code: str) -> str:
    """Return what all codes within a division begin with: of a province two digits, a city four."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def _in_force(name: str, year: int) -> list[str]:
    """Return the codes of a name in a year; where no table is of that year, of both around it."""
    known, tables = _divisions()
    before = max((each for each in tables if each <= year), default=None)
    after = min((each for each in tables if each >= year), default=before)
    if before is None or after is None:
        return []
    listed = map(_Tabled.of, known.get(name, ()))
    return [each.code for each in listed if each.first <= before and after <= each.last]


@cache
def _divisions() -> tuple[dict[str, list[str]], tuple[int, ...]]:
    """Return all that is listed, by name, and the years that there is a table of.

    Few of 4,600 lines are asked for: each stays a text, for :meth:`_Tabled.of`.
    """
    known: dict[str, list[str]] = {}
    tables: tuple[int, ...] = ()
    text = files("normalize").joinpath("data", "divisions.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith(_TABLES):
            tables = tuple(map(int, line.removeprefix(_TABLES).split()))
        elif not line.startswith("#"):
            when, _, name = line.rpartition(" ")
            known.setdefault(name, []).append(when)
    return known, tables
