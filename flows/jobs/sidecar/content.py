"""The content of a ``source.toml`` while it is read: each key of its kind, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from common.refusal import Refusal, refusal
from common.toml import NotTomlError, read_toml

#: What a key of the sidecar must be, for the person who wrote it.
EXPECTED_ZH = {
    "str": "文字（用英文双引号括起）",
    "int": "整数（不加引号）",
    "date": "日期（不加引号，例如 2021-01-05）",
    "list": "列表（用方括号括起）",
    "dict": "一节（以方括号中的名称开头）",
    "list of names": "名称的列表",
    "UTF-8 TOML": "UTF-8 编码的 TOML",
    "one_figure": "true、false，或序号、指标名称的列表",
    "licence": "许可协议的代号（如 CC-BY-4.0）或网址",
}
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Content:
    """What a sidecar says, as TOML knows it; each key is asked for with the kind it must be of."""

    path: Path
    said: Mapping[str, object]

    @classmethod
    def of(cls, path: Path) -> Content:
        """Read a sidecar; Refusal where it is not TOML in UTF-8."""
        try:
            return cls(path, read_toml(path))
        except NotTomlError as error:
            raise cls(path, {}).refused("TOML", str(error), "UTF-8 TOML") from error

    def get(self, key: str, kind: type[Kind]) -> Kind | None:
        """Return a key's value, None where it is absent; refused where it is of another kind."""
        return self._checked(key, self.said[key], kind) if key in self.said else None

    def day(self, key: str) -> date | None:
        """Return a key's day, None where it is absent; refused where it has a time."""
        found = self.get(key, date)
        if isinstance(found, datetime):
            raise self.refused(key, found.isoformat(), "date")
        return found

    def one_of(self, key: str, choices: Sequence[str], usual: str) -> str:
        """Return which of some words a key says, the usual one where it is absent."""
        found = self.get(key, str) or usual
        if found not in choices:
            raise self.refused(key, found, " / ".join(choices))
        return found

    def table(self, key: str) -> Mapping[str, object]:
        """Return a table; empty where it is absent."""
        return self.get(key, dict) or {}

    def table_of(self, key: str, kind: type[Kind]) -> dict[str, Kind]:
        """Return a table with values of one kind; empty where it is absent."""
        return {name: self._checked(name, each, kind) for name, each in self.table(key).items()}

    def entries(self, table: str, key: str) -> list[Mapping[str, object]]:
        """Return a table's list of tables; empty where either is absent."""
        where, listed = f"{table}.{key}", self.table(table).get(key, [])
        return [self._checked(where, each, dict) for each in self._checked(where, listed, list)]

    def names(self, key: str, listed: Sequence[object]) -> tuple[str, ...]:
        """Return a list of names as it is written; refused where it is empty or has others."""
        names = tuple(each for each in listed if isinstance(each, str) and each.strip())
        if not names or len(names) < len(listed):
            raise self.refused(key, repr(listed), "list of names")
        return names

    def refused(self, key: str, found: str, expected: str) -> Refusal:
        """Say which key is wrong."""
        return refusal(
            "flows.bad_source_toml.value",
            file=self.path,
            key=key,
            found=found,
            expected=expected,
            expected_zh=EXPECTED_ZH.get(expected, expected),
        )

    def _checked(self, key: str, value: object, kind: type[Kind]) -> Kind:
        if isinstance(value, kind) and not isinstance(value, bool):
            return value
        raise self.refused(key, repr(value), kind.__name__)
