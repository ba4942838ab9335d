"""``kaohe.toml``: what an office sets, in the working folder or where ``KAOHE_CONFIG`` says.

::

    [notify]
    command = ["/usr/local/bin/tell-me"]     # gets the notification as JSON on its standard input
    webhook = "http://127.0.0.1:9000/kaohe"  # gets it as a POST
    on = ["failed", "crashed", "withheld"]   # also: "findings", "completed"

Every table, key and value is understood, or the file is refused by the name of what is not.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from common.messages import Message, message
from common.refusal import Refusal, refusal
from common.toml import NotTomlError, read_toml

EVENTS = ("failed", "crashed", "withheld", "findings", "completed")
_USUAL = ("failed", "crashed", "withheld")
_TABLES, _KEYS = ("notify",), ("command", "webhook", "on")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Settings:
    """What to call, and for which events. Both calls may hold secrets and are shown nowhere."""

    command: tuple[str, ...] = field(default=(), repr=False)
    webhook: str | None = field(default=None, repr=False)
    on: tuple[str, ...] = _USUAL


def config_path() -> Path:
    """Return where the configuration lies."""
    return Path(os.environ.get("KAOHE_CONFIG", "kaohe.toml"))


def read_settings(path: Path) -> Settings:
    """Return what the file says; the usual where there is no such file.

    Raises Refusal for a table, key or value that is not understood.
    """
    if not path.is_file():
        return Settings()
    try:
        content = read_toml(path)
    except NotTomlError as error:
        raise _refused(path, message("flows.setting.toml", error=error)) from error
    _only(path, content, _TABLES, "")
    table = content.get("notify", {})
    if not isinstance(table, dict):
        raise _refused(path, message("flows.setting.table", key="notify"))
    _only(path, table, _KEYS, "notify.")
    return Settings(_texts(path, table, "command", ()), _webhook(path, table), _events(path, table))


def _refused(path: Path, what: Message) -> Refusal:
    return refusal("flows.bad_config", file=path, what=what.en, what_zh=what.zh)


def _only(path: Path, names: Iterable[str], known: tuple[str, ...], within: str) -> None:
    unknown = [f"{within}{name}" for name in names if name not in known]
    if unknown:
        known_names = "、".join(f"{within}{name}" for name in known)
        raise _refused(
            path, message("flows.setting.unknown", names="、".join(unknown), known=known_names)
        )


def _texts(
    path: Path, table: Mapping[str, object], key: str, usual: tuple[str, ...]
) -> tuple[str, ...]:
    value = table.get(key, list(usual))
    texts = value if isinstance(value, list) else [None]
    if not all(isinstance(each, str) and "\0" not in each for each in texts):
        raise _refused(path, message("flows.setting.texts", key=f"notify.{key}"))
    return tuple(texts)


def _webhook(path: Path, table: Mapping[str, object]) -> str | None:
    value = table.get("webhook")
    if value is None or (isinstance(value, str) and _is_address(value)):
        return value
    raise _refused(path, message("flows.setting.webhook"))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(
            parts.scheme in {"http", "https"}
            and parts.hostname
            and parts.username is None  # is not sent, and would be shown
            and parts.port != 0  # raises where it is no port
            and not _CONTROL.search(text)
            and " " not in text
        )
    except ValueError:
        return False


def _events(path: Path, table: Mapping[str, object]) -> tuple[str, ...]:
    events = _texts(path, table, "on", _USUAL)
    if unknown := set(events) - set(EVENTS):
        names, known = "、".join(sorted(unknown)), "、".join(EVENTS)
        raise _refused(path, message("flows.setting.event", names=names, known=known))
    return events
