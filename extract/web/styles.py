"""What a page's style sheets and its elements' own styles say of whether text is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tinycss2
from cssselect2 import ElementWrapper, Matcher, SelectorError, compile_selector_list
from lxml import etree

Element = etree._Element
Declarations = dict[str, str]

_TEXT_IS_SHOWN = {"display", "mso-hide", "visibility", "text-decoration", "text-decoration-line"}


class Styles:
    """The declarations that hide or strike out text, by element: sheets, then the own style.

    Rules for one medium only (``@media``) are left out. Where rules contradict each other, the
    order and weight of CSS decide.
    """

    def __init__(self, root: Element | None = None) -> None:
        self._sheets: Mapping[Element, Declarations] = {} if root is None else _by_element(root)

    def hides(self, element: Element) -> bool:
        """Say whether an element takes no room on the page."""
        style = self._style(element)
        hidden = style.get("display") == "none" or style.get("mso-hide") == "all"
        return hidden or element.get("hidden") is not None

    def leaves_blank(self, element: Element) -> bool:
        """Say whether an element keeps its room on the page but its text is not shown."""
        return self._style(element).get("visibility") in {"hidden", "collapse"}

    def strikes_out(self, element: Element) -> bool:
        """Say whether a line is drawn through an element's text."""
        style = self._style(element)
        lines = style.get("text-decoration", "") + style.get("text-decoration-line", "")
        return "line-through" in lines

    def _style(self, element: Element) -> Declarations:
        own = element.get("style")
        sheet = self._sheets.get(element, {})
        if not own:
            return sheet
        parsed = tinycss2.parse_blocks_contents(own, skip_comments=True, skip_whitespace=True)
        return sheet | _declared(parsed, important=False) | _declared(parsed, important=True)


def _by_element(root: Element) -> dict[Element, Declarations]:
    """Return what the page's sheets declare of each element for which they declare anything."""
    matcher = Matcher()
    for selector, important, declarations in _rules(root):
        matcher.add_selector(selector, (important, declarations))
    found: dict[Element, Declarations] = {}
    if not matcher.order:
        return found
    for wrapper in ElementWrapper.from_html_root(root).iter_subtree():
        for _, _, pseudo_element, (_, declarations) in sorted(matcher.match(wrapper), key=_weight):
            if pseudo_element is None:
                found.setdefault(wrapper.etree_element, {}).update(declarations)
    return found


def _weight(match: tuple[Any, ...]) -> tuple[Any, ...]:
    specificity, order, _, (important, _) = match
    return important, specificity, order


def _rules(root: Element) -> Iterator[tuple[Any, bool, Declarations]]:
    """Yield selectors, whether important, and what they declare, if that is of any concern."""
    for sheet in root.iter("style"):
        for rule in tinycss2.parse_stylesheet("".join(map(str, sheet.itertext()))):
            if rule.type != "qualified-rule":
                continue
            contents = tinycss2.parse_blocks_contents(rule.content)
            for important in (False, True):
                declarations = _declared(contents, important=important)
                if declarations:
                    for selector in _selectors(rule.prelude):
                        yield selector, important, declarations


def _selectors(prelude: list[Any]) -> list[Any]:
    try:
        return list(compile_selector_list(prelude))
    except SelectorError:
        return []  # a browser skips such a rule as well


def _declared(contents: Iterable[Any], *, important: bool) -> Declarations:
    return {
        entry.lower_name: tinycss2.serialize(entry.value).strip().lower()
        for entry in contents
        if entry.type == "declaration"
        and entry.lower_name in _TEXT_IS_SHOWN
        and entry.important is important
    }
