"""What people see of a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from common.characters import guarded, unguarded
from common.terminal import clipped, csv_cell, json_rows, plain, shown, text_table, write_csv
from tests.support.for_each import for_each


def test_columns_stay_straight_with_wide_characters() -> None:
    table = text_table(["entity", "points"], [["雁江区", 99.0], ["A", 98.5], [None, None]])
    assert table.split("\n") == [
        "entity  points",
        "──────  ──────",
        "雁江区      99",
        "A         98.5",
        "",
    ]


@for_each(
    "value, text",
    [
        (None, ""),
        (float("nan"), ""),
        (0.1 + 0.2, "0.3"),
        (12.0, "12"),
        (["甲", "乙"], "甲、乙"),
        ("a\nb", "a⏎b"),
        ([{"text": "x", "value": 1.5}], '[{"text": "x", "value": 1.5}]'),
        (date(2020, 12, 6), "2020-12-06"),
    ],
)
def test_values_in_one_line(value: Any, text: str) -> None:
    assert shown(value) == text


@given(st.text(), st.integers(min_value=1, max_value=30))
def test_clipped_text_fits(text: str, widest: int) -> None:
    assert cell_len(clipped(text, widest)) <= widest


def test_json_holds_every_kind_of_value() -> None:
    rows = [[date(2020, 1, 1), float("nan"), ["甲"], {"a": 1.5}, None, True]]
    assert json.loads(json_rows(list("abcdef"), rows)) == [
        {"a": "2020-01-01", "b": None, "c": ["甲"], "d": {"a": 1.5}, "e": None, "f": True}
    ]


@for_each(
    "text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "=HYPERLINK(1)", "\n=1", "\0=1", "\ufeff=1"]
)
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@for_each("sign", ["＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫"])
def test_full_width_signs_are_signs_of_a_formula(sign: str) -> None:
    text = f"{sign}cmd|' /C calc'!A0"
    assert csv_cell(text) == f"'{text}" == guarded(text)
    assert unguarded(guarded(text)) == text
    assert csv_cell("－－") == "－－"


def test_a_table_shows_what_would_act_and_stays_straight() -> None:
    table = text_table(["name", "n"], [["\x1b[2J\u202eabc\x00", 1], ["b", 2]])
    assert not {"\x1b", "\u202e", "\x00"} & set(table)
    assert len({cell_len(line) for line in table.split("\n")[1:]}) == 1


@for_each("value", ["---", "-3.5", "+8", "增长8%", -3.5, None, True])
def test_other_cells_of_a_csv_stay_as_they_are(value: Any) -> None:
    assert csv_cell(value) == value


def test_the_header_of_a_csv_is_no_formula_either(tmp_path: Path) -> None:
    """PIVOT makes names of columns of what documents say."""
    write_csv(tmp_path / "out.csv", ["=cmd|x", "n"], [])
    assert (tmp_path / "out.csv").read_text("utf-8-sig") == "'=cmd|x,n\n"


def test_csv_opens_in_excel(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_csv(path, ["地区", "n"], [["雁江区", 1], ["a,\nb", None]])
    content = path.read_bytes()
    assert content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["地区", "n"], ["雁江区", "1"], ["a,\nb", ""]]


def test_records_and_read_only_mappings_become_objects() -> None:
    @dataclass(frozen=True, slots=True)
    class Told:
        factors: Mapping[str, float]
        effects: frozenset[str]

    told = Told(MappingProxyType({"县": 0.5}), frozenset({"bar", "a"}))
    assert plain((told,)) == [{"factors": {"县": 0.5}, "effects": ["a", "bar"]}]
