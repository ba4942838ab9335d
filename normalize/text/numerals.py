"""Numbers as they are printed: clean ones, and those that may have been misread."""

from __future__ import annotations

import re
from dataclasses import dataclass

from common.numbers import SIGN, exact, show
from normalize.model.doubt import Doubt, doubt

_MISREAD = re.compile(r"[0-9OolIQSBZ|〇。·,，.．:：'’]*", re.ASCII)
_LETTERS = str.maketrans("OoQlI|SBZ〇", "0001115820")
_DOTS = re.compile(r"[.．,，。·:：'’ ]+")


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from a text, with what is doubtful about it."""

    value: float
    doubts: tuple[Doubt, ...] = ()


def guessed(text: str) -> Number | None:
    """Return the likeliest number of a text that is nearly one (l00, 3.O, 3,5, 5..3, 12 11).

    The doubt lists all readings, the one taken first. None where it is nothing like a number.
    """
    if (value := exact(text)) is not None:
        return Number(value)
    if not re.search("[0-9]", text) or len(text) > 16:
        return None
    values = [value for reading in _readings(text) if (value := exact(reading)) is not None]
    if not values:
        return None
    readings = tuple(dict.fromkeys(map(show, values)))
    found = doubt("number_lookalike.text", readings, replaces=text, text=text, taken=readings[0])
    return Number(values[0], (found,))


def _readings(text: str) -> list[str]:
    """Return texts that the printed one may stand for, likeliest first."""
    letters = text.translate(_LETTERS)
    pieces = [piece for piece in _DOTS.split(letters) if piece]
    if not all(re.fullmatch(f"{SIGN}?[0-9]+", piece) for piece in pieces):
        return []
    dotted = re.fullmatch(
        r"\D?[0-9]+(?:[.．,，。·:：'’][ ]?|[.．,，。·:：'’ ]?[.．,，][ ]?)[0-9]+", letters
    )
    point = [".".join(pieces)] if len(pieces) == 2 and (dotted or ".." in letters) else []
    joined = ["".join(pieces)]
    # What a space cuts in two is one number first of all: 0.1 8 is 0.18.
    closed = [letters.replace(" ", "")] if " " in letters and letters.count(".") == 1 else []
    return [*closed, *point, *joined, *pieces] if len(pieces) > 1 else joined
