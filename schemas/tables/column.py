"""What is said of a column: its type, its unit, what it may hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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
    def expected(self) -> str:
        """What a value must be, in English."""
        allowed = [
            f"one of {', '.join(self.values)}" if self.values else "",
            f"at least {self.minimum:g}" if self.minimum is not None else "",
            f"at most {self.maximum:g}" if self.maximum is not None else "",
            f"of the form {self.pattern}" if self.pattern else "",
        ]
        return ", ".join(text for text in allowed if text) or f"a {self.kind}"

    @property
    def expected_zh(self) -> str:
        """What a value must be, in Chinese."""
        allowed = [
            f"{'、'.join(self.values)} 之一" if self.values else "",
            f"不小于 {self.minimum:g}" if self.minimum is not None else "",
            f"不大于 {self.maximum:g}" if self.maximum is not None else "",
            f"形如 {self.pattern}" if self.pattern else "",
        ]
        return "，".join(text for text in allowed if text) or f"{self.kind} 类型的值"


def codes(words: type[StrEnum]) -> tuple[str, ...]:
    """Return the codes of a vocabulary as plain texts, for a column's ``values``."""
    return tuple(word.value for word in words)
