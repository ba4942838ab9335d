"""What is made once a session: a landed warehouse, never written to, and a Prefect server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from tests.support.flows.servers import flows_at, prefect_server
from tests.support.paths import NOTICE


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that holds the notice of 2020 as ``ziyang-2020``."""
    warehouse = tmp_path_factory.mktemp("landed") / "tables"
    ingest(Order(NOTICE, warehouse, "ziyang-2020", cross_check=False), lambda _: None)
    return warehouse


@pytest.fixture(scope="session")
def server_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server that all tests of flows share has its records."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="session")
def server_url(server_home: Path) -> Iterator[str]:
    """The address of the one Prefect server that all tests of flows share."""
    with prefect_server(server_home) as url:
        yield url


@pytest.fixture
def server(server_url: str) -> Iterator[None]:
    """Run the flows of a test at the shared server."""
    with flows_at(server_url):
        yield
