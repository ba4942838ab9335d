r"""Formulas in LaTeX, as converters of pages write them, become what they show: $\leq 2$ is ≤2.

Only what the table of ``extract/data/latex.toml`` knows is written anew; a formula with anything
else stays as it is, so that it is seen to be unread.
"""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared
from extract.raised import subscript, superscript

_FORMULA = re.compile(r"\$\$?(?P<dollar>[^$\n]{1,200}?)\$\$?|\\\((?P<round>.{1,200}?)\\\)")
_COMMAND = re.compile(r"(?<!\\)\\[A-Za-z]+\s?")
_SPACE = re.compile(r"\\(?:[,;:!\s]|q?quad)")
_BRACED = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_FRACTION = re.compile(rf"\\[dtc]?frac\s*(?:{_BRACED}\s*{_BRACED}|([0-9])\s*([0-9]))")
_TEXT = re.compile(
    r"\\(?:text(?:rm|bf|it|sf|normal)?|math(?:rm|bf|it|sf|tt|cal)|operatorname|rm|ce|mbox|boxed|unit)\*?"
    rf"\s*{_BRACED}"
)
#: Commands that stand in plain text as well, outside of a formula.
_WORDED = re.compile(rf"\\text(superscript|subscript|rm|bf|it|sf|normal)?\s*{_BRACED}")
_FACE = re.compile(r"\{\s*\\(?:rm|bf|it|sf)\s+([^{}]*)\}")
_RAISED = re.compile(
    r"(?:\^\s*|\\textsuperscript\s*(?=\{))(?:\{\s*([^{}^_\\]{1,12}?)\s*\}|([0-9n*]))"
)
_LOWERED = re.compile(r"(?:_\s*|\\textsubscript\s*(?=\{))(?:\{\s*([^{}^_\\]{1,12}?)\s*\}|([0-9]))")
_DEGREE = re.compile(r"\^\s*(?:\{\s*\\circ\s*\}|\\circ\b)\s*")
_SIGNS_OF_ONE = re.compile(r"[\\^_{}]|^\s*[<>=≤≥~+-]*\s*[0-9.,]+\s*%?\s*$")
_TIE = re.compile(r"(?<=[{A-Za-z])\s*~+\s*|\s*~+\s*(?=[^\s0-9~])|\s*~+\s*$")  # 5~7 is a range
_APART = "\ufdd1"  # between a number and the fraction beside it: 2 1/2
_IDEOGRAPH = re.compile("[㐀-鿿]")


@cache
def _signs() -> dict[str, str]:
    return declared(dict[str, str], "extract", "latex", "signs")


def shown(text: str) -> str:
    r"""Return a text with its formulas as they are shown, and signs outside of them (\leq 2)."""
    if "$" not in text and "\\" not in text:
        return text
    parts, end = [], 0
    for match in _FORMULA.finditer(text):
        parts += [_WORDED.sub(_worded, text[end : match.start()]), _formula(match)]
        end = match.end()
    parts.append(_WORDED.sub(_worded, text[end:]))
    return _known("".join(parts)).replace(_APART, " ")


def _worded(found: re.Match[str]) -> str:
    if found[1] == "superscript":
        return superscript(found[2].strip())
    if found[1] == "subscript":
        return subscript(found[2].strip(), found.string[: found.start()])
    return found[2]


def _formula(match: re.Match[str]) -> str:
    inner = match["dollar"] if match["dollar"] is not None else match["round"]
    named = _RAISED.sub("", _TEXT.sub("", inner))
    if not _SIGNS_OF_ONE.search(inner) or _IDEOGRAPH.search(named):
        return match.group()
    read = _plain(inner)
    return match.group() if re.search(r"[\\^_]", read) else _compact(read)


def _plain(formula: str) -> str:
    """Return a formula without the marks of LaTeX, as far as they are known."""
    formula = _TIE.sub("", formula)
    text = _TEXT.sub(lambda found: f"{{{found[1]}}}", _SPACE.sub(" ", _DEGREE.sub("°", formula)))
    text = _FRACTION.sub(_fraction, _FACE.sub(lambda found: found[1], text))
    text = _RAISED.sub(lambda found: superscript(_compact(found[1] or found[2])), text)
    text = _LOWERED.sub(_index, text)
    return re.sub(r"[{}]|\\(?=[%#&$])", "", _known(text))


def _fraction(found: re.Match[str]) -> str:
    apart = _APART if re.search(r"[0-9]\s*$", found.string[: found.start()]) else ""
    return f"{apart}{found[1] or found[3]}/{found[2] or found[4]}"


def _index(found: re.Match[str]) -> str:
    return subscript(_compact(found[1] or found[2]), found.string[: found.start()])


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _known(text: str) -> str:
    """Return a text with the signs that LaTeX writes as words, and fractions, in their place."""
    text = _FRACTION.sub(_fraction, text)
    return _COMMAND.sub(lambda found: _signs().get(found.group().strip("\\ "), found.group()), text)
