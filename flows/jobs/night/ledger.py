"""What the nights before have done: a small file beside the warehouse's ``CURRENT``.

It only saves work. A night without it, or with an older one, does everything again, and landing
what is there already changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

from common.files import write_atomically
from common.messages import Message

NAME = "nightly.json"
FORMAT = 1
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """One folder of ``raw/notices`` as last read: its content's hash and what became of it."""

    fingerprint: str
    document_id: str
    year: int | None
    role: str
    problem: Message | None = None


@dataclass(frozen=True, slots=True)
class KeysEntry:
    """The file of confirmed keys as last landed: its hash, "" for none, and what became of it."""

    fingerprint: str
    problem: Message | None = None


@dataclass(slots=True)
class Ledger:
    """All that is remembered from night to night.

    ``scored`` holds, of each document and as-of date (ISO), the hash of what its scores were made
    of. ``settled`` is the snapshot of which nothing was left to do, ``reported`` the one that the
    report shows, ``unfinished`` the process of a night that has begun and not ended. ``keys`` is
    None where the confirmed keys are to be landed anew.
    """

    code: str = ""
    notices: dict[str, NoticeEntry] = field(default_factory=dict)
    scored: dict[str, dict[str, str]] = field(default_factory=dict)
    settled: str | None = None
    reported: str | None = None
    unfinished: str | None = None
    keys: KeysEntry | None = None


def read_ledger(warehouse: Path) -> Ledger:
    """Return what is remembered; an empty ledger where there is none, or none that can be read."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        content = _of(json.loads((warehouse / NAME).read_text(encoding="utf-8")), dict)
        if content["format"] == FORMAT:
            return _ledger(content)
    return Ledger()


def _ledger(content: Mapping[str, object]) -> Ledger:
    return Ledger(
        code=_of(content.get("code", ""), str),
        notices={name: _entry(each) for name, each in _of(content["notices"], dict).items()},
        scored={name: _texts(each) for name, each in _of(content.get("scored", {}), dict).items()},
        settled=_perhaps(content.get("settled"), str),
        reported=_perhaps(content.get("reported"), str),
        unfinished=_perhaps(content.get("unfinished"), str),
        keys=_keys(_perhaps(content.get("keys"), dict)),
    )


def _entry(content: object) -> NoticeEntry:
    held = _of(content, dict)
    return NoticeEntry(
        fingerprint=_of(held["fingerprint"], str),
        document_id=_of(held["document_id"], str),
        year=_perhaps(held["year"], int),
        role=_of(held["role"], str),
        problem=_problem(held),
    )


def _keys(held: Mapping[str, object] | None) -> KeysEntry | None:
    return KeysEntry(_of(held["fingerprint"], str), _problem(held)) if held else None


def _problem(held: Mapping[str, object]) -> Message | None:
    found = _perhaps(held["problem"], dict)
    return Message(**_texts(found)) if found else None


def _texts(content: object) -> dict[str, str]:
    return {name: _of(each, str) for name, each in _of(content, dict).items()}


def _perhaps(value: object, kind: type[Kind]) -> Kind | None:
    return None if value is None else _of(value, kind)


def _of(value: object, kind: type[Kind]) -> Kind:
    """Return a value of JSON; TypeError where it is of another kind."""
    if isinstance(value, kind):
        return value
    raise TypeError(f"{value!r} is no {kind.__name__}")


def write_ledger(warehouse: Path, ledger: Ledger) -> None:
    """Write the ledger, whole or not at all."""
    text = json.dumps({"format": FORMAT, **asdict(ledger)}, ensure_ascii=False, indent=1)
    write_atomically(warehouse / NAME, text.encode("utf-8", "backslashreplace"))
