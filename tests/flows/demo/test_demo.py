"""The demonstration start to end, its steps run directly: what it makes, says, and leaves alone."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from flows.cli.main import cli
from flows.demo import run as demo
from flows.demo.summary import Demo
from flows.jobs.batch.engines import Alone
from flows.jobs.batch.run import ingest_all
from flows.jobs.review import Reviewed
from tests.support.paths import ROOT
from tests.support.workshop.draw import draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layouts import CLASSIC
from tests.support.workshop.logical import balanced
from tests.support.workshop.samples import sample
from warehouse.query import query


@dataclass(frozen=True)
class Shown:
    """The demonstration: the folder that it ran in, and what it says as text and as JSON."""

    folder: Path
    text: str
    json: dict[str, Any]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return query(self.folder / "t", sql).rows


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file, but for the pages."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "report" not in path.relative_to(folder).parts
    }


def directly(name: str, run_name: str, step: Callable[..., Any]) -> Any:
    """Stand in for a flow: the step itself."""
    assert name in run_name
    return step(lambda _: None)


@pytest.fixture(scope="module")
def run() -> Iterator[Callable[..., str]]:
    """Run the demonstration in a folder and return what it prints."""

    def demonstrate(folder: Path, *more: str) -> str:
        places = ("--out", f"{folder}/out", "--warehouse", f"{folder}/t")
        done = CliRunner().invoke(cli, ["demo", *places, *more])
        assert done.exit_code == 3, done.output
        return done.stdout

    reviewed = Reviewed("ziyang-2020", "out/review/index.html", 8, 4, 1, None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.run.report_to_own_server", lambda _: None)
        patch.setattr(demo, "run_as_flow", directly)
        patch.setattr(
            demo, "run_ingest", lambda orders, told, **_: list(ingest_all(orders, Alone(), told))
        )
        patch.setattr(demo, "review", lambda *_: reviewed)
        yield demonstrate


@pytest.fixture(scope="module")
def shown(run: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder = tmp_path_factory.mktemp("demo")
    made: list[Demo] = []
    whole = demo.run_demo
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "run_demo", lambda *given: made.append(whole(*given)) or made[0])
        before = digests(ROOT / "raw")
        text = run(folder)
        assert digests(ROOT / "raw") == before
    return Shown(folder, text, made[0].as_json())


def small_notices(folder: Path) -> Path:
    """Write a small notice as the official one, and a text of it with other numbers as the copy."""
    whole = sample(3, 2020)
    for name, role, groups in ((demo.OFFICIAL, "official", 3), (demo.COPY, "copy", 2)):
        notice = balanced(replace(whole, groups=whole.groups[:groups]))
        own = folder / name
        own.mkdir(parents=True)
        draw(notice, grid_of(notice, CLASSIC), own)
        (own / "source.toml").write_text(f'year = 2020\nrole = "{role}"\n', encoding="utf-8")
    return folder


def test_the_same_again_changes_nothing(
    run: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices = small_notices(tmp_path / "notices")
    monkeypatch.setattr(demo, "bundled", lambda: notices)
    said = json.loads(run(tmp_path, "--json"))
    made = digests(tmp_path)
    received = [each for got in said["received"] for each in got["files"]]
    assert {each["state"] for each in said["forms"]["forms"]} == {"new"}
    assert any(each["remarks"] for each in received)
    run(tmp_path)
    assert digests(tmp_path) == made


def test_everything_landed_is_a_sample(shown: Shown) -> None:
    assert shown.rows("SELECT DISTINCT sample FROM returns") == [(True,)]
    assert shown.rows("SELECT max(revision) > 1, bool_or(veto) FROM returns") == [(True, True)]
    assert "样例数据" in shown.text
    books = (each for each in (shown.folder / "out").rglob("*.xlsx") if "report" not in each.parts)
    different = {path.read_bytes(): path for path in books}  # what is filed was handed in
    for path in different.values():
        for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
            texts = [str(cell.value) for row in sheet.iter_rows(max_row=6) for cell in row]
            if sheet.sheet_state == "visible":
                assert any("样例数据" in text for text in texts), (path, sheet.title)
            else:
                assert "sample" in texts


def test_who_is_late_and_who_never_came(shown: Shown) -> None:
    days = [got["received_on"] for got in shown.json["received"]]
    assert days == sorted(set(days))
    came = [{each["department"] for each in got["files"]} for got in shown.json["received"]]
    assert came[1]
    assert came[0].isdisjoint(came[1])
    never = set(shown.json["never_received"])
    assert never
    assert never.isdisjoint(came[0] | came[1] | came[2])
    owing = {each["department"] for each in shown.json["scored"][-1]["late"]}
    assert never <= owing
    assert all(name in shown.text for name in never)


def test_mistakes_are_refused_by_cell_and_put_right(shown: Shown) -> None:
    first, _, last = (
        [(each["department"], remark["code"]) for each in got["files"] for remark in each["remarks"]
         if remark["severity"] == "refused"]
        for got in shown.json["received"]
    )  # fmt: skip
    assert {code for _, code in first} == {
        "text_for_number", "impossible_value", "other_unit", "fraction_or_per_cent", "bad_veto",
    }  # fmt: skip
    assert last == []
    assert all(department in shown.text for department, _ in first)
    replies = list((shown.folder / "out/replies").rglob("*.xlsx"))
    assert len(replies) == len({department for department, _ in first})


def test_scored_as_of_each_day_with_intervals_that_close_in(shown: Shown) -> None:
    scored = shown.json["scored"]
    widths = [
        {card["entity"]: card["points_high"] - card["points_low"] for card in each["scorecard"]}
        for each in scored
    ]
    assert [sum(each["statuses"].values()) for each in scored] == [530] * 3
    for before, after in itertools.pairwise(widths):
        assert all(after[entity] <= before[entity] for entity in before)
    assert sum(card["vetoes"] for card in scored[-1]["scorecard"]) == 1
    as_of = shown.rows("SELECT DISTINCT as_of FROM scorecards ORDER BY 1")
    assert [str(day) for (day,) in as_of] == [each["as_of"] for each in scored]
    assert "得分区间" in shown.text


def test_the_result_comes_first(shown: Shown) -> None:
    assert "样例数据" in shown.text.splitlines()[0]
    assert shown.text.index("名次") < shown.text.index("得分（区间）")
    assert shown.text.index("得分（区间）") < shown.text.index("指标 indicators")
    assert shown.text.splitlines()[-1].startswith("查询")


def test_paths_that_are_named_are_there(shown: Shown) -> None:
    out = shown.folder / "out"
    assert Path(shown.json["report"]["page"]).is_file()
    assert "out/review/index.html" in shown.text
    for folder in ("forms", "replies", "raw/returns"):
        assert any((out / folder).rglob("*.xlsx"))
        assert str(out / folder) in shown.text
