"""``kaohe doctor``: what it sees, what it says to do, its exit codes; it writes nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli
from flows.jobs.batch.run import ingest
from flows.jobs.doctor import raw_data as doctor_raw
from flows.jobs.doctor import setup as doctor_setup
from flows.jobs.doctor.raw_data import check_raw
from flows.jobs.doctor.schedule import check_schedule
from flows.jobs.doctor.setup import check_setup
from flows.jobs.ingest import Order
from flows.processes import only_one
from schemas.records.health import Check
from tests.support.paths import ROOT
from tests.support.warehouse.landings import content
from warehouse.catalogue import rebuild

NOTICE = ROOT / "tests/fixtures/notices/2020/notice.html"
NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


@pytest.fixture
def office(landed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a warehouse in which the notice of 2020 is landed, and its raw data."""
    warehouse = Path(shutil.copytree(landed, tmp_path / "tables", symlinks=True))
    rebuild(warehouse)
    folder = tmp_path / "raw/notices/ziyang-2020"
    folder.mkdir(parents=True)
    shutil.copy(NOTICE, folder)
    for name in ("PREFECT_API_URL", "PREFECT_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(office: Path, *arguments: str) -> Result:
    where = ["--warehouse", str(office / "tables"), "--raw", str(office / "raw")]
    return CliRunner().invoke(cli, ["doctor", *arguments, *where])


def states(checks: Iterator[Check]) -> dict[str, str]:
    return {check.code: check.state for check in checks}


def told(checks: Iterator[Check], code: str) -> str:
    return next(check.found_zh for check in checks if check.code == code)


def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the loading of libraries out: it is tested by itself."""
    monkeypatch.setattr(doctor_setup, "LIBRARIES", ("json",))
    monkeypatch.setattr(doctor_setup, "SCAN_LIBRARIES", ("json",))
    monkeypatch.setattr(doctor_setup, "ENOUGH_ROOM", 0)


def test_all_is_well_and_nothing_is_written(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quickly(monkeypatch)
    before = content(office)
    result = run(office)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "结论：一切正常"
    assert content(office) == before


def test_exit_codes(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quickly(monkeypatch)
    (office / "tables/报表.xlsx").write_text("x")
    result = run(office, "--json")
    assert result.exit_code == 3
    found = json.loads(result.stdout)
    assert found["state"] == "warning"
    assert {"area", "code", "state", "name_zh", "found_zh", "todo_zh"} == set(found["checks"][0])
    for path in (office / "tables/snapshots").glob("*/targets/*/*.parquet"):
        path.unlink()
    result = run(office)
    assert result.exit_code == 1
    assert "→" in result.stdout
    assert "Traceback" not in result.output
    assert all(each["todo_zh"] for each in found["checks"] if each["state"] in {"warning", "error"})


def test_the_installation_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is installed here is what the lock says, so it must be found good."""
    monkeypatch.setattr(doctor_setup, "SCAN_LIBRARIES", ("json",))  # others read scans with them
    found = states(check_setup((ROOT,), flow=False))
    assert {found[code] for code in ("python", "versions", "conflicts", "libraries")} == {"ok"}


class Installed:
    """A distribution as it is listed."""

    def __init__(self, name: str) -> None:
        self.metadata = {"Name": name}


def test_what_is_wrong_with_an_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    quickly(monkeypatch)
    versions = {"kaohe": "0.1.0", "fastapi": "0.165.0", "prefect": "3.8.8"}

    def version(name: str) -> str:
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    asked = ["prefect>=3.8.8,<3.10", "fastapi<0.151", "duckdb>=2.0", "rapidocr; extra == 'scan'"]
    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(metadata, "requires", lambda _: asked)
    names = ["opencv-python", "opencv-python-headless", "pdfplumber-rs"]
    monkeypatch.setattr(metadata, "distributions", lambda: [Installed(name) for name in names])
    monkeypatch.setattr(doctor_setup, "LIBRARIES", ("json", "no_such_library"))
    monkeypatch.setattr(doctor_setup, "SCAN_LIBRARIES", ("no_such_reader",))
    monkeypatch.setattr(doctor_setup, "LEAST_ROOM", 1e18)
    monkeypatch.setattr(doctor_setup, "ENOUGH_ROOM", 1e18)
    checks = {check.code: check for check in check_setup((ROOT,), flow=False)}
    assert checks["versions"].found_zh == "fastapi 0.165.0 不符合 <0.151；缺少 duckdb"
    assert "opencv-python、opencv-python-headless" in checks["conflicts"].found_zh
    assert "pdfplumber-rs" in checks["conflicts"].found_zh
    assert "no_such_library 无法加载" in checks["libraries"].found_zh
    assert checks["scan"].state == "note"
    assert checks["room"].state == "error"
    bad = [check for check in checks.values() if check.state == "error"]
    assert all(check.todo_zh for check in bad)


def test_a_library_that_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_setup, "IMPORT_PROBE", "import os; os.abort()")
    assert doctor_setup.check_imports("libraries", ("json",)).state == "error"


def test_raw_data_that_changed(office: Path) -> None:
    def checks() -> Iterator[Check]:
        return check_raw(office / "raw", office / "tables")

    assert states(checks()) == {"notices": "note", "returns": "ok"}  # no sha256 is registered
    folder = office / "raw/notices/ziyang-2020"
    sidecar = folder / "source.toml"
    sidecar.write_text(f'sha256 = "{"0" * 64}"\n')
    assert states(checks())["notices"] == "error"
    assert "sha256" in told(checks(), "notices")
    sidecar.unlink()
    with (folder / NOTICE.name).open("ab") as file:
        file.write(b"\n")
    assert states(checks())["notices_changed"] == "warning"
    (office / "raw/inbox").mkdir()
    (office / "raw/inbox/a.xlsx").write_text("x")
    shutil.copytree(folder, office / "raw/notices/another")
    found = states(checks())
    assert found["inbox"] == found["notices_waiting"] == "note"
    assert states(check_raw(office / "none", office / "tables")) == {"raw": "note"}


def test_made_up_returns_are_not_missed(tmp_path: Path) -> None:
    def returns(**rows: bool | None) -> Check:
        columns = {
            "source_sha256": list(rows),
            "source_name": [f"{name}.xlsx" for name in rows],
            "sample": list(rows.values()),
        }
        return doctor_raw.check_returns(tmp_path, {"returns": pd.DataFrame(columns)})

    made_up = returns(a=True, b=True)
    assert made_up.state == "note"
    assert "2 份是编造的样例" in made_up.found_zh
    mixed = returns(a=True, b=False, c=None)
    assert mixed.state == "warning"
    assert "b.xlsx、c.xlsx" in mixed.found_zh
    assert "a.xlsx" not in mixed.found_zh


def test_a_damaged_table_is_no_crash(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quickly(monkeypatch)
    (path,) = (office / "tables/current/targets/year=2020").glob("*.parquet")
    path.unlink()
    path.write_bytes(b"PAR1")
    found = run(office)
    assert found.exit_code == 1, found.output
    assert found.exception is None or isinstance(found.exception, SystemExit)


def test_a_sidecar_that_is_gone(office: Path) -> None:
    folder = office / "raw/notices/ziyang-2020"
    assert "notices_gone" not in states(check_raw(office / "raw", office / "tables"))
    (folder / "source.toml").write_text("received_on = 2020-12-06\n", encoding="utf-8")
    ingest(Order(folder, office / "tables", cross_check=False), lambda _: None)
    assert "notices_gone" not in states(check_raw(office / "raw", office / "tables"))
    (folder / "source.toml").unlink()
    checks = list(check_raw(office / "raw", office / "tables"))
    assert states(iter(checks))["notices_gone"] == "warning"
    assert "ziyang-2020" in told(iter(checks), "notices_gone")


def test_an_original_that_is_gone(office: Path) -> None:
    assert "originals_gone" not in states(check_raw(office / "raw", office / "tables"))
    folder = office / "raw/notices/ziyang-2020"
    folder.rename(folder.with_name("elsewhere"))  # under another name it is there
    assert "originals_gone" not in states(check_raw(office / "raw", office / "tables"))
    shutil.rmtree(folder.with_name("elsewhere"))
    checks = list(check_raw(office / "raw", office / "tables"))
    assert states(iter(checks))["originals_gone"] == "note"
    assert "ziyang-2020" in told(iter(checks), "originals_gone")


def test_keys_that_hold_no_more(office: Path) -> None:
    folder = office / "raw/keys"
    folder.mkdir()
    file = folder / "indicators.csv"
    line = "gdp,ziyang-2020,1,{},王某,2026-01-05,名称相同\n"
    head = "key,document_id,serial_no,expect,by,on,reason\n"
    for name, state in (("地区生产总值增长率", "ok"), ("别的指标", "warning"), ("", "error")):
        file.write_text(head + line.format(name), encoding="utf-8")
        assert states(check_raw(office / "raw", office / "tables"))["keys"] == state


RECORDS = """
CREATE TABLE flow (id TEXT, name TEXT);
CREATE TABLE flow_run (flow_id TEXT, start_time TEXT, state_type TEXT, state_name TEXT);
INSERT INTO flow VALUES ('1', 'nightly'), ('2', 'ingest');
INSERT INTO flow_run VALUES
    ('1', '2026-01-03 18:00:00.000000', 'COMPLETED', 'Nothing new'),
    ('1', '2026-01-04 18:00:00.000000', 'CRASHED', 'Crashed'),
    ('2', '2026-01-05 18:00:00.000000', 'COMPLETED', 'Completed');
"""


def test_records_lie_where_the_service_keeps_them(office: Path) -> None:
    from flows.jobs.doctor.schedule import records_beside
    from flows.run import records_of

    assert records_beside(office / "tables") == records_of(office / "tables")


def test_records_of_runs(office: Path) -> None:
    home = office / "tables.prefect"
    home.mkdir()
    with closing(sqlite3.connect(home / "prefect.db")) as connection:
        connection.executescript(RECORDS)
    before = content(office)
    checks = list(check_schedule(office / "tables", NOW))
    assert states(iter(checks))["runs"] == "error"
    assert told(iter(checks), "runs").index("中断") < told(iter(checks), "runs").index("完成")
    assert content(office) == before
    (home / "prefect.db").write_bytes(b"no database at all, but long enough to be looked at")
    assert states(check_schedule(office / "tables", NOW))["runs"] == "warning"


class Server(BaseHTTPRequestHandler):
    """Answers as a Prefect server does when it is asked for runs."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = asked["flows"] == {"name": {"any_": ["nightly"]}}
        rows: list[dict[str, Any]] = [
            {
                "start_time": "2026-01-04T18:00:00Z",
                "state_type": "COMPLETED",
                "state_name": "Completed with findings",
            }
        ]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(rows if known else []).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_server_is_asked(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = HTTPServer(("127.0.0.1", 0), Server)
    url = f"http://127.0.0.1:{server.server_port}/api"
    monkeypatch.setenv("PREFECT_API_URL", url)
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        checks = list(check_schedule(office / "tables", NOW))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert states(iter(checks))["runs"] == "ok"
    assert "Completed with findings" in told(iter(checks), "runs")
    gone = list(check_schedule(office / "tables", NOW))
    assert states(iter(gone))["runs"] == "warning"
    assert url in told(iter(gone), "runs")


def test_the_service_and_the_last_night(office: Path) -> None:
    home = office / "tables.prefect"
    home.mkdir()

    def checks() -> dict[str, str]:
        return states(check_schedule(office / "tables", NOW))

    assert checks() == {"service": "note", "runs": "note", "night": "note"}
    status = home / "serve.json"
    status.write_text(json.dumps({"pid": 2**22 + 1, "api_url": "http://127.0.0.1:9/api"}))
    assert checks()["service"] == "error"
    with only_one(home):
        status.write_text(json.dumps({"pid": os.getpid(), "runner": 2**22 + 1}))
        assert checks()["service"] == "warning"
        status.write_text("{}")
        assert checks()["service"] == "ok"
        status.write_text(json.dumps({"pid": os.getpid()}))
        ledger = office / "tables/nightly.json"
        entry = {"fingerprint": "x", "document_id": "", "year": None, "role": "official"}
        problem = {"code": "no_table", "en": "no table", "zh": "没有表格。"}
        told_of = {"format": 1, "notices": {"bad": entry | {"problem": problem}}}
        ledger.write_text(json.dumps(told_of))
        os.utime(ledger, (NOW.timestamp() - 3600,) * 2)
        assert checks() == {
            "service": "ok", "runs": "note", "night": "ok", "night_notices": "warning",
        }  # fmt: skip
        late = NOW + timedelta(days=2)
        assert states(check_schedule(office / "tables", late))["night"] == "warning"
        ledger.write_text(json.dumps({"format": 1, "notices": {}, "unfinished": "1"}))
        assert checks()["night"] == "warning"


def test_catalogue_is_rebuilt(office: Path) -> None:
    moved = (office / "tables").rename(office / "moved")
    result = CliRunner().invoke(cli, ["catalogue", "--warehouse", str(moved)])
    assert result.exit_code == 0
    result = CliRunner().invoke(cli, ["catalogue", "--warehouse", str(office / "tables")])
    assert result.exit_code == 1
