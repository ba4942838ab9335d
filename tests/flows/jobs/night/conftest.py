"""A city after its first night: made once, and copied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.jobs import marks
from flows.jobs.night import ledger as nightly_ledger
from flows.jobs.night.night import run_nightly
from tests.support.flows.dying_nights import site
from tests.support.flows.nights import City

SIDECAR = "issued_on = 2021-03-01\n"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The city after its first night, to be copied."""
    made = City(tmp_path_factory.mktemp("city"))
    made.put_notice("tianhe-2021", sidecar=SIDECAR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.jobs.site.report.make_report", site)
        assert run_nightly(made.order(), lambda _: None).state == "Completed"
    return made


@pytest.fixture
def settled(model: City, tmp_path: Path) -> City:
    """The city after its first night."""
    made = City(tmp_path)
    shutil.copytree(model.root, made.root, symlinks=True, dirs_exist_ok=True)
    ledger = nightly_ledger.read_ledger(made.warehouse)
    ledger.reported = marks.report_mark(made.warehouse, made.out)
    nightly_ledger.write_ledger(made.warehouse, ledger)
    return made
