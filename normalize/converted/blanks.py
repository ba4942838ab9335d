"""What a blank target means: covered from the left, covered from above, or nothing.

Every run of blanks is split into a part that the cell to its left covers and a part that the
cells above cover; each split has its cost (``[meaning]`` of ``data/align.toml``), and splits
that cost nearly the same are both kept, in a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from normalize.converted.costs import cost, is_dash, is_quantity


class Meaning(StrEnum):
    """Where the value of a blank target stands."""

    OWN = "own"
    LEFT = "left"
    ABOVE = "above"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets of a row as printed, and those of the row above as resolved, left to right.

    ``grouped``: the row has no points of its own, so that it shares the points above.
    """

    texts: tuple[str, ...]
    above: tuple[str, ...] | None
    grouped: bool


@dataclass(frozen=True, slots=True)
class Meanings:
    """One way to understand a row's blanks, with its cost."""

    cost: float
    of: tuple[Meaning, ...]

    def texts(self, targets: Targets) -> tuple[str, ...]:
        """Return the text of each target with the blanks filled in."""
        filled: list[str] = []
        for index, meaning in enumerate(self.of):
            if meaning is Meaning.OWN:
                filled.append(targets.texts[index])
            elif meaning is Meaning.LEFT:
                filled.append(filled[-1])
            elif meaning is Meaning.ABOVE and targets.above is not None:
                filled.append(targets.above[index])
            else:
                filled.append("")
        return tuple(filled)


def meanings(targets: Targets) -> list[list[Meanings]]:
    """Return for each run of blanks the ways to understand it, cheapest first.

    Each way covers the whole row with all other runs at their cheapest.
    """
    runs = list(_runs(targets.texts))
    options = [sorted(_options(targets, run), key=lambda o: o.cost) for run in runs]
    return [
        [_whole(targets, runs, options, number, option) for option in choices]
        for number, choices in enumerate(options)
    ]


def plain(targets: Targets) -> Meanings:
    """Return the cheapest way to understand a row."""
    found = meanings(targets)
    return found[0][0] if found else Meanings(0.0, (Meaning.OWN,) * len(targets.texts))


def _whole(
    targets: Targets,
    runs: Sequence[range],
    options: Sequence[Sequence[Meanings]],
    number: int,
    option: Meanings,
) -> Meanings:
    of = [Meaning.OWN] * len(targets.texts)
    for index, run in enumerate(runs):
        taken = option if index == number else options[index][0]
        of[run.start : run.stop] = taken.of
    return Meanings(option.cost, tuple(of))


def _runs(texts: Sequence[str]) -> Iterator[range]:
    start = None
    for index, text in enumerate((*texts, "end")):
        if not text and start is None:
            start = index
        elif text and start is not None:
            yield range(start, index)
            start = None


def _options(targets: Targets, run: range) -> Iterator[Meanings]:
    """Yield the splits of one run, as meanings of the run's places only."""
    size = len(run)
    if run.start:
        price = _left_cost(targets, run.start - 1)
        yield Meanings(price, (Meaning.LEFT,) * size)
    if targets.above is not None:
        for left in range(size if run.start else 1):
            above = run[left:]
            price = _above_cost(targets, above) + (
                _left_cost(targets, run.start - 1) if left else 0
            )
            yield Meanings(price, (Meaning.LEFT,) * left + (Meaning.ABOVE,) * (size - left))
    apart = _apart(targets.texts)
    nothing = cost("meaning", "nothing_after_many" if apart else "nothing")
    yield Meanings(nothing, (Meaning.NOTHING,) * size)


def _apart(texts: Sequence[str]) -> bool:
    """Say whether several quantities stand apart, so that a merged one is unlikely beside them."""
    values = [text for text in texts if text and not is_dash(text)]
    return len(values) > 1 and all(map(is_quantity, values))


def _left_cost(targets: Targets, left: int) -> float:
    text = targets.texts[left]
    if is_dash(text):
        return cost("meaning", "left_dash")
    if _apart(targets.texts):
        return cost("meaning", "left_one_of_many")
    return cost("meaning", "left_number" if is_quantity(text) else "left_text")


def _above_cost(targets: Targets, places: range) -> float:
    if targets.above is None or not targets.grouped:
        return cost("meaning", "above_other_group")
    texts = [targets.above[index] for index in places]
    if all(text and is_dash(text) for text in texts):
        return cost("meaning", "above_dash")
    return cost("meaning", "above_value")
