"""The cells that a page break cut are joined again.

A rule that is missing at the page's end is the best evidence; where pages are closed by a rule all
the same, blanks and texts decide.
"""

from __future__ import annotations

from common.fold import clean, number_runs_on
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Role
from normalize.pages.blanks import blank_was_cut, goes_over_rows
from normalize.pages.fragments import repeats, text_lines
from normalize.pages.headings import heading_continues
from normalize.pages.page_break import PageBreak, Pair, Printing, has_room
from normalize.pages.page_evidence import weigh_together
from normalize.pages.split_rows import row_continues
from normalize.text.clean import not_assessed

#: Columns whose merged cells may hold more text than a page has room for.
_FLOWING = (Role.LEVEL, Role.POINTS, Role.ASSESSING, Role.SUPPORTING)
#: Headings and points decide what may continue beside them, the assessing departments the rest.
_RANKS = {Role.ASSESSING: 1, Role.SUPPORTING: 2}
_DEPARTMENTS = (Role.ASSESSING, Role.SUPPORTING)
#: Columns, beside headings, whose cells may be blank on one side of a break.
_SHARED = (Role.POINTS, Role.ASSESSING, Role.SUPPORTING, Role.TARGET)


def rejoin_cells(page_break: PageBreak, printing: Printing) -> bool:
    """Unite what the break cut; returns True where it went through one printed row."""
    if not page_break.whole:
        return False
    split = row_continues(page_break, printing.evidence)
    for pair in sorted(page_break.pairs, key=lambda pair: _RANKS.get(pair.column.role, 0)):
        up, down, _ = pair
        if (up.column0, up.column1) != (down.column0, down.column1):
            continue
        if split:
            _continue_row(pair, page_break, printing)
        elif _cell_continues(pair, page_break, printing):
            printing.merged.unite(up, down)
    return split


def _continue_row(pair: Pair, page_break: PageBreak, printing: Printing) -> None:
    """Make the rest of a cut row's cell part of it; a number cut in two is doubted."""
    up, down, _ = pair
    printing.merged.unite(up, down)
    twice = _is_printed_twice(page_break) or _is_repeated(pair, page_break)
    down.continuation = up.row1 == up.row0 + 1 and not twice
    if down.continuation and number_runs_on(up.text, down.text):
        down.doubts.append(_number_cut(clean(up.text), clean(down.text)))


def _number_cut(above: str, below: str) -> Doubt:
    """Doubt a number that a page's end cut in two."""
    whole, apart = clean(above + below), f"{above} {below}"
    return doubt("number_lookalike.page_end", (whole, above, below), apart=apart, whole=whole)


def _is_printed_twice(page_break: PageBreak) -> bool:
    """Whether the cut row is printed whole on both pages: its name is there twice."""
    return (
        page_break.names is not None and page_break.names[0].text == page_break.names[1].text != ""
    )


def _is_repeated(pair: Pair, page_break: PageBreak) -> bool:
    """Whether a heading, or a cell that goes on over further rows, is printed again or in part."""
    up, down, _ = pair
    heading = up.column1 <= page_break.leaf
    again = repeats(up.cell.text, down.cell.text) or repeats(down.cell.text, up.cell.text)
    return (heading or down.row1 - down.row0 > 1) and again


def _cell_continues(pair: Pair, page_break: PageBreak, printing: Printing) -> bool:
    """Tell whether one cell of a column continues over the break though the row does not."""
    up, down, column = pair
    if column.role is Role.SERIAL or down.column1 > page_break.leaf >= down.column0:
        return False
    if printing.open and (page_break.tops_differ or not page_break.all_open):
        return _is_open(pair, page_break)
    if not clean(down.text) or not clean(printing.merged.text(up)):
        if column.role in _SHARED:
            return blank_was_cut(pair, page_break, printing)
    elif column.role in _FLOWING and _text_continues(pair, page_break, printing):
        down.continuation = True
        return True
    return column.role is Role.LEVEL and heading_continues(pair, page_break, printing)


def _is_open(pair: Pair, page_break: PageBreak) -> bool:
    """Tell whether a rule is missing between two cells, where rules are missing for some only."""
    below = page_break.tops_differ and pair.down.cell.open_top
    return below or (pair.up.cell.open_bottom and not page_break.all_open)


def _text_continues(pair: Pair, page_break: PageBreak, printing: Printing) -> bool:
    """Tell whether two texts are whole only together; doubt departments that may be.

    A sign that there is no department, / or —, is a whole text.
    """
    up, down, column = pair
    if not up.text or repeats(up.text, down.text) or repeats(down.text, up.text):
        return False
    if column.role in _DEPARTMENTS and any(not_assessed(each.text) for each in (up, down)):
        return False
    weight = weigh_together(up, down, column.role, printing.evidence)
    if weight < 2 and column.role in _DEPARTMENTS and _may_run_on(pair, page_break, printing):
        above, below = clean(up.text), clean(down.text)
        unsure = doubt(
            "row_cut_unsure.departments",
            (clean(f"{up.text}\n{down.text}"), above, below),
            severity=page_break.weight_of_sharing,
            above=above,
            below=below,
        )
        up.doubts.append(unsure)
        down.doubts.append(unsure)
    return weight >= 2


def _may_run_on(pair: Pair, page_break: PageBreak, printing: Printing) -> bool:
    """Tell whether a cell for several rows, filled to the page's end, may go on behind it."""
    up, _, column = pair
    return (
        page_break.may_share_points(printing.merged)
        and goes_over_rows(pair, column.role, printing)
        and not has_room(up, text_lines(up) + 1, page_break)
    )
