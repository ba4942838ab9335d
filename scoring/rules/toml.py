"""One table of declared rules while it is read: every key known, every value of its kind."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime

from common.messages import message
from common.refusal import Refusal, refusal


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
                listed = ", ".join(sorted(keys))
                raise self.unexpected("one_of", key, listed=listed, listed_zh=known)

    def unexpected(self, expected: str, key: str, /, **slots: object) -> Refusal:
        """Return which key of which table is wrong, by the name of what was expected."""
        wanted = message(f"scoring.expected.{expected}", **slots)
        texts = {"expected": wanted.en, "expected_zh": wanted.zh}
        place = {"source": self.source, "where": self.where, "key": key}
        if key not in self.given:
            return refusal("scoring.bad_rules.missing", **place, **texts)
        found = repr(self.given[key])[:60]
        return refusal("scoring.bad_rules.found", **place, **texts, found=found)

    def unlisted(self, key: str, choices: tuple[str, ...]) -> Refusal:
        """Return that a key's value is none of the choices."""
        listed, listed_zh = ", ".join(choices), "、".join(choices)
        return self.unexpected("one_of", key, listed=listed, listed_zh=listed_zh)

    def text(self, key: str) -> str:
        """Return a text that is not blank."""
        value = self.given.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.unexpected("text", key)
        return value.strip()

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """Return one of the words."""
        value = self.given.get(key)
        if not isinstance(value, str) or value not in choices:
            raise self.unlisted(key, choices)
        return value

    def count(self, key: str) -> int:
        """Return a whole number from 1."""
        value = self.given.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.unexpected("count", key)
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
            raise self.unexpected("number", key, low=low, high=high)
        return float(value)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.given.get(key)
        if not isinstance(value, bool):
            raise self.unexpected("flag", key)
        return value

    def day(self, key: str) -> date:
        """Return a date."""
        value = self.given.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.unexpected("day", key)
        return value

    def table(self, key: str) -> Mapping[str, object]:
        """Return a table; an empty one where it is not there."""
        value = self.given.get(key, {})
        if not isinstance(value, Mapping):
            raise self.unexpected("table", key)
        return value

    def tables(self, key: str) -> list[Mapping[str, object]]:
        """Return a list of tables; an empty one where it is not there."""
        value = self.given.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise self.unexpected("tables", key)
        return value


def inline(value: object) -> str:
    """Return a value of JSON as it is written in one line of TOML."""
    if isinstance(value, Mapping):
        pairs = (f"{_key(key)} = {inline(each)}" for key, each in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(inline, value))}]"
    return "inf" if value is None else json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "").isalnum()
    return name if bare else json.dumps(name, ensure_ascii=False)
