"""What a trace is made of: rule, printed method, target, share, returns, ranks, other readings.

:mod:`schemas.records.trace` puts them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.vocabulary import MethodStatus


@dataclass(frozen=True, slots=True)
class AppliedRule:
    """The rule that a score was computed by. In JSON ``since`` is called ``from``."""

    name: str
    name_zh: str
    parameters: Mapping[str, object]
    origin: str
    version: str
    since: str
    basis: str | None


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """Where a target is printed: page from 1 and box in points."""

    page: int | None
    x0: float | None
    top: float | None
    x1: float | None
    bottom: float | None


@dataclass(frozen=True, slots=True)
class TracedMethod:
    """The method that the notice prints for a line: where, and whether it counts.

    Where the status is neither ``applied`` nor ``overridden`` the line is scored by the general
    rule for now, and ``beyond_points`` is what the text may give beyond the line's points,
    ``limit_points`` the most that it gives where that is less than these.
    """

    text: str
    status: str
    beyond_points: float
    cell: PrintedCell
    limit_points: float | None = None

    @property
    def counts(self) -> bool:
        """Whether the points are not provisional."""
        return self.status in (MethodStatus.APPLIED, MethodStatus.OVERRIDDEN)


@dataclass(frozen=True, slots=True)
class TracedBase:
    """Where the value of the year before comes from.

    The notice itself prints it (``text`` under ``label``), or it is the return that counted for
    last year's document, whose key a person confirmed to be the same.
    """

    text: str | None = None
    label: str | None = None
    year: int | None = None
    document_id: str | None = None
    serial_no: int | None = None
    returned: TracedReturn | None = None

    @property
    def source_zh(self) -> str:
        """Where the value stands, in Chinese: printed, or a file's line of last year."""
        actual = self.returned
        if actual is None:
            return f"通知载明“{self.text or ''}”"
        place = f"{actual.source.name} {actual.source.sheet} 第{actual.source.row}行"
        whose = f"{self.year} 年 {self.document_id} 第{self.serial_no}项"
        return f"{whose}，{actual.department} {actual.received_on} 报送，{place}"


@dataclass(frozen=True, slots=True)
class TracedTarget:
    """The target as it was counted with; ``operator`` and direction as the rules leave them.

    What has an unknown direction is counted as if more were better, and its interval spans both.
    ``base_value`` is what was reached the year before, in ``unit``, and ``base`` where that stands;
    ``base_missing``: why there is none, where the rule counts with it.
    """

    text: str | None
    kind: str
    needs_review: bool
    review_reason: str | None
    operator: str | None
    value: float | None
    unit: str | None
    direction: str
    cell: PrintedCell
    base_value: float | None = None
    base: TracedBase | None = None
    base_missing: str | None = None


@dataclass(frozen=True, slots=True)
class PartTarget:
    """One part of a compound target as it was counted with."""

    text: str | None
    operator: str | None
    value: float | None
    unit: str | None
    direction: str


@dataclass(frozen=True, slots=True)
class TracedShare:
    """The indicator's share of its weight group: ``members`` are serial numbers and weights."""

    weight_group: int
    serial_no: int
    max_points: float | None
    members: tuple[tuple[int, float], ...]
    points: float | None


@dataclass(frozen=True, slots=True)
class PartShare:
    """A part's share of its target's points."""

    points: float | None


@dataclass(frozen=True, slots=True)
class ReturnSource:
    """Where a returned value stands."""

    name: str
    sheet: str
    row: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TracedReturn:
    """What a department returned for a line, and who signed it; days are in ISO.

    ``days_late``: so long after the deadline it came; ``first_on``: the day on which its line was
    handed in first, where that was another. ``part_no`` is there where the return stands for
    itself, not with its part.
    """

    value: float | None
    text: str | None
    awarded_pct: float | None
    benchmark_value: float | None
    veto: bool
    grounds: str | None
    department: str
    received_on: str
    revision: int
    sample: bool
    indicator: str | None
    serial_no: int | None
    source: ReturnSource
    reported_by: str | None = None
    approved_by: str | None = None
    approved_on: str | None = None
    evidence: str | None = None
    days_late: int | None = None
    first_on: str | None = None
    part_no: int | None = None

    @property
    def approved(self) -> bool:
        """Somebody is named who approved it, with the day."""
        return self.approved_by is not None and self.approved_on is not None


@dataclass(frozen=True, slots=True)
class TracedPart:
    """One part of a compound target, with a rule and a return of its own."""

    part_no: int
    status: str
    rule: AppliedRule | None
    target: PartTarget
    share: PartShare
    actual: TracedReturn | None
    others: tuple[TracedReturn, ...]
    attainment: float | None


@dataclass(frozen=True, slots=True)
class TracedRank:
    """Who is ranked with ``entity`` and by what value; ``open`` counts who is still to come."""

    group: str
    entity: str
    values: tuple[tuple[str, float], ...]
    open: int


@dataclass(frozen=True, slots=True)
class TracedReading:
    """Another reading of the target or its points, and the points at least and most by it.

    ``choice`` numbers the doubt of a total that is settled by one of its ``repair``s; None: none.
    """

    target_value: float | None
    max_points: float | None
    readable: bool
    interval: tuple[float | None, float | None]
    choice: int | None = None
    repair: int | None = None


@dataclass(frozen=True, slots=True)
class TracedLight:
    """The light, and the share of the target that was expected by the day.

    ``of_year``: by the share of the year, as the figure grows over it; None in older traces.
    """

    light: str
    expected: float | None
    of_year: bool | None = None
