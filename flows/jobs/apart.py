"""How one thing that fails is kept apart from the others."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from common.messages import Message, message
from common.refusal import Refusal

R = TypeVar("R")

TRANSIENT = frozenset(
    {"warehouse_busy", "warehouse_not_writable", "warehouse_moved", "receiving_busy", "file_access"}
)
"""Refusals that end by themselves: a lock, the disk, another program at work."""
_log = logging.getLogger(__name__)


def outcome_of(do: Callable[[], R], passing: tuple[type[Exception], ...] = ()) -> R | Exception:
    """Do what concerns one document, return or year; return its result, or what it raised.

    The one place that catches everything but ``passing``: what one thing sets off, be it a mistake
    in the program, must not keep the others from their way.
    """
    try:
        return do()
    except passing:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        return error


def attempt(
    step: str, name: str, do: Callable[[], R], passing: tuple[type[Exception], ...] = ()
) -> R | Message:
    """Do what concerns one thing; return its result, or why it did not pass, in words.

    A mistake in the program is logged whole.
    """
    done = outcome_of(do, passing)
    if not isinstance(done, Exception):
        return done
    if isinstance(done, Refusal):
        return Message(done.code, done.en, done.zh)
    if isinstance(done, OSError):
        where = done.filename or name
        return message("flows.file_access", file=where, reason=done.strerror)
    _log.error("%s %s failed", step, name, exc_info=done)
    return message("flows.unexpected", thing=name, error=f"{type(done).__name__}: {done}")
