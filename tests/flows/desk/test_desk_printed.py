"""The answer to an appeal shows the line as it is printed, cut out of the page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from extract.read import read_document
from flows.jobs.desk.memory import Memory, key_of
from flows.jobs.desk.printed import name_of, printed_line
from flows.jobs.sidecar.document import locate
from tests.support.flows.desk import Office
from tests.support.paths import FIXTURES

NAME = "printed-2024"


def test_the_part_of_the_page_is_drawn_once_and_nothing_else_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, folder = Office(tmp_path), tmp_path / "raw/notices" / NAME
    folder.mkdir(parents=True)
    shutil.copyfile(FIXTURES / "printed/calc-classic-5.pdf", folder / "notice.pdf")
    (folder / "source.toml").write_text("year = 2024\n", "utf-8")
    memory, located, warehouse = Memory(), locate(folder), office.desk.order.warehouse
    memory.keep(key_of(located), read_document(located.path, cross_check=False))
    memory.land(memory.understand(located, warehouse), folder, warehouse)
    line = printed_line(warehouse, office.desk.order.raw, NAME, 1)
    (strip,) = line.strips
    assert any(names for names, *_ in strip.marks)
    place = f"/scores/{NAME}/printed/1"
    picture = office.get(f"{place}/{name_of(strip)}")
    assert picture.headers["content-type"] == "image/webp"
    monkeypatch.setattr("flows.jobs.desk.printed.make_print", None)  # it is there by now
    assert office.get(f"{place}/{name_of(strip)}").content == picture.content
    for other in ("002-1.webp", "001-9.webp", "..%2f..%2fsource.toml", "a%00", "%2fetc%2fpasswd"):
        assert office.get(f"{place}/{other}").status_code == 404
    assert office.get(f"/scores/nobody/printed/1/{name_of(strip)}").status_code == 400
    assert office.browser().get(f"{place}/{name_of(strip)}").status_code == 401
