"""From the form to the answer to an appeal: deadline, points, who signed, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli
from report.forms.head import HEAD_ROW
from schemas.records.forms import FORM_SHEET, HEADINGS, REPLY_SHEET, SIGN_OFF
from tests.support.flows.offices import DOCUMENT, returned

ROLES = tuple(HEADINGS)
DEPARTMENT = "市统计局"
EVIDENCE = "决算报告.pdf《2020年决算》"
SIGNED = {"reported_by": "甲某", "approved_by": "乙某", "approved_on": "2021-01-04"}


def kaohe(office: Path, name: str, *arguments: object) -> Result:
    more = {"receive": ("--replies", office / "replies"), "forms": ("--out", office / "forms")}
    raw = () if name == "trace" else ("--raw", office / "raw")
    said = [name, *arguments, "--warehouse", office / "tables", *raw, *more.get(name, ())]
    got = CliRunner().invoke(cli, list(map(str, said)))
    assert got.exception is None or isinstance(got.exception, SystemExit), got.exception
    return got


def declare(office: Path, text: str) -> None:
    path = office / "raw/notices" / DOCUMENT / "source.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def head_of(sheet: Any) -> str:
    rows = sheet.iter_rows(max_row=HEAD_ROW - 1)
    return "\n".join(str(cell.value) for row in rows for cell in row if cell.value)


def filled(office: Path, signed: Mapping[str, str], lines: int = 3) -> Path:
    """Fill in a department's form as an office would, its head by the labels that stand there."""
    (path,) = (office / "forms").glob(f"{DEPARTMENT}_*.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book[FORM_SHEET]
    for role, text in signed.items():
        label = next(cell for row in sheet.iter_rows(max_row=HEAD_ROW) for cell in row
                     if cell.value == f"{SIGN_OFF[role]}：")  # fmt: skip
        behind = next(cell for cell in sheet[label.row][label.column :]
                      if not cell.protection.locked)  # fmt: skip
        behind.value = text
    for row in range(HEAD_ROW + 1, HEAD_ROW + 1 + lines):
        sheet.cell(row, ROLES.index("award") + 1).value = 90
        sheet.cell(row, ROLES.index("evidence") + 1).value = EVIDENCE
    made = office / "in" / f"{len(signed)}-{path.name}"
    made.parent.mkdir(exist_ok=True)
    book.save(made)
    return made


def test_deadline_and_points_stand_on_the_form(office: Path) -> None:
    declare(office, "deadline = 2021-01-10\n")
    got = kaohe(office, "forms", 2020)
    assert "2021-01-10" in got.output
    for path in (office / "forms").glob("*.xlsx"):
        sheet = openpyxl.load_workbook(path)[FORM_SHEET]
        assert "报送截止日期：2021年1月10日" in head_of(sheet)
        assert "分值：" in head_of(sheet)
        points = [sheet.cell(row, ROLES.index("points") + 1).value
                  for row in range(HEAD_ROW + 1, sheet.max_row + 1)]  # fmt: skip
        assert all(isinstance(each, (int, float)) and each > 0 for each in points)


def test_what_nobody_approved_is_shown_and_counts_as_declared(office: Path) -> None:
    declare(office, "")
    kaohe(office, "forms", 2020)
    got = kaohe(office, "receive", filled(office, {}), "--received-on", "2021-01-05")
    assert (got.exit_code, "未审核 unapproved 3" in got.output) == (0, True)
    row = returned(office)[0]
    place = row["serial_no"], row["entity"]
    assert "未审核的报送数据 3 行" in kaohe(office, "score", 2020).output
    page = kaohe(office, "trace", 2020, *place).output
    assert ("评定 90%" in page, "未审核" in page) == (True, True)

    declare(office, 'approval = "required"\n')
    got = kaohe(office, "score", 2020, "--as-of", "2021-01-06")
    assert (got.exit_code, "没有计入" in got.output) == (3, True)
    page = kaohe(office, "trace", 2020, *place, "--as-of", "2021-01-06").output
    assert "未审核，不计入：" in page
    assert "未报送" not in page
    some = filled(office, {"reported_by": "甲某"})
    got = kaohe(office, "receive", some, "--received-on", "2021-01-07")
    assert (got.exit_code, "没有审核人或审核日期，按规定不计分" in got.output) == (3, True)
    (reply,) = (office / "replies").rglob("*.xlsx")
    sheet = openpyxl.load_workbook(reply)[REPLY_SHEET]
    texts = [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value]
    assert any("其中未审核 3 行" in text for text in texts)

    got = kaohe(office, "receive", filled(office, SIGNED), "--received-on", "2021-01-08")
    assert (got.exit_code, "未审核 unapproved 0" in got.output) == (0, True)
    last = next(each for each in returned(office) if each["approved_by"])
    assert (last["reported_by"], last["approved_by"], str(last["approved_on"])) == tuple(
        SIGNED.values()
    )
    assert last["evidence"] == EVIDENCE
    kaohe(office, "score", 2020)
    page = kaohe(office, "trace", 2020, *place).output
    for said in ("评定 90%", "报送人 甲某", "审核人 乙某（2021-01-04）", f"佐证材料：{EVIDENCE}"):
        assert said in page


@pytest.mark.parametrize(
    ("text", "key"),
    [('approval = "maybe"\n', "approval"), ('deadline = "1月"\n', "deadline"),
     ('one_figure = "3"\n', "one_figure"), ("one_figure = [9999]\n", "9999")],
)  # fmt: skip
def test_what_is_not_understood_is_refused_by_its_key(office: Path, text: str, key: str) -> None:
    declare(office, text)
    got = kaohe(office, "forms", 2020)
    assert got.exit_code == 1
    assert key in got.output
