"""Every document, read and normalized, gives every value of its golden.

A difference is printed as a line of a table: serial, entity, column, golden, got, flagged. When
one appears, the document decides who is wrong (see ``tests/goldens/README.md``).
"""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.goldens import (
    FIXTURES,
    GOLDENS,
    OTHER_CITY,
    ZIYANG,
    Reading,
    Values,
    differences,
    golden_values,
    notice_values,
    rows_of,
    table,
)
from tests.support.paths import CHROMIUM, ROOT

TEXT = ROOT / "raw" / "notices" / "ziyang-2020-text" / "notice.txt"

CLEAN_FLAGS, TEXT_FLAGS = 0.02, 0.10


def read_notice(path: Path) -> Reading:
    document = read_document(path, cross_check=False)
    notice = normalize(document, SourceMeta(document_id="golden"))
    flagged = frozenset((t.serial_no, t.entity) for t in notice.targets if t.needs_review)
    return Reading(document, notice, notice_values(notice), flagged)


def totals(notice: Notice) -> tuple[float, ...]:
    group_of = {row.serial_no: row.weight_group for row in notice.indicators}
    points = {
        (row.entity, group_of[row.serial_no]): row.max_points or 0
        for row in notice.targets
        if row.status == "assessed"
    }
    return tuple(
        sum(value for (of, _), value in points.items() if of == entity)
        for entity in notice.entities
    )


def check_clean(golden: Values, reading: Reading, shape: tuple[int, int, int]) -> None:
    notice = reading.notice
    groups = {row.weight_group for row in notice.indicators}
    found = list(differences(golden, reading))
    assert not found, table(found, golden, reading)
    assert (len(notice.indicators), len(groups), len(notice.targets)) == shape
    flags = [(t.serial_no, t.entity, t.review_reason) for t in notice.targets if t.needs_review]
    assert len(flags) <= CLEAN_FLAGS * len(notice.targets), flags


@pytest.fixture(scope="session")
def printed_by_chromium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    folder = tmp_path_factory.mktemp("chromium")
    out = folder / "chromium.pdf"
    switches = (
        *("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run"),
        *("disable-background-networking", "disable-component-update", "disable-sync"),
        *(f"user-data-dir={folder / 'profile'}", "no-pdf-header-footer", f"print-to-pdf={out}"),
    )
    page = (FIXTURES / "2020" / "notice.html").as_uri()
    command = [CHROMIUM, *(f"--{switch}" for switch in switches), page]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return out


@pytest.fixture(scope="session")
def ziyang() -> Values:
    return golden_values("ziyang-2020")


@pytest.fixture(scope="session")
def other_city() -> Values:
    return golden_values("other-city-2021")


@pytest.fixture(scope="session")
def damaged() -> Reading:
    return read_notice(TEXT)


@pytest.fixture(scope="session")
def damage() -> list[dict[str, str]]:
    return rows_of(GOLDENS / "ziyang-2020" / "notice_txt.csv")


@pytest.mark.parametrize("name", ZIYANG)
def test_rebuilt_notice_is_read_in_every_value(
    name: str, ziyang: Values, request: pytest.FixtureRequest
) -> None:
    printed = name == "chromium.pdf"
    path = request.getfixturevalue("printed_by_chromium") if printed else ZIYANG[name]
    reading = read_notice(path)
    check_clean(ziyang, reading, (106, 82, 530))
    assert totals(reading.notice) == (99, 99, 99, 99, 98.5)
    assert any(
        "临空经济区" in f.message_zh and "98.5" in f.message_zh for f in reading.notice.findings
    )
    front = reading.document.front
    if name in {"writer.pdf", "docx", "html", "chromium.pdf"}:
        assert front.doc_number == "资府办发〔2020〕66号"
        assert front.issuer == "资阳市人民政府办公室"
        assert front.issued_on == date(2020, 12, 6)
    assert reading.notice.year == 2020


@pytest.mark.parametrize("name", OTHER_CITY)
def test_other_city_is_read_in_every_value(name: str, other_city: Values) -> None:
    reading = read_notice(OTHER_CITY[name])
    check_clean(other_city, reading, (67, 52, 536))
    assert totals(reading.notice) == (100,) * 8
    assert reading.notice.year == 2021


def text_golden(ziyang: Values, damage: list[dict[str, str]], got: Values) -> Values:
    """The golden as the damaged text prints it: own cells where the rebuilt table merged them."""
    golden = dict(ziyang)
    for row in damage:
        if row["field"] == "inherited":
            key = int(row["serial_no"]), row["entity"], "inherited"
            golden[key] = False if row["supported"] else got.get(key)
    return golden


def test_damaged_text_is_read_or_flagged_in_every_value(
    ziyang: Values, damage: list[dict[str, str]], damaged: Reading
) -> None:
    golden = text_golden(ziyang, damage, damaged.values)
    found = list(differences(golden, damaged))
    silent = [key for key in found if not damaged.is_flagged(*key)]
    assert not silent, table(silent, golden, damaged)
    assert len(damaged.notice.indicators) == 106
    assert damaged.document.front.doc_number == "资府办发〔2020〕66号"
    assert damaged.document.front.issued_on == date(2020, 12, 6)


def test_what_the_damaged_text_lost_is_flagged(
    damage: list[dict[str, str]], damaged: Reading
) -> None:
    lost = [
        (int(row["serial_no"]), row["entity"], row["field"])
        for row in damage
        if row["must_flag"] == "true"
    ]
    assert [key for key in lost if not damaged.is_flagged(*key)] == []
    reasons = {(t.serial_no, t.entity): t.review_reason for t in damaged.notice.targets}
    assert all(reasons[key] for key in damaged.flagged)


def test_the_damaged_text_is_not_flagged_where_it_is_surely_right(
    ziyang: Values, damage: list[dict[str, str]], damaged: Reading
) -> None:
    golden = text_golden(ziyang, damage, damaged.values)
    lost = {(int(row["serial_no"]), row["entity"]) for row in damage if row["must_flag"] == "true"}
    wrong = {(serial, entity) for serial, entity, _ in differences(golden, damaged)} | lost
    needless = [
        f"{t.serial_no:>4} | {t.entity} | {t.review_reason}"
        for t in damaged.notice.targets
        if t.needs_review and not {(t.serial_no, t.entity), (t.serial_no, "")} & wrong
    ]
    count = len(damaged.notice.targets)
    assert len(needless) <= TEXT_FLAGS * count, (
        f"\n{len(needless)} of {count} flagged needlessly\n" + ("\n".join(needless))
    )


def test_a_workbook_with_its_merged_cells_taken_apart_is_wrong_nowhere_in_silence(
    ziyang: Values, tmp_path: Path
) -> None:
    """Programs that know no merged cells save a table so: blanks stand where they were."""
    book = openpyxl.load_workbook(ZIYANG["xlsx"])
    for sheet in book:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
    path = tmp_path / "apart.xlsx"
    book.save(path)
    reading = read_notice(path)
    found = [key for key in differences(ziyang, reading) if key[2] != "inherited"]
    silent = [key for key in found if not reading.is_flagged(*key)]
    assert not silent, table(silent, ziyang, reading)
    assert len(found) <= 0.03 * len(ziyang), table(found, ziyang, reading)
    flags = sum(target.needs_review for target in reading.notice.targets)
    assert flags <= TEXT_FLAGS * len(reading.notice.targets)
