"""How a document prints away from its page breaks, which shows what a break may have cut.

From it follows whether the texts on either side of a break are one text, or each whole by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.fold import clean, fold, printed_width
from normalize.columns.scores import looks_like_name, looks_like_target
from normalize.model.table import Column, Role
from normalize.pages.fragments import CellFragment
from normalize.text.clean import points_in, unbalanced
from normalize.text.departments import looks_like_departments, split_departments
from normalize.text.near_departments import known_department


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """How a document prints away from its page breaks.

    ``blanks`` are the roles whose cells it prints blank, ``tall`` those whose cells go over rows;
    ``texts`` the folded texts of each role; ``numbered``: each row has a serial number
    of its own. ``longest`` is the width of each column's longest line, in letters; ``pointed`` are
    the columns whose headings all end with points, 社会治理（9分）, but where a page cuts them;
    ``widths`` those of each column's texts.
    """

    blanks: Collection[Role]
    tall: Collection[Role]
    texts: Mapping[Role, Collection[str]]
    numbered: bool
    longest: Mapping[int, int]
    pointed: Collection[int]
    widths: Mapping[int, Sequence[int]]


def gather_evidence(
    fragments: Sequence[CellFragment], columns: Sequence[Column], edges: Collection[int]
) -> PageEvidence:
    """Gather how a document prints from the cells that touch no page's edge."""
    blanks: set[Role] = set()
    tall: set[Role] = set()
    texts: dict[Role, set[str]] = {}
    serials: Counter[bool] = Counter()
    longest: Counter[int] = Counter()
    widths: dict[int, list[int]] = {}
    for fragment in fragments:
        lines = fragment.cell.text.split("\n") if fragment.column1 == fragment.column0 + 1 else ()
        longest[fragment.column0] = max(longest[fragment.column0], *map(printed_width, lines), 0)
        if fragment.row0 in edges or fragment.row1 in edges:
            continue
        role = columns[fragment.column0].role
        widths.setdefault(fragment.column0, []).append(printed_width(fragment.text))
        texts.setdefault(role, set()).add(fold(fragment.text))
        if not fragment.text:
            blanks.add(role)
        if fragment.row1 > fragment.row0 + 1:
            tall.add(role)
        if role is Role.SERIAL:
            serials[bool(fragment.text) and fragment.row1 == fragment.row0 + 1] += 1
    numbered = serials[True] > 0 and not serials[False]
    return PageEvidence(blanks, tall, texts, numbered, longest, _pointed(fragments, edges), widths)


def _pointed(fragments: Iterable[CellFragment], edges: Collection[int]) -> set[int]:
    """Return the columns whose texts all end with points, but where a page ends below them."""
    whole = [each for each in fragments if each.text and each.row1 not in edges]
    bare = {each.column0 for each in whole if points_in(each.text) is None}
    return {each.column0 for each in whole} - bare


_ONLY_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_PARTED = re.compile(r"[、，,；;]")
_ENDS_OPEN = "、，,（(《〔—和及与的"
_BEGINS_OPEN = "、，,。；;）)》〕”"


def weigh_together(up: CellFragment, down: CellFragment, role: Role, known: PageEvidence) -> int:
    """Return how much two texts speak for being one (above 0) or two."""
    whole = fold(f"{up.cell.text}\n{down.cell.text}")
    apart = (fold(up.text), fold(down.text))
    elsewhere = known.texts.get(role, ())
    weight = 2 * (whole in elsewhere) - 2 * any(text in elsewhere for text in apart)
    if unbalanced(up.text) and unbalanced(down.text) and not unbalanced(up.text + down.text):
        weight += 2
    if up.text[-1] in _ENDS_OPEN or down.text[0] in _BEGINS_OPEN:
        weight += 2
    if role is Role.LEVEL:
        weight += _name_alone(down.text) + _points_behind(up, down, known)
    looks = _LOOKS.get(role)
    if looks is not None:
        one, two = looks(clean(up.text + down.text)), [looks(up.text), looks(down.text)]
        weight += (one >= 0.7 and min(two) < 0.5) - (min(two) >= 0.7)
    if looks is looks_like_departments:
        weight += 3 * _department_cut(up.text, down.text, elsewhere)
    return weight


def _department_cut(above: str, below: str, elsewhere: Collection[str]) -> bool:
    """Tell whether the last name above and the first below are a known one, and not two.

    A sign between two names stands within one cell.
    """
    if _PARTED.search(above.strip()[-1:]) or _PARTED.search(below.strip()[:1]):
        return True
    *_, left = ("", *_departments(above))
    right, *_ = (*_departments(below), "")

    def is_known(name: str) -> bool:
        return known_department(name) or any(name in _departments(text) for text in elsewhere)

    together = left + right in _departments(above + below) and is_known(left + right)
    return together and not (is_known(left) and is_known(right))


def _departments(text: str) -> tuple[str, ...]:
    reading = split_departments(text)
    return (*reading.names, *reading.supporting)


def _points_behind(up: CellFragment, down: CellFragment, known: PageEvidence) -> int:
    """Return how much points behind headings speak for one of which the end is on the next page."""
    if up.column0 not in known.pointed or points_in(down.text) is None:
        return 0
    return 3 if points_in(up.text) is None else -3


def _name_alone(text: str) -> int:
    """Return how much a text speaks for being the rest of a name, below 0: for being one."""
    if len(text) == 1 or _ONLY_BRACKETS.fullmatch(text):
        return 2
    return -1 if looks_like_name(text) >= 1.0 else 0


_LOOKS: dict[Role, Callable[[str], float]] = {
    Role.TARGET: looks_like_target,
    Role.ASSESSING: looks_like_departments,
    Role.SUPPORTING: looks_like_departments,
}
