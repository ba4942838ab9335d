"""Rows shuffled, renamed a little and moved are still found."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from compare.documents import Item
from compare.match import match
from tests.support.compare.sides import golden, side

WHOLE = golden("ziyang-2020")
LETTERS = "的率数量化年省级度重点"


@st.composite
def revised(draw: st.DrawFn) -> tuple[list[Item], dict[int, int]]:
    """Draw a revision: some dropped, order changed, one letter more or less in some names.

    Returns its items and, for each of them, the serial number that it had.
    """
    kept = draw(st.lists(st.sampled_from(WHOLE.items), min_size=20, max_size=60, unique_by=id))
    items, was = [], {}
    for place, each in enumerate(kept, 1):
        name = each.indicator.indicator
        if len(name) >= 6 and draw(st.integers(0, 3)) == 0:
            at = draw(st.integers(1, len(name) - 1))
            put = draw(st.sampled_from(["", *LETTERS]))
            name = name[:at] + put + name[at + (not put) :]
        items.append(
            Item(replace(each.indicator, indicator=name, weight_group=each.serial_no), each.targets)
        )
        was[place] = each.serial_no
    return items, was


@settings(max_examples=10)
@given(revised())
def test_every_indicator_finds_itself(drawn: tuple[list[Item], dict[int, int]]) -> None:
    items, was = drawn
    matching = match(WHOLE, side(*items))
    found = {pair.second.serial_no: pair.first.serial_no for pair in matching.pairs}
    assert found == was
    assert not matching.new
