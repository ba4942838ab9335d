"""The numbers that Word puts before paragraphs: lists, by the paragraph itself or its style."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from extract.files.package import Element, attribute, child
from extract.office.word.elements import children, is_on, number, value, whole
from extract.office.word.looks import WordStyles
from extract.office.word.numerals import shown
from extract.office.word.symbols import symbol

_LEVELS = 9
_MOST_LINKS = 5
UNREAD = "�"


@dataclass(frozen=True, slots=True)
class ListLevel:
    """One level of a list: what its number looks like and where it begins anew.

    ``restart``: the level (1-based) after which it begins anew, 0 for never.
    """

    start: int
    form: str
    text: str
    legal: bool
    restart: int | None
    hidden: bool
    font: str
    style: str


@dataclass(slots=True)
class _List:
    """A list that paragraphs name: the counters it shares, its levels, where it begins anew."""

    counters: str
    levels: dict[int, ListLevel]
    starts: dict[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a document, by the id that paragraphs name, and how far each is counted."""

    styles: WordStyles = field(default_factory=WordStyles)
    lists: dict[str, _List] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _styled: dict[str, tuple[str, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element | None, styles: WordStyles) -> Numbering:
        """Read the part of the package that holds the lists."""
        numbering = cls(styles)
        if root is None:
            return numbering
        abstract = {
            attribute(a, "abstractNumId") or "": a for a in children(root, ("abstractNum",))
        }
        linked = {
            value(a, "styleLink"): key for key, a in abstract.items() if value(a, "styleLink")
        }
        for entry in children(root, ("num",)):
            key = _followed(value(entry, "abstractNumId"), abstract, linked)
            if key in abstract:
                levels, starts = _levels(abstract[key]), {}
                for over in children(entry, ("lvlOverride",)):
                    at = whole(attribute(over, "ilvl")) or 0
                    levels.update(_levels(over))
                    begins = number(over, "startOverride")
                    if begins is not None:
                        starts[at] = begins
                numbering.lists[attribute(entry, "numId") or ""] = _List(key, levels, starts)
        return numbering

    def next(self, properties: Element | None) -> tuple[str, bool]:
        """Count a paragraph (its w:pPr); return its number as shown, and whether it is a bullet.

        Nothing is returned for a paragraph without a number; U+FFFD stands in a number of a form
        that is not known.
        """
        list_id, at = self._place(properties)
        found = self.lists.get(list_id)
        level = found.levels.get(at) if found is not None else None
        if found is None or level is None:
            return "", False
        if level.form == "bullet":
            return ("" if level.hidden else _bullet(level)), True
        counts = self._count(list_id, found, at, level)
        return ("" if level.hidden else _text(level, found.levels, counts)), False

    def _place(self, properties: Element | None) -> tuple[str, int]:
        """Return the list and level (0-based) of a paragraph; ('', 0) for none."""
        if properties is None:
            return self._of_style("")
        own = child(properties, "numPr")
        list_id = value(own, "numId")
        of_style = self._of_style(value(properties, "pStyle"))
        at = number(own, "ilvl") if own is not None else None
        if not list_id:
            return of_style[0], of_style[1] if at is None else at
        return list_id, min(max(at or 0, 0), _LEVELS - 1)

    def _of_style(self, name: str) -> tuple[str, int]:
        if name not in self._styled:
            self._styled[name] = self._found_in_style(name)
        return self._styled[name]

    def _found_in_style(self, name: str) -> tuple[str, int]:
        list_id, at, styled = "", None, ""
        for style in self.styles.chain(name, "paragraph"):
            properties = child(style, "pPr")
            own = child(properties, "numPr") if properties is not None else None
            if own is not None:
                list_id = value(own, "numId") or list_id
                at, styled = number(own, "ilvl"), attribute(style, "styleId") or ""
        found = self.lists.get(list_id)
        if found is not None and at is None:
            at = next((i for i, level in found.levels.items() if level.style == styled), 0)
        return list_id, min(max(at or 0, 0), _LEVELS - 1)

    def _count(self, list_id: str, found: _List, at: int, level: ListLevel) -> list[int | None]:
        counts = self._counts.setdefault(found.counters, [None] * _LEVELS)
        if at in found.starts and (list_id, at) not in self._begun:
            counts[at] = None
        self._begun.add((list_id, at))
        before = counts[at]
        counts[at] = found.starts.get(at, level.start) if before is None else before + 1
        for above in range(at):
            if counts[above] is None and above in found.levels:
                counts[above] = found.levels[above].start
        for below in range(at + 1, _LEVELS):
            restart = found.levels[below].restart if below in found.levels else None
            if restart is None or at < restart:
                counts[below] = None
        return counts


def _followed(key: str, abstract: Mapping[str, Element], linked: Mapping[str, str]) -> str:
    """Return the list that a list only refers to by its style."""
    for _ in range(_MOST_LINKS):
        link = value(abstract.get(key), "numStyleLink")
        if not link or link not in linked:
            break
        key = linked[link]
    return key


def _levels(element: Element) -> dict[int, ListLevel]:
    return dict(_each_level(element))


def _each_level(element: Element) -> Iterator[tuple[int, ListLevel]]:
    for level in children(element, ("lvl",)):
        looks = child(level, "rPr")
        fonts = child(looks, "rFonts") if looks is not None else None
        start = number(level, "start")
        yield (
            min(max(whole(attribute(level, "ilvl")) or 0, 0), _LEVELS - 1),
            ListLevel(
                0 if start is None else start,
                value(level, "numFmt") or "decimal",
                value(level, "lvlText"),
                is_on(level, "isLgl"),
                number(level, "lvlRestart"),
                is_on(looks, "vanish"),
                (attribute(fonts, "ascii") or "").casefold() if fonts is not None else "",
                value(level, "pStyle"),
            ),
        )


def _text(level: ListLevel, levels: Mapping[int, ListLevel], counts: list[int | None]) -> str:
    def part(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        count = counts[at]
        if count is None or at not in levels:
            return ""
        form = levels[at].form
        written = shown(count, "decimal" if level.legal and form != "none" else form)
        return UNREAD if written is None else written

    return re.sub(r"%([1-9])", part, level.text)


def _bullet(level: ListLevel) -> str:
    return "".join(symbol(sign, level.font) or sign for sign in level.text)
