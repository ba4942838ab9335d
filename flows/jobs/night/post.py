"""Posting a notification to a web address, as a program: whoever starts it can end it at any time.

The address is the first line of standard input, what is posted the rest; a command line would
show it to every user of the machine. Past any proxy, and no redirect is followed.
"""

from __future__ import annotations

import sys
import urllib.request
from http.client import HTTPException


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: only the address that was configured is called."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Take a redirect for an error."""


def main() -> None:
    """Post; say on standard error why it failed, with exit code 1."""
    address, _, body = sys.stdin.buffer.read().partition(b"\n")
    request = urllib.request.Request(
        address.decode(), data=body, headers={"Content-Type": "application/json; charset=utf-8"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    try:
        with opener.open(request):
            return
    except (OSError, HTTPException, ValueError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
