"""``kaohe score --what-if``: a file's changes scored beside the real, landed nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from common.refusal import refusal
from common.terminal import text_table
from common.toml import NotTomlError, read_toml
from flows.jobs.ingest import Progress
from flows.jobs.score.inputs import ScoreOrder, read_case
from report.doubts import CountedCard, counted
from report.figures import Doubt, Figure, Points, added, rank, signs_text
from report.marks import PARTLY, unread_of_whole
from schemas.records.rows import IndicatorRow, ScoreRow
from schemas.tables.frames import Row, records, rows_as
from schemas.vocabulary import word

if TYPE_CHECKING:
    import pandas as pd

    from scoring.what_if.parse import WhatIf

_NAME = ("level3", "level4", "indicator")
_LEFT_OUT = ("document_id", "level", "parent", "name")


class ReviewedScore(ScoreRow):
    """A score with whether its target needs review, and whether it is provisional."""

    needs_review: bool
    provisional: int


_Own = TypeVar("_Own", CountedCard, ReviewedScore)
_SIDES = ("_real", "_what_if")


@dataclass(frozen=True, slots=True)
class Side(Generic[_Own]):
    """One side of a comparison: the row of a total or an indicator, the points with their doubt."""

    row: _Own
    points: Points

    @property
    def rank(self: Side[CountedCard]) -> Figure:
        """The places that a total may have."""
        return rank(self.row, self.points.doubt)


@dataclass(frozen=True, slots=True)
class Beside(Generic[_Own]):
    """The real and what would be, of a total or an indicator, with what they rest on."""

    row: Row
    real: Side[_Own]
    tried: Side[_Own]

    @classmethod
    def of(
        cls, kind: Callable[..., _Own], row: Row, doubt: Callable[[_Own], Doubt]
    ) -> Beside[_Own]:
        """Return both sides of a row; ``doubt`` tells it of a side's own columns."""
        sides = []
        for name in _SIDES:
            whose = (key for key in row if key.endswith(name) or not key.endswith(_SIDES))
            own = kind(**{key.removesuffix(name): row[key] for key in whose})
            sides.append(Side(own, Points.of(own, doubt(own))))
        return cls(row, *sides)

    @property
    def difference(self) -> Figure:
        """What would be more or less, as doubtful as either; none where either is in part."""
        one, two = self.real.points, self.tried.points
        values = max(one.doubt.values, two.doubt.values)
        provisional = max(one.doubt.provisional, two.doubt.provisional)
        said = PARTLY if one.partly or two.partly else None
        return Figure(self.row["points_difference"], Doubt(values, provisional), said=said)


@dataclass(frozen=True, slots=True)
class WhatIfSummary:
    """What would be otherwise: totals of every entity, and indicators in which anything differs.

    Values stand beside each other as ``…_real``, ``…_what_if`` and ``…_difference``.
    """

    document_id: str
    year: int
    as_of: str
    file: str
    totals: tuple[Row, ...]
    changed: tuple[Row, ...]
    sample: bool

    def as_json(self) -> dict[str, object]:
        """Return the summary in JSON's types."""
        return asdict(self)

    @property
    def entities(self) -> tuple[Beside[CountedCard], ...]:
        """The totals, each with what it rests on."""
        return tuple(Beside.of(CountedCard, row, counted) for row in self.totals)

    @property
    def indicators(self) -> tuple[Beside[ReviewedScore], ...]:
        """The scores that differ, each with what it rests on."""
        return tuple(Beside.of(ReviewedScore, row, _doubt) for row in self.changed)

    @property
    def of_whole(self) -> tuple[str, ...]:
        """What is printed of the whole and does not count in the trial, in Chinese."""
        return unread_of_whole(each.tried.row for each in self.entities)

    @property
    def signs(self) -> str:
        """What the signs behind the figures mean; nothing where there are none."""
        differences = [each.difference for each in self.entities]
        differences += [each.difference for each in self.indicators]
        return signs_text(added(each.doubt for each in differences))

    def as_text(self) -> str:
        """Return the summary for a person."""
        lines = [
            f"{self.document_id}  试算（不入库 landed nowhere）　截至 as of {self.as_of}　"
            f"{self.file}",
            *(["样例数据，不是真实的考核结果 sample figures"] if self.sample else []),
            text_table(
                ("考核对象", "得分", "试算", "相差", "百分制", "试算", "名次", "试算"),
                [_total(row) for row in self.entities],
            ),
        ]  # fmt: skip
        lines += filter(None, [self.signs, *self.of_whole])
        if not self.changed:
            return "\n".join([*lines, "没有一项指标的计分因此改变。"])
        table = text_table(
            ("序号", "指标", "考核对象", "规则", "试算", "完成率", "试算", "得分", "试算", "相差",
             "得分区间", "试算"),
            [_changed(row) for row in self.indicators],
        )  # fmt: skip
        return "\n".join([*lines, f"有变化的指标 {len(self.changed)} 项次", table])


def what_if(order: ScoreOrder, file: Path, progress: Progress) -> WhatIfSummary:
    """Score a year's document with what a TOML file changes, beside the real; land nothing.

    Raises Refusal for what the file asks for and cannot be.
    """
    return tried(order, read_what_if(file), str(file), progress)


def tried(order: ScoreOrder, asked: WhatIf, name: str, progress: Progress) -> WhatIfSummary:
    """Score a year's document with changes, beside the real; ``name`` is what they are called."""
    from scoring.what_if.apply import changed, compare

    case = read_case(order)
    progress(f"scoring {order.year} twice")
    found = compare(case.inputs, changed(case.inputs, case.document_id, asked))
    names = indicator_names(case.inputs.indicators)
    rows = [{**row, "indicator": names[row["serial_no"]]} for row in records(found.scores)]
    returns = case.inputs.returns
    in_time = returns["received_on"] <= case.inputs.as_of
    return WhatIfSummary(
        document_id=case.document_id,
        year=case.year,
        as_of=case.inputs.as_of.isoformat(),
        file=name,
        totals=tuple(_without(row) for row in records(found.totals)),
        changed=tuple(_without(row) for row in rows),
        sample=bool(returns["sample"][in_time].any()),
    )


def read_what_if(file: Path) -> WhatIf:
    """Return what a file asks for; Refusal where it is not TOML or not understood."""
    from scoring.what_if.parse import parse_what_if

    if not file.is_file():
        raise refusal("flows.no_such_file", file=file)
    try:
        content = read_toml(file)
    except NotTomlError as error:
        raise refusal("flows.bad_what_if", file=file, error=error) from error
    return parse_what_if(content, str(file))


def indicator_names(indicators: pd.DataFrame) -> dict[int, str]:
    """Return what each indicator is called, by its serial number."""
    from schemas.records.forms import indicator_name

    return {
        row["serial_no"]: indicator_name(row["level3"], row["level4"], row["indicator"])
        for row in rows_as(IndicatorRow, indicators, ("serial_no", *_NAME))
    }


def _without(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _LEFT_OUT}


def _doubt(score: ReviewedScore) -> Doubt:
    return Doubt(int(score["needs_review"]), score["provisional"])


def _total(row: Beside[CountedCard]) -> list[object]:
    sides = (row.real, row.tried)
    return [
        row.row["entity"],
        *(str(each.points.given) for each in sides),
        str(row.difference),
        *(str(each.points.as_given(each.row["points_of_100"])) for each in sides),
        *(str(each.rank) for each in sides),
    ]


def _changed(row: Beside[ReviewedScore]) -> list[object]:
    sides = (row.real, row.tried)
    return [
        *(row.row[name] for name in ("serial_no", "indicator", "entity")),
        *(rule_zh(each.row["rule"]) for each in sides),
        *(str(Figure(each.row["attainment"], each.points.doubt)) for each in sides),
        *(str(each.points.given) for each in sides),
        str(row.difference),
        *(str(each.points.span) for each in sides),
    ]


def rule_zh(rule: str | None) -> str:
    """Return what a rule is called."""
    return "（无）" if rule is None else word("rule", rule)


def number(value: float | None) -> str:
    """Return points for people; nothing where there are none."""
    return "" if value is None else f"{value + 0.0:.2f}"
