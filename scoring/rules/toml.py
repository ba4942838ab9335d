"""One table of declared rules while it is read: every key known, every value of its kind."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime

from common.refusal import Refusal


class Entry:
    """A table of a TOML file; ``where`` names it in Chinese, ``keys`` are all that it may have."""

    def __init__(
        self, source: str, where: str, given: Mapping[str, object], keys: frozenset[str]
    ) -> None:
        self.source = source
        self.where = where
        self.given = given
        for key in given:
            if key not in keys:
                known = "、".join(sorted(keys)) or "（没有可写的项）"
                raise self.refuse(key, f"one of {', '.join(sorted(keys))}", f"下列之一：{known}")

    def refuse(self, key: str, expected: str, expected_zh: str) -> Refusal:
        """Say which key of which table is wrong."""
        found = repr(self.given[key])[:60] if key in self.given else "nothing"
        found_zh = f"现为 {found}" if key in self.given else "没有填写"
        return Refusal(
            "bad_rules",
            f"{self.source}: {self.where}: {key}: found {found}, expected {expected}",
            f"{self.source} 中 {self.where} 有误：{key} {found_zh}，应为{expected_zh}。"
            "请改正后重试，本次没有计分。",
        )

    def text(self, key: str) -> str:
        """Return a text that says something."""
        value = self.given.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, "text that is not empty", "非空的文字（加英文双引号）")
        return value.strip()

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """Return one of the words."""
        value = self.given.get(key)
        if not isinstance(value, str) or value not in choices:
            raise self.refuse(
                key, f"one of {', '.join(choices)}", f"下列之一：{'、'.join(choices)}"
            )
        return value

    def count(self, key: str) -> int:
        """Return a whole number from 1."""
        value = self.given.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.refuse(key, "a whole number from 1", "从1起的整数")
        return value

    def number(self, key: str, minimum: float | None, maximum: float | None) -> float:
        """Return a finite number within the bounds."""
        value = self.given.get(key)
        low = -math.inf if minimum is None else minimum
        high = math.inf if maximum is None else maximum
        if (
            not isinstance(value, (int, float))
            or isinstance(value, bool)
            or not math.isfinite(value)
            or not low <= value <= high
        ):
            zh = f"{low:g} 至 {high:g} 之间的数字"
            raise self.refuse(key, f"a number from {low:g} to {high:g}", zh)
        return float(value)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.given.get(key)
        if not isinstance(value, bool):
            raise self.refuse(key, "true or false", "true（是）或 false（否）")
        return value

    def day(self, key: str) -> date:
        """Return a date."""
        value = self.given.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.refuse(key, "a date such as 2026-01-05", "日期，如 2026-01-05")
        return value

    def table(self, key: str) -> Mapping[str, object]:
        """Return a table; an empty one where it is not there."""
        value = self.given.get(key, {})
        if not isinstance(value, Mapping):
            raise self.refuse(key, "a table", "表（花括号或另起一节）")
        return value

    def tables(self, key: str) -> list[Mapping[str, object]]:
        """Return a list of tables; an empty one where it is not there."""
        value = self.given.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise self.refuse(key, "a list of tables", "若干条目的列表")
        return value
