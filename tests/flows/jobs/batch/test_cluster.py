"""Documents are read on a Dask cluster as they are here, and nobody reaches one without TLS."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.refusal import Refusal
from flows.jobs.batch.choice import EngineChoice, engine_of
from flows.jobs.batch.cluster import Parcel, check_address, connected, read_parcels
from flows.jobs.batch.engines import Job, opened_answer
from flows.jobs.batch.prepared import Prepared
from flows.jobs.batch.run import ingest, ingest_all
from flows.jobs.batch.standby import each_read
from flows.jobs.ingest import Order, code_version
from flows.jobs.sidecar.document import locate
from tests.support.flows.nights import notice_text
from tests.support.warehouse.landings import rows_landed


def notices(folder: Path) -> list[Path]:
    """Write notices of two years of one office: the second holds the first as known."""
    for year, growth in ((2020, "4.3"), (2021, "43")):
        own = folder / f"y-{year}"
        own.mkdir(parents=True)
        (own / "notice.txt").write_text(notice_text(year, growth), encoding="utf-8")
        (own / "source.toml").write_text(f'year = {year}\nissuer = "天河市"\n', encoding="utf-8")
    return sorted(folder.iterdir())


def job_of(path: Path) -> Job:
    return Job(locate(path), cross_check=False, inputs="")


def refused(address: str, *, without_tls: bool = False) -> str:
    with pytest.raises(Refusal) as caught:
        check_address(address, without_tls=without_tls)
    return caught.value.code


def test_a_scheduler_without_tls_is_refused_unless_somebody_says_so() -> None:
    assert refused("tcp://127.0.0.1:8786") == "scheduler_without_tls"
    check_address("tcp://127.0.0.1:8786", without_tls=True)
    check_address("tls://127.0.0.1:8786", without_tls=False)


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "ucx://a:1", "tls://", "spark", ""])
def test_what_is_no_engine_is_refused(address: str) -> None:
    assert refused(address, without_tls=True) == "no_engine"


def test_a_scheduler_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.jobs.batch.cluster.WAIT_SECONDS", 0.2)
    with (
        pytest.raises(Refusal, match="no_scheduler"),
        connected("tcp://127.0.0.1:9", 1, without_tls=True),
    ):
        pass


def test_documents_travel_by_their_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.jobs.batch.standby.all_read", each_read)
    first, second = notices(tmp_path / "notices")
    parcels = [Parcel.of(job_of(path)) for path in (first, second)]
    (first / "notice.txt").unlink()
    (second / "notice.txt").unlink()
    answers = map(opened_answer, read_parcels(parcels, code_version()))
    read = [(a.summary.source, a.document_id) for a in answers if isinstance(a, Prepared)]
    assert read == [("notice.txt", "y-2020"), ("notice.txt", "y-2021")]
    with pytest.raises(Refusal, match="worker_differs"):
        read_parcels(parcels, "another")


def test_a_cluster_reads_what_is_read_here(tmp_path: Path) -> None:
    from distributed import Client

    here, there = tmp_path / "here", tmp_path / "there"
    paths = notices(tmp_path / "notices")
    for path in paths:
        ingest(Order(path, here), lambda _: None)
    with engine_of(EngineChoice("dask", 1), 2) as engine:
        orders = [Order(path, there) for path in paths]
        done = ingest_all(orders, engine, lambda _: None)
        assert [each.taken().document_id for each in done] == ["y-2020", "y-2021"]
        address = engine.address  # type: ignore[attr-defined]
        assert address.startswith("tls://127.0.0.1:")
        with pytest.raises((OSError, TypeError)):
            Client(address, timeout=2, set_as_default=False)
        with pytest.raises(OSError):
            Client(address.replace("tls", "tcp"), timeout=0.5, set_as_default=False)
    assert rows_landed(there) == rows_landed(here)


@pytest.mark.usefixtures("server")
def test_a_flow_reads_on_a_cluster(tmp_path: Path) -> None:
    from flows.ingest import run

    orders = [Order(path, tmp_path / "t") for path in notices(tmp_path / "notices")]
    done = run(orders, EngineChoice("dask", 1))
    assert [each.taken().document_id for each in done] == ["y-2020", "y-2021"]


def test_a_scheduler_by_tls_without_certificates_is_refused_at_once() -> None:
    """No client is made, which would wait for what cannot be and end in a traceback."""
    with (
        pytest.raises(Refusal, match="no_scheduler"),
        connected("tls://127.0.0.1:9", 1, without_tls=False),
    ):
        pass
