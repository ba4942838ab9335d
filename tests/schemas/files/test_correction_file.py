"""The form of corrections.toml: what is read, what is refused, and that writing meets reading."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.refusal import Refusal
from schemas.files.corrections import parse_corrections
from schemas.records.corrections import (
    CORRECTABLE,
    LISTS,
    MAY_BE_EMPTY,
    OF_ENTITY,
    CellPlace,
    Correction,
    FindingPlace,
    Place,
    ValuePlace,
    place_in_words,
)
from schemas.tables.registry import INDICATORS, TARGETS
from tests.support.for_each import for_each
from tests.support.schemas.corrections import as_toml

WHERE = 'serial_no = 2\ncolumn = "target_text"\nentity = "乙县"'
SAID = 'expect = "7"\nvalue = "8"'
SIGNED = 'reason = "原件为8"\nby = "王某"\non = 2026-01-05'


def read(*entries: str) -> tuple[Correction, ...]:
    text = "\n".join(f"[[correction]]\n{entry}\n" for entry in entries)
    return parse_corrections(text.encode(), "raw/x/corrections.toml")


def refused(content: str | bytes) -> Refusal:
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(Refusal) as caught:
        parse_corrections(raw, "raw/x/corrections.toml")
    assert caught.value.code == "bad_corrections_toml"
    assert "raw/x/corrections.toml" in caught.value.zh
    assert "raw/x/corrections.toml" in caught.value.en
    return caught.value


def test_an_entry_is_read_whole() -> None:
    (found,) = read(f"{WHERE}\n{SAID}\n{SIGNED}")
    assert found == Correction(
        where=ValuePlace(2, "target_text", "乙县"),
        expect="7",
        value="8",
        reason="原件为8",
        by="王某",
        on=date(2026, 1, 5),
        number=1,
        source="raw/x/corrections.toml",
    )
    assert not found.accepts


@pytest.mark.parametrize("content", [b"", b"# nothing yet\n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_corrections(content: bytes) -> None:
    assert parse_corrections(content, "x") == ()


def test_notepads_mark_at_the_beginning_is_no_matter() -> None:
    text = f"[[correction]]\r\n{WHERE}\r\n{SAID}\r\n{SIGNED}\r\n"
    assert len(parse_corrections(b"\xef\xbb\xbf" + text.encode(), "x")) == 1


def test_all_ways_to_say_where() -> None:
    places = [
        c.where
        for c in read(
            f"page = 3\nrow = 4\ncolumn = 5\n{SAID}\n{SIGNED}",
            f"table_no = 2\nrow = 4\ncolumn = 5\n{SAID}\n{SIGNED}",
            f'finding = "x/0123456789ab"\nexpect = ""\naccept = true\n{SIGNED}',
        )
    ]
    assert places == [
        CellPlace(4, 5, page=3),
        CellPlace(4, 5, table_no=2),
        FindingPlace("x/0123456789ab"),
    ]


@for_each(
    "entry, key",
    [
        (f"{WHERE}\n{SAID}", "reason"),
        (f'{WHERE}\n{SAID}\nreason = " "\nby = "王"\non = 2026-01-05', "reason"),
        (f'{WHERE}\n{SAID}\nreason = "错"\non = 2026-01-05', "by"),
        (f'{WHERE}\n{SAID}\nreason = "错"\nby = ""\non = 2026-01-05', "by"),
        (f'{WHERE}\n{SAID}\nreason = "错"\nby = "王"', "on"),
        (f'{WHERE}\n{SAID}\nreason = "错"\nby = "王"\non = "昨天"', "on"),
        (f'{WHERE}\n{SAID}\nreason = "错"\nby = "王"\non = 2026-01-05T10:00:00', "on"),
        (f'{WHERE}\nvalue = "8"\n{SIGNED}', "expect"),
        (f'{WHERE}\nexpect = "7"\n{SIGNED}', "value"),
        (f"{WHERE}\n{SAID}\naccept = true\n{SIGNED}", "value"),
        (f'{WHERE}\nexpect = "7"\naccept = false\n{SIGNED}', "accept"),
        (f'{WHERE}\nexpect = "7"\nvalue = "7"\n{SIGNED}', "value"),
        (f'{WHERE}\nexpect = "7"\nvalue = ""\n{SIGNED}', "value"),
        (f'{WHERE}\nexpect = "7"\nvalue = 8\n{SIGNED}', "value"),
        (f"{WHERE}\n{SAID}\n{SIGNED}\nwhy = 1", "why"),
        (f"{WHERE}\npage = 1\n{SAID}\n{SIGNED}", "page"),
        (f'serial_no = 0\ncolumn = "note"\n{SAID}\n{SIGNED}', "serial_no"),
        (f'serial_no = true\ncolumn = "note"\n{SAID}\n{SIGNED}', "serial_no"),
        (f'serial_no = 1\ncolumn = "target_kind"\n{SAID}\n{SIGNED}', "column"),
        (f'serial_no = 1\ncolumn = "note"\nentity = "乙县"\n{SAID}\n{SIGNED}', "entity"),
        (f'serial_no = 1\ncolumn = "max_points"\nexpect = 1\nvalue = 2\n{SIGNED}', "entity"),
        (f"page = 1\nrow = 4\n{SAID}\n{SIGNED}", "column"),
        (f"row = 4\ncolumn = 5\n{SAID}\n{SIGNED}", "page"),
        (f"page = 1\nrow = 4\ncolumn = 0\n{SAID}\n{SIGNED}", "column"),
        (f"{SAID}\n{SIGNED}", "row"),
        (f'finding = "x/1"\n{SAID}\n{SIGNED}', "value"),
        (f'finding = "x/1"\nserial_no = 1\nexpect = ""\naccept = true\n{SIGNED}', "serial_no"),
    ],
)
def test_a_wrong_entry_is_refused_by_number_line_and_key(entry: str, key: str) -> None:
    good = f"[[correction]]\n{WHERE}\n{SAID}\n{SIGNED}\n\n"
    refusal = refused(f"{good}[[correction]]\n{entry}\n")
    assert f"correction 2 (line 11): {key}:" in refusal.en
    assert f"第2条（第11行）有误：{key} " in refusal.zh


@for_each("points", ["-1", '"2"', "true", "nan", "inf"])
def test_points_are_numbers_that_can_be_given(points: str) -> None:
    where = 'serial_no = 1\ncolumn = "max_points"\nentity = "乙县"'
    refusal = refused(f"[[correction]]\n{where}\nexpect = 1\nvalue = {points}\n{SIGNED}\n")
    assert ": value:" in refusal.en


def test_statuses_are_two() -> None:
    where = 'serial_no = 1\ncolumn = "status"\nentity = "乙县"\nexpect = "unreadable"'
    assert read(f'{where}\nvalue = "not_assessed"\n{SIGNED}')[0].value == "not_assessed"
    refused(f'[[correction]]\n{where}\nvalue = "不考核"\n{SIGNED}\n')


def test_a_direction_is_corrected_to_one_that_says_something() -> None:
    where = 'serial_no = 1\ncolumn = "direction"\nexpect = "unknown"'
    assert read(f'{where}\nvalue = "lower_is_better"\n{SIGNED}')[0].value == "lower_is_better"
    assert read(f'{where}\nvalue = "越低越好"\n{SIGNED}')[0].value == "lower_is_better"
    for wrong in ("unknown", "低"):
        assert (
            "nearer_is_better"
            in refused(f'[[correction]]\n{where}\nvalue = "{wrong}"\n{SIGNED}\n').en
        )


def test_broken_toml_is_refused_by_its_line() -> None:
    refusal = refused(f"[[correction]]\n{WHERE}\nexpect = 7人\n{SIGNED}\n")
    assert "第5行" in refusal.zh
    assert "7人" in refusal.zh


def test_a_text_that_never_ends_is_refused_with_a_line() -> None:
    assert "第" in refused('[[correction]]\nreason = """never\n\n').zh


def test_other_encodings_and_shapes_are_refused() -> None:
    assert "UTF-8" in refused('reason = "理由"'.encode("gb18030")).zh
    assert "corrections" in refused(f"[[corrections]]\n{WHERE}\n").zh
    refused(f"[correction]\n{WHERE}\n")
    refused("correction = [1]")


def test_columns_are_columns_of_the_tables() -> None:
    known = {*INDICATORS.names, *TARGETS.names, "points"}
    assert set(CORRECTABLE) <= known


_TEXTS = st.text(st.characters(codec="utf-8"), min_size=1).filter(
    lambda text: text.strip() == text and "\r" not in text
)
_COUNTS = st.integers(1, 10**6)
_PLACES: st.SearchStrategy[Place] = st.one_of(
    st.builds(ValuePlace, _COUNTS, st.sampled_from(sorted(set(CORRECTABLE) - {OF_ENTITY}))),
    st.builds(ValuePlace, _COUNTS, st.sampled_from([OF_ENTITY, "target_text"]), _TEXTS),
    st.builds(CellPlace, _COUNTS, _COUNTS, page=_COUNTS, table_no=st.none() | _COUNTS),
    st.builds(FindingPlace, _TEXTS),
)


#: Columns of codes: what may be read there, and what it may be corrected to.
_CODES = {"status": ("unreadable", "assessed"), "direction": ("unknown", "lower_is_better")}


@st.composite
def corrections(draw: st.DrawFn) -> Correction:
    where = draw(_PLACES)
    column = where.column if isinstance(where, ValuePlace) else ""
    content: st.SearchStrategy[object] = _TEXTS
    if column == OF_ENTITY:
        content = st.floats(0, 1000)
    elif column in _CODES:
        content = st.just(_CODES[column][1])
    elif column in LISTS:
        content = st.lists(_TEXTS).map(tuple) | _TEXTS
    elif column in MAY_BE_EMPTY:
        content = st.just("") | _TEXTS
    expect = draw(st.just(_CODES[column][0]) if column in _CODES else content)
    value = draw(st.none() | content.filter(lambda each: each != expect))
    if isinstance(where, FindingPlace):
        value = None
    return Correction(where, expect, value, draw(_TEXTS), draw(_TEXTS), draw(st.dates()))  # type: ignore[arg-type]


@given(corrections())
def test_what_is_written_is_read_again(correction: Correction) -> None:
    assert parse_corrections(as_toml(correction).encode(), correction.source) == (correction,)


def test_places_are_told_in_words() -> None:
    told = place_in_words(ValuePlace(51, "target_text", "高新区"))
    assert told == ("indicator 51, target_text, 高新区", "第51项目标值（高新区）")
    assert place_in_words(CellPlace(4, 5, page=3, table_no=2))[1] == "第3页第2个表第4行第5列"
    assert place_in_words(FindingPlace("x/1"))[0] == "finding x/1"
