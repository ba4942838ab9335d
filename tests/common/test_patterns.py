"""Patterns that are compiled once and kept for other processes."""

from __future__ import annotations

import marshal
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common import patterns

COMPILER: Any = re._compiler  # type: ignore[attr-defined]
TEXT = "(?P<number>[0-9]+)(?:万|亿)?(?P<unit>元|[㐀-鿿]{2})"


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nothing of a test stay in this process' ``re``."""
    monkeypatch.setattr(COMPILER, "compile", COMPILER.compile)
    re.purge()
    yield
    re.purge()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return a file of three patterns."""
    path = tmp_path / "new" / "patterns.bin"

    def compile_some() -> None:
        re.compile(TEXT)
        re.compile(TEXT, re.IGNORECASE | re.VERBOSE)
        re.compile(rb"\s*([a-z]+)")

    assert patterns.keep(compile_some, path) == 3
    re.purge()
    return path


def test_a_kept_pattern_is_what_it_would_be_compiled_anew(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew = [re.compile(TEXT), re.compile(TEXT, re.I | re.X), re.compile(rb"\s*([a-z]+)")]
    re.purge()
    with monkeypatch.context() as patch:
        patch.setattr(COMPILER._parser, "parse", None)  # nothing is compiled
        patterns.use_kept(kept)
        again = [re.compile(TEXT), re.compile(TEXT, re.I | re.X), re.compile(rb"\s*([a-z]+)")]
    assert again == anew  # re compares text, flags and program
    assert [each.flags for each in again] == [each.flags for each in anew]
    assert [each.groupindex for each in again] == [each.groupindex for each in anew]
    found = again[0].search("投资12万元")
    assert found is not None
    assert found.groupdict() == {"number": "12", "unit": "元"}
    assert found.re.groups == 2


def test_what_is_not_kept_is_compiled_as_always(kept: Path) -> None:
    patterns.use_kept(kept)
    assert re.compile(TEXT, re.MULTILINE).flags == re.MULTILINE | re.UNICODE
    assert re.compile(TEXT.encode()).groupindex == {"number": 1, "unit": 2}
    with pytest.raises(re.error, match="unterminated"):
        re.compile("[")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: b"no such file of ours",
        lambda content: marshal.dumps(("Python 9", marshal.loads(content)[1])),
        lambda content: marshal.dumps([sys.version]),
    ],
)
def test_another_pythons_or_a_damaged_file_is_left_alone(kept: Path, damage: Any) -> None:
    kept.write_bytes(damage(kept.read_bytes()))
    compiles = COMPILER.compile
    patterns.use_kept(kept)
    patterns.use_kept(kept.with_name("none"))
    assert COMPILER.compile is compiles
    assert re.compile(TEXT).groups == 2
