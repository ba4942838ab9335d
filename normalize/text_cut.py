"""Whether the texts on either side of a page break are whole only together, or each by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from normalize.departments import looks_like_departments
from normalize.grid import Role
from normalize.habits import Habits
from normalize.pieces import Piece
from normalize.plausible import looks_like_name, looks_like_target
from normalize.text import clean, fold, unbalanced

_ONLY_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_GOES_ON = "、，,（(《〔—和及与的"
_WENT_ON = "、，,。；;）)》〕”"


def go_together(up: Piece, down: Piece, role: Role, known: Habits) -> int:
    """Return how much two texts speak for being one (above 0) or two."""
    whole = fold(f"{up.cell.text}\n{down.cell.text}")
    apart = (fold(up.text), fold(down.text))
    said = known.texts.get(role, ())
    weight = 2 * (whole in said) - 2 * any(text in said for text in apart)
    if unbalanced(up.text) and unbalanced(down.text) and not unbalanced(up.text + down.text):
        weight += 2
    if up.text[-1] in _GOES_ON or down.text[0] in _WENT_ON:
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
