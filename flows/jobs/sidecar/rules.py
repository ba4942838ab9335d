"""What a sidecar's ``[rules]``, ``[total]``, ``[coefficients]`` and ``[periods]`` declare.

Raises Refusal for every key or value that is not understood.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flows.jobs.sidecar.content import Content
from flows.jobs.sidecar.meta import rank_groups

if TYPE_CHECKING:
    from scoring.points.periods import Period
    from scoring.rules.notice_rules import NoticeRules
    from scoring.total.rules import TotalRules


def rules_of(sidecar: Path) -> NoticeRules | None:
    """Return what ``[rules]`` of a sidecar declares; None where there is no such table."""
    from scoring.rules.notice_rules import parse_rules

    content = Content.of(sidecar)
    if "rules" not in content.said:
        return None
    return parse_rules(content.table("rules"), str(sidecar), rank_groups(content))


def total_of(sidecar: Path) -> TotalRules | None:
    """Return what ``[total]`` and ``[coefficients]`` of a sidecar declare, None without both."""
    from scoring.total.rules import parse_total

    content = Content.of(sidecar)
    if "total" not in content.said and "coefficients" not in content.said:
        return None
    return parse_total(content.table("total"), content.table("coefficients"), str(sidecar))


def periods_of(sidecar: Path) -> tuple[Period, ...]:
    """Return what ``[periods]`` of a sidecar declares; nothing where there is no such table."""
    from scoring.points.periods import parse_periods

    content = Content.of(sidecar)
    if "periods" not in content.said:
        return ()
    return parse_periods(content.table("periods"), str(sidecar))
