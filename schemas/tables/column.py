"""The description of a column: its type, its unit, what it may hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from common.messages import Message, message

#: The short type names, each with the name DuckDB shows for it.
SQL_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "bool": "BOOLEAN",
    "date32": "DATE",
    "timestamp[us, UTC]": "TIMESTAMP WITH TIME ZONE",
    "list<string>": "VARCHAR[]",
    "list<part>": 'STRUCT("text" VARCHAR, subject VARCHAR, "operator" VARCHAR, '
    '"value" DOUBLE, unit VARCHAR)[]',
    "list<alternative>": 'STRUCT("text" VARCHAR, "operator" VARCHAR, "value" DOUBLE, unit VARCHAR, '
    "max_points DOUBLE, serial_no BIGINT, entity VARCHAR)[]",
    "list<note>": 'STRUCT(header VARCHAR, "text" VARCHAR)[]',
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``kind`` is a key of :data:`SQL_TYPES`, ``values`` the only ones allowed.

    ``minimum`` and ``maximum`` are inclusive; ``pattern`` must match the whole text.
    """

    name: str
    kind: str
    description: str
    unit: str | None = None
    nullable: bool = False
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None

    @property
    def expected(self) -> Message:
        """What a value must be."""
        said = list(self._allowed()) or [message("schemas.allowed.kind", kind=self.kind)]
        english, chinese = ", ".join(each.en for each in said), "，".join(each.zh for each in said)
        return Message("allowed", english, chinese)

    def _allowed(self) -> Iterator[Message]:
        if self.values:
            listed, listed_zh = ", ".join(self.values), "、".join(self.values)
            yield message("schemas.allowed.values", listed=listed, listed_zh=listed_zh)
        if self.minimum is not None:
            yield message("schemas.allowed.minimum", minimum=self.minimum)
        if self.maximum is not None:
            yield message("schemas.allowed.maximum", maximum=self.maximum)
        if self.pattern:
            yield message("schemas.allowed.pattern", pattern=self.pattern)


def codes(words: type[StrEnum]) -> tuple[str, ...]:
    """Return the codes of a vocabulary as plain texts, for a column's ``values``."""
    return tuple(word.value for word in words)
