"""One thing that ``kaohe doctor`` looked at, and what it found.

The texts are data, in Chinese: ``<room>/data/checks.toml``, by area, by thing, by what was found,
with named slots as messages have (:mod:`common.messages`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

from common.declared import declared
from common.messages import filled

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


class _Said(TypedDict):
    """What was found, as the data file words it."""

    state: State
    found: NotRequired[str]
    todo: NotRequired[str]


def check(name: str, /, **slots: object) -> Check:
    """Return what was found by its name, ``<room>.<area>.<code>.<what was found>``."""
    room, area, code, found = name.split(".")
    name_zh = declared(str, room, "checks", area, code, "name")
    said = declared(_Said, room, "checks", area, code, found)
    found_zh, todo_zh = filled(said.get("found", ""), slots), filled(said.get("todo", ""), slots)
    return Check(area_of(f"{room}.{area}"), code, said["state"], name_zh, found_zh, todo_zh)


def phrase(name: str, /, **slots: object) -> str:
    """Return a part of a sentence by its name, ``<room>.<area>.<phrase>``."""
    room, area, part = name.split(".")
    return filled(declared(str, room, "checks", area, "phrases", part), slots)


def area_of(name: str) -> str:
    """Return what an area is called, by ``<room>.<area>``."""
    room, area = name.split(".")
    return declared(str, room, "checks", area, "area")
