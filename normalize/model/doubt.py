"""Signs that a value may be wrong."""

from __future__ import annotations

from dataclasses import dataclass

from common.messages import message
from schemas.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class Doubt:
    """One sign that a value may be wrong: a stable code, why in two languages, other readings.

    ``severity`` is that of the finding it becomes; ``entity`` the one it concerns (None: all that
    the value serves).
    """

    code: str
    message: str
    message_zh: str
    alternatives: tuple[str, ...] = ()
    severity: str = Severity.WARNING
    entity: str | None = None


def doubt(
    name: str,
    alternatives: tuple[str, ...] = (),
    *,
    severity: Severity = Severity.WARNING,
    entity: str | None = None,
    **slots: object,
) -> Doubt:
    """Return the doubt of a message of ``normalize/data/messages.toml``, its slots filled."""
    said = message(f"normalize.{name}", **slots)
    return Doubt(said.code, said.en, said.zh, alternatives, severity, entity)
