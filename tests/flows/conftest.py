"""A landed warehouse, made once a session and never written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.jobs.ingest import Order, ingest
from tests.support.paths import ROOT

NOTICE = ROOT / "tests/fixtures/notices/2020/notice.html"


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that holds the notice of 2020 as ``ziyang-2020``."""
    warehouse = tmp_path_factory.mktemp("landed") / "tables"
    ingest(Order(NOTICE, warehouse, "ziyang-2020", cross_check=False), lambda _: None)
    return warehouse
