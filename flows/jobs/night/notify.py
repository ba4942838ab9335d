"""Notifications after a night: a command or a webhook, where one is configured.

Set in ``kaohe.toml`` (in the working folder, or where ``KAOHE_CONFIG`` says)::

    [notify]
    command = ["/usr/local/bin/tell-me"]     # gets the JSON on its standard input
    webhook = "http://127.0.0.1:9000/kaohe"  # gets it as a POST
    on = ["failed", "crashed", "withheld"]   # also: "findings", "completed"

Nothing else is called: no proxy of the environment, no redirect, no shell. A notification that
fails is logged and changes nothing about the night.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import tomllib
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.refusal import Refusal, refusal
from common.terminal import plain

if TYPE_CHECKING:
    from flows.jobs.night.summary import NightlySummary

EVENTS = ("failed", "crashed", "withheld", "findings", "completed")
_USUAL = ("failed", "crashed", "withheld")
_COMMAND_SECONDS, _WEBHOOK_SECONDS = 60.0, 10.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What to call, and for which events."""

    command: tuple[str, ...] = ()
    webhook: str | None = None
    on: tuple[str, ...] = _USUAL


def config_path() -> Path:
    """Return where the configuration lies."""
    return Path(os.environ.get("KAOHE_CONFIG", "kaohe.toml"))


def read_settings(path: Path) -> Settings:
    """Return what ``[notify]`` says; nothing where there is no such file or table.

    Raises Refusal for a key or value that is not understood.
    """
    if not path.is_file():
        return Settings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("notify", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refusal("flows.bad_config", file=path, what=str(error)) from error
    if not isinstance(table, dict) or set(table) - {"command", "webhook", "on"}:
        raise refusal(
            "flows.bad_config", file=path, what="[notify] has the keys command, webhook and on"
        )
    return Settings(_texts(path, table, "command", ()), _webhook(path, table), _events(path, table))


def _texts(
    path: Path, table: Mapping[str, Any], key: str, usual: tuple[str, ...]
) -> tuple[str, ...]:
    value = table.get(key, list(usual))
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise refusal("flows.bad_config", file=path, what=f"{key} is a list of texts")
    return tuple(value)


def _webhook(path: Path, table: Mapping[str, Any]) -> str | None:
    value = table.get("webhook")
    if value is not None and not (
        isinstance(value, str) and value.startswith(("http://", "https://"))
    ):
        raise refusal(
            "flows.bad_config",
            file=path,
            what="webhook is an address that begins with http:// or https://",
        )
    return value


def _events(path: Path, table: Mapping[str, Any]) -> tuple[str, ...]:
    events = _texts(path, table, "on", _USUAL)
    if unknown := set(events) - set(EVENTS):
        raise refusal(
            "flows.bad_config",
            file=path,
            what=f"on: {', '.join(sorted(unknown))} is none of {', '.join(EVENTS)}",
        )
    return events


def summary(night: NightlySummary) -> None:
    """Notify of how a night ended, where that is asked for."""
    event = "withheld" if night.withheld else "completed" if night.clean else "findings"
    send(event, night.as_text(), night.as_json())


def send(event: str, text: str, details: Mapping[str, Any]) -> bool:
    """Call what is configured for this event; say whether everything that was called answered."""
    try:
        settings = read_settings(config_path())
    except (Refusal, OSError) as error:
        _log.error("no notification was sent: %s", error)
        return False
    if event not in settings.on:
        return True
    content = {"event": event, "text": text, "details": dict(details)}
    body = json.dumps(plain(content), ensure_ascii=False).encode()
    sent = True
    if settings.command:
        sent = _call(settings.command, event, body)
    if settings.webhook:
        sent = _post(settings.webhook, body) and sent
    return sent


def _call(command: tuple[str, ...], event: str, body: bytes) -> bool:
    """Run the command without a shell, the notification on its standard input."""
    try:
        subprocess.run(
            command,
            input=body,
            env=os.environ | {"KAOHE_EVENT": event},
            timeout=_COMMAND_SECONDS,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    except (OSError, subprocess.SubprocessError) as error:
        _log.error("the command %s failed: %s", command[0], error)
        return False
    return True


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: only the address that was configured is called."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Take a redirect for an error."""


def _post(address: str, body: bytes) -> bool:
    """Post the notification to the address, past any proxy."""
    request = urllib.request.Request(
        address, data=body, headers={"Content-Type": "application/json; charset=utf-8"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    try:
        with opener.open(request, timeout=_WEBHOOK_SECONDS):
            return True
    except (OSError, urllib.error.URLError, HTTPException, ValueError) as error:
        _log.error("the webhook %s failed: %s", address, error)
        return False
