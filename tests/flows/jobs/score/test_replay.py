"""``kaohe score --replay``: whatever is changed in a landed file is found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli
from tests.support.flows.scored_years import DAY, DOCUMENT, Row, hand_in, met, score
from tests.support.warehouse.landings import landed_otherwise
from warehouse import snapshots as store

OTHER = "市发展改革委"
Change = Callable[[list[Row]], object]


@pytest.fixture(scope="module")
def sound(landed_few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with scores, by two departments that agree, differ and veto."""
    folder = tmp_path_factory.mktemp("sound")
    tables = Path(shutil.copytree(landed_few, folder / "tables", symlinks=True))
    hand_in(tables, lambda line: None if line["serial_no"] in {7, 29} else met(line))
    hand_in(tables, _other, department=OTHER)
    score(tables)
    return tables


def _other(line: Row) -> Row | None:
    """Return what another department says: of indicator 1 something else, of 2 a veto."""
    if line["serial_no"] == 1:
        return {"actual_value": 1.0}
    return {**met(line), "veto": True} if line["serial_no"] == 2 else None


@pytest.fixture
def tables(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "tables", symlinks=True)
    return tmp_path / "tables"


def replay(tables: Path, *arguments: object) -> Result:
    told = ["score", "2020", "--replay", *map(str, arguments), "--warehouse", str(tables)]
    return CliRunner().invoke(cli, told)


def found_in(tables: Path) -> list[Row]:
    result = replay(tables, "--json")
    found: list[Row] = json.loads(result.stdout)["differences"]
    assert result.exit_code == (1 if found else 0)
    return found


def test_sound_tables_agree(tables: Path) -> None:
    assert found_in(tables) == []


def tamper(tables: Path, name: str, change: Change) -> None:
    """Change the rows of a table in the file itself, and what is kept to know the file by."""
    (path,) = (store.current_snapshot(tables) or tables).glob(f"{name}/**/*.parquet")

    def make(rows: pa.Table) -> pa.Table:
        changed = rows.to_pylist()
        change(changed)
        return pa.Table.from_pylist(changed, rows.schema)

    landed_otherwise(path, make)


def scored(rows: list[Row], **wanted: object) -> Row:
    """Return the first row that has all of these values, of scores one by the plainest rule."""
    wanted = wanted or {"rule": "proportional", "status": "scored", "light": "green"}
    return next(row for row in rows if all(row[name] == value for name, value in wanted.items()))


def to(field: str, value: Any, **wanted: object) -> Change:
    """Return what sets a field of one row."""

    def change(rows: list[Row]) -> None:
        scored(rows, **wanted)[field] = value

    return change


def trace_to(before: str, after: str) -> Change:
    def change(rows: list[Row]) -> None:
        row = scored(rows)
        assert before in row["trace"]
        row["trace"] = row["trace"].replace(before, after, 1)

    return change


def swap(*fields: str) -> Change:
    """Return what exchanges fields of the first scored row with those of its like elsewhere."""

    def change(rows: list[Row]) -> None:
        one = scored(rows)
        two = next(
            row
            for row in rows
            if row["serial_no"] == one["serial_no"] and row["entity"] != one["entity"]
        )
        for field in fields:
            one[field], two[field] = two[field], one[field]

    return change


TOTAL = {"level": "total"}
TAMPERED: dict[str, tuple[str, Change, set[tuple[str, str]]]] = {
    **{
        field: ("scores", to(field, value), {("scores", field)})
        for field, value in {
            "points": 0.25, "points_low": 0.0, "points_high": 9.0, "attainment": 0.5,
            "share_points": 7.0, "status": "invalid", "light": "red", "rule": "pass_fail",
            "weight_group": 99, "indicator_id": "other", "approval": "approved",
            "lateness": "late", "days_late": 3,
        }.items()
    },
    "serial_no": ("scores", to("serial_no", 2), {("scores", "serial_no"), ("scores", "rows")}),
    "entity": ("scores", to("entity", "安岳县"), {("scores", "rows")}),
    "a row deleted": ("scores", lambda rows: rows.pop(3), {("scores", "rows")}),
    "a row doubled": ("scores", lambda rows: rows.append(dict(rows[3])), {("scores", "rows")}),
    "points and trace swapped": ("scores", swap("points", "trace"), {("returns", "entity")}),
    "trace": ("scores", to("trace", "{"), {("scores", "trace")}),
    "trace of the wrong kind": ("scores", to("trace", "[]"), {("scores", "trace")}),
    "points in the trace": (
        "scores", trace_to('"points": ', '"points": 1'), {("trace", "share_points")}
    ),
    "group's points in the trace": (
        "scores", trace_to('"max_points": ', '"max_points": 1'), {("targets", "max_points")}
    ),
    **{
        f"scorecards {field}": ("scorecards", to(field, value, **TOTAL), {("scorecards", field)})
        for field, value in {
            "points": 1.0, "max_points": 1.0, "points_low": 1.0, "points_high": 1.0,
            "points_of_100": 1.0, "rank": 5, "rank_low": 5, "rank_high": 1, "vetoes": 7,
            "received_share": 0.5,
        }.items()
    },
    "a card deleted": ("scorecards", lambda rows: rows.pop(0), {("scorecards", "rows")}),
    "actual_value": (
        "returns", to("actual_value", 0.123, serial_no=3), {("returns", "actual_value")}
    ),
    "another department's": (
        "returns", to("actual_value", 2.0, department=OTHER), {("returns", "actual_value")}
    ),
    "a return's entity": ("returns", to("entity", "安岳县", serial_no=3), {("returns", "entity")}),
    "a return's row": ("returns", to("source_row", 9999, serial_no=3), {("returns", "rows")}),
    "target_value": (
        "targets", to("target_value", 0.5, serial_no=3), {("targets", "target_value")}
    ),
    "target_text": ("targets", to("target_text", "1%", serial_no=3), {("targets", "target_text")}),
    "operator": ("targets", to("operator", "<", serial_no=3), {("targets", "operator")}),
    "a part": (
        "targets", to("parts", None, target_kind="compound"), {("targets", "parts")}
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_a_field_that_was_changed_is_found(tables: Path, what: str) -> None:
    name, change, expected = TAMPERED[what]
    tamper(tables, name, change)
    found = {(each["table"], each["field"]) for each in found_in(tables)}
    assert expected <= found


@pytest.mark.parametrize("field", ["points", "points_high", "attainment", "light"])
def test_of_one_changed_field_only_that_is_told(tables: Path, field: str) -> None:
    tamper(tables, *TAMPERED[field][:2])
    (found,) = found_in(tables)
    assert (found["table"], found["field"]) == ("scores", field)
    assert found["landed"] != found["replayed"]
    shown = replay(tables)
    assert found["entity"] in shown.stdout
    assert "kaohe score 2020 重新计分" in shown.stderr
    assert (
        f"kaohe score 2020 --document {DOCUMENT} 重新"
        in replay(tables, "--document", DOCUMENT).stderr
    )


def test_scores_of_another_day_are_not_looked_at(tables: Path) -> None:
    tamper(tables, *TAMPERED["points"][:2])
    assert replay(tables, "--as-of", DAY.isoformat()).exit_code == 1
    score(tables, as_of=DAY.replace(month=2))
    assert replay(tables, "--as-of", DAY.replace(month=2).isoformat()).exit_code == 0
