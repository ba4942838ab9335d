"""The Chinese pages say what the English ones do: section by section, whatever needs no words.

That are headings and their levels, code blocks without their remarks, tables by rows and columns,
terms in the form of code, figures, and where links lead.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.paths import ROOT

CHINESE = sorted((ROOT / "docs/zh").glob("*.md"))
CODE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]*)\)")
TERM = re.compile(r"`([^`]+)`")
FIGURE = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*", re.ASCII)
MONTHS = dict(zip(calendar.month_name[1:], range(1, 13), strict=True))
DATE = re.compile(rf"\b(\d+) ({'|'.join(MONTHS)})\b")
ITEM = re.compile(r"^ *(?:-|\d+\.) ", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """What a section has that is the same in every language."""

    title: str
    level: int
    code: tuple[str, ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]
    items: int
    terms: frozenset[str]
    figures: tuple[tuple[str, int], ...]
    links: tuple[str, ...]


def english_of(path: Path) -> Path:
    return ROOT / ("raw/README.md" if path.name == "raw.md" else f"docs/{path.name}")


def sections(path: Path) -> Iterator[Section]:
    """Yield a page's sections; headings in code blocks are remarks."""
    text = path.read_text("utf-8")
    blocks = [(language, block) for language, block in CODE.findall(text)]
    places = iter(blocks)
    text = CODE.sub("\ufffc", text)
    pieces = HEADING.split(text)
    for level, title, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        code = [_bare(*next(places)) for _ in range(body.count("\ufffc"))]
        yield _section(title, len(level), tuple(code), body, path)
    assert next(places, None) is None


def _bare(language: str, block: str) -> str:
    lines = (re.sub(r"\s*#.*", "", line) for line in block.splitlines())
    return "\n".join([language, *filter(None, lines)])


def _section(title: str, level: int, code: tuple[str, ...], body: str, path: Path) -> Section:
    words = LINK.sub("]", body)
    terms = {" ".join(each.replace("…", "...").split()) for each in TERM.findall(words)}
    links = {_whither(path, link) for link in LINK.findall(body)} - {_whither(path, path.name)}
    return Section(
        title,
        level,
        code,
        tuple(_tables(body)),
        len(ITEM.findall(body)),
        frozenset(terms),
        tuple(sorted(Counter(_figures(words)).items())),
        tuple(sorted(links)),
    )


def _figures(text: str) -> list[str]:
    """Return the figures of a text in their order; a month's name is its number, as in Chinese."""
    plain = DATE.sub(lambda found: f"{MONTHS[found[2]]} {found[1]}", TERM.sub("", text))
    return FIGURE.findall(plain)


def _whither(path: Path, link: str) -> str:
    """Return the page that a link leads to, by its English version."""
    place = link.partition("#")[0]
    found = (path.parent / place).resolve() if place else path
    return str((english_of(found) if found in CHINESE else found).relative_to(ROOT))


def _tables(body: str) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield each table: its rows, of each cell its figures, whatever order the grammar gives."""
    for table in re.findall(r"(?:^\|.*\n?)+", body, re.MULTILINE):
        yield tuple(
            tuple(" ".join(sorted(_figures(cell))) for cell in re.split(r"(?<!\\)\|", row)[1:-1])
            for row in table.splitlines()
        )


@pytest.mark.parametrize("path", CHINESE, ids=lambda path: path.name)
def test_chinese_versions_keep_step(path: Path) -> None:
    """Whoever changes a figure, a term or an example does so in the other language, too."""
    pairs = zip(sections(english_of(path)), sections(path), strict=True)
    differ = {
        f"{english.title} | {chinese.title}": {
            name: (getattr(english, name), getattr(chinese, name))
            for name in ("level", "code", "tables", "items", "terms", "figures", "links")
            if getattr(english, name) != getattr(chinese, name)
        }
        for english, chinese in pairs
    }
    assert {title: each for title, each in differ.items() if each} == {}
