"""What scores are computed from, and what became of every target: the columns of scoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from scoring.model.columns import Flags, Floats, Ints
from scoring.model.inputs import Rows
from scoring.points.alternatives import Readings
from scoring.points.parts import Parts
from scoring.points.periods import Period
from scoring.points.rank_groups import RankGroups
from scoring.points.shares import Shares
from scoring.returns.last_year import LastYears
from scoring.returns.latest import Latest
from scoring.rules.effective import Effective
from scoring.rules.notice_rules import NoticeRules
from scoring.total.rules import TotalRules


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a score is computed from. The frames have the contract's columns.

    ``targets`` also has ``year``. ``rules``, ``rank_groups``, ``totals``, ``accumulates`` and
    ``periods`` are what the notices declare, by document; ``alternatives`` other readings of
    doubtful targets (:data:`scoring.points.alternatives.COLUMNS`), ``findings`` all findings;
    ``methods`` and ``milestones`` what the notices print of them; ``last_year`` is where a target's
    base value comes from that its notice does not print. ``withheld`` are returns that do not count
    as nobody approved them, ``deadlines`` the days by which returns are to be there, by document.
    """

    targets: pd.DataFrame
    indicators: pd.DataFrame
    returns: pd.DataFrame
    as_of: date
    rules: Mapping[str, NoticeRules] = field(default_factory=dict)
    rank_groups: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    alternatives: pd.DataFrame | None = None
    methods: pd.DataFrame | None = None
    totals: Mapping[str, TotalRules] = field(default_factory=dict)
    accumulates: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    milestones: pd.DataFrame | None = None
    findings: pd.DataFrame | None = None
    last_year: LastYears = field(default_factory=LastYears)
    periods: Mapping[str, Sequence[Period]] = field(default_factory=dict)
    withheld: pd.DataFrame | None = None
    deadlines: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scored:
    """What became of every target, in the targets' order.

    ``status`` codes :data:`scoring.model.items.STATUSES`. ``points`` are NaN where a target is not
    scored, ``low`` and ``high`` where it is not assessed. ``due`` is the share of the target that
    is expected by the day, ``sums`` tells whose figures grow over the year; ``periods`` are those
    that points are put together of. ``open_peers`` counts
    who is still to come of those a row is ranked with; 0 where its rule is another. ``withheld`` is
    what there is for each target of ``withheld_returns``, the latest that do not count.
    """

    inputs: Inputs
    rows: Rows
    effective: Effective
    shares: Shares
    latest: Latest
    groups: RankGroups
    parts: Parts
    readings: Readings | None
    peers: Ints
    open_peers: Ints
    status: Ints
    veto: Flags
    attainment: Floats
    points: Floats
    low: Floats
    high: Floats
    light: Ints
    due: Floats
    sums: Flags
    periods: Weighed | None = None
    withheld: Latest | None = None
    withheld_returns: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """One period of a document scored by itself; ``open`` while its day is still to come.

    Of an open period nothing is received: its intervals are what it may come to.
    """

    period: Period
    scored: Scored
    open: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """What became of each document's periods, by the document's code.

    ``applies`` tells which rows are summed up of their periods, ``whole_year`` which rows of such
    a document are not though they are assessed. ``received`` is each row's share of the year for
    which something was received.
    """

    of_document: dict[int, tuple[OfPeriod, ...]]
    applies: Flags
    whole_year: Flags
    received: Floats
