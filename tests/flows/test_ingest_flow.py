"""The Prefect flow, run for real on a server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from common.isolated import python_path
from common.refusal import Refusal
from flows.jobs.batch.choice import EngineChoice
from flows.jobs.batch.run import ingest
from flows.jobs.folders import Folders
from flows.jobs.ingest import Order
from flows.run import records_of
from flows.states import run_as_flow
from tests.support.flows.nights import City, notice_text
from tests.support.flows.records import add_old_runs, copy_records, old_runs, states
from tests.support.flows.service import Office
from tests.support.paths import ROOT
from tests.support.yaml_files import read_yaml

HTML = ROOT / "tests/fixtures/notices/2020/notice.html"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Prefect keeps what it leaves in a folder of the test."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts that this process looks up, other than itself."""
    hosts: list[str] = []
    look_up = socket.getaddrinfo

    def record(host: Any, *arguments: Any, **named: Any) -> Any:
        if host not in {"127.0.0.1", "localhost", "::1", None}:
            hosts.append(str(host))
        return look_up(host, *arguments, **named)

    monkeypatch.setattr("socket.getaddrinfo", record)
    return hosts


@pytest.mark.usefixtures("server")
def test_flow_lands_and_leaves_artifacts(tmp_path: Path, asked_for: list[str]) -> None:
    from prefect.artifacts import Artifact

    from flows.ingest import run

    order = Order(HTML, tmp_path / "t", document_id="mine", cross_check=False)
    (done,) = run([order], EngineChoice())
    summary = done.taken()
    assert (summary.indicators, summary.weight_groups, summary.targets) == (106, 82, 530)
    assert summary.changed
    findings = Artifact.get("ingest-findings")
    assert findings is not None
    assert len(json.loads(str(findings.data))) == len(summary.open_findings)
    landed = Artifact.get("ingest-landed")
    assert landed is not None
    assert str(tmp_path / "t" / "current") in str(landed.data)
    assert asked_for == []


@pytest.mark.usefixtures("server")
def test_refusal_ends_the_flow_failed_in_plain_words(tmp_path: Path) -> None:
    from flows.ingest import flow_of

    path = tmp_path / "letter.txt"
    path.write_text("一封信", encoding="utf-8")
    state = flow_of([Order(path, tmp_path / "t", year=2031)], EngineChoice())(return_state=True)
    assert state.is_failed()
    assert "refused" not in str(state.message)
    assert "letter.txt" in str(state.message)
    assert isinstance(state.result(raise_on_failure=False), Refusal)
    assert not (tmp_path / "t").exists()


def test_deployment_names_a_flow_and_parameters_that_exist() -> None:
    from prefect.flows import load_flow_from_entrypoint

    deployments = read_yaml(ROOT / "prefect.yaml")["deployments"]
    for deployment in deployments:
        path, _, name = deployment["entrypoint"].partition(":")
        loaded = load_flow_from_entrypoint(f"{ROOT / path}:{name}")
        assert loaded.name == deployment["name"]
        assert set(deployment.get("parameters", {})) <= set(loaded.parameters.properties)


def test_no_flow_hides_a_room() -> None:
    """Prefect puts the folder of a deployed flow before all others."""
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert {"report", "compare"} <= rooms
    assert rooms & {path.stem for path in (ROOT / "flows").glob("*.py")} == set()


def test_nothing_is_reported_to_anybody() -> None:
    from prefect.settings import get_current_settings

    assert get_current_settings().server.analytics_enabled is False
    assert os.environ["DO_NOT_TRACK"] == "1"


def test_records_are_kept_beside_the_warehouse(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.delenv("PREFECT_HOME")
    home = tmp_path / "tables.prefect"
    assert records_of(tmp_path / "tables") == home
    assert (home / ".gitignore").read_text() == "*\n"
    monkeypatch.setenv("PREFECT_HOME", str(home))
    assert records_of(tmp_path / "elsewhere") == home


RECORDS = "warehouse/tables.prefect"
KEPT_DAYS = 90
SETTINGS = """PREFECT_SERVER_DATABASE_CONNECTION_URL=sqlite+aiosqlite:///{theirs}
PREFECT_SERVER_API_AUTH_STRING=evil:evil
PREFECT_API_URL=http://127.0.0.1:9/api
PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED=false
PREFECT_LOGGING_LEVEL=NONSENSE
"""


@pytest.fixture(scope="module")
def commanded(tmp_path_factory: pytest.TempPathFactory, service: Office) -> Path:
    """Where a command of its own server was given, with settings of others and runs of long ago."""
    folder = tmp_path_factory.mktemp("commanded")
    (folder / ".env").write_text(SETTINGS.format(theirs=folder / "theirs.db"))
    (folder / "prefect.toml").write_text('[server.api]\nauth_string = "evil:evil"\n')
    (folder / "notice.txt").write_text(notice_text(), encoding="utf-8")
    add_old_runs(copy_records(service.records, folder / RECORDS))
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    program = "from tests.support.flows.own_server_asked import main; main()"
    order = ["ingest", "notice.txt", "--year", "2021", "--orchestrated"]
    with (folder / "said").open("wb") as said, (folder / "told").open("wb") as told:
        subprocess.run(
            [sys.executable, "-c", program, *order], check=True, cwd=folder,
            env=env | {"PYTHONPATH": python_path()}, stdout=said, stderr=told,
        )  # fmt: skip
    return folder


def test_a_command_starts_a_server_that_nobody_else_has_a_say_in(commanded: Path) -> None:
    """Neither settings in the folder that the user works in, nor who asks it from elsewhere."""
    said = (commanded / "said").read_text(encoding="utf-8").splitlines()
    assert json.loads(said[-1]) == {
        "command": 0,
        "health": 200,
        "without credentials": 401,
        "another name": 421,
        "a foreign page": 403,
        "pages": 404,
        "after the end": None,
    }, (commanded / "told").read_text(encoding="utf-8")
    assert not (commanded / "theirs.db").exists()
    assert states(commanded / RECORDS, "ingest") == ["COMPLETED"]


def test_runs_of_long_ago_are_forgotten_with_their_logs(commanded: Path) -> None:
    """Prefect's records stay bounded, however many nights there were."""
    assert old_runs(commanded / RECORDS) == (KEPT_DAYS, KEPT_DAYS)


@pytest.mark.usefixtures("server")
def test_a_stage_is_a_flow_of_its_name() -> None:
    from prefect.runtime import flow_run

    assert run_as_flow("forms", "forms of 2031", lambda _: flow_run.name) == "forms of 2031"


@pytest.mark.usefixtures("server")
def test_a_stage_that_refuses_raises_the_refusal() -> None:
    def refuse(_: object) -> None:
        raise Refusal("nothing_landed", "nothing", "没有数据。")

    with pytest.raises(Refusal, match="nothing_landed"):
        run_as_flow("forms", "forms of 2031", refuse)


@pytest.mark.usefixtures("server")
def test_steps_of_a_year_can_be_deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.deployments import receive, report, score
    from flows.ingest import ingest as deployed_ingest

    city, day = City(tmp_path), date(2021, 7, 5)
    order = Folders(city.warehouse, city.raw, city.out, tmp_path / "replies")
    for name, value in order.as_environment().items():
        monkeypatch.setenv(name, value)
    ingest(Order(city.put_notice("tianhe-2021"), city.warehouse), lambda _: None)
    form = city.put_return("市统计局", day)
    got = receive([str(form.relative_to(city.inbox))], day)
    assert got.files[0].landed > 0
    assert score(2021).as_json()["as_of"] == "2021-07-05"
    assert Path(report(2021).page) == order.out / "index.html"
    refused = score(1999, return_state=True)
    assert refused.is_failed()
    assert "1999" in str(refused.message)

    # What a run's parameters name lies in the folders of the process, or is not touched.
    for elsewhere in ("/etc/passwd", "../../tables/CURRENT"):
        refused = receive([elsewhere], day, return_state=True)
        assert refused.result(raise_on_failure=False).code == "not_within"
        refused = deployed_ingest(elsewhere, return_state=True)
        assert refused.result(raise_on_failure=False).code == "not_within"
