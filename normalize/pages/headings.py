"""Whether a heading continues over a page break."""

from __future__ import annotations

from common.fold import clean, fold, printed_width
from normalize.model.doubt import doubt
from normalize.model.table import Column, Role
from normalize.pages.blanks import doubt_blank_above, doubt_start
from normalize.pages.fragments import repeats, text_lines
from normalize.pages.page_break import PageBreak, Pair, Printing, has_room

_FEWEST = 3  # other headings of a column from which their width is known


def heading_continues(pair: Pair, page_break: PageBreak, printing: Printing) -> bool:
    """Tell whether a heading continues: blank on one page, or named again."""
    up, down, column = pair
    above, below = printing.merged.text(up), down.text
    doubt_blank_above(pair, printing)
    if above and not clean(below) and printing.again and _named_again_before(column, page_break):
        down.assumed = above
        doubt_start(pair, above)
        return False
    if _is_one(above, below):
        return True
    if _may_be_cut(pair, page_break, printing):
        _doubt_two_names(pair)
    elif _are_halves(pair, printing):
        _doubt_halves(pair)
    if printing.late and not up.text and up.row0 <= page_break.pages.start:
        _doubt_blank_page(pair, above, printing)
    return False


def _is_one(above: str, below: str) -> bool:
    """Tell whether two names of a heading are one: either is blank, or repeats the other."""
    blank = not clean(above) or not clean(below)
    return blank or repeats(above, below) or repeats(below, above)


def _doubt_two_names(pair: Pair) -> None:
    """Doubt two headings that a page's end may have made of one."""
    above, below = pair.up.text, pair.down.text
    names = (clean(above + below), clean(above), clean(below))
    unsure = doubt("heading_ambiguous.full_cell", names, above=clean(above), below=clean(below))
    pair.up.doubts.append(unsure)
    pair.down.doubts.append(unsure)


def _are_halves(pair: Pair, printing: Printing) -> bool:
    """Tell whether two headings are each shorter than all others of their column, and one together.

    A page's end may have parted one name, half of it on either page.
    """
    up, down, column = pair
    others = [width for width in printing.evidence.widths.get(column.index, ()) if width]
    if not up.text or not down.text or len(others) < _FEWEST:
        return False
    halves = [printed_width(clean(each.text)) for each in (up, down)]
    return max(halves) < min(others) <= sum(halves) <= max(others)


def _doubt_halves(pair: Pair) -> None:
    above, below = clean(pair.up.text), clean(pair.down.text)
    names = (above + below, above, below)
    unsure = doubt("heading_ambiguous.halves", names, above=above, below=below)
    pair.up.doubts.append(unsure)
    pair.down.doubts.append(unsure)


def _doubt_blank_page(pair: Pair, above: str, printing: Printing) -> None:
    """Doubt a heading that is blank on a whole page, between two others."""
    names = (clean(above), clean(pair.down.text))
    unsure = doubt("heading_ambiguous.blank_page", names, above=names[0], below=names[1])
    printing.merged.part(pair.up, unsure)


def _may_be_cut(pair: Pair, page_break: PageBreak, printing: Printing) -> bool:
    """Tell whether a heading of one row fills its cell so that the next page may continue it.

    No further line has room in the cell, and no further character on its last one: no line of the
    column is as long.
    """
    up, down, column = pair
    if not up.text or not down.text or up.cell.box is None or up.row1 - up.row0 > 1:
        return False
    known = printing.evidence.texts.get(Role.LEVEL, ())
    if fold(up.text) in known or fold(down.text) in known or up.text[-1] in "）)":
        return False
    longer = printed_width(up.cell.text.split("\n")[-1] + down.text[0])
    full = longer > printing.evidence.longest.get(column.index, 0)
    return full and not has_room(up, text_lines(up) + 1, page_break)


def named_late(page_break: PageBreak) -> bool:
    """Tell whether a heading whose cell begins on the page above is named on the page below."""
    start = page_break.pages.start
    begun = (pair for pair in page_break.headings() if pair.up.row0 > start or not start)
    return any(not pair.up.text and pair.down.text for pair in begun)


def named_again(page_break: PageBreak) -> bool:
    """Tell whether a heading is printed on both pages though it fills neither.

    One that fills a page is printed there in any case, and then wherever else it stands.
    """
    start, end = page_break.pages.start, page_break.pages.end
    headings = (
        pair for pair in page_break.headings() if pair.up.row0 > start and pair.down.row1 < end
    )
    return any(map(_is_named_again, headings))


def _named_again_before(column: Column, page_break: PageBreak) -> bool:
    """Tell whether a heading left of a column is printed on both pages."""
    left = (pair for pair in page_break.of(Role.LEVEL) if pair.column.index < column.index)
    return any(pair.down.row1 < page_break.pages.end and _is_named_again(pair) for pair in left)


def _is_named_again(pair: Pair) -> bool:
    return bool(pair.up.text and pair.down.text) and repeats(pair.up.text, pair.down.text)
