"""Grid building on bare rules: random tables must come back exactly."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.page.grid import Grid, GridCell, build_grids
from extract.page.page import Mark, Rule
from extract.page.rules import cluster, rules_to_groups, rules_to_lines
from extract.page.split import split_region

Plan = tuple[list[float], list[float], list[tuple[int, int, int, int]]]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw edges and a tiling of the grid by rectangles."""
    xs = [40.0]
    for width in draw(st.lists(st.integers(12, 90), min_size=2, max_size=7)):
        xs.append(xs[-1] + width)
    ys = [60.0]
    for height in draw(st.lists(st.integers(12, 60), min_size=2, max_size=7)):
        ys.append(ys[-1] + height)
    taken: set[tuple[int, int]] = set()
    cells: list[tuple[int, int, int, int]] = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            row1 = draw(st.integers(row + 1, min(row + 3, len(ys) - 1)))
            column1 = draw(st.integers(column + 1, min(column + 3, len(xs) - 1)))
            while any((row, c) in taken for c in range(column, column1)):
                column1 -= 1
            while any((r, c) in taken for r in range(row, row1) for c in range(column, column1)):
                row1 -= 1
            taken |= {(r, c) for r in range(row, row1) for c in range(column, column1)}
            cells.append((row, row1, column, column1))
    return xs, ys, cells


def cells_to_rules(plan: Plan, wobble: list[float]) -> list[Rule]:
    """Draw the four sides of every cell, each a little off its place."""
    xs, ys, cells = plan
    rules = []
    for index, (row0, row1, column0, column1) in enumerate(cells):
        off = wobble[index % len(wobble)]
        left, right, top, bottom = xs[column0], xs[column1], ys[row0], ys[row1]
        rules.append(Rule(True, top + off, left, right, Mark.STROKE))
        rules.append(Rule(True, bottom - off, left, right, Mark.STROKE))
        rules.append(Rule(False, left + off, top, bottom, Mark.STROKE))
        rules.append(Rule(False, right - off, top, bottom, Mark.STROKE))
    return rules


def used_edges(edges: list[float], starts: set[int], ends: set[int]) -> list[int]:
    return [index for index in range(len(edges)) if index in starts | ends]


def expected_cells(plan: Plan) -> list[tuple[int, int, int, int]]:
    """Return the cells on the grid of those edges that any cell really has."""
    xs, ys, cells = plan
    rows = used_edges(ys, {c[0] for c in cells}, {c[1] for c in cells})
    columns = used_edges(xs, {c[2] for c in cells}, {c[3] for c in cells})
    return sorted(
        (rows.index(a), rows.index(b), columns.index(c), columns.index(d)) for a, b, c, d in cells
    )


@settings(max_examples=50)
@given(plans(), st.lists(st.floats(-0.7, 0.7), min_size=1, max_size=9))
def test_random_merged_tables_come_back_exactly(plan: Plan, wobble: list[float]) -> None:
    if len(plan[2]) < 2:
        return
    xs, ys, cells = plan
    ink = [((xs[c] + xs[d]) / 2, (ys[a] + ys[b]) / 2) for a, b, c, d in cells]
    (grid,) = build_grids(cells_to_rules(plan, wobble), ink)
    assert [cell[:4] for cell in grid.cells] == expected_cells(plan)
    assert not any(cell.open_top or cell.open_bottom for cell in grid.cells)
    assert grid.repaired == ()


@settings(max_examples=50)
@given(st.data())
def test_whatever_the_rules_cells_tile_the_grid(data: st.DataObject) -> None:
    places = st.integers(0, 12).map(lambda n: 20.0 * n)
    rules = []
    for _ in range(data.draw(st.integers(2, 25))):
        at, one, other = data.draw(st.tuples(places, places, places))
        rules.append(
            Rule(data.draw(st.booleans()), at, min(one, other), max(one, other), Mark.STROKE)
        )
    ink = [(10.0 + 20 * n, 10.0 + 20 * m) for n in range(12) for m in range(12)]
    for grid in build_grids(rules, ink):
        assert_tiles(grid)


def assert_tiles(grid: Grid) -> None:
    squares = [
        (row, column)
        for cell in grid.cells
        for row in range(cell.row0, cell.row1)
        for column in range(cell.column0, cell.column1)
    ]
    assert len(squares) == len(set(squares)) == (len(grid.xs) - 1) * (len(grid.ys) - 1)
    assert list(grid.xs) == sorted(grid.xs)
    assert list(grid.ys) == sorted(grid.ys)


def test_a_stroke_outweighs_a_thin_box_beside_it() -> None:
    rules = [Rule(True, 10.0, 0, 50, Mark.THIN_BOX), Rule(True, 12.0, 0, 50, Mark.STROKE)]
    (line,) = rules_to_lines(rules)
    assert 11 < line.at < 12


def test_a_chain_of_near_positions_is_cut_at_its_widest_gap() -> None:
    assert cluster([0, 2, 4.5, 6.5], 3) == [slice(0, 2), slice(2, 4)]


def test_a_very_long_chain_is_cut_evenly() -> None:
    runs = cluster([0.01 * n for n in range(2000)], 3)
    assert [run.start for run in runs] == [0, 451, 902, 1353, 1804]
    assert runs[-1].stop == 2000


def test_gaps_close_but_not_between_tables() -> None:
    rules = [
        Rule(True, 10, 0, 50, Mark.STROKE),
        Rule(True, 10, 52, 90, Mark.STROKE),
        Rule(True, 10, 96, 120, Mark.STROKE),
    ]
    assert [(line.start, line.end) for line in rules_to_lines(rules)] == [(0, 90), (96, 120)]


def test_lines_that_do_not_touch_are_other_groups() -> None:
    rules = [
        Rule(horizontal, at + shift, shift, 40 + shift, Mark.STROKE)
        for shift in (0, 100)
        for horizontal in (True, False)
        for at in (0, 20, 40)
    ]
    groups = rules_to_groups(rules)
    assert [len(group.horizontal) for group in groups] == [3, 3]


def test_an_upright_as_tall_as_the_table_beside_it_is_its_margin() -> None:
    """A cell that covers the whole page is drawn with nothing but its sides."""
    rules = [Rule(True, at, 60, 140, Mark.STROKE) for at in (0, 20, 40)]
    rules += [Rule(False, at, 0, 40, Mark.STROKE) for at in (60, 100, 140)]
    tall, short = Rule(False, 20, 0, 40, Mark.STROKE), Rule(False, 20, 10, 30, Mark.STROKE)
    (grid,) = build_grids([*rules, tall], [])
    assert grid.xs == (20, 60, 100, 140)
    assert GridCell(0, 2, 0, 1, open_top=True, open_bottom=True) in grid.cells
    (grid,) = build_grids([*rules, short], [])
    assert grid.xs == (60, 100, 140)


def test_edges_of_fills_count_only_where_nothing_better_is_drawn() -> None:
    ink = [(10.0, 10.0), (30.0, 10.0), (10.0, 30.0), (30.0, 30.0)]

    def square(mark: Mark) -> list[Rule]:
        return [Rule(flat, at, 0, 40, mark) for flat in (True, False) for at in (0, 20, 40)]

    assert len(build_grids(square(Mark.FILL_EDGE), ink)[0].cells) == 4
    strokes = [rule for rule in square(Mark.STROKE) if rule.horizontal or rule.at != 20]
    (grid,) = build_grids(strokes + square(Mark.FILL_EDGE), ink)
    assert grid.cells == (GridCell(0, 1, 0, 1), GridCell(1, 2, 0, 1))


def test_an_l_shaped_region_becomes_two_rectangles() -> None:
    region = {(0, 0), (0, 1), (1, 0)}

    def nothing(_: tuple[int, int]) -> tuple[float, float]:
        return 0.0, 10.0

    assert split_region(region, nothing, nothing) == [(0, 1, 0, 2), (1, 2, 0, 1)]
