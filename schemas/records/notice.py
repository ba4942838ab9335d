"""What normalization hands on: a notice's indicators, targets and findings, as plain records.

They hold no frames, so that reading and normalizing need neither pandas nor pandera; the
frames of the contract are made from them by :mod:`schemas.tables.frames`.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.records.document import Box, CellKey


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a compound target."""

    text: str
    subject: str | None
    operator: str | None
    value: float | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One leaf indicator of a document, in printed order. Key: ``serial_no``.

    ``cell`` is the printed cell of its name.
    """

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
    assessing_departments: tuple[str, ...]
    supporting_departments: tuple[str, ...]
    note: str | None
    page: int | None
    cell: CellKey | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What one entity must reach on one indicator. Key: ``serial_no``, ``entity``.

    ``cell`` is the printed cell that its text came from, the first where it came from several.
    """

    serial_no: int
    entity: str
    status: str
    max_points: float | None
    target_text: str | None
    target_kind: str
    operator: str | None
    target_value: float | None
    target_unit: str | None
    parts: tuple[Part, ...]
    inherited: bool
    page: int | None
    box: Box | None
    needs_review: bool
    review_reason: str | None
    cell: CellKey | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of the place that a finding is about, as a value where it is one.

    ``text`` is the reading as a person sees it. ``operator``, ``value`` and ``unit`` are those of
    a target so read; ``max_points`` the points so read. ``serial_no`` and ``entity`` name the
    target or the points that are meant where they are not the finding's own.
    """

    text: str
    operator: str | None = None
    value: float | None = None
    unit: str | None = None
    max_points: float | None = None
    serial_no: int | None = None
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should look at; ``cell`` is the printed cell it is about."""

    severity: str
    code: str
    message: str
    message_zh: str
    serial_no: int | None = None
    entity: str | None = None
    field: str | None = None
    text: str | None = None
    alternatives: tuple[Alternative, ...] = ()
    page: int | None = None
    box: Box | None = None
    state: str = "open"
    cell: CellKey | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A normalized notice: everything that will be landed of one document."""

    document_id: str
    year: int
    indicators: tuple[Indicator, ...]
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    entities: tuple[str, ...]
    title: str | None = None
