"""What has not changed is taken over: the site is as one made from nothing, to the last byte."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import flows.jobs.site.parts as making
from common.isolated import Call
from common.processes import pages_said
from flows.cli.progress import Lines, Steps, bars
from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order, Progress
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.run import score_year
from flows.jobs.site.done import PagesDone
from flows.jobs.site.marks import program_mark
from flows.jobs.site.report import ReportOrder, make_report
from report.site.kept import RECORD
from schemas.tables.frames import records, rows_to_frame
from schemas.tables.registry import TABLES
from tests.support.flows.nights import City, notice_text
from tests.support.flows.scored_years import silent
from tests.support.workshop.draw import draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import fitted
from tests.support.workshop.layouts import CLASSIC
from tests.support.workshop.logical import balanced
from tests.support.workshop.pdf_style import PdfStyle
from tests.support.workshop.samples import sample
from warehouse.landing import Amendment, amend

YEARS = (2020, 2021)
PRINTED, PRINTED_PAGES = "city-2019", 2


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A site of two scored years of a city, and of a printed notice of a third."""
    city = City(tmp_path_factory.mktemp("kept"))
    for year in YEARS:
        _put(city, year)
    whole = sample(3, 2019)
    notice = fitted(balanced(replace(whole, groups=whole.groups[:2])), CLASSIC)
    drawn = draw(notice, grid_of(notice, CLASSIC), city.root, PdfStyle())
    home = city.raw / "notices" / PRINTED
    home.mkdir()
    shutil.move(drawn, home / "notice.pdf")
    ingest(Order(home / "notice.pdf", city.warehouse, PRINTED, 2019, cross_check=False), silent)
    make(city)
    return city


def _put(city: City, year: int, growth: str = "4.3") -> None:
    name = f"tianhe-{year}"
    ingest(
        Order(city.put_notice(name, notice_text(year, growth)), city.warehouse, cross_check=False),
        silent,
    )
    score_year(ScoreOrder(year, city.warehouse, raw=city.raw), silent)


@pytest.fixture
def city(landed: City, tmp_path: Path) -> City:
    """The city with a site."""
    return City(Path(shutil.copytree(landed.root, tmp_path / "city", symlinks=True)))


def make(city: City, out: Path | None = None, say: Progress = silent) -> None:
    make_report(ReportOrder(2021, city.warehouse, out or city.out, city.raw), say)


def files(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def made_from_nothing(city: City) -> dict[str, bytes]:
    """Return the site as it becomes where nothing can be taken over but what was published."""
    bare = city.root / "bare"
    bare.mkdir()
    for name in ("index.html", "published.json"):
        if (city.out / name).is_file():
            shutil.copy(city.out / name, bare)
    make(city, bare)
    made = files(bare)
    shutil.rmtree(bare)
    return made


def inodes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_ino
        for path in folder.rglob("*")
        if path.is_file()
    }


def changed_table(city: City, document: str, table: str, change: Callable[[Any], Any]) -> None:
    year = int(document[-4:])
    one = Amendment(document, year, table, change, "run", "0.1.0")
    amend(city.warehouse, [one])


@pytest.fixture(scope="module")
def unchanged(landed: City) -> dict[str, bytes]:
    """The site of the city as it is landed, made from nothing."""
    return made_from_nothing(landed)


def scored_again(city: City) -> None:
    score_year(ScoreOrder(2021, city.warehouse, None, date(2022, 1, 5), city.raw), silent)


def another_year(city: City) -> None:
    _put(city, 2018)


def landed_again(city: City) -> None:
    _put(city, 2020, "6.1")


def issued_by_another(city: City) -> None:
    def issuer(frame: pd.DataFrame) -> pd.DataFrame:
        rows = [{**row, "issuer": "天河府"} for row in records(frame)]
        kept = [{name: row[name] for name in TABLES["notices"].names} for row in rows]
        return rows_to_frame(TABLES["notices"], kept)

    changed_table(city, "tianhe-2020", "notices", issuer)


def named_otherwise(frame: pd.DataFrame) -> pd.DataFrame:
    rows = [{name: row[name] for name in TABLES["indicators"].names} for row in records(frame)]
    rows[0]["indicator"] = "另一名称"
    return rows_to_frame(TABLES["indicators"], rows)


def known_by_keys(city: City) -> None:
    for year in YEARS:
        document = f"tianhe-{year}"
        row = dict.fromkeys(TABLES["indicator_keys"].names)
        row |= {"document_id": document, "indicator_id": f"{document}/002", "serial_no": 2}
        row |= {"indicator_key": "财政收入", "name": "财政收入", "reason": "同一指标"}
        row |= {"confirmed_by": "甲", "confirmed_on": date(2022, 1, 1)}
        known = {name: row[name] for name in TABLES["indicator_keys"].names}
        frame = rows_to_frame(TABLES["indicator_keys"], [known])
        changed_table(city, document, "indicator_keys", lambda _, frame=frame: frame)


def without_its_file(city: City) -> None:
    shutil.rmtree(city.raw / "notices" / PRINTED)


def draft(city: City) -> None:
    def role(frame: pd.DataFrame) -> pd.DataFrame:
        return rows_to_frame(
            TABLES["notices"],
            [
                {name: row[name] for name in TABLES["notices"].names} | {"role": "draft"}
                for row in records(frame)
            ],
        )

    changed_table(city, "tianhe-2020", "notices", role)


def pages_meddled_with(city: City) -> None:
    path = city.out / "2020/heat.html"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    path.write_text(text.replace("东河区", "西河区"), encoding="utf-8")
    (city.out / "2021/index.html").unlink()
    (city.out / "2021/e/old.html").write_text("old")


def led_out(city: City) -> None:
    """Let a page be a link to a file outside, which the record says is a page."""
    secret = city.root / "secret.html"
    shutil.copy(city.out / "2020/heat.html", secret)
    (city.out / "2020/heat.html").unlink()
    (city.out / "2020/heat.html").symlink_to(secret)


def record_damaged(city: City) -> None:
    (city.out / RECORD).write_text('{"parts": {"2020/pages": {"mark": [], "files": 7}, "x": 1}}')


def record_of_other_files(city: City) -> None:
    told = json.loads((city.out / RECORD).read_text(encoding="utf-8"))
    for part in told["parts"].values():
        part["files"] = {"../secret.html": "0", "/etc/hostname": "1", **part["files"]}
    (city.out / RECORD).write_text(json.dumps(told))


def record_tells_otherwise(city: City) -> None:
    told = json.loads((city.out / RECORD).read_text(encoding="utf-8"))
    for name, part in told["parts"].items():
        if not name.endswith("/workbooks"):
            part["told"] = {"figures": [], "cover": 3, "crops": [[1, [7]]], "printed": 1}
    (city.out / RECORD).write_text(json.dumps(told))


#: Of the others, `known_by_keys` and `draft`, one comes after the other below.
CHANGES = (scored_again, another_year, landed_again, issued_by_another, without_its_file)
MEDDLING = (
    *(pages_meddled_with, led_out),
    *(record_damaged, record_of_other_files, record_tells_otherwise),
)


@pytest.mark.parametrize("change", CHANGES)
def test_after_any_change_the_site_is_as_one_made_from_nothing(
    city: City, change: Callable[[City], None]
) -> None:
    change(city)
    check_made(city, made_from_nothing(city))


@pytest.mark.parametrize("meddle", MEDDLING)
def test_whatever_was_done_to_the_site_it_is_as_one_made_from_nothing(
    city: City, unchanged: dict[str, bytes], meddle: Callable[[City], None]
) -> None:
    meddle(city)
    check_made(city, unchanged)


def check_made(city: City, expected: dict[str, bytes]) -> None:
    make(city)
    assert files(city.out) == expected
    assert not any(path.is_symlink() for path in city.out.rglob("*"))


def test_change_after_change_the_site_is_as_one_made_from_nothing(city: City) -> None:
    for change in (known_by_keys, draft):
        change(city)
        check_made(city, made_from_nothing(city))


def test_nothing_changed_makes_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    before, content = inodes(city.out), files(city.out)

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(making, "make_pages", never)
    monkeypatch.setattr(making, "make_workbooks", never)
    make(city)
    assert files(city.out) == content
    after = inodes(city.out)
    anew = {name for name in after if after[name] != before[name]}
    assert {name for name in anew if name.endswith((".html", ".xlsx", ".webp"))} == set()
    assert any(name.endswith(".webp") for name in after)


def test_only_the_year_that_changed_is_made(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, str]] = []
    for name in ("make_pages", "make_workbooks"):
        real = getattr(making, name)

        def counted(share: Any, *more: Any, name: str = name, real: Any = real) -> Any:
            made.append((name, share.folder))
            return real(share, *more)

        monkeypatch.setattr(making, name, counted)
    before = inodes(city.out)
    changed_table(city, "tianhe-2021", "indicators", named_otherwise)
    make(city)
    assert sorted(made) == [("make_pages", "2021"), ("make_workbooks", "2021")]
    after = inodes(city.out)
    same = {name for name in after if after[name] == before.get(name)}
    assert {name for name in after if name.startswith(("2019/", "2020/"))} <= same
    assert "2021/i/001.html" not in same
    assert "2021/stability.html" in same  # a page that came out the same is not written


def test_another_program_makes_all_anew(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = making.make_workbooks
    monkeypatch.setattr(
        making, "make_workbooks", lambda share: (made.append(share.folder), real(share))[1]
    )
    monkeypatch.setattr(making, "program_mark", lambda: f"not {program_mark()}")
    make(city)
    assert sorted(made) == ["2019", "2020", "2021"]


@pytest.mark.isolated
def test_parts_made_in_processes_are_the_same(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = files(city.out)
    monkeypatch.setattr(making, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(making, "Call", Slow)
    monkeypatch.setattr("flows.jobs.site.done.LOOK_SECONDS", 0.0)
    shutil.rmtree(city.out / "2021")
    said: list[str] = []
    make(city, say=said.append)
    counts = counted_pages(city, "2021", said)
    assert counts == sorted(counts)
    assert {5, 6} & set(counts)  # with or without the workbooks, which another process makes
    made = files(city.out)
    assert made.keys() == expected.keys()
    drawn = {name for name in made if made[name] != expected[name]}  # charts, there as they are
    assert drawn <= {RECORD, "2021/progress.html", *(f"2021/e/{n:02d}.html" for n in range(1, 4))}


class Slow(Call):
    """A process in which the fifth page takes long enough that it is looked at then."""

    def result(self, progress: Progress) -> Any:
        """Return what it returns, having said what is said of one that takes long."""
        for message in ("page 5 of 20", "still working (5 s)"):
            progress(message)
        return super().result(progress)


def counted_pages(city: City, folder: str, said: list[str], drawn: int = 0) -> list[int]:
    """Return how many pages were said to be done, of the folder's and those ``drawn``."""
    found = [told for message in said if (told := pages_said(message))]
    wanted = drawn + sum(1 for _ in (city.out / folder).rglob("*.html")) + 1  # and its workbooks
    assert {of for _, of in found} == {wanted}
    counts = [done for done, _ in found]
    assert (counts[0], counts[-1]) == (0, wanted)
    return counts


@pytest.mark.parametrize(("folder", "drawn"), [("2021", 0), ("2019", PRINTED_PAGES)])
def test_pages_done_and_to_do_are_said_while_the_site_is_made(
    folder: str, drawn: int, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.jobs.site.done.LOOK_SECONDS", 0.0)
    shutil.rmtree(city.out / folder)
    said: list[str] = []
    make(city, say=said.append)
    counts = counted_pages(city, folder, said, drawn)
    assert counts == sorted(counts)
    assert set(counts) >= set(range(drawn + 2, counts[-1]))
    shown, lines = bars(), list[str]()
    steps, plain = Steps(shown), Lines(lines.append)
    for message in said:
        steps(message)
        plain(message)
    (task,) = shown.tasks
    assert task.description.startswith("pages of ")
    assert (task.completed, task.total) == (counts[-1], counts[-1])
    assert [line.partition(" of ")[0] for line in lines] == ["workbooks", "pages"]


def test_pages_of_parts_made_side_by_side_are_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.jobs.site.done.LOOK_SECONDS", 0.0)
    said: list[str] = []
    pages = PagesDone({"2020/pages": 3, "2021/pages": 5}, said.append)
    with pages.of_part("2020/pages", "2020") as one, pages.of_part("2021/pages", "2021") as other:
        pages.every = 0.0
        for tell, done in ((one, 1), (other, 4), (one, 2), (other, 9), (one, 0)):
            tell(done)
    counts = [told for message in said if (told := pages_said(message))]
    assert [done for done, _ in counts] == [0, 0, 1, 5, 6, 7, 7, 7, 8]
    assert {of for _, of in counts} == {8}
