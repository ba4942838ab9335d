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
class Note:
    """What is printed in a row under a header that has no column of its own."""

    header: str
    text: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One leaf indicator of a document, in printed order. Key: ``serial_no``.

    ``cell`` is the printed cell of its name. ``annex`` counts the document's indicator tables
    from 1; ``cap`` is the most that a bonus or minus item may give or take, in points.
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
    annex: int = 1
    item_kind: str = "scored"
    cap: float | None = None
    definition: str | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What one entity must reach on one indicator. Key: ``serial_no``, ``entity``.

    ``cell`` is the printed cell that its text came from, the first where it came from several.
    ``base_text`` is what was reached before, as printed under ``base_label``; ``base_value`` in
    ``base_unit``.
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
    annex: int = 1
    item_kind: str = "scored"
    cap: float | None = None
    base_text: str | None = None
    base_value: float | None = None
    base_unit: str | None = None
    base_label: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedMethod:
    """One printed method of an indicator. Key: ``serial_no``, ``text``.

    ``rule`` and ``parameters`` (JSON) are what it was understood as, ``reason`` what was not;
    ``left_out`` are words of it in quotes, and what contradicts it, that the rule leaves out.
    """

    serial_no: int
    annex: int
    text: str
    rule: str | None = None
    parameters: str | None = None
    status: str = "not_understood"
    reason: str | None = None
    page: int | None = None
    box: Box | None = None
    cell: CellKey | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """What an entity must reach by a part of the year. Key: ``serial_no``, ``entity``, ``period``.

    ``value`` is in ``unit``; ``cumulative``: it counts from the beginning of the year.
    """

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
    box: Box | None
    cell: CellKey | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """Who is assessed by an annex. Key: ``annex``, ``entity``; ``position`` counts from 1."""

    annex: int
    entity: str
    kind: str
    position: int
    rank_group: str | None = None
    division_code: str | None = None


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
    """A normalized notice: everything that will be landed of one document.

    ``entities`` are the names of all annexes in printed order, each once; ``assessed`` says of
    each annex whom it assesses.
    """

    document_id: str
    year: int
    indicators: tuple[Indicator, ...]
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    entities: tuple[str, ...]
    title: str | None = None
    methods: tuple[PrintedMethod, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    assessed: tuple[Entity, ...] = ()
