"""``datapackage.json``: valid by the standard's own profile, and true of the files it names."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from flows.jobs.publish import publish
from schemas.tables.document_frames import document_tables
from schemas.tables.package import MOST_SOURCES, citation
from schemas.tables.registry import TABLES
from tests.support.paths import FIXTURES
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse import files
from warehouse.integrity import check_warehouse
from warehouse.landing import Batch, land
from warehouse.query import query

KINDS = {
    "string": pa.types.is_string,
    "integer": pa.types.is_int64,
    "number": pa.types.is_float64,
    "boolean": pa.types.is_boolean,
    "date": pa.types.is_date32,
    "datetime": pa.types.is_timestamp,
    "array": pa.types.is_list,
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    for year in (2021, 2022):
        notice = small_notice(f"tianhe-{year}", year)
        tables = document_tables(small_document(), notice, PROVENANCE)
        land(folder, [Batch(notice.document_id, year, tables, "run-1", "0.1.0")])
    return folder


def described(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return found


def check(folder: Path) -> dict[str, Any]:
    """Hold a descriptor against the profile and against the files; return it."""
    import jsonschema  # its grammars of addresses take seconds: nobody else waits for them

    found = described(folder)
    profile = json.loads((FIXTURES / "profiles/datapackage-2.0.json").read_text("utf-8"))
    checked = jsonschema.Draft7Validator(profile, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in checked.iter_errors(found)] == []
    for resource in found["resources"]:
        assert (resource["type"], resource["format"]) == ("table", "parquet")
        fields = {each["name"]: each for each in resource["schema"]["fields"]}
        assert "fieldsMatch" not in resource["schema"]  # exactly these, in this order
        for path in resource["path"]:
            schema = pq.read_schema(folder / path)
            assert schema.names == list(fields)
            wrong = [
                each.name for each in schema if not KINDS[fields[each.name]["type"]](each.type)
            ]
            assert wrong == []
        assert set(resource["schema"]["primaryKey"]) <= set(fields)
        assert all("\u4e00" <= each["title"][0] <= "\u9fff" for each in fields.values())
    return found


def test_a_snapshot_is_described(warehouse: Path) -> None:
    found = check(warehouse / "current")
    own = {each["name"]: each for each in found["resources"]}
    assert set(own) <= set(TABLES)
    assert len(own["targets"]["path"]) == 2
    assert found["version"] == (warehouse / "CURRENT").read_text().strip()
    assert [each["name"] for each in found["sources"]] == ["tianhe-2021", "tianhe-2022"]
    assert all(each["title"].count("《") == 1 for each in found["sources"])
    assert not [each for each in check_warehouse(warehouse) if each.state != "ok"]


def test_whoever_reads_by_the_descriptor_alone_has_every_column_it_names(warehouse: Path) -> None:
    folder = warehouse / "current"
    for resource in described(folder)["resources"]:
        assert resource["partitioning"]["scheme"] == "hive"
        (year,) = resource["partitioning"]["fields"]
        assert (year["name"], year["type"]) == ("year", "integer")
        kinds = pa.schema([(year["name"], pa.int64())])
        rows = ds.dataset(
            [str(folder / path) for path in resource["path"]],
            partitioning=ds.partitioning(kinds, flavor="hive"),
        ).to_table()
        names = [each["name"] for each in resource["schema"]["fields"]]
        assert rows.schema.names == [*names, "year"]
        required = [
            each["name"]
            for each in (*resource["schema"]["fields"], year)
            if each["constraints"]["required"]
        ]
        assert [name for name in required if rows[name].null_count] == []
        documents = zip(rows["document_id"].to_pylist(), rows["year"].to_pylist(), strict=True)
        assert set(documents) == {("tianhe-2021", 2021), ("tianhe-2022", 2022)}


def test_files_of_an_older_version_are_described_as_they_are(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.Contents, "is_current", lambda *_: False)
    older = replace(TABLES["entities"], columns=TABLES["entities"].columns[:-1])
    monkeypatch.setitem(TABLES, "entities", older)
    contents = files.Contents((warehouse / "current").resolve())
    found = json.loads(files.package_of(contents, dict.fromkeys(contents.names, "x")))
    (own,) = (each for each in found["resources"] if each["name"] == "entities")
    (_, name) = contents.files("entities")[0]
    names = [each["name"] for each in own["schema"]["fields"]]
    assert names == pq.read_schema(contents.snapshot / name).names
    assert own["schema"]["fields"][-1] == {"name": names[-1]}


def test_what_is_published_is_described(warehouse: Path, tmp_path: Path) -> None:
    publish(warehouse, str(tmp_path / "out"), lambda _: None)
    found = check(tmp_path / "out")
    assert all(p.startswith("files/") for each in found["resources"] for p in each["path"])


def test_many_notices_are_left_to_their_table(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_SOURCES >= 100
    monkeypatch.setattr(files, "MOST_SOURCES", 1)
    contents = files.Contents((warehouse / "current").resolve())
    found = json.loads(files.package_of(contents, dict.fromkeys(contents.names, "x")))
    assert "sources" not in found
    assert "notices" in found["sources_reason"]


def test_a_department_has_one_code_through_the_years(warehouse: Path) -> None:
    rows = query(
        warehouse,
        "SELECT department, count(DISTINCT department_code), count(DISTINCT year), min(assessed) "
        "FROM departments GROUP BY 1",
    ).rows
    assert ("市统计局", 1, 2, 1) in rows
    assert {row[1:3] for row in rows} == {(1, 2)}
    codes = query(warehouse, "SELECT count(DISTINCT department_code) FROM departments").rows
    assert codes == [(len(rows),)]


def test_a_notice_is_cited_by_what_is_known_of_it() -> None:
    known = {"document_id": "x", "title": None, "doc_number": "某府〔2020〕1号", "issuer": None,
             "issued_on": None}  # fmt: skip
    assert citation(known) == "《x》（某府〔2020〕1号）"


def test_a_licence_holds_for_the_whole_where_every_notice_declares_one(tmp_path: Path) -> None:
    for year, licence in ((2021, "CC-BY-4.0"), (2022, "https://example.org/licence")):
        notice = small_notice(f"tianhe-{year}", year)
        tables = document_tables(small_document(), notice, replace(PROVENANCE, licence=licence))
        land(tmp_path, [Batch(notice.document_id, year, tables, "run-1", "0.1.0")])
    found = check(tmp_path / "current")
    assert found["licenses"] == [{"name": "CC-BY-4.0"}, {"path": "https://example.org/licence"}]
    assert found["sources"][0]["licence"] == "CC-BY-4.0"
    assert "licenses_reason" not in found
    notice = small_notice("tianhe-2023", 2023)
    tables = document_tables(small_document(), notice, PROVENANCE)
    land(tmp_path, [Batch(notice.document_id, 2023, tables, "run-1", "0.1.0")])
    found = check(tmp_path / "current")
    assert "licenses" not in found
    assert "tianhe-2023" in found["licenses_reason"]
    assert found["sources"][2]["licence"] is None
    assert "许可协议" in found["sources"][2]["licence_reason"]


def test_what_a_notice_says_of_itself_is_there_and_what_it_does_not_has_its_reason(
    tmp_path: Path,
) -> None:
    notice, whole = small_notice(), small_document()
    for name, front in (("whole", whole.front), ("bare", replace(whole.front, issuer=None,
                        doc_number=None, issued_on=None))):  # fmt: skip
        named = replace(notice, document_id=name)
        tables = document_tables(replace(whole, front=front), named, PROVENANCE)
        land(tmp_path, [Batch(name, 2021, tables, "run-1", "0.1.0")])
    found = check(tmp_path / "current")
    assert found["contributors"] == [{"title": "天河市人民政府办公室", "roles": ["issuer"]}]
    bare, known = found["sources"]
    assert (known["issuer"], known["doc_number"], known["issued_on"]) == (
        *("天河市人民政府办公室", "天府发〔2021〕1号", "2021-02-01"),
    )
    assert [name for name in bare if bare[name] is None] == [
        *("issuer", "doc_number", "issued_on", "licence"),
    ]
    assert all(bare[f"{name}_reason"] for name in bare if bare[name] is None)
