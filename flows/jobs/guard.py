"""What keeps other users of the machine, and web pages, away from Prefect's server and records.

A server of our own asks for credentials that are made anew at each start. They go from process to
process in the environment, which only processes of the same user can read, and lie in a file of
mode 0600 in a folder of mode 0700; never in a command line, a log or a message.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from common.files import replacing
from common.refusal import refusal

CREDENTIALS = "credentials"
_DECIDED = (
    "PREFECT_API_AUTH_STRING",
    "PREFECT_API_KEY",
    "PREFECT_CLIENT_CSRF_",
    "PREFECT_CLIENT_CUSTOM_HEADERS",
    "PREFECT_RUNNER_SERVER_",
    "PREFECT_SERVER_API_",
    "PREFECT_SERVER_CORS_",
    "PREFECT_SERVER_CSRF_",
    "PREFECT_SERVER_UI_",
    "PREFECT_UI_",
)
"""Settings of a server of our own that are decided here, whatever the environment says."""


def private_folder(folder: Path) -> Path:
    """Make the folder, or bring it and Prefect's records in it, into its owner's hands alone.

    Raises Refusal where it belongs to somebody else, who could then read what is written there.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise refusal("flows.folder_of_others", folder=folder)
    folder.chmod(0o700)
    for records in folder.glob("prefect.db*"):
        records.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return folder


def new_credentials() -> str:
    """Return a user and a password that nobody had before."""
    return f"kaohe:{secrets.token_urlsafe(32)}"


def keep_credentials(home: Path, credentials: str) -> None:
    """Leave the credentials in a file that only this user can read, for this user's own tools."""
    with replacing(home / CREDENTIALS) as new:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(credentials)


def read_credentials(home: Path) -> str | None:
    """Return the credentials of the service that has this folder; None where there are none."""
    try:
        return (home / CREDENTIALS).read_text(encoding="ascii")
    except OSError:
        return None


def without_decided(environment: dict[str, str]) -> dict[str, str]:
    """Return an environment without the settings that are decided here."""
    return {key: value for key, value in environment.items() if not key.startswith(_DECIDED)}


def guarded(
    credentials: str, origins: str = "http://127.0.0.1", *, ui: bool = False
) -> dict[str, str]:
    """Return the settings of a server of our own and of its clients, as environment.

    No page of another origin may read an answer, changes need a token besides the credentials,
    nothing but the API is served, and a runner opens no server of its own.
    """
    return {
        "PREFECT_API_AUTH_STRING": credentials,
        "PREFECT_SERVER_API_AUTH_STRING": credentials,
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": origins,
        "PREFECT_SERVER_UI_ENABLED": str(ui).lower(),
        "PREFECT_RUNNER_SERVER_ENABLE": "false",
    }


def ask(
    url: str,
    path: str,
    wanted: Any = None,
    credentials: str | None = None,
    method: str | None = None,
) -> Any:
    """Ask a Prefect API (``wanted`` is sent as JSON) past any proxy; OSError where it fails."""
    import urllib.request

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {"Content-Type": "application/json"}
    if credentials is not None:
        headers["Authorization"] = f"Basic {base64.b64encode(credentials.encode()).decode()}"
        if wanted is not None:
            client = secrets.token_hex(8)
            token = ask(url, f"csrf-token?client={client}", None, credentials)["token"]
            headers |= {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": client}
    body = None if wanted is None else json.dumps(wanted).encode()
    request = urllib.request.Request(f"{url}/{path}", body, headers, method=method)
    with opener.open(request, timeout=10) as answer:
        return json.loads(answer.read() or b"null")
