"""What earlier years know: words that settle a scan, and values that lie far from theirs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from common.refusal import Refusal
from flows.jobs import earlier_years as earlier
from flows.jobs import ingest as steps
from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order, Reading
from schemas.records.document import Cell, Document
from schemas.records.source import SourceMeta
from tests.support.paths import NOTICE
from warehouse.query import query

ISSUER = "资阳市人民政府办公室"
SLIP = ("<td>60</td>", "<td>600</td>")  # 建筑业总产值（亿元） of 安岳县
GROWN = ("<td>45</td>", "<td>90</td>")  # the same of 乐至县, twice as much
RATE = ("<td>5.4</td>", "<td>0.2</td>")  # a rate of growth that fell
TENFOLD = ("<td>3.0</td>", "<td>30</td>")  # a rate with its point lost


@pytest.fixture
def warehouse(landed: Path, tmp_path: Path) -> Path:
    """A warehouse of its own that holds the notice of 2020."""
    shutil.copytree(landed, tmp_path / "tables", symlinks=True)
    return tmp_path / "tables"


def next_year(folder: Path, *changes: tuple[str, str], name: str = "2021.html") -> Path:
    """Return the notice as it might be printed a year later."""
    text = NOTICE.read_text(encoding="utf-8").replace("2020", "2021")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def land(warehouse: Path, path: Path, document_id: str, year: int = 2021) -> None:
    ingest(Order(path, warehouse, document_id, year), lambda _: None)


def told(warehouse: Path, document_id: str) -> list[tuple[Any, ...]]:
    return query(
        warehouse,
        "SELECT serial_no, entity, severity, [a.text FOR a IN alternatives], message_zh "
        "FROM findings WHERE code = 'value_out_of_range' "
        f"AND document_id = '{document_id}' ORDER BY ALL",
    ).rows


def of_past(warehouse: Path, document_id: str) -> list[tuple[Any, ...]]:
    return [row for row in told(warehouse, document_id) if "2020年文件" in row[4]]


def test_a_value_far_from_last_years_is_named(warehouse: Path, tmp_path: Path) -> None:
    land(warehouse, next_year(tmp_path, SLIP, GROWN, RATE, TENFOLD), "y-2021")
    rate, amount = of_past(warehouse, "y-2021")
    assert amount[:4] == (5, "安岳县", "info", ["60"])
    assert "与2020年文件“ziyang-2020”第5项的60相差悬殊，可能应为60" in amount[4]
    assert rate[:4] == (1, "雁江区", "info", ["3"])
    flagged = query(
        warehouse,
        "SELECT count(*) FROM targets WHERE document_id = 'y-2021' AND serial_no IN (1, 5) "
        "AND needs_review",
    ).rows
    assert flagged == [(0,)]


def test_a_whole_row_that_is_far_is_named_once(warehouse: Path, tmp_path: Path) -> None:
    row = "<td>15</td><td>7</td><td>16</td><td>43</td><td>9</td>"  # 高新技术产业营业收入（亿元）
    more = row.replace("</td>", "0</td>")
    land(warehouse, next_year(tmp_path, (row, more)), "y-2021")
    ((serial_no, entity, _, _, message),) = of_past(warehouse, "y-2021")
    assert (serial_no, entity) == (14, None)
    assert "雁江区150（15）" in message and "计量单位和统计口径" in message


def test_what_is_no_past_says_nothing(warehouse: Path, tmp_path: Path) -> None:
    """Another office, a year that changed nothing, and the same year's notice give no sign."""
    office = (ISSUER, "天河市人民政府办公室")  # above the notice, and under it
    other = next_year(tmp_path, SLIP, office, office, name="other.html")
    land(warehouse, other, "other-2021")
    assert of_past(warehouse, "other-2021") == []
    land(warehouse, next_year(tmp_path), "kept-2021")
    assert of_past(warehouse, "kept-2021") == []
    changed = tmp_path / "same-year.html"
    text = NOTICE.read_text(encoding="utf-8").replace(*SLIP, 1)
    changed.write_text(text, encoding="utf-8")
    land(warehouse, changed, "again-2020", 2020)
    assert of_past(warehouse, "again-2020") == []


def test_what_is_landed_later_changes_nothing_earlier(warehouse: Path, tmp_path: Path) -> None:
    land(warehouse, next_year(tmp_path, SLIP), "y-2021")
    order = Order(NOTICE, warehouse, "ziyang-2020", cross_check=False)
    assert ingest(order, lambda _: None).changed is False
    again = Order(tmp_path / "2021.html", warehouse, "y-2021", 2021)
    assert ingest(again, lambda _: None).changed is False


def doubtful(document: Document, right: str, wrong: str) -> Document:
    """Return the document as a scan in which one cell can be read in two ways."""

    def seen(cell: Cell) -> Cell:
        if cell.text != right:
            return cell._replace(confidence=1.0)
        return cell._replace(text=wrong, other_text=right, agreed=False, confidence=0.6)

    tables = tuple(replace(t, cells=tuple(map(seen, t.cells))) for t in document.tables)
    return replace(document, tables=tables)


def read(monkeypatch: pytest.MonkeyPatch, warehouse: Path, path: Path) -> Reading:
    """Read a notice whose only department of statistics was recognised in two ways."""
    from extract import read as reading

    real = reading.read_document

    def scanned(source: Path, **named: Any) -> Document:
        return doubtful(real(source, **named), "市消防救援支队", "市消防敕援支队")

    monkeypatch.setattr(reading, "read_document", scanned)
    return steps.read_and_normalize(path, SourceMeta("y-2021", year=2021), False, warehouse)


def test_a_word_of_last_year_settles_and_says_whose_it_is(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = read(monkeypatch, warehouse, next_year(tmp_path)).notice
    (settled,) = (each for each in notice.findings if each.code == "settled_by_vocabulary")
    assert settled.severity == "info"
    assert "按2020年文件“ziyang-2020”的词语取“市消防救援支队”" in settled.message_zh
    departments = {name for each in notice.indicators for name in each.assessing_departments}
    assert "市消防救援支队" in departments


def test_a_word_that_was_in_doubt_settles_nothing(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = ("市消防救援支队", "市消防救援支")  # no department looks like this
    text = NOTICE.read_text(encoding="utf-8").replace(*cut)
    (tmp_path / "2020.html").write_text(text, encoding="utf-8")
    land(warehouse, tmp_path / "2020.html", "ziyang-2020", 2020)
    known = earlier.earlier_than(warehouse, "y-2021", 2021, ISSUER)
    assert "市财政局" in known.words[0].words
    assert cut[1] not in known.words[0].words


def test_without_an_earlier_year_the_doubt_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = read(monkeypatch, tmp_path / "nothing", next_year(tmp_path)).notice
    codes = [each.code for each in notice.findings]
    assert "settled_by_vocabulary" not in codes and "readers_disagree" in codes


def test_of_one_office() -> None:
    rows = [
        {"document_id": "a", "year": 2020, "issuer": "甲市人民政府办公室"},
        {"document_id": "b", "year": 2019, "issuer": "乙市人民政府办公室"},
        {"document_id": "c", "year": 2019, "issuer": None},
    ]

    def ids(issuer: str | None, given: list[dict[str, Any]]) -> list[str]:
        return [each["document_id"] for each in earlier.of_one_office(given, issuer)]

    assert ids("乙市 人民政府办公室", rows) == ["b"]
    assert ids(None, rows) == []  # two offices, and no telling which
    assert ids(None, [rows[0], rows[2]]) == ["a"]
    assert ids("丙市人民政府办公室", rows) == []


def test_a_warehouse_that_cannot_be_read_is_refused(warehouse: Path, tmp_path: Path) -> None:
    (table,) = (warehouse / "current/indicators").glob("year=*/*.parquet")
    table.unlink()
    table.write_bytes(b"no table")
    with pytest.raises(Refusal, match="earlier_unreadable") as refused:
        land(warehouse, next_year(tmp_path), "y-2021")
    assert "往年的数据无法读取" in refused.value.zh
