"""Parts: the mean of the parts' attainments, each by its own rule and its own return.

Over columns the parts are scored and put together in :mod:`scoring.points.parts`.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.rules.case import shown
from scoring.rules.method import Method, always


def replay(attained: Sequence[float | None]) -> float | None:
    """Return the mean of the parts' attainments; None where one is not known."""
    known = [each for each in attained if each is not None]
    return sum(known) / len(known) if known and len(known) == len(attained) else None


def explain(parts: Sequence[str], attained: Sequence[float | None], mean: float | None) -> str:
    """Return the arithmetic in words, each part's own first."""
    summed = " + ".join(map(shown, attained))
    return f"{'；'.join(parts)}；各项平均 ({summed}) ÷ {len(parts)} = {shown(mean)}"


METHOD = Method((), False, (), None, of_parts=False, of_year=always)
