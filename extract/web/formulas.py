"""Formulas in MathML become what they show on one line: 3/4, 10⁴, x₁."""

from __future__ import annotations

import re
from collections.abc import Callable

from extract.raised import subscript, superscript
from extract.text.latex import shown
from extract.web.cascade import Element
from extract.web.styles import tag_of

_SKIPPED = frozenset({"annotation", "annotation-xml", "mphantom", "mspace"})
_INVISIBLE = re.compile("[\u2061-\u2064\u200b]")
_LATEX = re.compile(r"\\[A-Za-z%]|[_^]\{?[0-9A-Za-z]")  # as converters write into the element
_DEEPEST = 60


def formula(element: Element, depth: int = 0) -> str:
    """Return a formula's text: fractions with a stroke, powers and indices in small characters."""
    parts = [each for each in element if tag_of(each) and tag_of(each) not in _SKIPPED]
    if depth > _DEEPEST:
        return "�"
    if not parts:
        text = _INVISIBLE.sub("", re.sub(r"\s+", " ", element.text or "")).strip()
        return shown(f"${text}$") if _LATEX.search(text) else text
    texts = [formula(each, depth + 1) for each in parts]
    known = _BUILT.get((tag_of(element), len(texts)))
    return known(*texts) if known is not None else _joined(parts, texts)


def _joined(parts: list[Element], texts: list[str]) -> str:
    """Join what stands side by side; a whole number keeps apart from its fraction (2 1/2)."""
    text = ""
    for part, each in zip(parts, texts, strict=True):
        apart = tag_of(part) == "mfrac" and re.search(r"[0-9]$", text)
        text += f" {each}" if apart else each
    return text


def _bracketed(text: str) -> str:
    return text if re.fullmatch(r"[\w.%]*", text) else f"({text})"


def _fraction(above: str, below: str) -> str:
    return f"{_bracketed(above)}/{_bracketed(below)}"


def _power(base: str, small: str) -> str:
    return base + superscript(small)


def _index(base: str, small: str) -> str:
    return base + subscript(small, base)


def _both(base: str, low: str, high: str) -> str:
    return _power(_index(base, low), high)


_BUILT: dict[tuple[str, int], Callable[..., str]] = {
    ("mfrac", 2): _fraction,
    ("msup", 2): _power,
    ("mover", 2): _power,
    ("msub", 2): _index,
    ("munder", 2): _index,
    ("msubsup", 3): _both,
    ("munderover", 3): _both,
    ("msqrt", 1): lambda inner: f"√{_bracketed(inner)}",
    ("mfenced", 1): lambda inner: f"({inner})",
}
