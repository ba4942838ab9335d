"""What cannot be taken as it stands: doubts of cells and rows, and remarks on places of a file.

Their texts are messages of ``returns/data/messages.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from common.messages import Message, message
from schemas.records.forms import Remark

_MOST_LISTED = 8


class Doubtful(ValueError):  # noqa: N818 - it is a doubt, not a failure
    """A cell that gives no value; ``code`` is stable, ``zh`` tells what is wrong and what to do."""

    def __init__(self, made: Message) -> None:
        super().__init__(made.en)
        self.code, self.en, self.zh = made.code, made.en, made.zh


class Misplaced(Doubtful):
    """A row that is no line of the form; ``role`` is the cell by which it is seen."""

    def __init__(self, made: Message, role: str) -> None:
        super().__init__(made)
        self.role = role


def doubtful(name: str, /, **slots: object) -> Doubtful:
    """Return the doubt of a message."""
    return Doubtful(message(f"returns.{name}", **slots))


def misplaced(name: str, role: str, /, **slots: object) -> Misplaced:
    """Return that a row is no line, by the cell of a role."""
    return Misplaced(message(f"returns.{name}", **slots), role)


class At(NamedTuple):
    """A place in a returned file: all of it, a sheet, a row or a cell, and what stands there."""

    sheet: str | None = None
    row: int | None = None
    column: int | None = None
    found: str | None = None


def remark(name: str, severity: str, at: At = At(), /, **slots: object) -> Remark:  # noqa: B008
    """Return a remark on a place."""
    made = message(f"returns.{name}", **slots)
    return Remark(severity, made.code, made.en, made.zh, *at)


def shortened(text: str) -> str:
    """Return a text as a message quotes it."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"


def named_lines(lines: Iterable[tuple[int, str]]) -> str:
    """Name lines by serial number and entity, each once, the first ones of many."""
    own = [*dict.fromkeys(lines)]
    listed = "、".join(f"第 {number} 项（{entity}）" for number, entity in own[:_MOST_LISTED])
    return f"{listed}{'等' if len(own) > _MOST_LISTED else ''}"
