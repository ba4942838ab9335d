"""Run as a program: a command with a server of its own, and what that answers to anybody else."""

from __future__ import annotations

import atexit
import json
import os
import sys
import urllib.error
import urllib.request

from common.processes import end_at_once
from flows import processes
from flows.cli.main import cli

PATIENCE = 120.0


def answer(url: str, **headers: str) -> int | None:
    """Return the status that a request ends in; None where nobody listens."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=300) as got:
            return int(got.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return None


def main() -> None:
    """Give the command, ask in several ways before and after the end, print the answers as JSON."""
    answers: dict[str, int | str | None] = {}
    processes.STOP_SECONDS = PATIENCE  # what it does at its end is looked at
    atexit.register(lambda: print(json.dumps(answers)))
    atexit.register(lambda: answers.update({"after the end": answer(f"{url}/health")}))
    try:
        cli(sys.argv[1:])
    except SystemExit as end:
        answers["command"] = end.code
    url = os.environ["PREFECT_API_URL"]
    answers |= {
        "health": answer(f"{url}/health"),
        "without credentials": answer(f"{url}/admin/settings"),
        "another name": answer(f"{url}/health", Host="rebound.example"),
        "a foreign page": answer(f"{url}/health", Origin="http://evil.example"),
        "pages": answer(f"{url.removesuffix('/api')}/docs"),
    }
    end_at_once(0)
