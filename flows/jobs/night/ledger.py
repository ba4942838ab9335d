"""What the nights before have done: a small file beside the warehouse's ``CURRENT``.

It only saves work. A night without it, or with an older one, does everything again, and landing
what is there already changes nothing.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from common.files import write_atomically
from common.messages import Message

NAME = "nightly.json"
FORMAT = 1


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
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        content = json.loads((warehouse / NAME).read_text(encoding="utf-8"))
        if content.pop("format") == FORMAT:
            return _ledger(content)
    return Ledger()


def _ledger(content: dict[str, Any]) -> Ledger:
    notices = {name: _entry(entry) for name, entry in content.pop("notices").items()}
    landed = content.pop("keys", None)
    keys = KeysEntry(landed["fingerprint"], _problem(landed["problem"])) if landed else None
    return Ledger(**content, notices=notices, keys=keys)


def _entry(content: dict[str, Any]) -> NoticeEntry:
    return NoticeEntry(**{**content, "problem": _problem(content["problem"])})


def _problem(content: dict[str, str] | None) -> Message | None:
    return Message(**content) if content else None


def write_ledger(warehouse: Path, ledger: Ledger) -> None:
    """Write the ledger, whole or not at all."""
    text = json.dumps({"format": FORMAT, **asdict(ledger)}, ensure_ascii=False, indent=1)
    write_atomically(warehouse / NAME, text.encode("utf-8", "backslashreplace"))
