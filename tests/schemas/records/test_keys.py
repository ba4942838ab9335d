"""Files of keys and of answers: every line complete, nothing half understood."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.refusal import Refusal
from schemas.records.keys import (
    PROPOSAL_COLUMNS,
    ConfirmedKey,
    keys_text,
    parse_decisions,
    parse_keys,
)
from tests.support.for_each import for_each

HEAD = "key,document_id,serial_no,expect,by,on,reason\n"
LINE = "gdp,tianhe-2020,1,地区生产总值,王某,2026-01-05,名称相同\n"


def refused(text: str | bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        parse_keys(text if isinstance(text, bytes) else text.encode(), "indicators.csv")
    assert "indicators.csv" in caught.value.zh
    return caught.value


def test_a_line() -> None:
    expected = ConfirmedKey(
        "gdp", "tianhe-2020", 1, "地区生产总值", "王某", date(2026, 1, 5), "名称相同", 2
    )
    assert parse_keys((HEAD + LINE).encode(), "x") == (expected,)
    assert parse_keys(HEAD.encode(), "x") == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_what_excel_saves(encoding: str) -> None:
    text = (HEAD + LINE.replace("2026-01-05", "2026/1/5") + ",,,,,,\n").replace("\n", "\r\n")
    (key,) = parse_keys(text.encode(encoding), "x")
    assert (key.expect, key.on) == ("地区生产总值", date(2026, 1, 5))


@for_each(
    "old, new, column",
    [
        ("gdp", "", "key"),
        ("gdp", "g d p", "key"),
        ("tianhe-2020", "../x", "document_id"),
        (",1,", ",0,", "serial_no"),
        (",1,", ",1.5,", "serial_no"),
        ("地区生产总值", " ", "expect"),
        ("王某", "", "by"),
        ("2026-01-05", "2026-02-30", "on"),
        ("2026-01-05", "昨天", "on"),
        ("名称相同", "", "reason"),
        ("名称相同", "名称相同,多一列", "reason"),
    ],
)
def test_a_bad_line_is_named(old: str, new: str, column: str) -> None:
    refusal = refused(HEAD + LINE + LINE.replace(",1,", ",2,").replace("gdp", "k2").replace(
        "k2" if old == "gdp" else ",2," if old == ",1," else old, new))  # fmt: skip
    assert "第3行" in refusal.zh
    assert column in refusal.zh


def test_other_files_are_refused() -> None:
    assert "标题行" in refused("a,b,c\n1,2,3\n").zh
    assert "编码" in refused(b"\xff\xff\xff\x00").zh
    assert refused(HEAD + LINE.replace("王某", '"王某')).code == "bad_keys"


def test_clashes() -> None:
    assert refused(HEAD + LINE + LINE.replace("gdp", "other")).code == "keys_clash"
    assert refused(HEAD + LINE + LINE.replace(",1,", ",2,")).code == "keys_clash"
    assert refused(HEAD + LINE + LINE).code == "keys_clash"


TEXTS = st.text(min_size=1, max_size=20).map(str.strip).filter(bool)


@given(name=TEXTS, reason=TEXTS, by=TEXTS)
@example(name="0", reason="0\n0", by="0\r0")
def test_what_is_written_is_read_again(name: str, reason: str, by: str) -> None:
    if any("\x00" in text or "\ufeff" in text for text in (name, reason, by)):
        return
    keys = (ConfirmedKey("k", "d", 1, name, by, date(2026, 1, 5), reason),)
    try:
        text = keys_text(keys).encode()
    except UnicodeEncodeError:
        return
    (read,) = parse_keys(text, "x")
    assert (read.expect, read.by, read.reason) == (name, by, reason)


def test_answers() -> None:
    head = ",".join(PROPOSAL_COLUMNS) + "\n"
    lines = (
        "是,k,a,1,甲,b,2,乙,0.9,,更名\n"
        ",k2,a,2,丙,b,3,丁,0.7,相似度只有 0.70,\n"
        "否,k3,a,3,戊,b,4,己,0.7,,\n"
    )
    yes, no = parse_decisions((head + lines).encode(), "x")
    assert (yes.first, yes.second, yes.key, yes.reason) == (
        ("a", 1, "甲"),
        ("b", 2, "乙"),
        "k",
        "更名",
    )
    assert not no.confirmed
    with pytest.raises(Refusal, match="line 2"):
        parse_decisions((head + lines.replace("更名", "")).encode(), "x")
    with pytest.raises(Refusal, match="line 2"):
        parse_decisions((head + lines.replace("是,", "对,")).encode(), "x")
