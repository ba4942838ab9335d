r"""Formulas in LaTeX, as converters of pages write them, become what they show: $\leq 2$ is ≤2.

Only what the table of ``extract/data/latex.toml`` knows is written anew; a formula with anything
else stays as it is, so that it is seen to be unread.
"""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared

_FORMULA = re.compile(r"\$\$?(?P<dollar>[^$\n]{1,200}?)\$\$?|\\\((?P<round>.{1,200}?)\\\)")
_COMMAND = re.compile(r"(?<!\\)\\[A-Za-z]+\s?")
_SPACE = re.compile(r"\\(?:[,;:!\s]|q?quad)")
_BRACED = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_FRACTION = re.compile(rf"\\[dtc]?frac\s*(?:{_BRACED}\s*{_BRACED}|([0-9])\s*([0-9]))")
_TEXT = re.compile(rf"\\(?:text|mathrm|mathbf|mathit|textbf|operatorname|rm|boxed)\s*{_BRACED}")
_RAISED = re.compile(r"\^\s*(?:\{([0-9n+-]+)\}|([0-9n]))")
_LOWERED = re.compile(r"_\s*(?:\{([0-9.]+)\}|([0-9]))")
_SUPERSCRIPTS = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_SIGNS_OF_ONE = re.compile(r"[\\^_{}]|^\s*[<>=≤≥~+-]*\s*[0-9.,]+\s*%?\s*$")
_IDEOGRAPH = re.compile("[㐀-鿿]")


@cache
def _signs() -> dict[str, str]:
    signs: dict[str, str] = declared("extract", "latex")["signs"]
    return signs


def shown(text: str) -> str:
    r"""Return a text with its formulas as they are shown, and signs outside of them (\leq 2)."""
    if "$" not in text and "\\" not in text:
        return text
    return _known(_FORMULA.sub(_formula, text))


def _formula(match: re.Match[str]) -> str:
    inner = match["dollar"] if match["dollar"] is not None else match["round"]
    named = _TEXT.sub("", inner)
    if not _SIGNS_OF_ONE.search(inner) or _IDEOGRAPH.search(named):
        return match.group()
    read = _plain(inner)
    return match.group() if re.search(r"[\\^_]", read) else re.sub(r"\s+", "", read)


def _plain(formula: str) -> str:
    """Return a formula without the marks of LaTeX, as far as they are known."""
    text = _TEXT.sub(lambda found: found[1], _SPACE.sub(" ", formula))
    text = _FRACTION.sub(lambda f: f"{f[1] or f[3]}/{f[2] or f[4]}", text)
    text = _RAISED.sub(lambda found: (found[1] or found[2]).translate(_SUPERSCRIPTS), text)
    text = _LOWERED.sub(lambda found: found[1] or found[2], text)
    return re.sub(r"[{}]|\\(?=%)", "", _known(text))


def _known(text: str) -> str:
    """Return a text with the signs that LaTeX writes as words, and fractions, in their place."""
    text = _FRACTION.sub(lambda f: f"{f[1] or f[3]}/{f[2] or f[4]}", text)
    return _COMMAND.sub(lambda found: _signs().get(found.group().strip("\\ "), found.group()), text)
