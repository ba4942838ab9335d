"""What is known from documents of earlier years, for reading a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schemas.records.notice import Indicator


@dataclass(frozen=True, slots=True)
class KnownWords:
    """The names that one earlier document prints: departments, entities, headings, units."""

    document_id: str
    year: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastTarget:
    """What one entity had to reach; ``value`` is in ``unit``."""

    kind: str
    operator: str | None
    value: float
    unit: str | None


@dataclass(frozen=True, slots=True)
class PastIndicator:
    """The indicator of an earlier document that surely is one of a new document, by entity."""

    document_id: str
    year: int
    serial_no: int
    targets: Mapping[str, PastTarget]


#: Finds the past of a document's indicators, by serial number; those not surely matched are not in.
Past = Callable[[tuple[Indicator, ...]], Mapping[int, PastIndicator]]


def no_past(indicators: tuple[Indicator, ...]) -> Mapping[int, PastIndicator]:
    """Return no past: nothing of earlier years is known."""
    return {}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of earlier years: words of each document, the latest first, and values."""

    words: tuple[KnownWords, ...] = ()
    past: Past = no_past


NOTHING_EARLIER = Earlier()
