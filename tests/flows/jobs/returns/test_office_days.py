"""Returns that come late, are not approved, or lack last year's figure: what an office is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from flows.jobs.desk.owing import owed
from tests.support.flows.small_office import Office

ENTITIES = ("东河区", "南屏县", "西山县")
HEAD = ("序号", "一级指标", "指标名称", "单位", "分值", *ENTITIES, "评分标准", "考核单位")
GROWTH = (1, "经济发展", "地区生产总值增长率", "%", 60, 6, 6, 6, "", "市统计局")
SALES = (2, "经济发展", "社会消费品零售总额", "亿元", 20, 10, 10, 10,
         "比上年每增长1%得2分，最高得20分；负增长的不得分。", "市统计局")  # fmt: skip
JOBS = (3, "社会发展", "城镇新增就业", "人", 20, 500, 500, 500,
        "按市里有关规定酌情计分。", "市统计局")  # fmt: skip
TITLE = ("2024年度县区目标考核指标",)
SOURCE = 'year = 2024\ntitle = "关于印发2024年度目标考核指标的通知"\ndeadline = 2025-01-10\n'
REQUIRED = SOURCE + 'approval = "required"\n'
STANDING = (
    "SELECT entity, status, points, approval, lateness, days_late FROM scores "
    "WHERE serial_no = 1 AND as_of = DATE '{}' ORDER BY entity"
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Office(tmp_path_factory.mktemp("published"))
    made.publish("office-2024", (TITLE, HEAD, GROWTH), SOURCE)
    return made.folder


@pytest.fixture
def office(published: Path, tmp_path: Path) -> Office:
    shutil.copytree(published, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Office(tmp_path)


def standing(office: Office, day: str, code: int = 3) -> list[tuple[object, ...]]:
    office.kaohe("score", 2024, "--as-of", day, code=code)
    office.kaohe("score", 2024, "--as-of", day, "--replay")
    return office.rows(STANDING.format(day))


def test_late_is_called_late_and_counts(office: Office) -> None:
    form = office.form(2024)
    form.put(1, "东河区", "实际值", 5)
    form.put(1, "南屏县", "实际值", 6)
    office.hand_in(form, "2025-01-08")
    assert standing(office, "2025-01-09", code=0) == [
        ("东河区", "scored", 50, "not_approved", "in_time", None),
        ("南屏县", "scored", 60, "not_approved", "in_time", None),
        ("西山县", "not_received", None, None, None, None),
    ]
    assert standing(office, "2025-01-12")[2][-2:] == ("overdue", 2)

    form.put(1, "东河区", "实际值", 6)
    form.put(1, "西山县", "实际值", 3)
    form.put(1, "南屏县", "实际值", None)
    said = office.hand_in(form, "2025-01-15", code=3)
    for wanted in ("逾期 5 天", "有 2 行仍予计入", "其中 1 行此前曾按期报送", "逾期报送 late 2"):
        assert wanted in said
    assert list((office.folder / "replies").rglob("*.xlsx"))
    assert standing(office, "2025-01-15") == [
        ("东河区", "scored", 60, "not_approved", "late_revision", 5),
        ("南屏县", "scored", 60, "not_approved", "in_time", None),
        ("西山县", "scored", 30, "not_approved", "late", 5),
    ]
    said = office.kaohe("score", 2024, code=3)
    assert "逾期报送（期限 2025-01-10）" in said
    assert "逾期报送 2" in said
    page = office.kaohe("trace", 2024, 1, "东河区")
    assert "报送期限 2025-01-10" in page
    assert "2025-01-15 报送，第2次，逾期 5 天，首次报送 2025-01-08" in page
    page = office.kaohe("trace", 2024, 1, "西山县", "--as-of", "2025-01-12")
    assert "逾期未报（截至 2025-01-12 已逾期 2 天）" in page
    (line,) = owed(office.folder / "t", office.folder / "raw", office.folder / "forms",
                   "office-2024", 2024).departments  # fmt: skip
    assert (line.received, line.late) == (3, 1)  # one more had come in time before


def test_what_waits_for_approval_is_not_called_missing(office: Office) -> None:
    office.declare("office-2024", REQUIRED)
    form = office.form(2024)
    form.put(1, "东河区", "实际值", 5)
    form.sign(报送人="甲某", 审核人="乙某")
    said = office.hand_in(form, "2025-01-08", code=3)
    assert "有 1 行没有审核人或审核日期" in said
    row = standing(office, "2025-01-08")[0]
    assert row == ("东河区", "not_received", None, "withheld", "in_time", None)
    said = office.kaohe("score", 2024, code=3)
    for wanted in ("已报送未审核的部门 1 个", "已报送、未审核的数据 1 行", "甲某", "乙某", "第7行"):
        assert wanted in said
    page = office.kaohe("trace", 2024, 1, "东河区")
    for wanted in ("未审核，不计入：", "有审核人 乙某，没有审核日期", "实际 5", "报送人 甲某",
                   "已报送、未审核，不计入（市统计局 2025-01-08 报送 5）"):  # fmt: skip
        assert wanted in page
    assert "未报送" not in page
    assert "未报送" in office.kaohe("trace", 2024, 1, "西山县")

    form.sign(审核人="乙某", 审核日期="2025-01-08")
    office.hand_in(form, "2025-01-09")
    assert standing(office, "2025-01-09", code=0)[0][1:4] == ("scored", 50, "approved")
    form.put(1, "东河区", "实际值", 6)
    form.sign(审核日期="")
    office.hand_in(form, "2025-01-10", code=3)  # a newer value, nobody approved it
    assert standing(office, "2025-01-10")[0][1:4] == ("scored", 50, "withheld")
    assert "另有已报送、未审核，不计入" in office.kaohe("trace", 2024, 1, "东河区")


def test_what_is_there_by_half_says_what_is_missing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    aims = ("新增规上企业5家，新增高新技术企业3家",) * 3
    firms = (1, "经济发展", "培育企业", "家", 40, *aims, "", "市统计局")
    income = (2, "经济发展", "居民收入增速", "%", 60, *("高于全省平均水平",) * 3, "", "市统计局")
    office.publish("office-2024", (TITLE, HEAD, firms, income), REQUIRED)
    form = office.form(2024)
    form.put(1, "东河区", "实际值", 5, "新增规上企业5家")
    office.hand_in(form, "2025-01-08", code=3)
    form = office.form(2024)
    form.put(2, "东河区", "实际值", 6)
    form.sign(审核人="乙某", 审核日期="2025-01-08")
    office.hand_in(form, "2025-01-09", code=3)
    said = office.kaohe("score", 2024, "--as-of", "2025-01-12", code=3)
    assert "已报送未审核 1　逾期未报 6" in said  # a part of the one that waits is missing, too
    page = office.kaohe("trace", 2024, 1, "东河区")
    assert "（1）未审核，不计入：" in page
    assert "分项（2）未报送" in page
    page = office.kaohe("trace", 2024, 2, "东河区")
    assert "未报送完整的数据（缺比较基准值）" in page
    assert "部分收到" in page


@pytest.mark.parametrize(
    ("written", "said"), [("2023-12-31", "早于考核年度 2024 年"), ("2025-01-09", "晚于收到日")]
)
def test_a_day_of_approval_that_cannot_be_is_asked_about(
    office: Office, written: str, said: str
) -> None:
    form = office.form(2024)
    form.put(1, "东河区", "实际值", 5)
    form.sign(审核人="乙某", 审核日期=written)
    assert said in office.hand_in(form, "2025-01-08", code=3)
    kept = office.rows("SELECT CAST(approved_on AS VARCHAR) FROM returns")
    assert kept == [(None if "早于" in said else written,)]


def test_provisional_points_are_not_green_and_a_missing_base_is_named(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.publish("office-2024", (TITLE, HEAD, GROWTH, SALES, JOBS), SOURCE)
    form = office.form(2024)
    for serial, value in ((2, 12), (3, 500)):
        form.put(serial, "东河区", "实际值", value)
    office.hand_in(form, "2025-01-08")
    said = office.kaohe("score", 2024, code=3)
    assert "计分办法尚未采用、暂计分 1" in said
    assert "缺少计分依据 3" in said
    rows = office.rows("SELECT serial_no, status, light FROM scores WHERE entity = '东河区'")
    assert sorted(rows)[1:] == [(2, "unreadable", "grey"), (3, "method_not_applied", "yellow")]
    page = office.kaohe("trace", 2024, 2, "东河区")
    assert "上年数不明：通知没有载明上年数，库中也没有上年的现行通知" in page
    assert "目标无法辨认" not in page
    (trace,) = office.rows("SELECT trace FROM scores WHERE serial_no = 2 AND entity = '东河区'")
    assert json.loads(trace[0])["target"]["base_missing"] == "no_notice"


def test_a_night_ends_with_3_where_values_came_late_or_wait_for_approval(office: Office) -> None:
    office.declare("office-2024", REQUIRED)
    form = office.form(2024)
    form.put(1, "东河区", "实际值", 5)
    inbox = office.folder / "raw/inbox/2025-01-12"
    inbox.mkdir(parents=True)
    form.saved(inbox / "1.xlsx")
    said = office.kaohe("nightly", code=3)
    assert "已报送未审核 1，逾期报送 1，逾期未报 2" in said.replace("\n", "")
    office.kaohe("nightly")
