"""The columns of returns, scores, scorecards and rank stability, each described once.

A name with a table before it (``scores.status``) is a column whose meaning in that table is
another than that of the same name elsewhere.
"""

from __future__ import annotations

from common.numbers import LARGEST
from schemas.tables.column import Column, codes
from schemas.vocabulary import Approval, Lateness, Light, ScorecardLevel, ScoreStatus

#: Beyond any figure or points that can be; it keeps out what is not a number, too.
_POINTS = 1e6


def _value(name: str, description: str, unit: str) -> Column:
    return Column(
        name, "float64", description, unit=unit, nullable=True, minimum=-LARGEST, maximum=LARGEST
    )


def _points(name: str, description: str, unit: str = "points") -> Column:
    return Column(
        name, "float64", description, unit=unit, nullable=True, minimum=-_POINTS, maximum=_POINTS
    )


def _rank(name: str, description: str) -> Column:
    return Column(name, "int64", description, unit="place from 1", nullable=True, minimum=1)


_RETURNS = (
    Column(
        "part_no",
        "int64",
        "Which part of a compound target was returned, from 1; empty where the target is returned "
        "as a whole",
        nullable=True,
        minimum=1,
    ),
    _value("actual_value", "What was reached, as a number", "the target's unit"),
    Column("actual_text", "string", "What was reached, as the clerk wrote it", nullable=True),
    _value("awarded_pct", "What a department awards for a judged target", "% of the points"),
    _value("benchmark_value", "The province's figure to compare with", "the target's unit"),
    Column("veto", "bool", "Whether the department vetoes the indicator (一票否决)"),
    Column("grounds", "string", "What the figure rests on (依据)", nullable=True),
    Column("department", "string", "The department that returned it"),
    Column("revision", "int64", "Which return of this line it is, from 1", minimum=1),
    Column("source_sheet", "string", "The sheet it stands on; for a CSV file the file's name"),
    Column("source_row", "int64", "The row of the sheet, from 1", minimum=1),
    Column("sample", "bool", "Whether the figure is made up for a demonstration"),
    Column("reported_by", "string", "Who returned it (报送人), as the form says", nullable=True),
    Column(
        "approved_by",
        "string",
        "Who approved it (审核人); a value without a name or a day here is not approved",
        nullable=True,
    ),
    Column("approved_on", "date32", "The day it was approved (审核日期)", nullable=True),
    Column(
        "evidence",
        "string",
        "What it is shown by: file names and titles (佐证材料), as written",
        nullable=True,
    ),
)

_SCORES = (
    Column("as_of", "date32", "What had been received by the end of this day counts"),
    _points(
        "share_points",
        "The indicator's share of its weight group's points for this entity; empty where it is "
        "not assessed",
    ),
    Column(
        "rule",
        "string",
        "The rule that gives the attainment; empty where there is none to apply",
        nullable=True,
    ),
    Column(
        "attainment",
        "float64",
        "How far the target is attained; empty where it is not scored",
        unit="1 is the whole",
        nullable=True,
        minimum=-_POINTS,
        maximum=_POINTS,
    ),
    _points("points", "Points given: share_points times attainment"),
    _points("points_low", "The least that the points may be while something is unsettled"),
    _points("points_high", "The most that the points may be while something is unsettled"),
    Column(
        "light",
        "string",
        "The pace against the expected progress at the as-of date",
        values=codes(Light),
    ),
    Column(
        "trace",
        "string",
        "How the points come about, as JSON: rule and parameters, target with its cell, actual "
        "with its source row, the arithmetic in words",
    ),
    Column(
        "approval",
        "string",
        "Whether somebody approved what was returned: approved; not_approved, which counts all the "
        "same; withheld, which does not count as approval is asked for. The worst of several "
        "values; empty where nothing was returned",
        nullable=True,
        values=codes(Approval),
    ),
    Column(
        "lateness",
        "string",
        "Whether what counts (or is withheld) came by the deadline; late_revision: it did not, and "
        "another value of the line (of the period) had; overdue: it lacks a value though the "
        "deadline is over. The worst of several values; empty where no deadline is declared or "
        "nothing is due yet",
        nullable=True,
        values=codes(Lateness),
    ),
    Column(
        "days_late",
        "int64",
        "How long after the deadline the latest value came, or the as-of date is where it is "
        "overdue; empty where it is not late",
        unit="days",
        nullable=True,
        minimum=1,
    ),
)

_SCORECARDS = (
    Column("level", "string", "What the row sums up", values=codes(ScorecardLevel)),
    Column("name", "string", "The heading that is summed up; of the total 总分"),
    Column("parent", "string", "The level-1 heading of a level-2 row; blank otherwise"),
    _points("points_of_100", "points / max_points * 100", "points of 100"),
    Column(
        "received_share",
        "float64",
        "Share of max_points whose indicators something was returned for",
        unit="0 to 1",
        nullable=True,
        minimum=0,
        maximum=1,
    ),
    Column("rank_group", "string", "The entities among which the ranks are"),
    _rank("rank", "The place by points_of_100; equal values share the better one"),
    _rank("rank_low", "The best place that the intervals allow"),
    _rank("rank_high", "The worst place that the intervals allow"),
    Column("vetoes", "int64", "Indicators set to 0 by a veto", unit="rows", minimum=0),
    _points("bonus", "Points on top of the whole that bonus items give; of a total up to its cap"),
    _points("minus", "Points that minus items take, at most 0; of a total up to its cap"),
    Column("vetoed", "bool", "Whether a veto sets the whole result aside", nullable=True),
    Column("barred", "bool", "Whether a veto bars from the first grade", nullable=True),
    Column(
        "grade",
        "string",
        "The grade of a total, where the notice's grades are declared",
        nullable=True,
    ),
    Column(
        "grade_low",
        "string",
        "The worst grade that the intervals allow; blank: none",
        nullable=True,
    ),
    Column("grade_high", "string", "The best grade that the intervals allow", nullable=True),
    Column(
        "total_unread",
        "list<string>",
        "Of a total: printed clauses about the whole that were not understood and do not count",
        nullable=True,
    ),
    Column(
        "total_open",
        "list<string>",
        "Of a total: what is printed of it (a factor, a limit) and was understood, and nobody "
        "declared: it does not count and would change the result",
        nullable=True,
    ),
    Column(
        "total_rules",
        "string",
        "Of a total: the rules of the whole that it was made by, as JSON ({} for none), by which a "
        "replay counts; empty in older tables",
        nullable=True,
    ),
    Column(
        "values_in_doubt",
        "int64",
        "Assessed targets under the heading that need review",
        unit="rows",
        nullable=True,
        minimum=0,
    ),
)

_STABILITY = (
    Column(
        "share",
        "float64",
        "Share of the draws in which the entity holds the rank",
        unit="0 to 1",
        minimum=0,
        maximum=1,
    ),
    Column("draws", "int64", "How often the weights were drawn", unit="draws", minimum=1),
    Column(
        "noise",
        "float64",
        "How far each weight group's points may move either way in a draw",
        unit="share of the points",
        minimum=0,
        maximum=1,
    ),
    Column("seed", "int64", "What the draws begin with; the same gives the same", minimum=0),
)

#: A column that means something else in another table has that table before its name.
OF_ONE_TABLE = {
    "returns.indicator": Column(
        "indicator",
        "string",
        "The indicator's name in the form that it was returned on; empty in rows landed before it "
        "was kept",
        nullable=True,
    ),
    "returns.received_on": Column("received_on", "date32", "The day the return was received"),
    "scores.status": Column(
        "status",
        "string",
        "What became of the indicator for this entity",
        values=codes(ScoreStatus),
    ),
    "scorecards.open_findings": Column(
        "open_findings",
        "int64",
        "Findings still open that concern the entity and the heading; those of no indicator in the "
        "total alone",
        unit="rows",
        nullable=True,
        minimum=0,
    ),
    "scorecards.max_points": _points(
        "max_points", "Points that can be had under the heading, each weight group once"
    ),
    "rank_stability.rank": Column(
        "rank", "int64", "A place that the entity may hold", unit="place from 1", minimum=1
    ),
}

SCORE_COLUMNS = (*_RETURNS, *_SCORES, *_SCORECARDS, *_STABILITY)
