"""What is said of a page break where more than one reading fits."""

from __future__ import annotations

from common.fold import clean
from normalize.model.doubt import Doubt


def blank_at_start(above: str) -> Doubt:
    """Doubt a blank at a page's top that was taken for the rest of the cell above."""
    return Doubt(
        "blank_at_break",
        "The first row of the page is blank here; taken for the rest of the cell above.",
        "本页首行此处空白，按上页末行单元格的延续处理。",
        (clean(above), ""),
    )


def blank_at_end(below: str) -> Doubt:
    """Doubt a blank at a page's end: the cell may go on over the page."""
    return Doubt(
        "blank_at_break",
        "The last rows of the page are blank here; the cell may go on over the page.",
        f"本页末行此处空白，可能与下页首行的“{clean(below)}”为同一单元格，请核对。",
        ("", clean(below)),
    )


def between(above: str, below: str) -> Doubt:
    """Doubt a heading that is blank on a whole page, between two others."""
    return Doubt(
        "heading_ambiguous",
        f"A whole page is blank here, between {clean(above)!r} and {clean(below)!r}; taken for "
        "the former.",
        f"本页此栏整页空白，其上为“{clean(above)}”，其下为“{clean(below)}”，暂取前者，请核对。",
        (clean(above), clean(below)),
    )


def name_cut(above: str, below: str) -> Doubt:
    """Doubt two headings that a page's end may have made of one."""
    return Doubt(
        "heading_ambiguous",
        f"A page ends between the headings {clean(above)!r} and {clean(below)!r}, and the former "
        "fills its cell; they may be one.",
        f"换页处的“{clean(above)}”占满单元格，与下页的“{clean(below)}”可能是同一名称，请核对。",
        (clean(above + below), clean(above), clean(below)),
    )


def number_cut(above: str, below: str) -> Doubt:
    """Doubt a number that a page's end cut in two."""
    whole, apart = clean(above + below), f"{clean(above)} {clean(below)}"
    return Doubt(
        "number_lookalike",
        f"A page ends within a number: {apart!r}; read as {whole!r}.",
        f"换页处的数字“{apart}”按{whole}读取，请核对。",
        (whole, clean(above), clean(below)),
    )


def unsure_cut(above: str, below: str, *, one_row: bool) -> Doubt:
    """Doubt whether two rows are one; ``above`` and ``below`` are the texts of one column."""
    taken = ("one row", "同一行") if one_row else ("two rows", "两行")
    return Doubt(
        "row_cut_unsure",
        f"A page ends between {clean(above)!r} and {clean(below)!r}; taken for {taken[0]}.",
        f"换页处的“{clean(above)}”与“{clean(below)}”可能是同一行，也可能是两行，暂按{taken[1]}读取，"
        "请核对。",
        (clean(f"{above}\n{below}"), clean(below)),
    )
