"""What is published is one snapshot, the old or the new, in a folder as on an S3 server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common.refusal import Refusal
from flows.jobs import publish as publishing
from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from flows.jobs.publish import Destination, Published, publish
from tests.support.flows.nights import notice_text
from tests.support.paths import ROOT

NETWORKS = ("gs://a/b", "abfs://a/b", "hdfs://a/b", "https://a/b")
RECIPE = re.compile(r"<!-- published: begin -->\n```python\n(.*?)```\n<!--", re.DOTALL)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An S3 server of this machine with a bucket; yields the address of a place in it."""
    from moto.server import ThreadedMotoServer
    from pyarrow.fs import S3FileSystem

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"{host}:{port}"
    options: dict[str, Any] = {"endpoint_override": address, "scheme": "http"}
    S3FileSystem(**options, region="us-east-1", allow_bucket_creation=True).create_dir("city")
    yield f"s3://city/kaohe?scheme=http&region=us-east-1&endpoint_override={address}"
    server.stop()


def land(warehouse: Path, year: int, growth: str) -> None:
    source = warehouse.parent / f"{year}.txt"
    source.write_text(notice_text(year, growth), encoding="utf-8")
    ingest(Order(source, warehouse, f"y-{year}", year), lambda _: None)


def put(warehouse: Path, dest: str) -> Published:
    return publish(warehouse, dest, lambda _: None)


def names(files: Destination) -> set[str]:
    from pyarrow.fs import FileSelector

    found = files.files.get_file_info(FileSelector(files.place("files"), recursive=True))
    return {each.path.removeprefix(f"{files.base}/") for each in found if each.is_file}


def manifest(files: Destination) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(files.read("MANIFEST.json") or b"")
    return content


def test_an_object_store_holds_what_is_landed_and_recipes_read_it(
    server: str, tmp_path: Path
) -> None:
    warehouse = tmp_path / "t"
    land(warehouse, 2021, "4.3")
    place = Destination.of(server)
    place.put("MANIFEST.json", b"{}")  # of others
    with pytest.raises(Refusal, match="others_publication"):
        put(warehouse, server)
    place.files.delete_file(place.place("MANIFEST.json"))
    first = put(warehouse, server)
    assert first.there == first.removed == 0
    assert "testing" not in first.destination
    land(warehouse, 2022, "4.4")
    second = put(warehouse, server)
    assert second.there > 0
    page = (ROOT / "docs/query.md").read_text(encoding="utf-8")
    (recipe,) = RECIPE.findall(page)
    read: dict[str, Any] = {"DEST": server}
    exec(recipe, read)
    assert sorted(read["by_duckdb"]) == [(2021, 12), (2022, 12)]
    assert sorted(read["by_polars"].rows()) == [(2021, 12), (2022, 12)]
    assert read["by_pandas"]["year"].value_counts().to_dict() == {2021: 12, 2022: 12}
    assert len(read["by_dask"].compute(scheduler="synchronous")) == 24


def test_a_folder_is_published_step_by_step(tmp_path: Path) -> None:
    warehouse, dest = tmp_path / "t", str(tmp_path / "out")
    land(warehouse, 2020, "4.3")
    land(warehouse, 2021, "4.3")
    first = put(warehouse, dest)
    files = Destination.of(dest)
    old = {each["file"] for each in manifest(files)["files"]}
    assert names(files) == old
    assert put(warehouse, dest).put == 0
    land(warehouse, 2021, "4.4")
    second = put(warehouse, dest)
    assert 0 < second.put < first.put == second.put + second.there
    new = {each["file"] for each in manifest(files)["files"]}
    assert names(files) == old | new  # those who read the old one get to its end
    assert put(warehouse, dest).removed == 0  # nor does one that puts nothing new end them
    assert names(files) == old | new
    land(warehouse, 2021, "4.5")
    assert put(warehouse, dest).removed == len(old - new)


def test_killed_before_the_manifest_the_old_state_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse, dest = tmp_path / "t", str(tmp_path / "out")
    land(warehouse, 2021, "4.3")
    put(warehouse, dest)
    files = Destination.of(dest)
    before = files.read("MANIFEST.json")
    land(warehouse, 2021, "4.4")

    def full(_: Destination, name: str, __: bytes) -> None:
        if name == "MANIFEST.json":
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publishing.Destination, "put", full)
        with pytest.raises(Refusal, match="not_published"):
            put(warehouse, dest)
    assert files.read("MANIFEST.json") == before
    assert {each["file"] for each in manifest(files)["files"]} <= names(files)


OTHERS = (
    ("MANIFEST.json", b'{"files": 3, "superseded": ["../mine.txt", 4, null]}'),
    ("MANIFEST.json", b'{"files": [], "documents": ["x-2021", ["y-2021"]]}'),
    ("MANIFEST.json", b"no JSON"),
    ("datapackage.json", b"{}"),
)


def test_what_others_published_is_left_alone(tmp_path: Path) -> None:
    land(tmp_path / "t", 2021, "4.3")
    for number, (name, content) in enumerate(OTHERS):
        out = tmp_path / str(number)
        out.mkdir()
        (out / name).write_bytes(content)
        with pytest.raises(Refusal, match="others_publication"):
            put(tmp_path / "t", str(out))
        assert {path.name: path.read_bytes() for path in out.iterdir()} == {name: content}


def test_our_own_publication_is_known_by_its_documents_or_its_files(tmp_path: Path) -> None:
    warehouse, out = tmp_path / "t", tmp_path / "out"
    land(warehouse, 2021, "4.3")
    put(warehouse, str(out))
    (out / "MANIFEST.json").write_text("broken")
    assert put(warehouse, str(out)).put == 0
    for path in out.rglob("*.parquet"):
        path.unlink()
    assert put(warehouse, str(out)).there == 0


def test_a_changed_bit_in_a_folder_is_put_right(tmp_path: Path) -> None:
    land(tmp_path / "t", 2021, "4.3")
    put(tmp_path / "t", str(tmp_path / "out"))
    file = next(iter((tmp_path / "out").rglob("*.parquet")))
    content = file.read_bytes()
    file.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    assert put(tmp_path / "t", str(tmp_path / "out")).put == 1
    assert file.read_bytes() == content


@pytest.mark.parametrize(
    "dest", ["spark://a/b", "s3://", "gopher://a:b@c/d", *NETWORKS, "file:///tmp/x"]
)
def test_what_is_no_destination_is_refused_and_no_secret_shown(
    dest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not dest.startswith("s3:"):  # nobody looks for it in the network
        monkeypatch.setattr(publishing, "filesystem_of", None)
    with pytest.raises(Refusal, match="no_destination") as caught:
        Destination.of(dest)
    assert "a:b" not in caught.value.zh


def test_why_an_object_store_is_not_reached_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreached(_: str) -> None:
        raise OSError("When resolving region for bucket 'b' of s3://k:secret@b/p: AWS Error")

    monkeypatch.setattr(publishing, "filesystem_of", unreached)
    land(tmp_path / "t", 2021, "4.3")
    with pytest.raises(Refusal, match="no_object_store") as caught:
        put(tmp_path / "t", "s3://k:secret@b/p")
    assert "网络" in caught.value.zh
    assert "resolving region" in caught.value.zh
    assert "secret" not in str(caught.value) + caught.value.zh


def test_nothing_is_published_into_a_warehouse(tmp_path: Path) -> None:
    land(tmp_path / "t", 2021, "4.3")
    with pytest.raises(Refusal, match="into_warehouse"):
        put(tmp_path / "t", str(tmp_path / "t/current/x"))
