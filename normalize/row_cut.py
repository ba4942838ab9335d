"""Whether the first row of a page goes on with the last row of the page before.

Word processors close a row that they cut with a rule on either side, so that the rest of it looks
like a row of its own. Three things tell: the lines (text goes on only from cells that were filled
to the last line of the part above), the serial number, and the texts, which are whole together and
not apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from normalize.departments import looks_like_departments
from normalize.grid import Column, Doubt, Role
from normalize.numerals import exact
from normalize.pieces import Piece
from normalize.plausible import looks_like_name, looks_like_points, looks_like_target
from normalize.text import clean, fold, not_assessed, unbalanced

_ONLY_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")

Pair = tuple[Piece, Piece, Column]


class Cut(IntEnum):
    """What became of a row at a page's end."""

    NOT_CUT = 0
    PERHAPS_NOT = 1
    PERHAPS = 2
    CUT = 3


@dataclass(frozen=True, slots=True)
class Habits:
    """What a document does away from its page breaks.

    ``blanks`` are the roles whose cells it prints blank, ``tall`` those whose cells go over rows;
    ``texts`` the folded texts of each role; ``numbered`` tells that each row has a serial number
    of its own.
    """

    blanks: Collection[Role]
    tall: Collection[Role]
    texts: Mapping[Role, Collection[str]]
    numbered: bool


def habits(pieces: Iterable[Piece], columns: Sequence[Column], edges: Collection[int]) -> Habits:
    """Learn a document's habits from the cells that touch no page's edge."""
    blanks: set[Role] = set()
    tall: set[Role] = set()
    texts: dict[Role, set[str]] = {}
    serials: Counter[bool] = Counter()
    for piece in pieces:
        if piece.row0 in edges or piece.row1 in edges:
            continue
        role = columns[piece.column0].role
        texts.setdefault(role, set()).add(fold(piece.text))
        if not piece.text:
            blanks.add(role)
        if piece.row1 > piece.row0 + 1:
            tall.add(role)
        if role is Role.SERIAL:
            serials[bool(piece.text) and piece.row1 == piece.row0 + 1] += 1
    return Habits(blanks, tall, texts, serials[True] > 0 and not serials[False])


def row_cut(pairs: Sequence[Pair], known: Habits) -> Cut:
    """Tell whether a closed page break went through a row, from the cells above and below it."""
    own = [pair for pair in pairs if pair[0].row1 == pair[0].row0 + 1]
    if any(_both_whole(*pair) for pair in own) or _numbers_twice(own):
        return Cut.NOT_CUT
    evidence = sum(go_together(up, down, column.role, known) for up, down, column in _distinct(own))
    evidence += _blanks_say(own, known)
    if not _filled_to_the_end(own):
        return Cut.PERHAPS if evidence >= 4 else Cut.NOT_CUT
    if evidence >= 2:
        return Cut.CUT
    if evidence == 1:
        return Cut.PERHAPS
    no_points = any(c.role is Role.POINTS and up.text and not d.text for up, d, c in own)
    return Cut.PERHAPS_NOT if evidence == 0 and no_points else Cut.NOT_CUT


def _distinct(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs that say something of their own: a text for all entities counts once."""
    seen: dict[tuple[Role, str, str], Pair] = {}
    for up, down, column in pairs:
        if up.text and down.text:
            seen.setdefault((column.role, up.text, down.text), (up, down, column))
    return list(seen.values())


def _both_whole(up: Piece, down: Piece, column: Column) -> bool:
    """Whether two cells cannot be one: two serial numbers, two points, a sign of no target."""
    if not up.text or not down.text:
        return False
    if column.role is Role.SERIAL:
        return True
    if column.role is Role.POINTS:
        return not unbalanced(up.text) and looks_like_points(down.text) >= 0.5
    if column.role is Role.TARGET:
        return not_assessed(up.text) or not_assessed(down.text)
    return False


def _numbers_twice(own: Sequence[Pair]) -> bool:
    """Whether each target above and below is a number: a cut leaves short ones whole above."""
    targets = [(up.text, down.text) for up, down, c in own if c.role is Role.TARGET and up.text]
    return bool(targets) and all(exact(text) is not None for pair in targets for text in pair)


def _filled_to_the_end(own: Sequence[Pair]) -> bool:
    """Whether text goes on only below cells with as many lines as the part above has room for.

    One line less where two lines follow: a word processor leaves no last line alone.
    """
    most = max((_lines(up) for up, _, _ in own), default=0)
    return all(
        _lines(up) == most or (_lines(up) == most - 1 and _lines(down) == 2)
        for up, down, _ in own
        if down.text
    )


def _lines(piece: Piece) -> int:
    return sum(bool(clean(line)) for line in piece.cell.text.split("\n"))


def go_together(up: Piece, down: Piece, role: Role, known: Habits) -> int:
    """Return how much two texts speak for being one (above 0) or two."""
    whole = fold(f"{up.cell.text}\n{down.cell.text}")
    apart = (fold(up.text), fold(down.text))
    said = known.texts.get(role, ())
    weight = 2 * (whole in said) - 2 * any(text in said for text in apart)
    if unbalanced(up.text) and unbalanced(down.text) and not unbalanced(up.text + down.text):
        weight += 2
    if up.text[-1] in "、，,（(《〔—和及与的" or down.text[0] in "、，,。；;）)》〕”":
        weight += 2
    if role is Role.LEVEL:
        weight += _name_alone(down.text)
    looks = _LOOKS.get(role)
    if looks is not None:
        one, two = looks(clean(up.text + down.text)), [looks(up.text), looks(down.text)]
        weight += (one >= 0.7 and min(two) < 0.5) - (min(two) >= 0.7)
    return weight


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


def _blanks_say(own: Sequence[Pair], known: Habits) -> int:
    """Return what blanks below speak for: each row has its number, targets, and points at last."""
    blank = {c.role for up, down, c in own if up.text and not down.text}
    numbered = Role.SERIAL in blank and known.numbered
    ended = Role.TARGET in blank and Role.TARGET not in known.blanks
    targets = [(up.text, down.text) for up, down, c in own if c.role is Role.TARGET]
    others = any(below for _, below in targets)
    # Words may hold for two indicators in one tall cell; a number is the target of one.
    number = any(exact(above) is not None for above, below in targets if not below)
    short = 3 if others or number else Role.TARGET not in known.tall
    return 3 * numbered + ended * short + (Role.POINTS in blank)


def unsure_cut(above: str, below: str, cut: Cut) -> Doubt:
    """Doubt whether two rows are one; ``above`` and ``below`` are the texts of one column."""
    taken = ("one row", "同一行") if cut is Cut.PERHAPS else ("two rows", "两行")
    return Doubt(
        "row_cut_unsure",
        f"A page ends between {clean(above)!r} and {clean(below)!r}; taken for {taken[0]}.",
        f"换页处的“{clean(above)}”与“{clean(below)}”可能是同一行，也可能是两行，暂按{taken[1]}读取，"
        "请核对。",
        (clean(f"{above}\n{below}"), clean(below)),
    )
