"""How far signs of doubt reach, and the catalogue of all of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from normalize.checks.misread_points import one_slip
from normalize.checks.ranges import outliers
from normalize.findings.catalogue import Sign, catalogue
from normalize.pipeline import normalize
from normalize.text.near_departments import near_name
from schemas.records.document import Document
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table
from tests.support.normalize.sign_codes import ROOT, codes_in_program
from tests.support.normalize.sign_texts import CLEAN, HEADER

SERIAL = "序号 | 一级指标 | 二级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 丙县 | 丁县 | 考核单位"


def read(body: str, header: str = HEADER) -> Notice:
    drawn = table(f"{header}\n{body.strip()}", page=1)
    return normalize(document(drawn, title="2020年度考核指标"), SourceMeta("x", year=2020))


def codes(notice: Notice) -> set[str]:
    return {finding.code for finding in notice.findings}


def test_a_clean_document_shows_no_sign() -> None:
    notice = read(CLEAN)
    assert codes(notice) == set()
    assert not any(target.needs_review for target in notice.targets)


@for_each(
    "numbers, is_shown",
    [((1, 2, 3, 4, 5, 6), False), ((1, 2, 4, 5, 6, 7), True), ((1, 2, 3, 3, 4, 5), True),
     ((1, 2, 5, 6, 3, 4), True), ((1, 2, 3, 1, 2, 3), False)],
)  # fmt: skip
def test_serial_numbers(numbers: tuple[int, ...], *, is_shown: bool) -> None:
    rows = CLEAN.strip().split("\n")
    body = "\n".join(f"{number} | {row}" for number, row in zip(numbers, rows, strict=True))
    assert ("serial_gap" in codes(read(body, SERIAL))) is is_shown


@pytest.mark.parametrize(("printed", "is_shown"), [("11", False), ("12", True)])
def test_printed_sums(printed: str, *, is_shown: bool) -> None:
    body = CLEAN.replace("发展质量 |", "发展质量（7分） |").replace(
        "社会民生 |", f"社会民生（{int(printed) - 7}分） |"
    )
    assert ("heading_sum_differs" in codes(read(body))) is is_shown


@pytest.mark.parametrize(("other", "is_shown"), [("7", False), ("７", False), ("1", True)])
def test_readers(other: str, *, is_shown: bool) -> None:
    doubted = with_sevens(agreed=False, other_text=other)
    assert ("readers_disagree" in codes(normalize(doubted, SourceMeta("x", year=2020)))) is is_shown


@pytest.mark.parametrize(("confidence", "is_shown"), [(0.99, False), (0.3, True)])
def test_confidence(confidence: float, *, is_shown: bool) -> None:
    doubted = with_sevens(confidence=confidence)
    assert ("low_confidence" in codes(normalize(doubted, SourceMeta("x", year=2020)))) is is_shown


def with_sevens(**changes: Any) -> Document:
    """The clean document, its cells that print 7 changed."""
    drawn = table(f"{HEADER}\n{CLEAN.strip()}", page=1)
    cells = (c._replace(**changes) if c.text == "7" else c for c in drawn.cells)
    return document(replace(drawn, cells=tuple(cells)), title="2020年度考核指标")


@for_each(
    "name, printed, near",
    [
        ("市经济和信患化局", {}, True),
        ("市经济和信息化局", {}, False),
        ("市经济信息化局", {}, False),
        ("市发展和改革委员会", {}, False),
        ("市卫生健康局", {}, False),
        ("市财政局", {"市民政局": 9}, False),
        ("市患政局", {}, True),
        ("市同城化发展工作局", {}, False),
        ("市同城化发殿工作局", {"市同城化发展工作局": 3}, True),
        ("市交警一大队", {"市交警二大队": 4}, False),
        ("县财政局", {"市财政局": 8}, False),
        ("市委", {}, False),
        ("市政府", {}, False),
        ("市教育局槽民政局", {}, True),
        ("市公安局交警支队", {"市公安局": 3}, False),
        ("局市财政局", {}, True),
        ("局市同城化发展局", {"市同城化发展局": 1}, True),
        ("局机关党委", {}, False),
        ("会展局", {}, False),
        ("乡建设局", {"市财政局": 2, "市教育局": 1}, True),
        ("育局", {"市财政局": 2, "市教育局": 1}, True),
        ("化发展局", {"市财政局": 2, "市同城化发展局": 1}, True),
        ("建设局", {"财政局": 2, "教育局": 1}, False),
        ("市建设局", {"市财政局": 2, "市教育局": 1}, False),
        ("组织部", {"市财政局": 2, "市教育局": 1}, False),
        ("交警大队", {"市公安局交警大队": 2, "市教育局": 1}, False),
    ],
)
def test_near_departments(name: str, printed: dict[str, int], *, near: bool) -> None:
    assert bool(near_name(name, printed)) is near


@for_each(
    "values, far",
    [
        ((4.3, 4.5, 5.1, 48), ["d"]),
        ((4.3, 4.5, 5.1, 0.48), ["d"]),
        ((4.3, 4.5, 5.1, 20), []),
        ((4.3, 4.5, 48), []),
        ((1, 10, 100, 1000), []),
        ((0, 4.5, 5.1, 48), []),
        ((-4, -5, -4, -40), []),
    ],
)
def test_far_numbers(values: tuple[float, ...], far: list[str]) -> None:
    found = list(outliers(dict(zip("abcd", values, strict=False))))
    assert [one.entity for one in found] == far
    assert all(one.likely == pytest.approx(4.8) for one in found)


def test_a_large_number_that_lies_far_is_told_in_all_its_digits() -> None:
    few = CLEAN.replace("企业总数（户）", "粮食产量（吨）")
    notice = read(few.replace("| 7 | 8 | 9 | 6 |", "| 1234567 | 1234599 | 1250001 | 12345678 |"))
    (far,) = notice.findings
    assert far.message_zh.startswith("目标值12345678与")
    assert "中位数1234599" in far.message_zh
    (meant,) = far.alternatives
    assert (meant.text, meant.value, meant.unit) == ("1234567.8", 1234567.8, "吨")


@for_each(
    "printed, meant, slip",
    [(8, 3, True), (15, 1.5, True), (1.5, 15, True), (12, 13, True), (12, 34, False),
     (3, 3, False), (3, -3, False), (2, 12, False)],
)  # fmt: skip
def test_one_slip(printed: float, meant: float, *, slip: bool) -> None:
    assert one_slip(printed, meant) is slip


def test_points_that_one_slip_explains_are_flagged_and_no_others() -> None:
    notice = read(CLEAN.replace("3（丁县4）", "30（丁县4）"))
    flagged = {(t.serial_no, t.entity) for t in notice.targets if t.needs_review}
    assert flagged == {(1, "甲县"), (1, "乙县"), (1, "丙县"), (6, "丁县")}


def test_every_code_is_in_the_catalogue_and_every_sign_is_used() -> None:
    used = codes_in_program()
    known = {sign.code for sign in catalogue()}
    assert {code: place for code, place in used.items() if code not in known} == {}
    assert known - used.keys() == set()


def test_the_catalogue_is_whole() -> None:
    assert [sign.code for sign in catalogue() if not _is_whole(sign)] == []


def _is_whole(sign: Sign) -> bool:
    return (
        set(sign.severities) <= {"info", "warning", "error"}
        and sign.touches in ("targets", "finding")
        and re.search("[㐀-鿿]", sign.zh) is not None
        and sign.en.endswith(".")
    )


def test_the_page_lists_the_catalogue() -> None:
    page = Path(ROOT, "docs", "trust.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|", page, re.MULTILINE)
    expected = [(s.code, " or ".join(s.severities), s.en, s.zh) for s in catalogue()]
    assert listed == expected
