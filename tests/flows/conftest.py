"""What is made once a run: a landed warehouse, never written to; and a served city a worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from flows.jobs.batch.run import ingest
from flows.jobs.guard import read_credentials
from flows.jobs.ingest import Order
from tests.support.flows.dying_nights import make_views
from tests.support.flows.scored_years import keep_first
from tests.support.flows.servers import flows_at
from tests.support.flows.service import Office, office_served
from tests.support.kills import fork_server
from tests.support.made_once import made_once
from tests.support.paths import NOTICE
from tests.support.report.charts import leave_charts_out


@pytest.fixture(scope="module", autouse=True)
def no_charts() -> Iterator[None]:
    """Draw no charts: sites are looked at by their files and figures here."""
    with pytest.MonkeyPatch.context() as patch:
        leave_charts_out(patch)
        yield


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that holds the notice of 2020 as ``ziyang-2020``."""

    def make(folder: Path) -> None:
        order = Order(NOTICE, folder / "tables", "ziyang-2020", cross_check=False)
        ingest(order, lambda _: None)

    return made_once(tmp_path_factory, "landed", make) / "tables"


@pytest.fixture(scope="session")
def landed_few(landed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of the first indicators alone, for what a whole notice shows no better."""

    def make(folder: Path) -> None:
        shutil.copytree(landed, folder / "tables", symlinks=True)
        keep_first(folder / "tables", 32)

    return made_once(tmp_path_factory, "few", make) / "tables"


@pytest.fixture(scope="session")
def night_server(tmp_path_factory: pytest.TempPathFactory) -> ForkServerContext:
    """What forks processes that do nights, and are told the views that they would make."""
    make_views(tmp_path_factory.mktemp("views"))
    return fork_server()


@pytest.fixture(scope="session")
def service() -> Iterator[Office]:
    """The one city that is served for real, whose Prefect server all tests of flows share."""
    with office_served() as office:
        yield office


@pytest.fixture
def server(service: Office) -> Iterator[None]:
    """Run the flows of a test at the shared server."""
    service.serve()
    credentials = read_credentials(service.home)
    assert credentials is not None
    with flows_at(service.status()["api_url"], credentials):
        yield
