"""An indicator's direction by the evidence of its row, the strongest first.

What an officer declared or corrected; a column 指标性质; the operator of a limit in the row; the
words of the name, then of the heading that it is a part of; what the targets ask for (完成, 增长5%,
a range); what a printed method takes points for (每少1家扣0.2分). What has none of these has no
known direction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from common.declared import declared
from common.fold import clean, fold
from common.refusal import refusal
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.methods.goals import told_direction
from normalize.model.doubt import doubt
from normalize.model.table import LogicalTable, Role
from normalize.points.levels import Levels
from normalize.points.rows import Leaf
from normalize.records.model import Record, TableContext, TargetReading, text_of
from normalize.targets.measure import word_pattern
from normalize.targets.model import TypedTarget
from normalize.text.direction import direction
from schemas.vocabulary import Direction, Operator, TargetKind, TargetStatus

_LIMITS = (TargetKind.LIMIT, TargetKind.ZERO_TOLERANCE)
_PLACES = ("位", "名", "名次")  # 前3位 limits a rank, and says nothing of the indicator's own scale
_LESS, _MORE = (Operator.LESS_THAN, Operator.AT_MOST), (Operator.MORE_THAN, Operator.AT_LEAST)
#: Kinds that count with a returned figure: how, depends on which end is good.
_FIGURES = (
    *(TargetKind.NUMBER, TargetKind.QUANTITY, TargetKind.GROWTH),
    *(TargetKind.BENCHMARK, TargetKind.PREVIOUS_VALUE),
)


@cache
def _column_words() -> Mapping[str, Direction]:
    words = declared(dict[str, list[str]], "normalize", "direction", "column")
    return {fold(word): Direction(code) for code, held in words.items() for word in held}


def firm_direction(
    serial_no: int, name: str, printed: Iterable[str], context: TableContext
) -> Direction | None:
    """Return what a person says of the direction, else what the column 指标性质 does."""
    if decided := context.decided.text(serial_no, "direction", None):
        return Direction(decided)
    declared_here = context.directions.get(str(serial_no)) or context.directions.get(fold(name))
    return declared_here or next(filter(None, map(printed_direction, printed)), None)


def properties(leaf: Leaf, table: LogicalTable) -> Iterator[str]:
    """Yield the texts of the row's columns 指标性质.

    Of a column that nobody knows, only what can mean nothing else: 逆向, 越低越好.
    """
    yield from (text_of(leaf, column) for column in table.columns_of(Role.DIRECTION))
    unknown = (text_of(leaf, column) for column in table.columns_of(Role.UNKNOWN))
    yield from (text for text in unknown if re.search("[正逆负反]向|越.越好", text))


def printed_direction(text: str) -> Direction | None:
    """Return the direction that a cell 指标性质 names (正向, 逆向, 适度); else None."""
    words = _column_words()
    known = [words[piece] for piece in map(fold, _pieces(text)) if piece in words]
    return known[0] if len(set(known)) == 1 else None


def _pieces(text: str) -> Iterator[str]:
    separators = str.maketrans(dict.fromkeys("、，,；;/（）()", " "))
    yield from (piece for piece in clean(text).translate(separators).split() if piece)


def named_direction(name: str, unit: str | None, levels: Levels) -> Direction:
    """Return what the name says, or else the name with the heading that it is a part of."""
    found = direction(name, unit)
    if found != Direction.UNKNOWN or levels.names[3] is None:
        return found
    return direction(f"{levels.names[2]}{name}", unit)


def settled(
    firm: Direction | None,
    named: Direction,
    read: Callable[[Direction], dict[str, TargetReading]],
    methods: Sequence[str],
) -> tuple[Direction, dict[str, TargetReading]]:
    """Return the row's direction, and its targets read with it.

    ``firm`` is what a person or a column says, ``named`` what the words do; ``read`` reads the
    targets by a direction, ``methods`` are printed beside them. A figure without an operator of
    its own has it from the direction.
    """
    first = firm or named
    targets = read(first)
    way = firm or limited_direction(targets.values()) or named
    if way == Direction.UNKNOWN:
        way = asked_direction(targets.values())
    if way == Direction.UNKNOWN:
        own = (target.typed.method for target in targets.values())
        way = told_direction((*methods, *filter(None, own))) or way
    return way, targets if way == first else read(way)


def limited_direction(targets: Iterable[TargetReading]) -> Direction | None:
    """Return what the first limit of the row says; None where there is none.

    A limit of something that itself is a fall (下降率≥5%) says nothing of what falls.
    """
    for target in targets:
        typed = target.typed
        fall = word_pattern("falls").search(typed.subject or "")
        if typed.kind in _LIMITS and typed.unit not in _PLACES and not fall:
            return _way({typed.operator})
    return None


def asked_direction(targets: Iterable[TargetReading]) -> Direction:
    """Return what targets say that were read without a known direction.

    Whatever operator they have is their own. An award or a document is the better the more is
    awarded of it, whatever it is for.
    """
    assessed = [t.typed for t in targets if t.status == TargetStatus.ASSESSED]
    for typed in assessed:
        way = _way(_operators(typed))
        if way and typed.kind != TargetKind.RANK and typed.unit not in _PLACES:
            return way
    return Direction.UNKNOWN if any(map(_has_figure, assessed)) else Direction.HIGHER


def _has_figure(typed: TypedTarget) -> bool:
    figures = (typed.value, *(part.value for part in typed.parts))
    return _open(typed) or any(figure is not None for figure in figures)


def _operators(typed: TypedTarget) -> set[str | None]:
    return {typed.operator, *(part.operator for part in typed.parts)}


def _way(operators: set[str | None]) -> Direction | None:
    less, more = operators & {*_LESS}, operators & {*_MORE}
    if (less and more) or Operator.ABOUT in operators:
        return Direction.NEARER
    if less or more:
        return Direction.LOWER if less else Direction.HIGHER
    return None


def _open(typed: TypedTarget) -> bool:
    """Tell whether a figure has to be held against the target, and no operator says how."""
    bare = typed.kind in _FIGURES and typed.operator is None
    return bare or any(p.value is not None and p.operator is None for p in typed.parts)


def check_declared(records: Sequence[Record], names: Iterable[str]) -> None:
    """Refuse a declared direction that no indicator is meant by: nothing is passed over."""
    serials = {str(record.indicator.serial_no) for record in records}
    known = serials | {fold(record.indicator.indicator) for record in records}
    for name in names:
        if fold(name) not in known:
            raise refusal("normalize.direction_for_nothing", name=name, count=len(records))


def direction_doubts(records: Iterable[Record]) -> Iterator[PlacedDoubt]:
    """Yield one doubt an indicator whose good end nothing tells although a figure needs it.

    The values are right as they were read: no target is marked for review.
    """
    for record in records:
        held = record.indicator
        figures = (target.typed for target in record.targets.values())
        if held.direction == Direction.UNKNOWN and any(map(_open, figures)):
            cell = record.levels.cells[-1] if record.levels.cells else None
            place = Place(held.serial_no, None, "direction", cell)
            yield PlacedDoubt(doubt("direction_unknown", indicator=held.indicator), place)
