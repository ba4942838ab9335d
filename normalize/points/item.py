"""One item's points: those of an ordinary one, or what a bonus, minus, veto or unscored one says.

The points cell decides; where it prints a bare number or nothing, the headings and the name do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from common.fold import clean
from common.numbers import show
from normalize.model.doubt import Doubt, doubt
from normalize.points.cell import PointsReading, read_points
from normalize.points.kinds import PrintedKind, kind_in_cell, kind_in_name, speaks_of_kinds
from normalize.text.clean import not_assessed, strip_ordinal, without_points
from schemas.vocabulary import ItemKind, word

#: Kinds whose points may be more or less: a cap says how many at most.
_CAPPED = (ItemKind.BONUS, ItemKind.MINUS, ItemKind.BONUS_OR_MINUS)


@dataclass(frozen=True, slots=True)
class ItemWords:
    """What is printed in an item's row beside its points: its names, deepest last, and the rest."""

    names: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def kind(self) -> ItemKind | None:
        """The kind that the deepest of its names speaks of."""
        kinds = (kind_in_name(strip_ordinal(without_points(name))) for name in reversed(self.names))
        return next((kind for kind in kinds if kind is not None), None)


def read_item(text: str, words: ItemWords, entities: Sequence[str]) -> PointsReading:
    """Read an item's points cell; the entities are those of the table's header."""
    printed, named = kind_in_cell(text), words.kind
    if printed is not None:
        return _of_kind(text, printed, named, words)
    plain = read_points("" if not_assessed(text) else text, entities)
    if named is None or (named is ItemKind.UNSCORED and plain.text):
        return plain if plain.text else read_points(text, entities)
    return _called(named, text, plain)


def _of_kind(
    text: str, printed: PrintedKind, named: ItemKind | None, words: ItemWords
) -> PointsReading:
    """Return the reading of a cell that names a kind; a lone sign, or another name, is doubted."""
    doubts: list[Doubt] = []
    if named is not None and not _agree(printed.kind, named):
        doubts.append(_conflict(text, printed.kind, named))
    elif named is None and printed.by_sign and not speaks_of_kinds((*words.names, *words.texts)):
        doubts.append(_sign_alone(text, printed))
    return PointsReading(None, {}, tuple(doubts), clean(text), printed.kind, printed.cap)


def _agree(one: ItemKind, other: ItemKind) -> bool:
    both = {one, other}
    return len(both) == 1 or (ItemKind.BONUS_OR_MINUS in both and both <= set(_CAPPED))


def _conflict(text: str, printed: ItemKind, named: ItemKind) -> Doubt:
    called, said = word("item_kind", named), word("item_kind", printed)
    return doubt("points_kind_unsure", text=clean(text), zh=called, printed=said)


def _sign_alone(text: str, printed: PrintedKind) -> Doubt:
    others = () if printed.cap is None else (show(printed.cap),)
    kind = word("item_kind", printed.kind)
    return doubt(
        "points_deduction.sign_alone", others, text=clean(text), zh=kind, kind=str(printed.kind)
    )


def _called(named: ItemKind, text: str, plain: PointsReading) -> PointsReading:
    """Return the reading of a bare number, or of a blank, in a row that is called bonus or so."""
    capped = named in _CAPPED
    doubts = plain.doubts
    if plain.text and not capped:
        doubts = (*doubts, _conflict(text, ItemKind.SCORED, named))
    if plain.exceptions:
        doubts = (*doubts, _conflict(text, ItemKind.SCORED, named))
    cap = plain.base if capped else None
    return replace(plain, base=None, exceptions={}, doubts=doubts, kind=named, cap=cap)
