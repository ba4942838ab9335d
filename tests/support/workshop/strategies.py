"""Random notices, layouts and ways of printing, for hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

from hypothesis import strategies as st

from tests.support.workshop import vocabulary as words
from tests.support.workshop.draw import Style
from tests.support.workshop.draw_docx import DocxStyle
from tests.support.workshop.draw_html import HtmlStyle
from tests.support.workshop.draw_xlsx import XlsxStyle
from tests.support.workshop.layout import Kind, Layout
from tests.support.workshop.layouts import LAYOUTS
from tests.support.workshop.logical import NOT_ASSESSED, Indicator, Notice, WeightGroup, balanced
from tests.support.workshop.ofd_canvas import OfdStyle, Written
from tests.support.workshop.pdf_style import Cut, PdfStyle, Rules

_POINTS = tuple(Decimal(text) for text in ("0.5", "1", "1.5", "2", "3", "4", "10"))
_MAX_GROUPS_A_HEADING = 3


@st.composite
def notices(draw: st.DrawFn, most_entities: int = 12) -> Notice:
    """Draw a notice whose totals are equal; its leaves and headings have distinct names."""
    entities = draw(_entities(most_entities))
    year = draw(st.integers(2015, 2030))
    city = draw(st.sampled_from(words.CITIES))
    groups = draw(_groups(entities))
    notice = Notice(
        year=year,
        city=city,
        doc_number=f"{words.CITY_SIGNS[city]}〔{year}〕{draw(st.integers(1, 99))}号",
        issued_on=date(year, draw(st.integers(1, 12)), draw(st.integers(1, 28))),
        entities=entities,
        groups=groups,
    )
    return balanced(notice)


@st.composite
def _entities(draw: st.DrawFn, most: int) -> tuple[str, ...]:
    counties = draw(
        st.lists(st.sampled_from(words.COUNTIES), min_size=2, max_size=most - 2, unique=True)
    )
    zones = draw(st.lists(st.sampled_from(words.ZONES), min_size=1, max_size=2, unique=True))
    return (*counties, *zones)


@st.composite
def _groups(draw: st.DrawFn, entities: tuple[str, ...]) -> tuple[WeightGroup, ...]:
    level1s = draw(st.lists(st.sampled_from(words.LEVEL1), min_size=1, max_size=3, unique=True))
    level2s = iter(draw(st.permutations(words.LEVEL2)))
    splits = iter(draw(st.permutations(words.LEVEL3_SPLIT)))
    names = _Names(draw)
    groups: list[WeightGroup] = []
    for level1 in level1s:
        for level2 in islice(level2s, draw(st.integers(1, 3))):
            for _ in range(draw(st.integers(1, _MAX_GROUPS_A_HEADING))):
                if not names.spare:
                    break
                headings = (level1, level2, next(splits, None))
                groups.append(draw(_group(headings, entities, names)))
    before = groups[-1].indicators[0]
    last = draw(_group((before.level1, before.level2, None), entities, names))
    return (*groups, replace(last, indicators=(_for_all(last.indicators[0]),), base=Decimal(5)))


def _for_all(leaf: Indicator) -> Indicator:
    """Make a leaf that is assessed everywhere: the last group evens the totals."""
    return replace(leaf, targets=("按相关要求贯彻落实",) * len(leaf.targets), unit=None)


class _Names:
    """Hands out leaf names, none twice in a notice."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.numeric = list(draw(st.permutations(words.NUMERIC)))
        self.worded = list(draw(st.permutations(words.WORDED)))

    @property
    def spare(self) -> int:
        """How many leaves may be named yet, one kept for the last group."""
        return len(self.numeric) + len(self.worded) - 1

    def next(self, *, numeric: bool) -> tuple[str, str | None]:
        if (numeric and self.numeric) or not self.worded:
            return self.numeric.pop()
        return self.worded.pop(), None


@st.composite
def _group(
    draw: st.DrawFn,
    headings: tuple[str, str | None, str | None],
    entities: tuple[str, ...],
    names: _Names,
) -> WeightGroup:
    level1, level2, split = headings
    size = min(draw(st.sampled_from((1, 1, 1, 2, 2, 3, 4))), max(names.spare, 1))
    parent = split if draw(st.integers(0, 3)) == 0 else None
    leaves = []
    for _ in range(size):
        name, unit = names.next(numeric=draw(st.booleans()))
        targets = draw(_targets(len(entities), unit))
        level3, level4 = (parent, name) if parent else (name, None)
        note = draw(st.none() | st.sampled_from(words.LEAF_NOTES))
        method = draw(st.none() | st.sampled_from(words.METHODS))
        leaves.append(Indicator(level1, level2, level3, targets, level4, unit, note, method))
    departments = draw(
        st.lists(st.sampled_from(words.DEPARTMENTS), min_size=1, max_size=4, unique=True)
    )
    leaders = draw(st.integers(1, len(departments)))
    return WeightGroup(
        tuple(leaves),
        draw(st.sampled_from(_POINTS)),
        draw(_exceptions(entities)),
        tuple(departments[:leaders]),
        tuple(departments[leaders:]),
    )


@st.composite
def _exceptions(draw: st.DrawFn, entities: tuple[str, ...]) -> tuple[tuple[str, Decimal], ...]:
    if draw(st.integers(0, 3)):
        return ()
    chosen = draw(st.lists(st.sampled_from(entities), min_size=1, max_size=2, unique=True))
    return tuple((entity, draw(st.sampled_from((Decimal(6), Decimal("2.5"))))) for entity in chosen)


@st.composite
def _targets(draw: st.DrawFn, number: int, unit: str | None) -> tuple[str, ...]:
    """Draw a row of targets: numbers, one text for all, texts in runs; some not assessed."""
    form = draw(st.sampled_from(("numbers", "one", "runs")))
    if form == "numbers" and unit is not None:
        texts = draw(st.lists(st.sampled_from(words.NUMBERS), min_size=number, max_size=number))
    elif form == "one":
        texts = [draw(_wording(unit))] * number
    else:
        cut = draw(st.integers(1, number - 1))
        texts = [draw(_wording(unit))] * cut + [draw(_wording(unit))] * (number - cut)
    absent = draw(st.sampled_from((0, 0, 1, 2)))
    kept = number - min(absent, number - 1)
    return (*texts[:kept], *((NOT_ASSESSED,) * (number - kept)))


def _wording(unit: str | None) -> st.SearchStrategy[str]:
    return st.sampled_from(words.LIMITS if unit == "%" else words.WORDINGS)


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Draw one of the named layouts with its variable choices drawn anew."""
    layout = draw(st.sampled_from(list(LAYOUTS.values())))
    return replace(
        layout,
        merge_targets=draw(st.booleans()),
        merge_dashes=draw(st.booleans()),
        departments=draw(st.sampled_from(("group", "equal", "each"))),
        separator=draw(st.sampled_from(("、", "，", "\n", "；", ""))),
        exceptions=draw(st.sampled_from(("each", "list"))),
        heading_points=draw(st.booleans()),
    )


def plain_layouts() -> st.SearchStrategy[Layout]:
    """Draw layouts that Markdown can hold without a blank that has two meanings."""
    chosen = [
        layout
        for layout in LAYOUTS.values()
        if max(len(plan.headings) + (plan.kind is Kind.TARGETS) for plan in layout.columns) == 1
    ]
    return st.builds(
        replace, st.sampled_from(chosen), separator=st.sampled_from(("、", "，")),
        exceptions=st.sampled_from(("each", "list")),
    )  # fmt: skip


_PARTS = {
    "parts": st.sampled_from((1, 1, 1, 2, 3)),
    "cut": st.sampled_from((Cut.FIRST, Cut.LAST, Cut.REPEATED)),
}
_STYLES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "html": {
        "header_tag": st.sampled_from(("th", "td")),
        "sections": st.booleans(),
        "paragraphs": st.booleans(),
        "indented": st.booleans(),
        "encoding": st.sampled_from(("utf-8", "gb18030")),
        **_PARTS,
    },
    "docx": {
        "split_runs": st.booleans(),
        "repeat_header": st.booleans(),
        "breaks": st.booleans(),
        **_PARTS,
    },
    "xlsx": {
        "typed": st.booleans(),
        "front_sheet": st.booleans(),
        "offset": st.sampled_from((0, 0, 1)),
        **_PARTS,
    },
    "pdf": {
        "rules": st.sampled_from(Rules),
        "cut": st.sampled_from(Cut),
        "closed": st.booleans(),
        "repeat_header": st.booleans(),
        "row_breaks": st.booleans(),
        "margin_rules": st.booleans(),
        "header_fill": st.booleans(),
        "white_fill": st.booleans(),
        "centred": st.booleans(),
        "front_page": st.booleans(),
        "page_numbers": st.booleans(),
        "rotate": st.sampled_from((0, 0, 0, 90, 180, 270)),
        "body": st.integers(240, 420),
    },
}
_STYLES["ofd"] = {
    **_STYLES["pdf"],
    "rotate": st.just(0),
    "written": st.sampled_from(Written),
    "repeats": st.booleans(),
}
_BUILDERS = {
    "html": HtmlStyle,
    "docx": DocxStyle,
    "xlsx": XlsxStyle,
    "pdf": PdfStyle,
    "ofd": OfdStyle,
}


def styles(kind: str) -> st.SearchStrategy[Style | None]:
    """Draw a way of printing in this format."""
    if kind not in _BUILDERS:
        return st.none()
    drawn = st.builds(_BUILDERS[kind], **_STYLES[kind])
    return drawn.map(_framed) if kind in ("pdf", "ofd") else drawn


def flowing_styles() -> st.SearchStrategy[PdfStyle]:
    """Draw ways of printing in which texts run over closed page breaks, as Word prints them."""
    plain = st.builds(PdfStyle, **{**_STYLES["pdf"], "body": st.integers(150, 300)})
    flowing = st.builds(
        partial(replace, closed=True, row_breaks=True, flowing=True),
        plain,
        lone_lines=st.booleans(),
    )
    return flowing.map(_framed)


def _framed(style: PdfStyle) -> PdfStyle:
    """Leave out the margin rules only where no cell is open and every page has its header.

    A blank level-1 cell over a whole page would otherwise leave nothing on the page at all.
    """
    if style.closed and style.repeat_header:
        return style
    return replace(style, margin_rules=True)
