"""Whether the first row of a page continues the last row of the page before.

A missing rule shows it. Word processors, though, close a row that they cut with a rule on either
side, so that the second part looks like a row of its own. Three things decide then: the lines (text
continues only from cells that were filled to the last line of the part above), the serial number,
and the texts, which are whole together and not apart. Each sign has a weight of 1 to 3 for or
against one row (:func:`row_cut`); a sum of 2 decides where the lines allow it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from common.fold import clean
from common.numbers import exact
from normalize.columns.scores import looks_like_points
from normalize.model.doubt import doubt
from normalize.model.table import Column, Role
from normalize.pages.fragments import CellFragment, text_lines
from normalize.pages.page_break import PageBreak, Pair
from normalize.pages.page_evidence import PageEvidence, weigh_together
from normalize.text.clean import not_assessed, unbalanced


class Cut(IntEnum):
    """What became of a row at a page's end."""

    NOT_CUT = 0
    PERHAPS_NOT = 1
    PERHAPS = 2
    CUT = 3


def row_continues(page_break: PageBreak, known: PageEvidence) -> bool:
    """Tell whether the first row below continues the last row above; doubt what is unsure.

    It does where it names no indicator of its own, or where its name cannot stand alone: no
    serial number, points, targets or department beside it while the row above has them and
    no rule closed it.
    """
    if page_break.names is None or any(pair.down.text for pair in page_break.of(Role.SERIAL)):
        return False
    up, down = page_break.names
    if not down.text:
        return _nameless_continues(page_break, known)
    if page_break.bottoms_differ:
        return up.cell.open_bottom
    return (page_break.all_open and _name_alone_below(page_break, up, down)) or _texts_continue(
        page_break, known
    )


def _nameless_continues(page_break: PageBreak, known: PageEvidence) -> bool:
    """Tell whether a row without a name has texts, and so continues; doubt one of whole texts."""
    own = _own(page_break.pairs)
    whole = _weigh_texts(own, known) <= -2 and not _lacks_more(own, known)
    if page_break.names is not None and whole:
        up, down = page_break.names
        down.doubts.append(
            doubt("row_cut_unsure.nameless", (clean(up.text), ""), above=clean(up.text))
        )
    return any(pair.down.text for pair in page_break.pairs)


def _lacks_more(own: Sequence[Pair], known: PageEvidence) -> bool:
    """Tell whether a row lacks more than its name: a target or department that every row has."""
    blank = {column.role for up, down, column in own if up.text and not down.text}
    return bool(blank & {Role.TARGET, Role.ASSESSING} - set(known.blanks))


def _name_alone_below(page_break: PageBreak, up: CellFragment, down: CellFragment) -> bool:
    """Whether a name below is no row's: without targets, unfinished above, or the same above."""
    targets = [pair.down.text for pair in page_break.of(Role.TARGET)]
    return not all(targets) or _unfinished(up.text) or up.text == down.text


def _unfinished(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in ("（）", "()", "《》", "“”"))


def _texts_continue(page_break: PageBreak, known: PageEvidence) -> bool:
    """Tell by its texts whether a row was cut; where that is not sure, doubt it."""
    cut = row_cut(page_break.pairs, known)
    if page_break.names is not None and cut in (Cut.PERHAPS, Cut.PERHAPS_NOT):
        up, down = page_break.names
        above, below = clean(up.text), clean(down.text)
        unsure = doubt(
            "row_cut_unsure.one_row" if cut is Cut.PERHAPS else "row_cut_unsure.two_rows",
            (clean(f"{up.text}\n{down.text}"), below),
            above=above,
            below=below,
        )
        down.doubts.append(unsure)
        if cut is Cut.PERHAPS_NOT:
            up.doubts.append(unsure)
    return cut >= Cut.PERHAPS


def row_cut(pairs: Sequence[Pair], known: PageEvidence) -> Cut:
    """Tell whether a closed page break went through a row, from the cells above and below it."""
    own = _own(pairs)
    if _are_two_rows(own):
        return Cut.NOT_CUT
    evidence = _weigh_texts(own, known) + _weigh_blanks(own, known)
    if not _filled_to_the_end(own):
        return Cut.PERHAPS if evidence >= 4 else Cut.NOT_CUT
    if evidence >= 2:
        return Cut.CUT
    if evidence == 1 or (evidence == 0 and _never_so_blank(own, known)):
        return Cut.PERHAPS
    return Cut.PERHAPS_NOT if evidence == 0 and _without_points(own) else Cut.NOT_CUT


def _own(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the cells of the rows alone: one that goes over further rows says nothing of these."""
    return [pair for pair in pairs if all(each.row1 == each.row0 + 1 for each in pair[:2])]


def _are_two_rows(own: Sequence[Pair]) -> bool:
    """Tell whether something above and below cannot be one: there are two rows, surely."""
    return any(_both_whole(*pair) for pair in own) or _numbers_twice(own)


def _weigh_texts(own: Sequence[Pair], known: PageEvidence) -> int:
    """Return how much the texts speak for one row (above 0) or two."""
    pairs = _distinct(own)
    return sum(weigh_together(up, down, column.role, known) for up, down, column in pairs)


def _without_points(own: Sequence[Pair]) -> bool:
    """Tell whether points stand above the break and none below."""
    return any(c.role is Role.POINTS and up.text and not down.text for up, down, c in own)


def _distinct(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs that say something of their own: a text for all entities counts once."""
    seen: dict[tuple[Role, str, str], Pair] = {}
    for pair in pairs:
        up, down, column = pair
        if up.text and down.text:
            seen.setdefault((column.role, up.text, down.text), pair)
    return list(seen.values())


def _both_whole(up: CellFragment, down: CellFragment, column: Column) -> bool:
    """Whether two cells cannot be one: two serial numbers, two points, a sign of no target."""
    if not up.text or not down.text:
        return False
    if column.role is Role.SERIAL:
        return True
    if column.role is Role.POINTS:
        return not unbalanced(up.text) and looks_like_points(down.text) >= 0.5
    if column.role is Role.TARGET:
        return not_assessed(up.text) or not_assessed(down.text)
    return False


def _numbers_twice(own: Sequence[Pair]) -> bool:
    """Whether each target above and below is a number: a cut leaves short ones whole above."""
    targets = [(up.text, down.text) for up, down, c in own if c.role is Role.TARGET and up.text]
    return bool(targets) and all(exact(text) is not None for pair in targets for text in pair)


def _filled_to_the_end(own: Sequence[Pair]) -> bool:
    """Whether text continues only below cells with as many lines as the part above has room for.

    One line less where two lines follow: a word processor leaves no last line alone.
    """
    most = max((text_lines(up) for up, _, _ in own), default=0)
    return all(
        text_lines(up) == most or (text_lines(up) == most - 1 and text_lines(down) == 2)
        for up, down, _ in own
        if down.text
    )


def _never_so_blank(own: Sequence[Pair], known: PageEvidence) -> bool:
    """Whether all targets below are blank, which no row is and no target's rest elsewhere."""
    targets = [pair for pair in own if pair.column.role is Role.TARGET]
    usual = Role.TARGET in known.blanks or Role.TARGET in known.tall
    return bool(targets) and not usual and not any(pair.down.text for pair in targets)


def _weigh_blanks(own: Sequence[Pair], known: PageEvidence) -> int:
    """Return how much blanks below speak for one row: a row has its number, targets and points."""
    blank = {c.role for up, down, c in own if up.text and not down.text}
    signs = (
        (3, Role.SERIAL in blank and known.numbered),
        (
            _weigh_blank_targets(own, known),
            Role.TARGET in blank and Role.TARGET not in known.blanks,
        ),
        (1, Role.POINTS in blank),
    )
    return sum(weight for weight, holds in signs if holds)


def _weigh_blank_targets(own: Sequence[Pair], known: PageEvidence) -> int:
    """Return how much targets that end above speak for one row, in a document of no blank ones.

    Words may hold for two indicators in one tall cell; a number is the target of one.
    """
    targets = [(up.text, down.text) for up, down, c in own if c.role is Role.TARGET]
    others_continue = any(below for _, below in targets)
    number_ends = any(exact(above) is not None for above, below in targets if not below)
    if others_continue or number_ends:
        return 3
    return 0 if Role.TARGET in known.tall else 1
