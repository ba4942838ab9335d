"""Whether a blank beside a page break that rules close is part of a cell that the page cut."""

from __future__ import annotations

from normalize.break_doubts import blank_at_end, blank_at_start
from normalize.grid import Role
from normalize.pieces import Piece
from normalize.seam import Pair, Printing, Seam
from normalize.text import clean


def blank_was_cut(pair: Pair, seam: Seam, printing: Printing) -> bool:
    """Tell whether a blank beside a closed break is part of a cut cell.

    Nobody prints blank points. A department goes on where the points do, a supporting one
    where the assessing one does; otherwise it counts whether this document prints such
    blanks away from page breaks, too. Where it does not, a department that is blank at the
    page's end is taken, with a doubt, for the one printed below.
    """
    up, down, column = pair
    role, blanks = column.role, printing.habits.blanks
    if role is Role.POINTS or (role is Role.ASSESSING and seam.cut(Role.POINTS)):
        doubt_blank_above(pair, printing)
        return True
    if role is Role.SUPPORTING:
        return _supporting_was_cut(up, down, seam, printing)
    above = printing.groups.text(up)
    if clean(above):
        if role in blanks or role is Role.TARGET:
            down.doubts.append(blank_at_start(above))
        return True
    if role is not Role.ASSESSING or role in blanks:
        return False
    if any(not over.up.text and over.down.text for over in seam.headings()):
        return True
    up.assumed = down.text or None
    up.doubts.append(blank_at_end(down.text))
    return False


def doubt_blank_above(pair: Pair, printing: Printing) -> None:
    """Doubt a blank over a text where this document prints such blanks elsewhere, too."""
    up, down, column = pair
    usual = column.role in printing.habits.blanks
    if usual and not clean(printing.groups.text(up)) and clean(down.text):
        up.doubts.append(blank_at_end(down.text))


def _supporting_was_cut(up: Piece, down: Piece, seam: Seam, printing: Printing) -> bool:
    cut = seam.cut(Role.ASSESSING) or _spans_a_cut_group(up, down, seam)
    open_to_doubt = Role.SUPPORTING not in printing.habits.blanks or seam.cut(Role.POINTS)
    if not cut and open_to_doubt and clean(down.text):
        up.doubts.append(blank_at_end(down.text))
    above = clean(printing.groups.text(up))
    if not cut and above and not down.text and seam.cut(Role.POINTS):
        down.assumed = above
        down.doubts.append(blank_at_start(above))
    return cut


def _spans_a_cut_group(up: Piece, down: Piece, seam: Seam) -> bool:
    """Tell whether two cells cover the same rows, more than one, as points that were cut."""
    extents = {(pair.up.row0, pair.down.row1) for pair in seam.of(Role.POINTS)}
    merged = up.row1 - up.row0 > 1 or down.row1 - down.row0 > 1
    return merged and seam.cut(Role.POINTS) and (up.row0, down.row1) in extents
