"""What another process does in the tests of kills: receive a return, and die at some step.

It is forked from a server that has imported this module once.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from report.forms import reply
from tests.support.flows.offices import deliver

#: Every call by which receiving changes the disk.
_STEPS = ("link", "replace", "rename", "symlink", "unlink", "mkdir", "fsync", "chmod")


def receive_and_die(office: Path, file: Path, step: int) -> None:
    """Receive, and be killed just before the given step; all steps are told in ``steps.txt``."""
    steps: list[str] = []

    def dying(name: str, do: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: Any, **named: Any) -> Any:
            if len(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            steps.append(name)
            return do(*arguments, **named)

        return act

    for name in _STEPS:
        setattr(os, name, dying(name, getattr(os, name)))
    reply.write_reply = dying("write_reply", reply.write_reply)
    deliver(office, file)
    (office / "steps.txt").write_text("\n".join(steps), encoding="utf-8")
