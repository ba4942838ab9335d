"""A number that goes on for want of room is one; one that had room stands for itself."""

from __future__ import annotations

from extract.page.lines import TextLine, lines_to_text, padding
from schemas.records.document import Box
from tests.support.for_each import for_each

_DIGIT, _LINE, _MARGIN = 5.0, 10.0, 4.0


def _lines(*texts: str) -> list[TextLine]:
    """Lines of a cell that begin at its margin."""
    widths = [sum(2.5 if c in ".," else 10.0 if c > "\u2e80" else _DIGIT for c in t) for t in texts]
    return [
        TextLine(text, Box(_MARGIN, at * _LINE, _MARGIN + width, (at + 1) * _LINE))
        for at, (text, width) in enumerate(zip(texts, widths, strict=True))
    ]


def _cell(digits: float, lines: int) -> Box:
    """A cell that has room for so many digits in a line."""
    return Box(0, 0, 2 * _MARGIN + digits * _DIGIT, lines * _LINE)


@for_each(
    "digits, texts, whole",
    [
        (2.6, ("19", "1"), "191"),
        (2.4, ("63", ".6", "6"), "63.66"),
        (2.0, ("0.", "18"), "0.18"),
        (4.2, ("按10", "0%"), "按100%"),
        (5.0, ("12", "11"), "12\n11"),
        (3.4, ("12", "11"), "12\n11"),
        (4.2, ("按上", "10"), "按上\n10"),
        (2.6, ("12", "万元"), "12\n万元"),
    ],
)
def test_room_tells_one_number_from_two(digits: float, texts: tuple[str, ...], whole: str) -> None:
    lines = _lines(*texts)
    assert lines_to_text(lines, _cell(digits, len(lines)), _MARGIN) == whole


def test_text_that_was_turned_to_be_read_is_left_alone() -> None:
    lines = [TextLine("19", Box(-30, 5, -20, 15)), TextLine("1", Box(-18, 5, -13, 15))]
    assert lines_to_text(lines, Box(0, 0, 18, 30), _MARGIN) == "19\n1"


def test_an_empty_cell_has_no_text() -> None:
    assert lines_to_text([], _cell(3, 1), _MARGIN) == ""


def test_padding_is_the_least_distance_from_the_rule() -> None:
    near, far = _lines("12"), _lines("1")
    moved = [TextLine(far[0].text, Box(20, 0, 25, 10))]
    assert padding([(_cell(9, 1), moved), (_cell(9, 1), near)]) == _MARGIN
    assert padding([]) == 0.0
