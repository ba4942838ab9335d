"""The goldens hold together: counts, neighbours, the notices' own arithmetic, and their sources."""

from __future__ import annotations

import csv
import hashlib
import json
import runpy
import tomllib
from collections import Counter
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from tests.support.for_each import for_each

HERE = Path(__file__).parent
NOTICES = HERE.parent.parent / "raw" / "notices"
Row = dict[str, str]

EXPECTED = {
    "ziyang-2020": (106, 82, 530, (99, 99, 99, 99, 98.5)),
    "other-city-2021": (67, 52, 536, (100,) * 8),
}
ENTITIES = {
    "ziyang-2020": ("雁江区", "安岳县", "乐至县", "高新区", "临空经济区"),
    "other-city-2021": (
        *("东河区", "长宁区", "南屏县", "云台县", "西岭县", "白鹤市", "文旅度假区", "石门县"),
    ),
}
OPERATORS = {
    "number": {">="},
    "quantity": {">="},
    "growth": {">="},
    "limit": {"<", "<=", ">", ">="},
    "approximate": {"~"},
    "zero_tolerance": {"<="},
}


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(params=sorted(EXPECTED))
def folder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def indicators(folder: str) -> list[Row]:
    return read(HERE / folder / "indicators.csv")


@pytest.fixture
def targets(folder: str) -> list[Row]:
    return read(HERE / folder / "targets.csv")


def test_counts(folder: str, indicators: list[Row], targets: list[Row]) -> None:
    groups = {row["weight_group"] for row in indicators}
    assert (len(indicators), len(groups), len(targets)) == EXPECTED[folder][:3]


def test_serials_and_entities_are_unbroken(
    folder: str, indicators: list[Row], targets: list[Row]
) -> None:
    assert [row["serial_no"] for row in indicators] == [
        str(n) for n in range(1, len(indicators) + 1)
    ]
    assert [(row["serial_no"], row["entity"]) for row in targets] == [
        (row["serial_no"], entity) for row in indicators for entity in ENTITIES[folder]
    ]


@for_each("column", ["weight_group", "level1", "level2"])
def test_what_shares_a_cell_stands_together(indicators: list[Row], column: str) -> None:
    runs = [key for key, _ in groupby(row[column] for row in indicators)]
    assert Counter(runs).most_common(1)[0][1] == 1


def test_a_weight_group_is_named_after_its_first_member_and_has_one_weight(
    indicators: list[Row],
) -> None:
    for group, members in groupby(indicators, key=lambda row: row["weight_group"]):
        rows = list(members)
        assert rows[0]["serial_no"] == group
        assert len({row["base_points"] for row in rows}) == 1


def test_totals_count_each_assessed_weight_group_once(
    folder: str, indicators: list[Row], targets: list[Row]
) -> None:
    group_of = {row["serial_no"]: row["weight_group"] for row in indicators}
    points = {
        (row["entity"], group_of[row["serial_no"]]): float(row["max_points"])
        for row in targets
        if row["status"] == "assessed"
    }
    totals = tuple(
        sum(value for (of, _), value in points.items() if of == entity)
        for entity in ENTITIES[folder]
    )
    assert totals == EXPECTED[folder][3]


def test_points_are_one_for_each_entity_and_group(
    indicators: list[Row], targets: list[Row]
) -> None:
    group_of = {row["serial_no"]: row["weight_group"] for row in indicators}
    seen: dict[tuple[str, str], set[str]] = {}
    for row in targets:
        key = row["entity"], group_of[row["serial_no"]]
        seen.setdefault(key, set()).add(row["max_points"])
    assert all(len(values) == 1 for values in seen.values())


def test_a_target_says_nothing_exactly_where_it_is_not_assessed(targets: list[Row]) -> None:
    for row in targets:
        silent = row["status"] == "not_assessed"
        assert silent == (row["target_kind"] == "none") == (row["target_text"] == ""), row


def test_kinds_carry_what_they_promise(targets: list[Row]) -> None:
    for row in targets:
        allowed = OPERATORS.get(row["target_kind"], {""})
        assert row["operator"] in allowed, row
        assert bool(row["target_value"]) == (row["operator"] != ""), row
        parts = json.loads(row["parts"])
        assert (len(parts) > 1) == (row["target_kind"] == "compound"), row
        assert not row["target_value"] or float(row["target_value"]) >= 0


def test_printed_numbers_stand_in_the_text(targets: list[Row]) -> None:
    for row in targets:
        if row["target_value"] and row["target_kind"] != "zero_tolerance":
            assert row["target_value"] in row["target_text"], row
        for part in json.loads(row["parts"]):
            assert part["text"] in row["target_text"], row
            assert f"{part['value']:g}" in part["text"], row
            assert part["unit"] in part["text"], row


def test_an_inherited_value_has_its_cell_to_the_left(targets: list[Row]) -> None:
    for before, row in pairwise(targets):
        if row["inherited"] == "true":
            assert before["serial_no"] == row["serial_no"], row
            assert before["target_text"] == row["target_text"], row


def test_the_goldens_are_what_the_documents_and_the_readings_give() -> None:
    derived = runpy.run_path(str(HERE / "derive.py"))["goldens"]()
    assert {path.parent.name for path in derived} == set(EXPECTED)
    for path, (columns, rows) in derived.items():
        expected = [{column: row[column] for column in columns} for row in rows]
        assert read(path) == expected, path


def test_every_reading_is_used() -> None:
    texts = {row["target_text"] for name in EXPECTED for row in read(HERE / name / "targets.csv")}
    readings = {row["target_text"] for row in read(HERE / "readings.csv")} - {"---"}
    assert readings <= texts


def test_the_damage_of_the_text_is_named_once_and_in_range() -> None:
    rows = read(HERE / "ziyang-2020" / "notice_txt.csv")
    keys = [(row["serial_no"], row["entity"], row["field"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert all(row["why"] and 1 <= int(row["serial_no"]) <= 106 for row in rows)
    assert {row["entity"] for row in rows} <= {"", *ENTITIES["ziyang-2020"]}
    lost = {(int(row["serial_no"]), row["field"]) for row in rows if row["must_flag"] == "true"}
    assert lost == {
        (20, "max_points"),
        (32, "assessing_departments"),
        (68, "assessing_departments"),
        (89, "target_text"),
    }


@pytest.mark.parametrize(
    "sidecar", sorted(NOTICES.glob("*/source.toml")), ids=lambda path: path.parent.name
)
def test_a_raw_document_is_the_one_its_sidecar_names(sidecar: Path) -> None:
    said = tomllib.loads(sidecar.read_text(encoding="utf-8"))
    others = {"source.toml", "corrections.toml"}
    (document,) = (path for path in sidecar.parent.iterdir() if path.name not in others)
    assert hashlib.sha256(document.read_bytes()).hexdigest() == said["sha256"]
    assert said["role"] in {"official", "draft", "copy"}
