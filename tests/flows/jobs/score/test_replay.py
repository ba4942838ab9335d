"""``kaohe score --replay``: whatever is changed in a landed file is found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
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
#: What changes one of a table's rows.
Change = Callable[[list[Row], Row], object]
Place = tuple[int | None, str]


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


def tamper(tables: Path, name: str, *tampered: Tampered) -> list[set[Place]]:
    """Change rows of a table in the file itself, and what is kept to know the file by.

    Each is another row, while there are any. Returns for each change where it may be told.
    """
    (path,) = (store.current_snapshot(tables) or tables).glob(f"{name}/**/*.parquet")
    places: list[set[Place]] = []

    def make(landed: pa.Table) -> pa.Table:
        rows = landed.to_pylist()
        left = list(rows)
        for each in tampered:
            row = next(row for row in left if each.fits(row))
            left = [*(other for other in left if other is not row), row]
            before = place(row)
            each.change(rows, row)
            places.append({before, place(row)})
        return pa.Table.from_pylist(rows, landed.schema)

    landed_otherwise(path, make)
    return places


def place(row: Row) -> Place:
    return row.get("serial_no"), row["entity"]


@dataclass(frozen=True)
class Tampered:
    """A change of the first row that has all of the values, and what must be told of it."""

    change: Change
    told: set[tuple[str, str]]
    wanted: Row

    def fits(self, row: Row) -> bool:
        return all(row[name] == value for name, value in self.wanted.items())


def to(field: str, value: Any) -> Change:
    """Return what sets a field of a row."""
    return lambda _, row: row.update({field: value})


def trace_to(before: str, after: str) -> Change:
    def change(_: list[Row], row: Row) -> None:
        assert before in row["trace"]
        row["trace"] = row["trace"].replace(before, after, 1)

    return change


def of_scores(change: Change, *told: tuple[str, str]) -> Tampered:
    """Return a change of one scored by the plainest rule."""
    return Tampered(change, {*told}, {"rule": "proportional", "status": "scored", "light": "green"})


def of_return(field: str, value: object, told: str, **wanted: object) -> Tampered:
    return Tampered(to(field, value), {("returns", told)}, wanted or {"serial_no": 3})


def of_target(field: str, value: object, **wanted: object) -> Tampered:
    return Tampered(to(field, value), {("targets", field)}, wanted or {"serial_no": 3})


SCORES = {
    field: of_scores(to(field, value), ("scores", field))
    for field, value in {
        "points": 0.25, "points_low": 0.0, "points_high": 9.0, "attainment": 0.5,
        "share_points": 7.0, "status": "invalid", "light": "red", "rule": "pass_fail",
        "weight_group": 99, "indicator_id": "other", "approval": "approved",
        "lateness": "late", "days_late": 3,
    }.items()
}  # fmt: skip
TAMPERED: dict[str, dict[str, Tampered]] = {
    "scores": {
        **SCORES,
        "serial_no": of_scores(to("serial_no", 2), ("scores", "serial_no"), ("scores", "rows")),
        "entity": of_scores(to("entity", "安岳县"), ("scores", "rows")),
        "a row deleted": of_scores(lambda rows, row: rows.remove(row), ("scores", "rows")),
        "a row doubled": of_scores(lambda rows, row: rows.append({**row}), ("scores", "rows")),
        "trace": of_scores(to("trace", "{"), ("scores", "trace")),
        "trace of the wrong kind": of_scores(to("trace", "[]"), ("scores", "trace")),
        "a mix of no rules": of_scores(
            trace_to('"name": "proportional"', '"name": "mix"'), ("scores", "trace")
        ),
        "points in the trace": of_scores(
            trace_to('"points": ', '"points": 1'), ("trace", "share_points")
        ),
        "group's points in the trace": of_scores(
            trace_to('"max_points": ', '"max_points": 1'), ("targets", "max_points")
        ),
    },
    "scorecards": {
        **{
            field: Tampered(to(field, value), {("scorecards", field)}, {"level": "total"})
            for field, value in {
                "points": 1.0, "max_points": 1.0, "points_low": 1.0, "points_high": 1.0,
                "points_of_100": 1.0, "rank": 9, "rank_low": 9, "rank_high": 9, "vetoes": 7,
                "received_share": 0.5,
            }.items()
        },
        "deleted": Tampered(lambda rows, row: rows.remove(row), {("scorecards", "rows")}, {}),
    },
    "returns": {
        "actual_value": of_return("actual_value", 0.123, "actual_value"),
        "another's": of_return("actual_value", 2.0, "actual_value", department=OTHER),
        "entity": of_return("entity", "乐至县", "entity"),
        "source": of_return("source_row", 9999, "rows"),
    },
    "targets": {
        "target_value": of_target("target_value", 0.5),
        "target_text": of_target("target_text", "1%"),
        "operator": of_target("operator", "<"),
        "a part": of_target("parts", None, target_kind="compound"),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_fields_that_were_changed_are_found(tables: Path, name: str) -> None:
    changes = TAMPERED[name]
    places = tamper(tables, name, *changes.values())
    found = {(each["table"], each["field"], place(each)) for each in found_in(tables)}
    for (what, each), own in zip(changes.items(), places, strict=True):
        told = {(table, field) for table, field, at in found if at in own}
        assert each.told <= told, what


def test_points_exchanged_with_their_trace_are_found(tables: Path) -> None:
    """What another entity got for the same indicator."""

    def swap(rows: list[Row], one: Row) -> None:
        two = next(
            row
            for row in rows
            if row["serial_no"] == one["serial_no"] and row["entity"] != one["entity"]
        )
        for field in ("points", "trace"):
            one[field], two[field] = two[field], one[field]

    ((at, *_),) = tamper(tables, "scores", of_scores(swap))
    found = {(each["table"], each["field"], place(each)) for each in found_in(tables)}
    assert ("returns", "entity", at) in found


def test_of_one_changed_field_only_that_is_told(tables: Path) -> None:
    fields = ("points", "points_high", "attainment", "light")
    places = tamper(tables, "scores", *(SCORES[field] for field in fields))
    found = found_in(tables)
    told = {(each["table"], each["field"], place(each)) for each in found}
    assert told == {("scores", field, *at) for field, at in zip(fields, places, strict=True)}
    assert len(found) == len(fields)
    assert all(each["landed"] != each["replayed"] for each in found)
    shown = replay(tables)
    assert all(each["entity"] in shown.stdout for each in found)
    assert "kaohe score 2020 重新计分" in shown.stderr
    assert (
        f"kaohe score 2020 --document {DOCUMENT} 重新"
        in replay(tables, "--document", DOCUMENT).stderr
    )


def test_scores_of_another_day_are_not_looked_at(tables: Path) -> None:
    tamper(tables, "scores", SCORES["points"])
    assert replay(tables, "--as-of", DAY.isoformat()).exit_code == 1
    score(tables, as_of=DAY.replace(month=2))
    assert replay(tables, "--as-of", DAY.replace(month=2).isoformat()).exit_code == 0
