"""Target cells: what must be reached, typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from normalize.grid import Doubt
from normalize.numerals import guessed, show
from normalize.target_clauses import Clause, joined, split_clauses, stretch
from normalize.target_doubts import number_unread, text_doubts, untyped
from normalize.target_masks import hide_labels, hide_titles
from normalize.target_measures import Measure, measure_pattern, read_measure, relation_of
from normalize.target_words import benchmark, ranking, textual_kind
from normalize.text import clean, not_assessed
from normalize.units import known_unit
from schemas.notice import Part


@dataclass(frozen=True, slots=True)
class TypedTarget:
    """What a target's text says.

    ``kind`` and ``operator`` are the contract's. ``value`` is in ``unit``; both parts of a
    compound, a range or a pair stand in ``parts`` alone, with value and operator None; a goal with
    a stretch goal (保8%争9%) has the floor as value and both as parts. A fall is negative
    (下降3% is at most -3 %), unless the indicator itself names the fall. ``subject`` is what the
    number counts where the text says so (渔船 in 渔船226艘).
    """

    kind: str
    operator: str | None = None
    value: float | None = None
    unit: str | None = None
    parts: tuple[Part, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the row says of a cell: the indicator, its unit, its direction."""

    indicator: str
    unit: str | None
    lower_is_better: bool


def read_target(
    text: str, *, indicator: str = "", unit: str | None = None, lower_is_better: bool = False
) -> TypedTarget:
    """Type one target cell.

    ``indicator`` and ``unit`` are those of the row; a bare number is in that unit, and at most the
    value where less is better. A sign for "not assessed" and a blank are ``none``, the blank with
    a doubt. What fits no form is ``none`` with the doubt ``target_untyped``.
    """
    printed = clean(text)
    if not_assessed(printed):
        return TypedTarget("none")
    if not printed:
        return TypedTarget("none", doubts=(untyped(printed),))
    frame = _Frame(clean(indicator), unit, lower_is_better)
    target = _whole_number(printed, frame) or _by_words(printed, frame)
    return replace(target, doubts=(*target.doubts, *text_doubts(printed, target.kind)))


_NUMBER_AND_UNIT = re.compile(
    r"(?P<number>[-－−+＋]?[0-9OolI|][0-9OolI|.．,，·:： ]*?)(?P<unit>[^0-9]*)"
)


def _whole_number(text: str, frame: _Frame) -> TypedTarget | None:
    """Read a cell that is one number with or without a unit, also one that is badly printed."""
    found = _NUMBER_AND_UNIT.fullmatch(text)
    if not found or (found["unit"] and not known_unit(found["unit"])):
        return None
    number = guessed(found["number"])
    if not number:
        return None
    measure = Measure(
        text, None, number.value, found["unit"] or None, None, False, 0, number.doubts
    )
    return _typed(measure, frame)


def _by_words(text: str, frame: _Frame) -> TypedTarget:
    masked = hide_labels(text)
    if ranked := ranking(masked):
        return TypedTarget("limit", "<=", ranked[0], ranked[1])
    kind = textual_kind(text, hide_titles(text), masked)
    if kind == "benchmark":
        value, operator, unit = benchmark(text, masked)
        return TypedTarget("benchmark", operator, value, unit)
    if kind == "zero_tolerance" and not _splits(text, masked):
        return TypedTarget("zero_tolerance", "<=", 0.0, None)
    if kind in {"document", "external"}:
        return TypedTarget(kind)
    if level := _unchanged(text, frame):
        return level
    return _measured(text, masked, frame) or TypedTarget(
        kind or "none", doubts=() if kind else (untyped(text),)
    )


def _splits(text: str, masked: str) -> bool:
    clauses = split_clauses(text, masked)
    return len(clauses) > 1 and any(
        clause.measures and textual_kind(clause.text, clause.text, clause.masked) is None
        for clause in clauses
    )


_UNCHANGED = re.compile(
    r"(?:实现|保持|力争|确保|与|同|较|比|上年|去年|上年度|年|不低于|总体|基本|同期|水平)*(?:零增长|持平|负增长|不增长|不增加|不下降)[。.]?"
)


def _unchanged(text: str, frame: _Frame) -> TypedTarget | None:
    """Read 持平, 零增长 and the like: growth of nought."""
    if not _UNCHANGED.fullmatch(text):
        return None
    if "负增长" in text:
        return TypedTarget("growth", "<", 0.0, "%")
    at_most = frame.lower_is_better or "不增" in text or ("零增长" in text and not _grows(frame))
    return TypedTarget("growth", "<=" if at_most else ">=", 0.0, "%")


def _grows(frame: _Frame) -> bool:
    return bool(re.search("增长|增速|增幅", frame.indicator))


def _measured(text: str, masked: str, frame: _Frame) -> TypedTarget | None:
    whole = Clause(text, masked)
    if not whole.measures:
        return None
    if goals := stretch(whole):
        return _with_stretch(goals, text, frame)
    clauses = split_clauses(text, masked)
    if len(clauses) == 1:
        return _one(clauses[0], frame)
    return _compound(clauses, frame)


def _one(clause: Clause, frame: _Frame) -> TypedTarget:
    how = joined(clause)
    if how == "pair":
        return _pair(clause, frame)
    if how == "range":
        return _range(clause, frame)
    measure = read_measure(clause.text, clause.masked)
    if measure is None or clause.measures > 1:
        return TypedTarget("none", doubts=(number_unread(clause.text),))
    return _typed(measure, frame)


def _typed(measure: Measure, frame: _Frame) -> TypedTarget:
    value, operator = _signed(measure, frame)
    return TypedTarget(
        _kind(measure),
        operator,
        value,
        measure.unit or frame.unit,
        (),
        (*measure.doubts, *_unit_doubts(measure, frame)),
        measure.subject,
    )


def _kind(measure: Measure) -> str:
    if measure.relation == "~":
        return "approximate"
    if measure.growth:
        return "growth"
    if measure.relation:
        return "limit"
    share = measure.unit is None or measure.unit[0] in "%‰"
    return "number" if share else "quantity"


_FALL = re.compile("下降|降低|减少|压减|削减|降幅|减排")


def _signed(measure: Measure, frame: _Frame) -> tuple[float, str]:
    if measure.growth >= 0:
        return measure.value, relation_of(measure, frame.lower_is_better)
    if _FALL.search(frame.indicator):
        return measure.value, measure.relation or ">="
    turned = {">=": "<=", ">": "<", "<=": ">=", "<": ">", "~": "~", None: "<="}
    return -measure.value, turned[measure.relation]


def _unit_doubts(measure: Measure, frame: _Frame) -> tuple[Doubt, ...]:
    if {measure.unit, frame.unit} == {"%", "‰"}:
        return (
            Doubt(
                "unit_differs",
                f"{measure.text!r} is not in the indicator's unit {frame.unit}",
                f"目标“{measure.text}”的单位与指标的计量单位“{frame.unit}”不同，请核对。",
            ),
        )
    if measure.subject and not measure.unit and not frame.unit:
        return (
            Doubt(
                "unit_missing",
                f"{measure.text!r} has a number without a unit",
                f"目标“{measure.text}”中的数字没有计量单位，请核对。",
            ),
        )
    return ()


def _part(clause: Clause, frame: _Frame) -> tuple[Part, tuple[Doubt, ...]]:
    if not clause.measures:
        text = clause.text.strip("，,、；;。（(）) ")
        if textual_kind(clause.text, clause.text, clause.masked) == "zero_tolerance":
            return Part(text, text, "<=", 0.0, None), ()
        return Part(text, None, None, None, None), ()
    target = _one(clause, frame)
    text = clause.text.strip("，,、；;。 ")
    return Part(text, target.subject, target.operator, target.value, target.unit), target.doubts


def _compound(clauses: list[Clause], frame: _Frame) -> TypedTarget:
    parts: list[Part] = []
    doubts: list[Doubt] = []
    for clause in clauses:
        if joined(clause):
            target = _one(clause, frame)
            parts.extend(target.parts)
            doubts.extend(target.doubts)
            continue
        part, more = _part(clause, frame)
        parts.append(part)
        doubts.extend(more)
    return TypedTarget("compound", parts=tuple(parts), doubts=tuple(doubts))


def _two(clause: Clause) -> list[re.Match[str]]:
    return list(measure_pattern().finditer(clause.masked))


_AND = re.compile("及|和|与|、|/|／")


def _pair(clause: Clause, frame: _Frame) -> TypedTarget:
    """Read 72.5%/100% under a name such as 比重及变化率: each number with its own subject."""
    named = [name for name in _AND.split(frame.indicator) if name]
    parts: list[Part] = []
    doubts: list[Doubt] = []
    for at, match in enumerate(_two(clause)):
        measure = read_measure(match.group(), match.group())
        if measure is None:
            return TypedTarget("none", doubts=(number_unread(clause.text),))
        subject = named[at] if len(named) == 2 else None
        unit = measure.unit or frame.unit
        operator = relation_of(replace(measure, subject=subject), frame.lower_is_better)
        parts.append(Part(match.group(), subject, operator, measure.value, unit))
        doubts.extend(measure.doubts)
    return TypedTarget("compound", parts=tuple(parts), doubts=tuple(doubts))


def _range(clause: Clause, frame: _Frame) -> TypedTarget:
    """Read 5-7%: two limits of one quantity."""
    low, high = _two(clause)
    head, tail = clause.masked[: low.start()], clause.masked[high.end() :]
    unit = high["unit"] or low["unit"] or frame.unit
    lowest = read_measure(head + low.group(), head + low.group())
    highest = read_measure(high.group() + tail, high.group() + tail)
    if lowest is None or highest is None or lowest.value >= highest.value:
        return TypedTarget("none", doubts=(number_unread(clause.text),))
    subject = lowest.subject or highest.subject
    parts = (
        Part(clause.text, subject, ">=", lowest.value, unit),
        Part(clause.text, subject, "<=", highest.value, unit),
    )
    return TypedTarget(
        "compound", parts=parts, doubts=(*lowest.doubts, *highest.doubts), subject=subject
    )


def _with_stretch(goals: tuple[Clause, Clause], text: str, frame: _Frame) -> TypedTarget:
    floor, goal = (_one(clause, frame) for clause in goals)
    unit = floor.unit or goal.unit
    parts = tuple(
        Part(clause.text.strip("，,（( "), target.subject, target.operator, target.value, unit)
        for clause, target in zip(goals, (floor, goal), strict=True)
    )
    doubt = Doubt(
        "stretch_goal",
        f"{text!r} holds a goal and a stretch goal; the first is taken",
        f"目标“{text}”含保底和力争两个数值，按保底值读取。",
        tuple(show(part.value) for part in parts if part.value is not None),
    )
    return replace(floor, unit=unit, parts=parts, doubts=(*floor.doubts, *goal.doubts, doubt))
