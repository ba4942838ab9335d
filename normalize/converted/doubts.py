"""What is said of cells of a converted table that may be read otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from common.fold import clean
from normalize.model.doubt import Doubt


def blank_doubt(text: str, others: Sequence[str], what: str) -> Doubt:
    """Return the doubt of a cell that was printed blank and could mean several things."""
    named = "、".join(f"“{clean(other)}”" if other else "空白" for other in others)
    return Doubt(
        "blank_ambiguous",
        f"the {what} is blank in the text; read as {clean(text)!r}",
        f"此处为空白，暂按“{clean(text)}”处理，也可能是{named}，请核对原件。"
        if text
        else f"此处为空白，原文看不出应填什么（可能是{named}），请核对原件。",
        tuple(others),
    )


def orphan_doubt(text: str) -> Doubt:
    """Return the doubt of a sub-indicator that has no indicator above it."""
    return Doubt(
        "heading_ambiguous",
        f"{clean(text)!r} stands where a sub-indicator would, but no indicator is above it",
        f"“{clean(text)}”位于下级指标的位置，但上方没有所属指标，请核对原件。",
    )


def under_doubt(above: str) -> Doubt:
    """Return the doubt of a heading that is blank where the heading over it begins."""
    return Doubt(
        "heading_ambiguous",
        f"a heading begins here, but the one below it is blank; {clean(above)!r} may not go on",
        f"此处上级标题更换，而下级标题空白，暂沿用“{clean(above)}”，请核对原件。",
        (clean(above), ""),
    )


def moved_doubt(text: str) -> Doubt:
    """Return the doubt of a name in a row that lacks a cell: it may stand one level too high."""
    return Doubt(
        "heading_ambiguous",
        f"the row has a cell less than others; {clean(text)!r} may stand one level lower",
        f"本行比其他行少一个单元格，可能整行左移，“{clean(text)}”可能属于下一级，请核对原件。",
        (clean(text),),
    )


def cut_doubt(above: str) -> Doubt:
    """Return the doubt of a department that was cut off; ``above`` is that of the row above."""
    same = f"；可能与上一行相同（“{clean(above)}”）" if clean(above) else ""
    return Doubt(
        "department_cut",
        "the row was pushed right and its department cut off",
        f"本行向右错位，末尾的考核单位被截去{same}，请核对原件。",
        (above,) if same else (),
    )


def cut_cell_doubt(text: str) -> Doubt:
    """Return the doubt of any other cell that was cut off, read as ``text``."""
    return Doubt(
        "row_shifted",
        "the row was pushed right and the cell at its end cut off",
        f"本行向右错位，末尾单元格被截去，此处暂取“{clean(text)}”，请核对原件。",
    )
