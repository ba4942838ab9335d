"""Finding the printed row of each indicator where nothing but texts is known of it.

Indicators and rows are both in printed order, so the best pairing that never goes back is
sought; what it leaves out (two blocks side by side, entities as rows) is placed where one row
alone names it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.fold import fold_tight
from schemas.records.rows import CellRow, IndicatorRow

_NAME, _NAMED_WITHIN, _TARGET, _DEPARTMENT, _OWN = 5.0, 3.0, 1.0, 0.5, 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: the cells that cover it, merged ones included, from the left."""

    table_no: int
    row: int
    numbers: tuple[int, ...]
    texts: frozenset[str]
    own: frozenset[str]


def lines_of(cells: Sequence[CellRow]) -> list[Line]:
    """Return the rows of all tables in printed order."""
    covering: dict[tuple[int, int], list[int]] = {}
    for number, cell in enumerate(cells):
        for row in range(cell["row"], cell["row"] + cell["row_span"]):
            covering.setdefault((cell["table_no"], row), []).append(number)
    return [
        _line(cells, table_no, row, covering[table_no, row]) for table_no, row in sorted(covering)
    ]


def _line(cells: Sequence[CellRow], table_no: int, row: int, covering: list[int]) -> Line:
    covering.sort(key=lambda number: cells[number]["column"])
    texts = {number: fold_tight(cells[number]["text"]) for number in covering}
    own = frozenset(texts[number] for number in covering if cells[number]["row"] == row)
    return Line(table_no, row, tuple(covering), frozenset(texts.values()) - {""}, own - {""})


def match_lines(
    lines: Sequence[Line], indicators: Sequence[IndicatorRow], targets: Mapping[int, Sequence[str]]
) -> dict[int, Line]:
    """Return the row of each indicator (by serial_no) that has one; ``targets`` are its texts."""
    if not indicators or not lines:
        return {}
    scores = _Scores(lines)
    table = [
        scores.of(indicator, targets.get(indicator["serial_no"], ())) for indicator in indicators
    ]
    chosen = _best_path(table, len(lines))
    found = {}
    for place, indicator in enumerate(indicators):
        line = chosen.get(place, _only_best(table[place]))
        if line is not None:
            found[indicator["serial_no"]] = lines[line]
    return found


class _Scores:
    """How well each row fits an indicator; a row that does not name it does not fit at all."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.by_text: dict[str, list[int]] = {}
        for place, line in enumerate(lines):
            for text in line.texts:
                self.by_text.setdefault(text, []).append(place)

    def of(self, indicator: IndicatorRow, targets: Sequence[str]) -> dict[int, float]:
        """Return the rows that name the indicator, each with its score."""
        wanted = {fold_tight(text) for text in targets} - {""}
        departments = {fold_tight(each) for each in indicator["assessing_departments"]}
        return {
            place: score
            + _TARGET * len(wanted & self.lines[place].own)
            + _DEPARTMENT * bool(departments & self.lines[place].texts)
            for place, score in self._naming(indicator).items()
        }

    def _naming(self, indicator: IndicatorRow) -> dict[int, float]:
        """Return the rows that name the indicator, each with a score for how it does."""
        name = fold_tight(indicator["indicator"])
        deepest = fold_tight(indicator["level4"] or indicator["level3"] or indicator["indicator"])
        scores: dict[int, float] = {}
        for text, places in self.by_text.items():
            exact = text in {name, deepest}
            if exact or (name and name in text):
                for place in places:
                    score = _NAME if exact else _NAMED_WITHIN
                    score += _OWN if text in self.lines[place].own else 0.0
                    scores[place] = max(scores.get(place, 0.0), score)
        return scores


def _best_path(table: Sequence[Mapping[int, float]], width: int) -> dict[int, int]:
    """Return the pairs (indicator, row), rows rising, of the greatest sum of scores."""
    sums = [[0.0] * (width + 1)]
    for scores in table:
        before, after = sums[-1], [0.0] * (width + 1)
        for line in range(width):
            with_it = before[line] + scores[line] if line in scores else 0.0
            after[line + 1] = max(before[line + 1], after[line], with_it)
        sums.append(after)
    path = {}
    end = width
    for place in range(len(table) - 1, -1, -1):
        before, after = sums[place], sums[place + 1]
        if after[end] == before[end]:
            continue
        while after[end - 1] == after[end]:
            end -= 1
        end -= 1
        path[place] = end
    return path


def _only_best(scores: Mapping[int, float]) -> int | None:
    """Return the row that fits better than every other; None where two fit alike."""
    ranked = sorted(scores, key=lambda line: -scores[line])
    if not ranked or (len(ranked) > 1 and scores[ranked[0]] == scores[ranked[1]]):
        return None
    return ranked[0]
