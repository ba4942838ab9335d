"""The rows of the tables, as plain values by column.

Made from the tables' descriptions; to change it, change them and run ``make dictionary``. A row
read from the warehouse has its ``year``, too; what older versions landed may lack newer columns.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NotRequired, TypedDict


class PartRow(TypedDict):
    """One item of a column of parts."""

    text: str | None
    subject: str | None
    operator: str | None
    value: float | None
    unit: str | None


class AlternativeRow(TypedDict):
    """One item of a column of alternatives."""

    text: str | None
    operator: str | None
    value: float | None
    unit: str | None
    max_points: float | None
    serial_no: int | None
    entity: str | None


class NoteRow(TypedDict):
    """One item of a column of notes."""

    header: str | None
    text: str | None


class NoticeRow(TypedDict):
    """One row a document."""

    document_id: str
    doc_number: str | None
    title: str | None
    issuer: str | None
    issued_on: date | None
    source_name: str
    source_format: str
    source_sha256: str
    pages: int | None
    reader: str
    cross_reader: str | None
    tables: int
    indicators: int
    targets: int
    open_findings: int
    run_id: str
    code_version: str
    landed_at: datetime
    role: str | None
    supersedes: str | None
    received_on: date | None
    inputs_sha256: str | None
    licence: str | None
    year: NotRequired[int]


class CellRow(TypedDict):
    """One row a printed cell, as read, before any meaning."""

    document_id: str
    table_no: int
    page: int | None
    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    x0: float | None
    top: float | None
    x1: float | None
    bottom: float | None
    reader: str
    agreed: bool | None
    confidence: float | None
    place: str | None
    year: NotRequired[int]


class IndicatorRow(TypedDict):
    """One row a leaf indicator of a document."""

    document_id: str
    indicator_id: str
    serial_no: int
    level1: str | None
    level2: str | None
    level3: str | None
    level4: str | None
    indicator: str
    unit: str | None
    weight_group: int
    base_points: float | None
    direction: str
    assessing_departments: list[str]
    supporting_departments: list[str]
    note: str | None
    page: int | None
    table_no: int | None
    row: int | None
    column: int | None
    annex: int | None
    item_kind: str | None
    cap: float | None
    definition: str | None
    notes: list[NoteRow] | None
    year: NotRequired[int]


class TargetRow(TypedDict):
    """One row an indicator and entity."""

    document_id: str
    indicator_id: str
    serial_no: int
    level1: str | None
    level2: str | None
    level3: str | None
    level4: str | None
    indicator: str
    unit: str | None
    weight_group: int
    assessing_departments: list[str]
    entity: str
    status: str
    max_points: float | None
    target_text: str | None
    target_kind: str
    operator: str | None
    target_value: float | None
    target_unit: str | None
    parts: list[PartRow]
    inherited: bool
    page: int | None
    x0: float | None
    top: float | None
    x1: float | None
    bottom: float | None
    needs_review: bool
    review_reason: str | None
    table_no: int | None
    row: int | None
    column: int | None
    annex: int | None
    item_kind: str | None
    cap: float | None
    base_text: str | None
    base_value: float | None
    base_unit: str | None
    base_label: str | None
    year: NotRequired[int]


class FindingRow(TypedDict):
    """One row a thing a person should look at."""

    document_id: str
    finding_id: str
    severity: str
    code: str
    serial_no: int | None
    entity: str | None
    field: str | None
    message: str
    message_zh: str
    text: str | None
    alternatives: list[AlternativeRow]
    state: str
    page: int | None
    x0: float | None
    top: float | None
    x1: float | None
    bottom: float | None
    table_no: int | None
    row: int | None
    column: int | None
    year: NotRequired[int]


class MethodRow(TypedDict):
    """One row a printed method of an indicator, and the rule it was understood as."""

    document_id: str
    indicator_id: str
    serial_no: int
    annex: int
    text: str
    rule: str | None
    parameters: str | None
    status: str
    reason: str | None
    page: int | None
    x0: float | None
    top: float | None
    x1: float | None
    bottom: float | None
    table_no: int | None
    row: int | None
    column: int | None
    left_out: list[str] | None
    year: NotRequired[int]


class MilestoneRow(TypedDict):
    """One row an indicator, entity and part of the year."""

    document_id: str
    indicator_id: str
    serial_no: int
    entity: str
    period: str
    text: str
    operator: str | None
    value: float | None
    unit: str | None
    cumulative: bool
    needs_review: bool
    page: int | None
    x0: float | None
    top: float | None
    x1: float | None
    bottom: float | None
    table_no: int | None
    row: int | None
    column: int | None
    year: NotRequired[int]


class EntityRow(TypedDict):
    """One row an entity of an annex."""

    document_id: str
    annex: int
    entity: str
    kind: str
    rank_group: str | None
    division_code: str | None
    position: int
    year: NotRequired[int]


class ReturnRow(TypedDict):
    """One row a returned value, every revision kept."""

    document_id: str
    indicator_id: str
    serial_no: int
    entity: str
    part_no: int | None
    actual_value: float | None
    actual_text: str | None
    awarded_pct: float | None
    benchmark_value: float | None
    veto: bool
    grounds: str | None
    department: str
    received_on: date
    revision: int
    source_name: str
    source_sheet: str
    source_row: int
    source_sha256: str
    sample: bool
    indicator: str | None
    reported_by: str | None
    approved_by: str | None
    approved_on: date | None
    evidence: str | None
    year: NotRequired[int]


class ScoreRow(TypedDict):
    """One row an indicator, entity and as-of date."""

    document_id: str
    as_of: date
    indicator_id: str
    serial_no: int
    entity: str
    weight_group: int
    status: str
    share_points: float | None
    rule: str | None
    attainment: float | None
    points: float | None
    points_low: float | None
    points_high: float | None
    light: str
    trace: str
    approval: str | None
    lateness: str | None
    days_late: int | None
    year: NotRequired[int]


class ScorecardRow(TypedDict):
    """One row an entity, heading and as-of date."""

    document_id: str
    as_of: date
    entity: str
    level: str
    name: str
    max_points: float | None
    points: float | None
    points_low: float | None
    points_high: float | None
    points_of_100: float | None
    received_share: float | None
    rank_group: str
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    parent: str
    vetoes: int
    bonus: float | None
    minus: float | None
    vetoed: bool | None
    barred: bool | None
    grade: str | None
    grade_low: str | None
    grade_high: str | None
    open_findings: int | None
    values_in_doubt: int | None
    total_unread: list[str] | None
    total_open: list[str] | None
    total_rules: str | None
    year: NotRequired[int]


class RankStabilityRow(TypedDict):
    """One row an entity, rank it may hold and as-of date."""

    document_id: str
    as_of: date
    entity: str
    rank_group: str
    rank: int
    share: float
    draws: int
    noise: float
    seed: int
    year: NotRequired[int]


class IndicatorKeyRow(TypedDict):
    """One row an indicator that a person confirmed to be the same as another document's."""

    document_id: str
    indicator_id: str
    serial_no: int
    name: str
    indicator_key: str
    confirmed_by: str
    confirmed_on: date
    reason: str
    year: NotRequired[int]


class TableRows(TypedDict, total=False):
    """The rows of some tables, by name."""

    notices: list[NoticeRow]
    cells: list[CellRow]
    indicators: list[IndicatorRow]
    targets: list[TargetRow]
    findings: list[FindingRow]
    methods: list[MethodRow]
    milestones: list[MilestoneRow]
    entities: list[EntityRow]
    returns: list[ReturnRow]
    scores: list[ScoreRow]
    scorecards: list[ScorecardRow]
    rank_stability: list[RankStabilityRow]
    indicator_keys: list[IndicatorKeyRow]
