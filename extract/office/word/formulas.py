"""Formulas as they are seen on one line: Word's equations (OMML), and EQ fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from extract.files.package import Element, attribute, child, local
from extract.office.word.elements import OFF
from extract.office.word.numerals import circled
from extract.raised import subscript, superscript

UNREAD = "�"
_SIMPLE = re.compile(r"[\w.,%‰㐀-鿿]*")
_RINGS = frozenset("○◯〇ＯOo")
_DEEPEST = 30


def fraction(above: str, below: str) -> str:
    """Return a fraction on one line, apart from what stands beside it: 1 and 1/2 are not 11/2.

    A part of more than a figure or a word is in brackets.
    """
    parts = [above.strip(), below.strip()]
    if not all(parts):
        return UNREAD
    shown = "/".join(part if _SIMPLE.fullmatch(part) else f"({part})" for part in parts)
    return f" {shown} "


def power(base: str, exponent: str) -> str:
    """Return a base with its exponent raised; a power of a plain figure is no footnote's mark."""
    plain = re.search(r"[0-9]$", base) and not re.search(r"(?<![0-9.])10$", base)
    return f"{base}^{exponent}" if plain else base + superscript(exponent)


# Word's equations: an element's local name and how it is shown.


def equation(element: Element, depth: int = 0) -> str:
    """Return an equation's text; U+FFFD stands for what cannot be written on a line."""
    if depth > _DEEPEST:
        return UNREAD
    name = local(element)
    if name == "t":
        return element.text or ""
    if name in _SHOWN:
        return _SHOWN[name](element, lambda part: _inside(element, part, depth))
    if name.endswith("Pr") or name in ("del", "moveFrom"):
        return ""
    if name in _UNWRITABLE:
        return UNREAD
    return "".join([equation(part, depth + 1) for part in element])


_Part = Callable[[str], str]


def _inside(element: Element, name: str, depth: int) -> str:
    parts = [part for part in element if local(part) == name]
    return "，".join("".join([equation(inner, depth + 1) for inner in part]) for part in parts)


def _setting(element: Element, name: str, default: str) -> str:
    properties = child(element, f"{local(element)}Pr")
    found = child(properties, name) if properties is not None else None
    own = attribute(found, "val") if found is not None else None
    return default if own is None else own


def _over(element: Element, part: _Part) -> str:
    if _setting(element, "type", "bar") == "noBar":
        return UNREAD
    return fraction(part("num"), part("den"))


def _root(element: Element, part: _Part) -> str:
    return f"{superscript(part('deg'))}√({part('e')})"


def _brackets(element: Element, part: _Part) -> str:
    return _setting(element, "begChr", "(") + part("e") + _setting(element, "endChr", ")")


def _phantom(element: Element, part: _Part) -> str:
    shown = _setting(element, "show", "1").lower() not in OFF
    return part("e") if shown else ""


_SHOWN: dict[str, Callable[[Element, _Part], str]] = {
    "f": _over,
    "rad": _root,
    "d": _brackets,
    "phant": _phantom,
    "sSup": lambda _, part: power(part("e"), part("sup")),
    "sSub": lambda _, part: part("e") + subscript(part("sub"), part("e")),
    "sSubSup": lambda _, part: power(part("e") + subscript(part("sub"), part("e")), part("sup")),
    "func": lambda _, part: part("fName") + part("e"),
}
_UNWRITABLE = frozenset(
    ("nary", "limLow", "limUpp", "m", "eqArr", "acc", "bar", "groupChr", "sPre", "borderBox")
)


# Fields: EQ \f(1,2) and its like.

_COMMAND = re.compile(r"\\([A-Za-z]+)")
_ESCAPED = re.compile(r"\\([\\,;()])")


def eq_field(code: str) -> str:
    """Return what an EQ field shows on a line; U+FFFD where that is not known."""
    return _eq(code.strip(), 0)


def _eq(code: str, depth: int) -> str:
    """Return what a part of the code shows: plain text, and commands with their arguments."""
    if depth > _DEEPEST:
        return UNREAD
    parts: list[str] = []
    at = 0
    while at < len(code):
        if escaped := _ESCAPED.match(code, at):
            parts.append(escaped[1])
            at = escaped.end()
        elif command := _COMMAND.match(code, at):
            shown, at = _command(code, command, depth)
            parts.append(shown)
        else:
            end = code.find("\\", at)
            end = len(code) if end < 0 else end
            parts.append(code[at:end])
            at = max(end, at + 1)
    return "".join(parts)


def _command(code: str, first: re.Match[str], depth: int) -> tuple[str, int]:
    r"""Return what a command (\o\ac(○,1)) shows and where it ends."""
    options: list[str] = []
    at = first.end()
    while found := re.compile(r"\s*\\([A-Za-z]+)(?=[\\(\s0-9-])").match(code, at):
        options.append(found[1].lower())
        at = found.end()
        if number := re.compile(r"\s*-?[0-9]+(?=\s*[\\(])").match(code, at):
            at = number.end()
    opening = re.compile(r"\s*[(（]").match(code, at)
    if opening is None:
        return UNREAD, len(code)
    arguments, at = _arguments(code, opening.end())
    parts = [_eq(argument.strip(), depth + 1) for argument in arguments]
    return _shown(first[1].lower(), options, parts), at


def _shown(name: str, options: Sequence[str], parts: list[str]) -> str:
    """Return what a command shows of its arguments."""
    if name == "s" and len(parts) == 1:
        return _shifted(options, parts[0])
    if name in _OF_TWO and len(parts) == 2:
        return _OF_TWO[name](*parts)
    if name in _OF_ONE and len(parts) == 1:
        return _OF_ONE[name](parts[0])
    return ",".join(parts) if name == "l" else UNREAD


def _shifted(options: Sequence[str], text: str) -> str:
    if any(option.startswith("up") for option in options):
        return superscript(text)
    return UNREAD if any(option.startswith("do") for option in options) else text


def _over_each_other(one: str, other: str) -> str:
    """Return a figure that is printed into a ring as a figure in a circle."""
    ring, inner = (one, other) if one in _RINGS else (other, one)
    if ring not in _RINGS or not inner.isdecimal() or len(inner) > 2:
        return UNREAD
    return circled(int(inner)) or UNREAD


_OF_ONE: dict[str, Callable[[str], str]] = {
    "r": lambda inner: f"√({inner})",
    "b": lambda inner: f"({inner})",
}
_OF_TWO: dict[str, Callable[[str, str], str]] = {
    "f": fraction,
    "o": _over_each_other,
    "r": lambda degree, inner: f"{superscript(degree)}√({inner})",
}


def _arguments(code: str, at: int) -> tuple[list[str], int]:
    """Return the arguments up to the closing bracket, and where what follows begins."""
    found, start, depth = [], at, 1
    while at < len(code) and depth:
        sign = code[at]
        if sign == "\\":
            at += 1
        elif sign in "(（":
            depth += 1
        elif sign in ")）":
            depth -= 1
        elif sign in ",;，；" and depth == 1:
            found.append(code[start:at])
            start = at + 1
        at += 1
    return [*found, code[start : at - 1 if not depth else at]], at
