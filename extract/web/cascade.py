"""What a page's style sheets and its elements' own styles declare of each element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2
from cssselect2 import ElementWrapper, Matcher, SelectorError, compile_selector_list
from lxml import etree

Element = etree._Element
Declarations = dict[str, str]

#: What of a style decides whether and how its text is seen.
_SEEN_NAMES = """
display mso-hide visibility opacity color background background-color background-image
font font-size text-decoration text-decoration-line vertical-align position top bottom left
text-indent overflow width height max-width max-height clip clip-path transform white-space
direction unicode-bidi font-variant-position content mso-text-raise"""
_SEEN = frozenset(_SEEN_NAMES.split())


class Cascade:
    """The declarations of sheets and own styles by element, and by what stands before and after it.

    Rules for paper only (``@media print``) and under a condition are left out. Where rules
    contradict each other, the order and weight of CSS decide.
    """

    def __init__(self, root: Element | None = None) -> None:
        self._sheets: dict[Element, Declarations] = {}
        self._around: dict[tuple[Element, str], Declarations] = {}
        if root is not None:
            self._match(root)

    def of(self, element: Element) -> Declarations:
        """Return what is declared of an element."""
        sheet = self._sheets.get(element, {})
        own = element.get("style")
        if not own:
            return sheet
        parsed = tinycss2.parse_blocks_contents(own, skip_comments=True, skip_whitespace=True)
        return sheet | _declared(parsed, important=False) | _declared(parsed, important=True)

    def around(self, element: Element, side: str) -> Declarations | None:
        """Return what is declared of the text ``before`` or ``after`` an element's own."""
        return self._around.get((element, side))

    def _match(self, root: Element) -> None:
        matcher = Matcher()
        for selector, important, declarations in _rules(root):
            matcher.add_selector(selector, (important, declarations))
        if not matcher.order:
            return
        for wrapper in ElementWrapper.from_html_root(root).iter_subtree():
            for *_, pseudo, (_, declarations) in sorted(matcher.match(wrapper), key=_weight):
                element = wrapper.etree_element
                if pseudo is None:
                    self._sheets.setdefault(element, {}).update(declarations)
                elif pseudo in ("before", "after"):
                    self._around.setdefault((element, pseudo), {}).update(declarations)


def _weight(match: tuple[Any, ...]) -> tuple[Any, ...]:
    specificity, order, _, (important, _) = match
    return important, specificity, order


def _rules(root: Element) -> Iterator[tuple[Any, bool, Declarations]]:
    """Yield selectors, whether important, and what they declare, if that is of any concern."""
    for sheet in root.iter("style"):
        rules = tinycss2.parse_stylesheet("".join(map(str, sheet.itertext())))
        for rule in _on_screen(rules):
            contents = tinycss2.parse_blocks_contents(rule.content)
            for important in (False, True):
                declarations = _declared(contents, important=important)
                if declarations:
                    for selector in _selectors(rule.prelude):
                        yield selector, important, declarations


def _on_screen(rules: Iterable[Any]) -> Iterator[Any]:
    """Yield the rules that hold on a screen of any size."""
    for rule in rules:
        if rule.type == "qualified-rule":
            yield rule
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content:
            media = tinycss2.serialize(rule.prelude).lower().split(",")
            if {each.strip() for each in media} & {"all", "screen", "only screen"}:
                inner = tinycss2.parse_rule_list(rule.content)
                yield from (each for each in inner if each.type == "qualified-rule")


def _selectors(prelude: list[Any]) -> list[Any]:
    try:
        return list(compile_selector_list(prelude))
    except SelectorError:
        return []  # a browser skips such a rule as well


def _declared(contents: Iterable[Any], *, important: bool) -> Declarations:
    return {
        entry.lower_name: _value(entry)
        for entry in contents
        if entry.type == "declaration"
        and entry.lower_name in _SEEN
        and entry.important is important
    }


def _value(entry: Any) -> str:
    value = str(tinycss2.serialize(entry.value)).strip()
    return value if entry.lower_name == "content" else value.lower()
