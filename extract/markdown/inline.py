"""A piece of Markdown as it is seen: its signs, formulas and the HTML in it are read, not kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extract.text.latex import shown
from extract.web.reader import Fragment, read_fragment

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ESCAPED_FROM = 0xF8000  # private characters that stand for escaped signs meanwhile
_TAGS = (
    "a|abbr|b|big|bdo|br|center|code|del|details|div|em|font|h[1-6]|i|img|input|ins|kbd|label|mark"
    "|math|m[inor]|mfrac|msup|msub|mrow|mtext|p|q|s|select|small|span|strike|strong|sub|summary"
    "|sup|textarea|tt|u|var|wbr"
)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!--.*?-->|<!--.*", re.IGNORECASE | re.DOTALL)
_OPENING = re.compile(rf"<(?!/?(?:{_TAGS})(?:\s[^<>]*)?/?>|!--)", re.IGNORECASE)
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)?(?:\s+\"[^\"]*\")?\)")
_FOOTNOTE = re.compile(r"\[\^([^\[\]\s]{1,8})\](?!:)")
_RAISED = re.compile(r"(?<=\S)\^([0-9a-z*＊①-⑳注,，]{1,6})\^(?!\^)")
_STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~(?!~)", re.DOTALL)
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_EMPHASIS = (
    re.compile(r"(\*\*\*|___)(?=\S)(.+?)(?<=\S)\1(?![*_])", re.DOTALL),
    re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?![*_])", re.DOTALL),
    re.compile(r"(?<![\w*])(\*)(?=[^\s*])(.+?)(?<=[^\s*])\1(?![\w*])", re.DOTALL),
    re.compile(r"(?<![\w_])(_)(?=[^\s_])(.+?)(?<=[^\s_])\1(?![\w_])", re.DOTALL),
)


@dataclass(slots=True)
class Unread:
    """What the pieces of a text hold that is not read."""

    hidden: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    pictures: int = 0

    def keep(self, fragment: Fragment) -> None:
        """Keep what was left out of a piece."""
        self.hidden += fragment.hidden
        self.struck += fragment.struck
        self.pictures += fragment.pictures


def seen(text: str, left: Unread) -> str:
    """Return a piece of Markdown as it is seen; what is struck out or hidden goes to ``left``."""
    text = shown(text.strip())
    if not re.search(r"[\\<&\[*_~`^]", text):
        return _lines(text)
    text = _ESCAPE.sub(lambda found: chr(_ESCAPED_FROM + ord(found[1])), text)
    text = _without_signs(text)
    if _TAG.search(text) or "&" in text:
        fragment = read_fragment(_OPENING.sub("&lt;", text).replace("\n", "<br>"))
        left.keep(fragment)
        text = fragment.text
    return _lines(re.sub("[\U000f8021-\U000f807e]", _restored, text))


def _restored(found: re.Match[str]) -> str:
    return chr(ord(found.group()) - _ESCAPED_FROM)


def _without_signs(text: str) -> str:
    """Return a text with tags in place of the signs of Markdown that matter, without the others."""
    text = _CODE.sub(r"\2", text)
    text = _PICTURE.sub("<img>", text)
    text = _LINK.sub(r"\1", text)
    text = _FOOTNOTE.sub(r"<sup>\1</sup>", text)
    text = _RAISED.sub(r"<sup>\1</sup>", text)
    text = _STRUCK.sub(r"<s>\1</s>", text)
    for sign in _EMPHASIS:
        text = sign.sub(r"\2", text)
    return text


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n"))


def seen_in_html(text: str) -> str:
    """Return a text of an HTML cell without the formulas and escapes that converters write."""
    return re.sub(r"\\([%_&#$~*])", r"\1", shown(text)) if re.search(r"[$\\]", text) else text
