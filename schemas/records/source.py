"""What people declared of a document: its ``source.toml`` and ``corrections.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from schemas.records.corrections import Correction


class Supplier(StrEnum):
    """What runs the programs of a PDF's pages.

    ``quick`` is our own, ``pdfplumber`` the one of that library, which ``quick`` is held against.
    """

    QUICK = "quick"
    PDFPLUMBER = "pdfplumber"


@dataclass(frozen=True, slots=True)
class AnsweredMethod:
    """A printed method that ``[rules]`` answers: as it is proposed, or by a rule ``written`` there.

    ``text`` is folded; None: whatever is printed for the serial number. ``of_veto``: ``[total]``
    says what a veto does, which answers what a veto's row prints; ``serial_no`` None: any such.
    """

    serial_no: int | None
    text: str | None
    written: bool
    of_veto: bool = False


@dataclass(frozen=True, slots=True)
class SourceMeta:
    """One document's sidecar; None for what it does not declare: the document itself decides then.

    ``role`` is ``official``, ``draft`` or ``copy``. ``departments`` maps a department's name as
    printed to the name it shall land under. ``rank_groups`` maps a group's name to its entities.
    ``directions`` maps an indicator's serial number or name to the code of its direction,
    ``accumulates`` to how its figure moves through the year.
    ``deadline`` is the day by which returns are to be there. ``approval``: values that nobody
    approved are ``shown`` as such and count, or approval is ``required``. ``one_figure`` says whose
    figure to compare with is one for all entities: True of all indicators, False of none, else
    serial numbers or names.
    ``entities`` are those assessed, where the document itself does not say so beside its targets.
    ``methods`` are the printed methods that an officer's rules answer.
    ``supplier`` runs the pages of a PDF.
    ``corrections`` are those of ``corrections.toml``, in its order.
    """

    document_id: str
    year: int | None = None
    title: str | None = None
    doc_number: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    origin: str | None = None
    received_on: date | None = None
    sha256: str | None = None
    licence: str | None = None
    role: str = "official"
    supersedes: str | None = None
    departments: Mapping[str, str] = field(default_factory=dict)
    rank_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    directions: Mapping[str, str] = field(default_factory=dict)
    accumulates: Mapping[str, str] = field(default_factory=dict)
    deadline: date | None = None
    approval: str = "shown"
    one_figure: bool | tuple[int | str, ...] | None = None
    entities: tuple[str, ...] = ()
    methods: tuple[AnsweredMethod, ...] = ()
    supplier: Supplier = Supplier.QUICK
    corrections: tuple[Correction, ...] = ()
