"""Whatever stands in a file that a person wrote as TOML is content or a reason, and soon."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from common.refusal import Refusal
from common.toml import NotTomlError, parse_toml
from flows.jobs.score.what_if import read_what_if
from flows.jobs.settings import read_settings
from flows.jobs.sidecar.document import read_corrections
from flows.jobs.sidecar.meta import parse_sidecar
from tests.support.for_each import for_each

NASTY: dict[str, bytes] = {
    "dots": b"." * 400_000,
    "dotted key": b"a" + b".a" * 200_000 + b" = 1",
    "spaced key": b"a" + b" . a" * 100_000 + b" = 1",
    "quoted key": b'"a"' + b'."a"' * 100_000 + b" = 1",
    "table's name": b"[a" + b".a" * 200_000 + b"]",
    "key within": b"a = {b" + b".b" * 200_000 + b" = 1}",
    "arrays": b"a = " + b"[" * 100_000,
    "arrays that close": b"a = " + b"[" * 400 + b"]" * 400,
    "inline tables": b"a = " + b"{a = " * 50_000,
    "long number": b"year = " + b"1" * 5_000,
    "long hexadecimal": b"year = 0x" + b"f" * 10_000,
    "quotes": b'"' * 400_001,
    "escaped quotes": b'a = """' + b'\\"""' * 100_000,
    "backslashes": b'"' + b"\\" * 400_000,
    "apostrophes": b"'''" * 130_001,
    "letters": b"a" * 400_000,
    "NUL": b"year = 2021\0",
    "UTF-16": "year = 2021".encode("utf-16"),
    "GBK": "title = '考核'".encode("gbk"),
    "huge": b"# " + b"a" * 5_000_000,
    "half": b"[rules",
}


@for_each("content", NASTY.values())
def test_what_is_no_settings_file_is_refused(content: bytes) -> None:
    with pytest.raises(NotTomlError):
        parse_toml(content)


def test_a_mark_of_notepad_and_its_line_ends_are_taken() -> None:
    assert parse_toml(b"\xef\xbb\xbfa = 1\r\nb = '''x\r\ny'''\r\n") == {"a": 1, "b": "x\ny"}


def test_dots_in_texts_and_remarks_count_for_nothing() -> None:
    dots = "." * 500
    text = f'# don\'t {dots}\na = "{dots}" # "\nb = \'{dots}\'\nc = """\n{dots}"""\nd = \'"\'\n'
    assert parse_toml(text.encode()) == {"a": dots, "b": dots, "c": dots, "d": '"'}


def corrections(path: Path) -> Any:
    return read_corrections(path.parent)


READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "kaohe.toml": ("", read_settings),
    "corrections.toml": ("", corrections),
    "source.toml": ("year = 2021\n", lambda path: parse_sidecar(path, "a-2021")),
    "what-if.toml": ("", read_what_if),
}


@pytest.mark.parametrize("name", READERS)
def test_every_reader_refuses_it_in_words(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for content in NASTY.values():
        path.write_bytes(content)
        with pytest.raises(Refusal) as caught:
            READERS[name][1](path)
        assert name in caught.value.zh
        assert len(caught.value.zh) < 1000


@pytest.mark.parametrize("name", ["kaohe.toml", "corrections.toml", "source.toml"])
def test_every_reader_takes_the_mark_of_notepad(tmp_path: Path, name: str) -> None:
    plain, reader = READERS[name]
    path = tmp_path / name
    path.write_text(plain, encoding="utf-8")
    expected = reader(path)
    path.write_text(plain, encoding="utf-8-sig")
    assert reader(path) == expected


VALUES = ("1", "-1", "1.5", "true", '""', '"\\u0000"', "[]", "[1]", "[[]]", "{}", "{a = 1}",
          "2021-01-01", "2021-01-01T00:00:00Z", "00:00:00",
          '"x"', '["x"]', '["\\u0000"]')  # fmt: skip


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("kaohe.toml", ("notify", "notify.command", "notify.webhook", "notify.on", "other")),
        ("corrections.toml", ("correction", "other")),
        ("source.toml", ("year", "title", "role", "issued_on", "document_id", "departments",
                         "rank_groups", "rules", "sha256", "supersedes", "other")),
        ("what-if.toml", ("change", "rules", "actual", "other")),
    ],
)  # fmt: skip
def test_wrong_kinds_are_refused_or_read_and_raise_nothing_else(
    tmp_path: Path, name: str, keys: tuple[str, ...]
) -> None:
    path = tmp_path / name
    for key in keys:
        for value in VALUES:
            path.write_text(f"{key} = {value}\n", encoding="utf-8")
            try:
                READERS[name][1](path)
            except Refusal as refused:
                assert refused.zh
