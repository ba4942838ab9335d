"""Indicators of which nobody knows which end is good, and whose points depend on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from report.marks import DOUBT
from schemas.records.rows import IndicatorRow, TargetRow
from schemas.records.trace import Trace
from schemas.vocabulary import Direction, word

#: Kinds of targets that count with a figure and print no limit.
PLAIN = frozenset({"number", "quantity", "growth", "benchmark"})
#: What such an indicator is marked with wherever it is listed.
UNCLEAR = f"{word('field', 'direction')}{DOUBT}"


def unclear_directions(
    indicators: Iterable[IndicatorRow],
    targets: Iterable[TargetRow],
    traces: Mapping[tuple[int, str], Trace],
) -> frozenset[int]:
    """Return the serial numbers of indicators counted by a figure that may be good either way.

    ``traces`` are those of the scores shown: by a direction that the notice's rules declare nothing
    is open.
    """
    unknown = {row["serial_no"] for row in indicators if row["direction"] == Direction.UNKNOWN}
    return frozenset(
        row["serial_no"]
        for row in targets
        if row["serial_no"] in unknown
        and _is_bare(row)
        and not _is_declared(traces.get((row["serial_no"], row["entity"])))
    )


def _is_bare(target: TargetRow) -> bool:
    """Tell whether a target has a figure, or a part with one, and no operator of its own."""
    plain = target["target_kind"] in PLAIN and target["operator"] is None
    bare = (part["value"] is not None and part["operator"] is None for part in target["parts"])
    return plain or any(bare)


def _is_declared(trace: Trace | None) -> bool:
    """Tell whether a score was counted by a direction that the notice's rules declare."""
    return trace is not None and trace.target.direction != Direction.UNKNOWN
