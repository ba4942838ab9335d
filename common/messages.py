"""What the program says of documents and values, in Chinese for officials, in English for logs.

The texts are data: ``<room>/data/messages.toml``, one table a message with ``zh`` and ``en``, both
with named slots (``{page}``, ``{text!r}``, ``{times:.0f}``); numbers stand in them as
:func:`show` shows them, unless a slot says how many digits. A message is named
``<room>.<code>`` or, where one code has several texts, ``<room>.<code>.<variant>``; the code is
what findings and refusals carry. ``tests/common/test_messages.py`` holds every call to the slots
of its message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.declared import declared
from common.names import readable, shown_name
from common.numbers import show

#: Slots that hold names of files or folders.
_NAMES = frozenset({"file", "folder", "path", "place", "root", "subject", "warehouse"})


@dataclass(frozen=True, slots=True)
class Message:
    """A text in two languages with its stable code."""

    code: str
    en: str
    zh: str


def message(name: str, /, **slots: object) -> Message:
    """Return a message by its name, its slots filled. KeyError where name or slot is unknown."""
    room, code, *variant = name.split(".")
    texts = declared(dict[str, str], room, "messages", code, *variant)
    shown = _shown(slots)
    return Message(code, texts["en"].format_map(shown), texts["zh"].format_map(shown))


def filled(text: str, slots: Mapping[str, object]) -> str:
    """Return a text with its slots filled. KeyError where one is unknown."""
    return text.format_map(_shown(slots))


def _shown(slots: Mapping[str, object]) -> dict[str, object]:
    return {slot: _valid(slot, value) for slot, value in slots.items()}


class _Number(float):
    """A number in a slot."""

    def __format__(self, digits: str) -> str:
        return super().__format__(digits) if digits else show(self)


def _valid(slot: str, value: object) -> object:
    """Return a slot's value as it may be shown: names in one line, and valid text in any case."""
    if isinstance(value, Path) or (slot in _NAMES and isinstance(value, str)):
        return shown_name(value)
    if isinstance(value, float):
        return _Number(value)
    return readable(value) if isinstance(value, str) else value
