"""Whether a blank beside a page break that rules close is part of a cell that the page cut."""

from __future__ import annotations

from common.fold import clean
from normalize.model.doubt import doubt
from normalize.model.table import Role
from normalize.pages.fragments import repeats, text_lines
from normalize.pages.page_break import PageBreak, Pair, Printing, has_room


def blank_was_cut(pair: Pair, page_break: PageBreak, printing: Printing) -> bool:
    """Tell whether a blank beside a closed break is part of a cut cell.

    Nobody prints blank points. A department is cut where the points are, a supporting one where
    the assessing one is; otherwise it counts whether this document prints such blanks away from
    page breaks, too. Where it does not, a department that is blank at the page's end is taken,
    with a doubt, for the one printed below.
    """
    role = pair.column.role
    points_cut = page_break.cut(Role.POINTS, printing.merged)
    if role is Role.POINTS or (role is Role.ASSESSING and points_cut):
        if not doubt_blank_above(pair, printing) and _blank_alone(pair, page_break, printing):
            _doubt_end(pair)
        return True
    if role is Role.SUPPORTING:
        return _supporting_was_cut(pair, page_break, printing)
    above = printing.merged.text(pair.up)
    if clean(above):
        if role is Role.TARGET or role in printing.evidence.blanks:
            doubt_start(pair, above)
        return True
    return role is Role.ASSESSING and _assessing_above_was_cut(pair, page_break, printing)


def _assessing_above_was_cut(pair: Pair, page_break: PageBreak, printing: Printing) -> bool:
    """Tell whether a department that is blank at a page's end is surely the one printed below."""
    if Role.ASSESSING in printing.evidence.blanks:
        return False
    if any(_begins_below(over, printing) for over in page_break.headings()):
        return True
    pair.up.assumed = pair.down.text or None
    _doubt_end(pair)
    return False


def doubt_blank_above(pair: Pair, printing: Printing) -> bool:
    """Doubt a blank over a text where this document prints such blanks elsewhere, too."""
    doubtful = pair.column.role in printing.evidence.blanks and _named_below(pair, printing)
    if doubtful:
        _doubt_end(pair)
    return doubtful


def _doubt_end(pair: Pair) -> None:
    """Doubt a blank at a page's end: it may be part of the cell below."""
    below = clean(pair.down.text)
    pair.up.doubts.append(doubt("blank_at_break.end", ("", below), below=below))


def doubt_start(pair: Pair, above: str) -> None:
    """Doubt a blank at a page's top that was taken for part of the cell above, of this text."""
    pair.down.doubts.append(doubt("blank_at_break.start", (clean(above), "")))


def _blank_alone(pair: Pair, page_break: PageBreak, printing: Printing) -> bool:
    """Tell whether no heading or department is blank at the page's end and named on the next.

    The blank may then as well be what is left of a cell that ended with its page.
    """
    if (
        printing.late
        or not _named_below(pair, printing)
        or not has_room(pair.up, text_lines(pair.down), page_break)
    ):
        return False
    others = (p for p in page_break.pairs if p.column.role in (Role.LEVEL, Role.ASSESSING))
    return not any(_begins_below(other, printing) for other in others)


def _named_below(pair: Pair, printing: Printing) -> bool:
    return bool(clean(pair.down.text)) and not clean(printing.merged.text(pair.up))


def _begins_below(pair: Pair, printing: Printing) -> bool:
    """Tell whether a cell has its first text below the break."""
    return bool(pair.down.text) and not printing.merged.text_above(pair.up, pair.down.row0)


def _supporting_was_cut(pair: Pair, page_break: PageBreak, printing: Printing) -> bool:
    up, down, _ = pair
    if _goes_with_assessing(page_break, printing) or _spans_a_cut_group(pair, page_break, printing):
        return True
    points_cut = page_break.cut(Role.POINTS, printing.merged)
    shared = points_cut or page_break.may_share_points(printing.merged)
    usual = Role.SUPPORTING in printing.evidence.blanks and not _may_be_late(pair, page_break)
    if clean(down.text) and (points_cut or not usual):
        _doubt_end(pair)
    above = clean(printing.merged.text(up))
    if not above or down.text:
        return False
    if points_cut:
        down.assumed = above
        doubt_start(pair, above)
    elif shared:
        severity = page_break.weight_of_sharing
        down.doubts.append(doubt("blank_at_break.top", (above, ""), severity=severity, above=above))
    return False


def _may_be_late(pair: Pair, page_break: PageBreak) -> bool:
    """Tell whether the text below had no room above, where one department assesses on both."""
    assessing = page_break.of(Role.ASSESSING)
    again = any(up.text and repeats(up.text, down.text) for up, down, _ in assessing)
    return again and not has_room(pair.up, text_lines(pair.down), page_break)


def goes_over_rows(pair: Pair, role: Role, printing: Printing) -> bool:
    """Tell whether cells of a column go over several rows, beside a break or anywhere."""
    beside = any(each.row1 - each.row0 > 1 for each in (pair.up, pair.down))
    return beside or role in printing.evidence.tall


def _goes_with_assessing(page_break: PageBreak, printing: Printing) -> bool:
    """Tell whether the assessing department continues, and not over two groups of points."""
    apart = any(
        printing.merged.text_above(up, down.row0)
        and down.text
        and not printing.merged.one(up, down)
        for up, down, _ in page_break.of(Role.POINTS)
    )
    together = any(printing.merged.one(up, down) for up, down, _ in page_break.of(Role.ASSESSING))
    return page_break.cut(Role.ASSESSING, printing.merged) and together and not apart


def _spans_a_cut_group(pair: Pair, page_break: PageBreak, printing: Printing) -> bool:
    """Tell whether two cells cover the same rows, more than one, as points that were cut."""
    up, down, _ = pair
    extents = {(each.up.row0, each.down.row1) for each in page_break.of(Role.POINTS)}
    tall = up.row1 - up.row0 > 1 or down.row1 - down.row0 > 1
    points_cut = page_break.cut(Role.POINTS, printing.merged)
    return tall and points_cut and (up.row0, down.row1) in extents
