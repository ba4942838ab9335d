"""Signs that a value may be wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from common.messages import message
from schemas.records.notice import Alternative
from schemas.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class Doubt:
    """One sign that a value may be wrong: a stable code, why in two languages, other readings.

    ``severity`` is that of the finding it becomes; ``entity`` the one it concerns (None: all that
    the value serves); ``replaces`` the part of the text that the alternatives are readings of
    (None: not known, or all of it).
    """

    code: str
    message: str
    message_zh: str
    alternatives: tuple[Alternative, ...] = ()
    severity: Severity = Severity.WARNING
    entity: str | None = None
    replaces: str | None = None


def doubt(
    name: str,
    alternatives: Iterable[str | Alternative] = (),
    *,
    severity: Severity = Severity.WARNING,
    entity: str | None = None,
    replaces: str | None = None,
    **slots: object,
) -> Doubt:
    """Return the doubt of a message of ``normalize/data/messages.toml``, its slots filled."""
    said = message(f"normalize.{name}", **slots)
    others = tuple(Alternative(o) if isinstance(o, str) else o for o in alternatives)
    return Doubt(said.code, said.en, said.zh, others, severity, entity, replaces)
