from __future__ import annotations

from datetime import date

import pytest

from extract.text.front import completed, front_matter, is_date
from schemas.records.document import FrontMatter
from tests.support.for_each import for_each

NOTICE = [
    "",
    "资府办发〔2020〕66号",
    "资阳市人民政府办公室",
    "关于印发2020年度县（区）、高新区、临空经济区政务目标考核指标的通知",
    "各县（区）人民政府，高新区管委会、临空经济区管委会，市级有关部门（单位）：",
    "经市政府同意，现将《2020年度县（区）考核指标》印发给你们，请认真组织实施。",
    "按照川府发〔2019〕3号文件和2018年度考核结果，各地要认真落实。",
    "资阳市人民政府办公室",
    "2020年12月6日",
    "2020年度县（区）、高新区、临空经济区政务目标考核指标",
]


def test_a_notice_says_all_five() -> None:
    assert front_matter(NOTICE) == FrontMatter(
        doc_number="资府办发〔2020〕66号",
        title="关于印发2020年度县（区）、高新区、临空经济区政务目标考核指标的通知",
        issuer="资阳市人民政府办公室",
        issued_on=date(2020, 12, 6),
        year=2020,
        addressed="各县（区）人民政府，高新区管委会、临空经济区管委会，市级有关部门（单位）",
    )


def test_white_space_and_full_width_digits_do_no_harm() -> None:
    spaced = [" ".join(line).replace("2", "２") for line in NOTICE]
    assert front_matter(spaced) == front_matter(NOTICE)


@for_each(
    "line",
    [
        "资府办发〔2020〕66号",
        "资府办发［2020］66号",
        "资府办发[2020] 66 号",
        "资府办发（2020）第66号",
        "资府办发【2020】066号",
        "文号：资府办发〔2020〕66号",
        "资阳市人民政府文件 资府办发〔2020〕66号",
        "资府办发〔２０２０〕６６号　签发人：张三",
    ],
)
def test_doc_number_is_normalized(line: str) -> None:
    assert front_matter([line]).doc_number == "资府办发〔2020〕66号"


@pytest.mark.parametrize(
    "line",
    [
        "按照川府发〔2019〕3号文件要求，现印发。",
        "现将《考核办法》（川府发〔2019〕3号）印发给你们",
        "66号",
    ],
)
def test_a_cited_number_is_not_the_documents_own(line: str) -> None:
    assert front_matter([line]).doc_number is None


def test_title_over_several_lines() -> None:
    front = front_matter(
        ["南江市人民政府办公室关于印发", "2022年度县（市、区）、", "经开区目标考核指标的", "通  知"]
    )
    assert front.title == "关于印发2022年度县（市、区）、经开区目标考核指标的通知"
    assert front.issuer == "南江市人民政府办公室"
    assert front.year == 2022


@for_each(
    "lines, title, year",
    [
        (["附件", "2021年度目标考核指标"], "2021年度目标考核指标", 2021),
        (["附件1：2021年度目标考核指标"], "2021年度目标考核指标", 2021),
        (["附件 2", "2023年度县（区）、高新区", "高质量发展考核指标表"],
         "2023年度县（区）、高新区高质量发展考核指标表", 2023),
        (["南江市目标考核指标体系", "单位：分"], "南江市目标考核指标体系", None),
        (["二〇二一年度县区目标任务分解表（试行）"],
         "二〇二一年度县区目标任务分解表（试行）", 2021),
        (["2019年完成情况及2020年目标任务"], "2019年完成情况及2020年目标任务", 2020),
    ],
)  # fmt: skip
def test_the_annex_title_stands_in(lines: list[str], title: str, year: int | None) -> None:
    front = front_matter(lines)
    assert (front.title, front.year) == (title, year)


def test_year_is_the_targets_year_not_the_issues() -> None:
    lines = [
        "南府发〔2022〕1号",
        "关于印发2022年重点工作的通知",
        "南江市人民政府",
        "2022年1月20日",
        "2021年度考核指标",
    ]
    front = front_matter(lines)
    assert (front.year, front.issued_on) == (2021, date(2022, 1, 20))
    assert front_matter(lines[:4]).year == 2022
    assert front_matter(["南府发〔2023〕1号", "2024年1月2日"]).year == 2023
    assert front_matter(["2024年1月2日"]).year == 2024


@for_each(
    "text, day",
    [
        ("2020年12月6日", date(2020, 12, 6)),
        ("二〇二〇年十二月六日", date(2020, 12, 6)),
        ("二○二〇年十二月二十六日", date(2020, 12, 26)),
        ("二零二一年一月三十一日", date(2021, 1, 31)),
        ("２０２０ 年 １ 月 １０ 日", date(2020, 1, 10)),
        ("（2020年3月5日）", date(2020, 3, 5)),
        ("资阳市人民政府办公室 2020年12月6日", date(2020, 12, 6)),
        ("成文日期：2020-12-06", date(2020, 12, 6)),
        ("资阳市人民政府办公室秘书科　2020年12月7日印发", date(2020, 12, 7)),
        ("2020年2月30日", None),
        ("截至2020年12月31日完成。", None),
    ],
)
def test_issued_on(text: str, day: date | None) -> None:
    assert front_matter([text]).issued_on == day


def test_two_issuers_sign_together() -> None:
    front = front_matter(["中共南江市委办公室　南江市人民政府办公室", "2021年3月1日"])
    assert front.issuer == "中共南江市委办公室、南江市人民政府办公室"
    below = front_matter(["关于印发办法的通知", "中共南江市委", "南江市人民政府", "2021年3月1日"])
    assert below.issuer == "中共南江市委、南江市人民政府"


def test_letterhead_names_the_issuer() -> None:
    assert front_matter(["资 阳 市 人 民 政 府 办 公 室 文 件"]).issuer == "资阳市人民政府办公室"


def test_look_alikes_are_folded() -> None:
    assert front_matter(["2021年度经济增⻓考核指标"]).title == "2021年度经济增长考核指标"


def test_nothing_said_is_none() -> None:
    assert front_matter([]) == FrontMatter()
    assert front_matter(["首页 > 政务公开", "打印本页"]) == FrontMatter()


def test_completed_only_adds() -> None:
    merged = completed(FrontMatter(year=2020), FrontMatter(year=2019, issuer="南江市人民政府"))
    assert merged == FrontMatter(year=2020, issuer="南江市人民政府")


def test_is_date() -> None:
    assert is_date("2020年12月6日")
    assert not is_date("2020年12月考核")
