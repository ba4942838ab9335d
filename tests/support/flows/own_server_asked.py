"""Run as a program: what a command's own server answers to those who have no business with it."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

from flows.own_server import own_server


def answer(url: str, **headers: str) -> int | None:
    """Return the status that a request ends in; None where nobody listens."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=10) as got:
            return int(got.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return None


def main() -> None:
    """Ask in several ways and print the answers as JSON."""
    with own_server(Path(sys.argv[1])) as url:
        origin = url.removesuffix("/api")
        answers = {
            "health": answer(f"{url}/health"),
            "without credentials": answer(f"{url}/admin/settings"),
            "another name": answer(f"{url}/health", Host="rebound.example"),
            "a foreign page": answer(f"{url}/health", Origin="http://evil.example"),
            "pages": answer(f"{origin}/docs"),
        }
    print(json.dumps(answers | {"after the end": answer(f"{url}/health")}))
