"""One thing that ``kaohe doctor`` looked at, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "warning", "error"]

#: From the least grave to the gravest.
STATES: tuple[State, ...] = ("ok", "note", "warning", "error")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: ``code`` names it for programs and never changes.

    ``note`` is worth knowing and needs nothing; ``warning`` works and should be looked at;
    ``error`` does not work or cannot be trusted. ``todo_zh`` is what to do about the last two.
    """

    area: str
    code: str
    state: State
    name_zh: str
    found_zh: str
    todo_zh: str = ""
