"""Notifications after a night: a command or a webhook, where ``kaohe.toml`` names one.

Nothing else is called: no proxy of the environment, no redirect, no shell. Both have one limit of
time for the whole. A notification that fails is logged and changes nothing about the night; neither
the command's arguments nor the webhook's address stand in a log, for they may hold secrets.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from common.isolated import python_path
from common.refusal import Refusal
from common.terminal import plain
from flows.jobs.settings import Settings, config_path, read_settings

if TYPE_CHECKING:
    from flows.jobs.night.summary import NightlySummary

SECONDS = 60.0
"""How long a notification may take, from the first byte to the last."""

_LAST_WORDS = 2000
_log = logging.getLogger(__name__)


def summary(night: NightlySummary) -> None:
    """Notify of how a night ended, where that is asked for."""
    event = "withheld" if night.withheld else "completed" if night.clean else "findings"
    send(event, night.as_text(), night.as_json())


def send(event: str, text: str, details: Mapping[str, object]) -> bool:
    """Call what is configured for this event; say whether everything that was called answered."""
    try:
        settings = read_settings(config_path())
    except (Refusal, OSError) as error:
        _log.error("no notification was sent: %s", error)
        return False
    if event not in settings.on:
        return True
    content = {"event": event, "text": text, "details": plain(dict(details))}
    deadline = time.monotonic() + SECONDS
    calls = _calls(settings, event, json.dumps(content, ensure_ascii=False).encode())
    started = [call for call in calls if call.start()]
    ended = [call.end(deadline) for call in started]
    return len(started) == len(calls) and all(ended)


def _calls(settings: Settings, event: str, body: bytes) -> list[_Call]:
    """Return what is to be called. Prefect's credentials are none of a command's business."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    folder = config_path().absolute().parent
    secrets = [*settings.command[1:], *_parts(settings.webhook or "")]
    calls = []
    if settings.command:
        name = f"the command {settings.command[0]}"
        own = env | {"KAOHE_EVENT": event}
        calls.append(_Call(name, settings.command, body, own, folder, secrets))
    if settings.webhook:
        name = f"the webhook at {urlsplit(settings.webhook).hostname}"
        program = (sys.executable, "-m", "flows.jobs.night.post")
        whole = settings.webhook.encode() + b"\n" + body
        own = env | {"PYTHONPATH": python_path()}
        calls.append(_Call(name, program, whole, own, folder, secrets))
    return calls


def _parts(address: str) -> list[str]:
    """Return an address and what of it may stand in a message of its own, the longest first."""
    if not address:
        return []
    parts = urlsplit(address)
    rest = address.partition(parts.netloc)[2]
    return sorted([address, rest, parts.path, parts.query], key=len, reverse=True)


@dataclass(slots=True)
class _Call:
    """A program that is told of a night on its standard input, and given up at the deadline."""

    name: str
    command: Sequence[str]
    body: bytes
    env: dict[str, str]
    folder: Path
    secrets: list[str]
    process: subprocess.Popen[bytes] | None = None
    words: IO[bytes] | None = None

    def start(self) -> bool:
        """Start it without a shell, in a session of its own, so that all of it can be ended."""
        with tempfile.TemporaryFile() as told:
            told.write(self.body)
            told.seek(0)
            self.words = tempfile.TemporaryFile()  # noqa: SIM115 - closed in end()
            try:
                self.process = subprocess.Popen(
                    self.command,
                    env=self.env,
                    cwd=self.folder,
                    stdin=told,
                    stdout=subprocess.DEVNULL,
                    stderr=self.words,
                    start_new_session=True,
                )
            except (OSError, ValueError) as error:
                self.words.close()
                _log.error("%s failed: %s", self.name, self._said(str(error)))
        return self.process is not None

    def end(self, deadline: float) -> bool:
        """Wait for it until the deadline and end what is left of it; say whether it went well."""
        assert self.process is not None
        assert self.words is not None
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        late = self.process.poll() is None
        if late:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        with self.words as file:
            length = file.seek(0, os.SEEK_END)
            file.seek(max(0, length - _LAST_WORDS))
            words = file.read().decode("utf-8", errors="replace").strip()
        code = self.process.returncode
        if code:
            how = f"no end after {SECONDS:.0f} s" if late else f"exit code {code}"
            _log.error("%s failed: %s: %s", self.name, how, self._said(words))
        return code == 0

    def _said(self, words: str) -> str:
        """Return what was said without what must not be known."""
        for secret in filter(None, self.secrets):
            if len(secret) > 1:
                words = words.replace(secret, "***")
        return words
