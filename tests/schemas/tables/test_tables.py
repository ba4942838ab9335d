"""The tables have the contract's columns in its order, and the dictionary tells of each."""

from __future__ import annotations

import re

import pytest

from schemas.tables.column import SQL_TYPES
from schemas.tables.columns import COLUMNS
from schemas.tables.dictionary import markdown
from schemas.tables.registry import TABLES
from tests.support.paths import DOCS

CONTRACT = {
    "notices": "document_id, doc_number, title, issuer, issued_on, source_name, source_format, "
    "source_sha256, pages, reader, cross_reader, tables, indicators, targets, open_findings, "
    "run_id, code_version, landed_at, role, supersedes, received_on, inputs_sha256, licence",
    "cells": "document_id, table_no, page, row, column, row_span, column_span, text, x0, top, x1, "
    "bottom, reader, agreed, confidence, place",
    "indicators": "document_id, indicator_id, serial_no, level1, level2, level3, level4, "
    "indicator, unit, weight_group, base_points, direction, assessing_departments, "
    "supporting_departments, note, page, table_no, row, column, annex, item_kind, cap, "
    "definition, notes",
    "targets": "document_id, indicator_id, serial_no, level1, level2, level3, level4, indicator, "
    "unit, weight_group, assessing_departments, entity, status, max_points, target_text, "
    "target_kind, operator, target_value, target_unit, parts, inherited, page, x0, top, x1, "
    "bottom, needs_review, review_reason, table_no, row, column, annex, item_kind, cap, "
    "base_text, base_value, base_unit, base_label",
    "findings": "document_id, finding_id, severity, code, serial_no, entity, field, message, "
    "message_zh, text, alternatives, state, page, x0, top, x1, bottom, table_no, row, column",
    "methods": "document_id, indicator_id, serial_no, annex, text, rule, parameters, status, "
    "reason, page, x0, top, x1, bottom, table_no, row, column, left_out",
    "milestones": "document_id, indicator_id, serial_no, entity, period, text, operator, value, "
    "unit, cumulative, needs_review, page, x0, top, x1, bottom, table_no, row, column",
    "entities": "document_id, annex, entity, kind, rank_group, division_code, position",
    "returns": "document_id, indicator_id, serial_no, entity, part_no, actual_value, actual_text, "
    "awarded_pct, benchmark_value, veto, grounds, department, received_on, revision, source_name, "
    "source_sheet, source_row, source_sha256, sample, indicator, reported_by, "
    "approved_by, approved_on, evidence",
    "scores": "document_id, as_of, indicator_id, serial_no, entity, weight_group, status, "
    "share_points, rule, attainment, points, points_low, points_high, light, trace, approval, "
    "lateness, days_late",
    "scorecards": "document_id, as_of, entity, level, name, max_points, points, points_low, "
    "points_high, points_of_100, received_share, rank_group, rank, rank_low, rank_high, parent, "
    "vetoes, bonus, minus, vetoed, barred, grade, grade_low, grade_high, open_findings, "
    "values_in_doubt, total_unread, total_open, total_rules",
    "rank_stability": "document_id, as_of, entity, rank_group, rank, share, draws, noise, seed",
    "indicator_keys": "document_id, indicator_id, serial_no, name, indicator_key, confirmed_by, "
    "confirmed_on, reason",
}


@pytest.mark.parametrize("table", CONTRACT)
def test_columns_are_the_contracts(table: str) -> None:
    assert ", ".join(TABLES[table].names) == CONTRACT[table]


def test_no_other_tables_yet() -> None:
    assert list(TABLES) == list(CONTRACT)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_key_columns_are_there_and_never_empty(table) -> None:  # type: ignore[no-untyped-def]
    assert table.grain.startswith("one row")
    for name in table.key:
        assert not table.column(name).nullable


def test_every_column_is_described_and_used() -> None:
    used = {column for table in TABLES.values() for column in table.columns}
    names = {column.name for column in used} | {"year"}
    assert names == {key.rpartition(".")[2] for key in COLUMNS}
    assert {key for key in COLUMNS if "." in key} <= {
        f"{table.name}.{name}" for table in TABLES.values() for name in table.names
    }
    for column in COLUMNS.values():
        assert column.description
        assert column.kind in SQL_TYPES


def test_numbers_have_units_where_one_may_doubt() -> None:
    for name in ("x0", "bottom", "base_points", "max_points", "target_value", "landed_at"):
        assert COLUMNS[name].unit


def test_committed_dictionary_is_current() -> None:
    committed = (DOCS / "data-dictionary.md").read_text(encoding="utf-8")
    assert committed == markdown(), (
        "run python -m schemas.tables.dictionary > docs/data-dictionary.md"
    )


def test_dictionary_has_every_column_of_every_table() -> None:
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", markdown(), re.M | re.S))
    for table in TABLES.values():
        named = re.findall(r"^\| `(\w+)` \|", sections[table.name], re.M)
        assert named == [*table.names, "year"]
