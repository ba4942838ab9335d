"""What another process does in the tests of kills: receive a return, and die at some step.

It is forked from a server that has imported this module once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from report.forms import reply
from tests.support.flows.offices import deliver
from tests.support.kills import die_at


def receive_and_die(office: Path, file: Path, step: int | str) -> None:
    """Receive, and be killed just before the given step; all steps are told in ``steps.txt``."""
    steps = die_at(step)
    write_reply = steps.counted("write_reply", reply.write_reply)

    def answer(*arguments: Any, **named: Any) -> Any:
        written = write_reply(*arguments, **named)
        steps.count("written_reply")
        return written

    reply.write_reply = answer
    deliver(office, file)
    told = "\n".join(steps.taken)
    (office / "steps.txt").write_text(told, encoding="utf-8")
