"""Says what speaks against a damaged text or number: its form, its row, the same text elsewhere."""

from __future__ import annotations

import re
import statistics

from tests.support.workshop.damage_cells import Hurt, body
from tests.support.workshop.damage_ground import BASE, FORM, ONLY_PLACE, Damaged, Evidence, serials
from tests.support.workshop.grid import Grid
from tests.support.workshop.layout import Kind
from tests.support.workshop.logical import NOT_ASSESSED
from tests.support.workshop.vocabulary import DEPARTMENTS

_CLAUSE_ENDS = "，,。；;、（(《：:"
_NAMES = Evidence("vocabulary", "the name is not one, but nearly one that is known")
_RANGE = Evidence("range", "the number lies far from all others of its row")
_AGAIN = Evidence("vocabulary", "the same text stands whole in other cells")
_YEAR = Evidence("form", "no notice speaks of such a year")
_UNIT = Evidence("units", "the row's numbers have lost the unit that all others have")
_NO_POINTS = Evidence("printed sums", "the heading has lost the points that all others print")
_WHOLE_NAME = Evidence("", "what is left is a whole name or sentence")


def number_evidence(whole: Damaged) -> Evidence:
    """Hold a changed number to its row, a changed sentence to the same one elsewhere."""
    hurt, grid = whole.hurt, whole.grid
    if any(not 1949 <= int(year) <= 2100 for year in re.findall(r"(?<!\d)(\d{4})年", hurt.after)):
        return _YEAR
    words = re.sub(r"[\d.%]", "", hurt.after)
    if hurt.what.startswith("digit") and len(words) >= 8 and _whole_elsewhere(whole) >= 2:
        return _AGAIN
    return _RANGE if far_out(hurt, grid) else ONLY_PLACE


def _whole_elsewhere(whole: Damaged) -> int:
    """Count the other cells that print a damaged target's text as it was."""
    spans = body(whole.grid, Kind.TARGETS)
    return sum(s.text == whole.hurt.span.text for s in spans if s is not whole.hurt.span)


def cut_target_evidence(whole: Damaged) -> Evidence:
    hurt = whole.hurt
    if hurt.after[-1] in "，,、；;：:" or re.search(r"\d\.$", hurt.after):
        return FORM
    targets = [s.text for s in body(whole.grid, Kind.TARGETS) if s is not hurt.span]
    longer = hurt.span.text[len(hurt.after)] not in _CLAUSE_ENDS and len(hurt.after) >= 3
    if longer and _whole_elsewhere(whole) >= 2 and hurt.after not in targets:
        return _AGAIN
    return _WHOLE_NAME


def cut_name_evidence(whole: Damaged) -> Evidence:
    hurt = whole.hurt
    if hurt.after[-1] in "，,、；;：:":
        return FORM
    if _has_points(hurt.span.text) and not _has_points(hurt.after):
        alike = [s for s in body(whole.grid, hurt.span.kind) if s is not hurt.span]  # type: ignore[arg-type]
        if len(alike) >= 3 and all(_has_points(one.text) for one in alike):
            return _NO_POINTS
    return _UNIT if _lost_unit(whole) else _WHOLE_NAME


def _has_points(text: str) -> bool:
    return re.search(r"（\d+(?:\.\d+)?分）$", text) is not None


def _lost_unit(whole: Damaged) -> bool:
    """Tell whether a row of bare numbers lost its unit where three of four other rows name it."""
    hurt = whole.hurt
    serial = serials(whole.grid).get(hurt.span.row)
    rows = [
        (number, leaf.unit)
        for number, _, leaf in whole.notice.leaves()
        if any(BASE.fullmatch(text) for text in leaf.targets)
    ]
    own = dict(rows).get(serial or 0)
    left = [unit for number, unit in rows if unit is None or number == serial]
    named = own is not None and f"（{own}）" in hurt.span.text and f"（{own}" not in hurt.after
    odd = len(left) <= 0.25 * len(rows) and not hurt.after.endswith("数")
    return named and len(rows) >= 4 and odd


def far_out(hurt: Hurt, grid: Grid) -> bool:
    """Tell whether a number is six times the median, or a sixth, of a row whose others agree."""
    row = [s for s in body(grid, Kind.TARGETS) if s.row == hurt.span.row and s is not hurt.span]
    texts = [s.text for s in row if s.text != NOT_ASSESSED]
    plain = [t for t in texts if BASE.fullmatch(t)]
    if len(plain) < 3 or len(plain) < len(texts) or not BASE.fullmatch(hurt.after):
        return False
    others = [float(text) for text in plain]
    if min(others) <= 0 or max(others) > 3 * min(others):
        return False
    now, middle = float(hurt.after), statistics.median(others)
    return now >= 6 * middle or 0 < now <= middle / 6


def department_evidence(whole: Damaged) -> Evidence:
    if whole.hurt.what != "text cut: department":
        return _NAMES
    last = re.split("[、，；\n]", whole.hurt.after)[-1]
    return _WHOLE_NAME if not last or last.endswith((*DEPARTMENTS, "市政府")) else _NAMES
