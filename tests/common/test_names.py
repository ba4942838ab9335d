"""Names of any bytes, and texts that would act on a terminal."""

from __future__ import annotations

import ast
import json
import logging
import os
import sys
import unicodedata
from pathlib import Path

import pytest

from bench import house
from common.files import kept_name, safe_name
from common.messages import message
from common.names import path_from, shown_name, text_of
from common.terminal import for_terminal, guard_logs, json_text
from tests.support.for_each import for_each

GBK = os.fsdecode("资阳通知".encode("gbk"))
#: Its bytes are UTF-8 in part: C1 AA CD A8.
GBK_LIKE_UTF8 = os.fsdecode("联通".encode("gbk"))
ODD = os.fsdecode(b"\xff\xfe.xlsx")


@for_each(
    "name, shown",
    [
        ("通知.pdf", "通知.pdf"),
        (GBK, "资阳通知"),
        (f"raw/通知/{GBK_LIKE_UTF8} 2020.pdf", "raw/通知/联通 2020.pdf"),
        (os.fsdecode("通知.pdf".encode("gbk")), "通知.pdf"),
        ("cafe\u0301 é", "cafe\u0301 é"),
        (ODD, "\\u00ff\\u00fe.xlsx"),
        ("a\nb\x1b[31m\u202egpj.xlsx", "a\\u000ab\\u001b[31m\\u202egpj.xlsx"),
        ("\ud800.xlsx", "\\ud800.xlsx"),
    ],
)
def test_names_of_any_bytes_are_shown(name: str, shown: str) -> None:
    assert shown_name(name) == shown_name(Path(name)) == shown
    assert message("flows.no_such_file", file=Path(name)).en.startswith(f"{shown}: ")
    assert json.loads(json_text({"file": shown_name(name)})) == {"file": shown}
    for kept in (kept_name(name.rpartition("/")[2]), safe_name(name)):
        assert kept.encode()
        assert shown_name(kept) == kept


def test_a_name_within_a_text_is_shown() -> None:
    assert for_terminal(f"reading raw/{GBK}/通知.txt（{GBK}）") == (
        "reading raw/资阳通知/通知.txt（资阳通知）"
    )


@pytest.mark.parametrize("name", ["-rf", "--help.xlsx", "-"])
def test_what_we_write_begins_with_no_dash(name: str) -> None:
    assert not kept_name(name).startswith("-")
    assert not safe_name(name).startswith("-")
    assert kept_name(name).endswith(Path(name).suffix)


@pytest.mark.parametrize("name", ["广播 (1).xlsx", "a.b.csv", "通知"])
def test_usual_names_are_kept(name: str) -> None:
    assert kept_name(name) == name


def test_a_path_comes_back_from_its_text(tmp_path: Path) -> None:
    for path in (tmp_path / GBK / ODD, Path("raw/通知.pdf")):
        text_of(path).encode()
        assert path_from(text_of(path)) == path


def test_nothing_that_is_not_seen_gets_to_the_terminal() -> None:
    """All of Unicode: controls, marks of direction, what has no shape; lines and tabs stay."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    shown = for_terminal(every)
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert {sign for sign in shown if unicodedata.category(sign) in hidden} == {"\n", "\t"}
    assert for_terminal("指标 ＝1　“é”—😀") == "指标 ＝1　“é”—😀"


def test_json_says_the_same_when_it_is_shown() -> None:
    value = {"text": "\x1b]0;x\x07\x00\u202e\x7f\x9b\u2066\U000e0041 指标\n"}
    assert json.loads(for_terminal(json_text(value))) == value


def test_what_is_logged_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogRecordFactory()
    try:
        guard_logs()
        logging.getLogger("tests.names").warning("reading %s \x1b[2J", GBK)
    finally:
        logging.setLogRecordFactory(before)
    assert caplog.records[-1].getMessage() == "reading 资阳通知 \\u001b[2J"


def test_text_leaves_for_the_terminal_at_one_place() -> None:
    """By flows.cli.options.say; nothing else prints."""
    printing = {"click.echo", "click.secho", "print", "sys.stdout.write"}
    last = {name.rpartition(".")[2] for name in printing}
    found = [
        each.name
        for each in house.modules()
        for node in each.nodes
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", None)) in last
        and ast.unparse(node.func) in printing
    ]
    assert set(found) <= {"flows.cli.options", "schemas.glossary", "schemas.tables.dictionary"}
    assert found.count("flows.cli.options") == 1
