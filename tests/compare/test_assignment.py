"""The assignment is the best there is: held against trying every one."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from compare.assignment import best_assignment, components

GAINS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.integers(1, 20).map(lambda n: n / 10),
    max_size=14,
)


def best_by_trying(gains: dict[tuple[int, int], float]) -> float:
    lefts = sorted({left for left, _ in gains})
    rights = sorted({right for _, right in gains})
    places = [*rights, *([None] * len(lefts))]
    return max(
        sum(
            gains.get((left, right), 0.0)
            for left, right in zip(lefts, chosen, strict=True)
            if right is not None
        )
        for chosen in itertools.permutations(places, len(lefts))
    )


@given(GAINS.filter(lambda gains: len({left for left, _ in gains}) <= 3))
def test_no_other_assignment_is_worth_more(gains: dict[tuple[int, int], float]) -> None:
    assigned = best_assignment(gains)
    assert len(set(assigned.values())) == len(assigned)
    assert all(pair in gains for pair in assigned.items())
    worth = sum(gains[pair] for pair in assigned.items())
    assert abs(worth - best_by_trying(gains)) < 1e-9


def test_the_greedy_choice_is_not_taken_where_it_costs_more() -> None:
    assert best_assignment({(0, 0): 1.0, (0, 1): 0.9, (1, 0): 0.9}) == {0: 1, 1: 0}
    assert best_assignment({(0, 0): 1.0, (0, 1): 0.3, (1, 0): 0.3}) == {0: 0}


def test_a_square_of_many_is_solved() -> None:
    gains = {(i, j): 1.0 + (i * j) % 7 for i in range(30) for j in range(30)}
    assigned = best_assignment(gains)
    assert sorted(assigned) == sorted(assigned.values()) == list(range(30))


def test_what_has_nothing_to_do_with_each_other_falls_apart() -> None:
    assert list(components({(0, 0): 1, (1, 0): 1, (2, 5): 1})) == [([0, 1], [0]), ([2], [5])]
    assert best_assignment({}) == {}
