"""Which document a command means, and what is known of it before it is read."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path

import pytest

from common.refusal import Refusal
from flows.jobs.ingest import understand
from flows.jobs.sidecar.document import locate
from flows.jobs.sidecar.ids import id_from_document, resolve
from schemas.records.document import Document, FrontMatter
from schemas.records.source import SourceMeta, Supplier
from tests.support.normalize.drawn import document, table


def notice(folder: Path, sidecar: str | None = None) -> Path:
    folder.mkdir(parents=True)
    path = folder / "notice.txt"
    path.write_text("通知", encoding="utf-8")
    if sidecar is not None:
        (folder / "source.toml").write_text(sidecar, encoding="utf-8")
    return path


def code_of(source: Path, document_id: str | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        locate(source, document_id)
    assert str(source.name) in caught.value.zh + (document_id or "") + str(source)
    return caught.value.code


def read(**front: object) -> Document:
    return Document("a.pdf", "pdf", "0" * 64, "reader", (), FrontMatter(**front))  # type: ignore[arg-type]


def test_folder_in_raw_names_the_document(tmp_path: Path) -> None:
    path = notice(tmp_path / "raw" / "notices" / "city-2031")
    assert locate(path.parent).path == path
    assert locate(path).meta == SourceMeta("city-2031")


def test_loose_file_has_no_id_yet(tmp_path: Path) -> None:
    assert locate(notice(tmp_path / "desk")).meta.document_id == ""


def test_sidecar_is_read_whole(tmp_path: Path) -> None:
    digest = hashlib.sha256("通知".encode()).hexdigest()
    path = notice(
        tmp_path / "city-2031",
        f"""year = 2021
title = "通知"
doc_number = "府〔2031〕1号"
issuer = "市政府"
issued_on = 2021-03-01
received_on = 2021-03-02
url = "an address"
sha256 = "{digest}"
role = "draft"
supersedes = "city-2030"
entities = ["甲县", "乙县", "甲县"]
[departments]
"发改委" = "市发展改革委"
[rank_groups]
"县" = ["甲县", "乙县"]
""",
    )
    assert locate(path).meta == SourceMeta(
        document_id="city-2031",
        year=2021,
        title="通知",
        doc_number="府〔2031〕1号",
        issuer="市政府",
        issued_on=date(2021, 3, 1),
        origin="an address",
        received_on=date(2021, 3, 2),
        sha256=digest,
        role="draft",
        supersedes="city-2030",
        departments={"发改委": "市发展改革委"},
        rank_groups={"县": ("甲县", "乙县")},
        entities=("甲县", "乙县"),
    )
    assert locate(path, entities=("丙县",)).meta.entities == ("丙县",)


@pytest.mark.parametrize(
    "sidecar",
    [
        "year = ",
        'year = "2031"',
        "year = true",
        'role = "final"',
        'yaer = "2031"',
        'entities = "甲县"',
        "entities = []",
        'entities = ["甲县", ""]',
        "departments = 3",
        "[departments]\na = 1",
        "[rank_group]\n县 = ['甲县']",
        "[bonus]\ncap = 5",
        "[[grades]]\nname = '优秀'",
        "issued_on = 3",
        "issued_on = 2021-01-05T08:00:00",
        "issued_on = 2999-01-01",
        "received_on = 0001-01-01",
        "issued_on = 2021-03-02\nreceived_on = 2021-03-01",
    ],
)
def test_mistaken_sidecar_is_refused(tmp_path: Path, sidecar: str) -> None:
    assert code_of(notice(tmp_path / "city", sidecar)) == "bad_source_toml"


@pytest.mark.parametrize(
    ("sidecar", "said"),
    [
        ('issued_on = "2031-01-05"', "应为日期（不加引号，例如 2021-01-05）"),
        ('year = "2031"', "应为整数（不加引号）"),
        ('licence = "可以 用"', "应为许可协议的代号"),
        ("title = 2031", "应为文字（用英文双引号括起）"),
        ("yaer = 2031", "没有“yaer”这一项，可用的有title"),
    ],
)
def test_mistake_in_a_sidecar_is_told_in_chinese(tmp_path: Path, sidecar: str, said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        locate(notice(tmp_path / "city", sidecar))
    assert said in refusal.value.zh


def test_another_file_than_the_sidecar_was_written_for(tmp_path: Path) -> None:
    assert code_of(notice(tmp_path / "city", f'sha256 = "{"0" * 64}"')) == "sha256_differs"


def test_folder_must_hold_one_document(tmp_path: Path) -> None:
    path = notice(tmp_path / "city", "year = 2031")
    (path.parent / "other.pdf").write_bytes(b"")
    assert code_of(path.parent) == "not_one_document"
    path.unlink()
    assert locate(path.parent).path.name == "other.pdf"


def test_missing_file(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.pdf") == "no_such_file"


def test_pipe_is_no_document(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    assert code_of(tmp_path / "pipe.pdf") == "not_a_file"


@pytest.mark.parametrize("document_id", ["", "../up", "a/b", ".hidden", "a b", "x" * 90])
def test_unsafe_id(tmp_path: Path, document_id: str) -> None:
    assert code_of(notice(tmp_path / "desk"), document_id) == "bad_document_id"


def test_what_a_person_says_comes_first(tmp_path: Path) -> None:
    located = locate(notice(tmp_path / "city", "year = 2031"), "mine", 2032)
    assert (located.meta.document_id, located.meta.year) == ("mine", 2032)


def test_year_and_id_come_from_the_document() -> None:
    known = resolve(SourceMeta(""), read(year=2031, doc_number="资府办发〔2031〕66号"))
    assert known.year == 2031
    assert known.document_id.startswith("2031-66-")


def test_no_year_anywhere() -> None:
    with pytest.raises(Refusal) as caught:
        resolve(SourceMeta("a"), read())
    assert caught.value.code == "no_year"
    assert "--year" in caught.value.zh


def test_id_is_the_same_for_every_form_of_a_number_and_differs_between_offices() -> None:
    one = id_from_document(read(doc_number="资府办发〔2020〕66号"), 2020)
    assert one == id_from_document(read(doc_number="资府办发 [2020] ６６ 号"), 2020)
    assert one != id_from_document(read(doc_number="渝府办发〔2020〕66号"), 2020)
    assert id_from_document(read(title="甲"), 2020) != id_from_document(read(title="乙"), 2020)
    assert id_from_document(read(), 2020) == id_from_document(read(), 2020)


@pytest.mark.parametrize(("issued_on", "fits"), [(2019, False), (2020, True), (2024, False)])
def test_a_notice_is_issued_about_its_year(issued_on: int, fits: bool) -> None:
    meta = SourceMeta("city-2021", year=2021, issued_on=date(issued_on, 3, 1))
    if fits:
        assert resolve(meta, read()).year == 2021
        return
    with pytest.raises(Refusal) as told:
        resolve(meta, read())
    assert told.value.code == "issued_out_of_place"


def test_the_sidecar_or_the_command_says_what_runs_the_pages_of_a_pdf(tmp_path: Path) -> None:
    path = notice(tmp_path / "a", 'supplier = "pdfplumber"\n')
    assert locate(path).meta.supplier is Supplier.PDFPLUMBER
    assert locate(path, supplier="quick").meta.supplier is Supplier.QUICK
    assert locate(notice(tmp_path / "b")).meta.supplier is Supplier.QUICK
    assert code_of(notice(tmp_path / "c", 'supplier = "pdfium"\n')) == "bad_source_toml"


@pytest.mark.parametrize(
    ("declared", "states"),
    [
        ("", ["open", "open"]),
        ('serial_no = 2\neffects = ["bar"]', ["open", "accepted"]),
        ('effects = ["bar"]', ["open", "accepted"]),
        ('serial_no = 1\neffects = ["bar"]', ["open", "open"]),  # no word of how it counts
    ],
)
def test_what_a_declared_veto_answers(tmp_path: Path, declared: str, states: list[str]) -> None:
    said = f"\n[[total.veto]]\n{declared}" if declared else ""
    folder = tmp_path / "raw" / "notices" / "city-2031"
    located = locate(notice(folder, f"year = 2031\n{said}").parent)
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 投资额（亿元） | 100 | 12 | 13 | 按有关规定酌情计分
        否决项 | 违规举债 | — | 不得发生 | 不得发生 | 取消评优资格
        """,
        page=1,
    )
    found = understand(document(one, title="2031年度考核指标"), located.meta, None).notice.findings
    asked = [each for each in found if each.code == "method_not_applied"]
    assert [str(each.state) for each in asked] == states
