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


def attempt(
    step: str, name: str, do: Callable[[], R], passing: tuple[type[Exception], ...] = ()
) -> R | Message:
    """Do what concerns one document, return or year; return its result, or why it did not pass.

    The one place that catches everything but ``passing``: what one thing sets off, be it a mistake
    in the program, must not keep the others from their way. It is logged whole and named.
    """
    try:
        return do()
    except passing:
        raise
    except Refusal as refusal:
        return Message(refusal.code, refusal.en, refusal.zh)
    except OSError as error:
        where = error.filename or name
        return message("flows.file_access", file=where, reason=error.strerror)
    except Exception as error:  # noqa: BLE001 - see above
        _log.exception("%s %s failed", step, name)
        return message("flows.unexpected", thing=name, error=f"{type(error).__name__}: {error}")
