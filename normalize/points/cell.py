"""Points cells: a base and exceptions for named entities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from common.fold import clean
from common.numbers import LARGEST, exact, show
from normalize.model.doubt import Doubt, doubt
from normalize.text.clean import unbalanced
from normalize.text.entities import match_entity
from normalize.text.numerals import guessed, token_source
from schemas.records.notice import Alternative
from schemas.tables.columns import COLUMNS
from schemas.vocabulary import ItemKind


@dataclass(frozen=True, slots=True)
class PointsReading:
    """Points of one weight group: those of all entities, and of those that differ.

    ``base`` is None where the cell prints none. ``text`` is the cleaned printed text. Items of a
    ``kind`` of their own have neither base nor exceptions: ``cap`` is the most they give or take.
    """

    base: float | None
    exceptions: Mapping[str, float]
    doubts: tuple[Doubt, ...]
    text: str
    kind: ItemKind = ItemKind.SCORED
    cap: float | None = None

    def of(self, entity: str) -> float | None:
        """Return the points of one entity."""
        return self.exceptions.get(entity, self.base)


@dataclass(slots=True)
class _Draft:
    """What was found so far while a cell is read piece by piece."""

    entities: tuple[str, ...]
    text: str
    bases: list[float] = field(default_factory=list)
    exceptions: dict[str, float] = field(default_factory=dict)
    numberless: list[str] = field(default_factory=list)
    groups: list[tuple[str, float]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


MOST_POINTS = COLUMNS["max_points"].maximum or LARGEST
"""More than any notice gives in all: such a number is a misprint, or no points at all."""
_SIGN = r"(?:(?<![0-9分%])[-+－−＋])?"
_NUMBERISH = rf"{_SIGN}{token_source('分|%', '、;；')}[.．,，。·:|]*"
_WORD = r"[^0-9（）()\[\]【】、，,；;。:：\s+＋/／\-－−]+"
_PIECE = re.compile(
    rf"(?P<bare>{_NUMBERISH})(?:分|%)?"
    rf"|(?P<names>{_WORD}(?:[、，,]{_WORD})*)[:：]?(?P<number>{_NUMBERISH})?(?:分|%)?"
)
_JOINTS = re.compile(r"[、，,]|和|与|及")
_SAID = r"分值?|权重|基本分|满分|标准分|赋分|其中|计|得分"
_PRIVATE = 0xF0000  # characters that no document prints stand for names while they are parted
_FILLER = re.compile(
    rf"^(?:{_SAID}|各|均|每个|每项|为|是)+$|^(?:{_SAID})+|(?:各为?|均为?|为|是|分别为?|得)+$"
)
_REST = re.compile(r"^(?:其他|其余|其它)")
_EMPTY = re.compile(r"^[（()）\[\]【】、，,；;。:：\s/／]*$")


def read_points(text: str, entities: Sequence[str]) -> PointsReading:
    """Read one points cell; the entities are those of the table's header.

    Nothing printed is dropped: what does not fit gives a doubt. A doubtful number is the likeliest
    reading, the doubt's alternatives list all readings, it first.
    """
    return _read(clean(text), tuple(entities))


@lru_cache(maxsize=4096)
def _read(text: str, entities: tuple[str, ...]) -> PointsReading:
    draft = _Draft(entities, text)
    if not draft.text:
        return PointsReading(None, {}, (), "")
    _read_pieces(draft)
    _settle_groups(draft)
    base = _settle_base(draft)
    _settle_numberless(draft, base)
    _note_brackets(draft)
    return PointsReading(base, draft.exceptions, tuple(draft.doubts), draft.text)


def _read_pieces(draft: _Draft) -> None:
    at = 0
    for match in _PIECE.finditer(draft.text):
        _note_rest(draft, draft.text[at : match.start()])
        at = match.end()
        if match["bare"]:
            _read_bare(draft, match["bare"], _depth(draft.text, match.start()))
        else:
            _read_named(draft, match)
    _note_rest(draft, draft.text[at:])


def _depth(text: str, at: int) -> int:
    return sum(text.count(mark, 0, at) for mark in "（(【[") - sum(
        text.count(mark, 0, at) for mark in "）)】]"
    )


def _number(draft: _Draft, text: str) -> float | None:
    trimmed = text.rstrip(",，.．。·:|") or text
    found = guessed(trimmed)
    if not found or found.value > MOST_POINTS:
        _doubt_text(draft, text)
        return None
    draft.doubts.extend(found.doubts)
    if found.value < 0:
        others = ("0", show(-found.value), show(found.value))
        draft.doubts.append(doubt("points_deduction.within", others, text=draft.text))
        return 0.0
    return found.value


def _read_bare(draft: _Draft, text: str, depth: int) -> None:
    value = _number(draft, text)
    if value is None:
        return
    if depth > 0 and draft.bases:
        _doubt_text(draft, text)
    draft.bases.append(value)


def _read_named(draft: _Draft, match: re.Match[str]) -> None:
    printed = match["names"]
    value = _number(draft, match["number"]) if match["number"] else None
    names = [bare for name in _listed(printed, draft) if (bare := _FILLER.sub("", name))]
    if not names and value is not None:
        draft.bases.append(value)
    elif not names and printed.strip("分"):
        _doubt_text(draft, printed)
    for name in names:
        _read_name(draft, name, value)


def _listed(printed: str, draft: _Draft) -> Iterator[str]:
    """Yield the names of a list; 和 within an entity's name (太和县) is no joint."""
    jointed = sorted(filter(_JOINTS.search, draft.entities), key=len, reverse=True)
    names = {chr(_PRIVATE + i): name for i, name in enumerate(jointed)}
    for sign, name in names.items():
        printed = printed.replace(name, sign)
    for part in _JOINTS.split(printed):
        yield "".join(names.get(character, character) for character in part)


def _read_name(draft: _Draft, name: str, value: float | None) -> None:
    if _REST.match(name) and value is not None:
        draft.bases.append(value)
        return
    found = match_entity(name, draft.entities)
    if len(found) != 1:
        _group_or_doubt(draft, name, value, found)
    elif value is None:
        draft.numberless.append(found[0])
    elif draft.exceptions.get(found[0], value) != value:
        _doubt_twice(draft, found[0], value)
    else:
        draft.exceptions[found[0]] = value


def _doubt_twice(draft: _Draft, entity: str, value: float) -> None:
    kept = draft.exceptions[entity]
    readings = [Alternative(show(each), max_points=each, entity=entity) for each in (kept, value)]
    draft.doubts.append(doubt("points_twice", readings, text=draft.text, whose=entity))


def _group_or_doubt(draft: _Draft, name: str, value: float | None, found: Sequence[str]) -> None:
    if value is None:
        _doubt_text(draft, name)
    elif found:
        readings = [Alternative(show(value), max_points=value, entity=each) for each in found]
        draft.doubts.append(
            doubt(
                "points_entity_ambiguous",
                readings,
                text=draft.text,
                part=name,
                found=", ".join(found),
                found_zh="、".join(found),
            )
        )
    else:
        draft.groups.append((name, value))


def _settle_groups(draft: _Draft) -> None:
    """Give the points of a named group (各县, 园区) to its likely members, always with a doubt."""
    if not draft.groups:
        return
    values = tuple(dict.fromkeys(show(value) for _, value in draft.groups))
    left = [entity for entity in draft.entities if entity not in draft.exceptions]
    for name, value in draft.groups:
        members = _members(name, left)
        draft.exceptions.update(dict.fromkeys(members, value))
        left = [entity for entity in left if entity not in members]
    if not draft.bases and left:
        draft.bases.append(draft.groups[-1][1])
    names = "、".join(name for name, _ in draft.groups)
    draft.doubts.append(doubt("points_entity_unknown", values, text=draft.text, names=names))


def _members(name: str, entities: Sequence[str]) -> list[str]:
    kinds = re.sub(r"^(?:各个?|每个|所有|全部)", "", name)
    if kinds == name or not kinds or len(kinds) > 2:
        return []
    return [entity for entity in entities if entity.endswith(kinds)]


def _settle_base(draft: _Draft) -> float | None:
    if not draft.bases:
        return None
    if len(draft.bases) > 1:
        readings = (*draft.bases, sum(draft.bases))
        distinct = tuple(dict.fromkeys(show(value) for value in readings))
        found = doubt("points_several", distinct, text=draft.text, taken=distinct[0])
        draft.doubts.append(found)
    return draft.bases[0]


def _settle_numberless(draft: _Draft, base: float | None) -> None:
    siblings = list(draft.exceptions.values())
    choices = list(dict.fromkeys(show(v) for v in [*siblings, *([] if base is None else [base])]))
    for entity in draft.numberless:
        if choices and entity not in draft.exceptions:
            draft.exceptions[entity] = float(choices[0])
        draft.doubts.append(_without_number(draft.text, entity, choices))


def _without_number(text: str, entity: str, choices: Sequence[str]) -> Doubt:
    if not choices:
        return doubt("points_exception_without_number.open", entity=entity, text=text, whose=entity)
    return doubt(
        "points_exception_without_number.taken",
        choices,
        entity=entity,
        text=text,
        whose=entity,
        taken=choices[0],
    )


def _note_rest(draft: _Draft, rest: str) -> None:
    if not _EMPTY.match(rest):
        _doubt_text(draft, rest)


def _doubt_text(draft: _Draft, part: str) -> None:
    draft.doubts.append(doubt("points_text", text=draft.text, part=part))


def _note_brackets(draft: _Draft) -> None:
    if lonely := unbalanced(draft.text):
        signs, lone = " ".join(lonely), "".join(lonely)
        draft.doubts.append(doubt("unbalanced.points", text=draft.text, signs=signs, lone=lone))


def plain_points(text: str) -> float | None:
    """Return the points of a cell that holds one clean number and nothing else."""
    return exact(clean(text).removesuffix("分"))
