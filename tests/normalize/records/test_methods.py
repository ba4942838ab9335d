"""How points are given lands as printed, once an indicator and text, with the rule it means."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from normalize.pipeline import normalize
from schemas.records.notice import PrintedMethod
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table


def test_methods_beside_and_inside_targets() -> None:
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 投资额（亿元） | 60 | 12，每少1亿元扣2分 | 13，每少1亿元扣2分 | 按完成比例得分
        发展 | 高企数量（户） | 40 | 3 | 4 | .
        """,
        page=1,
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    assert [(m.serial_no, m.text, m.status, m.rule) for m in notice.methods] == [
        (1, "按完成比例得分", "proposed", "proportional"),
        (1, "每少1亿元扣2分", "proposed", "per_unit"),
    ]
    assert [f.code for f in notice.findings].count("method_not_applied") == 2
    assert all("几条办法" in str(method.reason) for method in notice.methods)
    assert [t.target_value for t in notice.targets] == [12, 13, 3, 4]
    assert all(method.reason and method.cell for method in notice.methods)


def _noted(*notes: str) -> dict[int, tuple[str, str, str | None]]:
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县
        发展 | 投资额（亿元） | 60 | 12 | 13
        发展 | 高企数量（户） | 40 | 3 | 4
        """,
        page=1,
    )
    held = replace(one, notes=notes)
    notice = normalize(document(held, title="2020年度考核指标"), SourceMeta("x"))
    return {m.serial_no: (m.text, str(m.status), m.rule) for m in notice.methods}


def test_methods_in_notes_under_the_table() -> None:
    assert _noted("注：各项指标完成目标得满分，未完成不得分。") == {
        1: ("完成目标得满分，未完成不得分", "applied", "pass_fail"),
        2: ("完成目标得满分，未完成不得分", "applied", "pass_fail"),
    }
    assert _noted("说明：1.第2项每少1户扣2分，扣完为止") == {
        2: ("每少1户扣2分，扣完为止", "applied", "per_unit")
    }
    assert _noted("高企数量：每少1户扣2分") == {2: ("每少1户扣2分", "applied", "per_unit")}
    assert _noted("注：---表示不考核", "指标解释见附件") == {}


def test_a_note_that_says_nothing_without_its_row_is_quoted_with_it() -> None:
    found = _noted("注：1.第1项中，甲县每低0.5亿元扣1分。2.得分保留两位小数。")
    assert found[1][0] == "第1项中，甲县每低0.5亿元扣1分"


def test_a_method_of_a_note_has_the_page_of_the_note() -> None:
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县
        发展 | 投资额（亿元） | 60 | 12 | 13
        发展 | 高企数量（户） | 40 | 3 | 4
        """,
        page=7,
    )
    held = replace(one, notes=("各项指标完成目标得满分，未完成不得分。",))
    notice = normalize(document(held, title="2020年度考核指标"), SourceMeta("x"))
    assert [(m.serial_no, m.page) for m in notice.methods] == [(1, 7), (2, 7)]


def test_points_of_a_shared_cell_are_not_taken_apart() -> None:
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 投资额（亿元） | 60 | 12 | 13 | 每少1亿元扣2分
        ^ | 高企数量（户） | ^ | 3 | 4 | 按完成比例计分
        """,
        page=1,
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    assert [(m.serial_no, str(m.status)) for m in notice.methods] == [
        (1, "proposed"),
        (2, "applied"),
    ]


_WITH_MINUS = """
    考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
    发展 | 投资额（亿元） | 60 | 12 | 13 | 得分＝（1－未完成比例×2）×分值
    发展 | 营商得分 | 40 | 85 | 86 | 〔（实际值－最低值）÷（最高值－最低值）×40%＋60%〕×分值
    加分项 | 获奖 | 加2分 | √ | √ | 获国家级表彰每项加1分，省级每项加0.5分，最多加2分
    """


def test_a_factor_is_no_list_sign_a_tick_no_target_and_a_grade_no_total() -> None:
    held = replace(
        table(_WITH_MINUS, page=1),
        notes=("说明：1.总分90分以上为一等，80—90分为二等，80分以下为三等。",),
    )
    notice = normalize(document(held, title="2020年度考核指标"), SourceMeta("x"))
    found = {(f.code, f.serial_no) for f in notice.findings if str(f.severity) != "info"}
    assert not {code for code, _ in found} & {"unbalanced", "total_differs", "target_untyped"}
    assert [(m.serial_no, str(m.status), m.rule) for m in notice.methods] == [
        (1, "applied", "per_unit"),
        (2, "applied", "efficacy"),
        (3, "applied", "classes"),
    ]
    on_top = [t for t in notice.targets if t.serial_no == 3]
    assert [(str(t.status), t.target_text, t.needs_review) for t in on_top] == [
        ("assessed", "√", False)
    ] * 2


def test_a_limit_above_the_points_stays_in_the_interval() -> None:
    """A text that is not understood says beside its parameters what it could give beyond."""
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 投资额（亿元） | 60 | 12 | 13 | 酌情计分，最高不超过分值的120%
        发展 | 高企数量（户） | 20 | 3 | 4 | 酌情计分，完成率超过110%的加1分
        发展 | 专利（件） | 10 | 3 | 4 | 酌情计分，超额完成的酌情加分
        发展 | 商标（件） | 10 | 3 | 4 | 酌情计分，超额完成的不加分
        """,
        page=1,
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    assert [json.loads(m.parameters or "{}").get("beyond_points") for m in notice.methods] == [
        *(12.0, 2.0, 10.0, None)
    ]


def test_notes_of_several_rows_are_of_those_or_open() -> None:
    assert _noted("说明：1.各指标按完成比例计分；2.高企数量：每少1户扣2分，扣完为止。").keys() == {
        1,
        2,
    }
    assert _noted("注：定量指标按完成比例计分，定性指标由考核组评定。") == dict.fromkeys(
        (1, 2), ("按完成比例计分", "applied", "proportional")
    )
    for text in ("计分办法：完成目标得满分，未完成不得分。", "完成目标得满分，未完成不得分"):
        assert _noted(text)[2] == ("完成目标得满分，未完成不得分", "applied", "pass_fail")
    assert _noted("说明：约束性指标未完成的不得分。")[1] == (
        "未完成的不得分",
        "proposed",
        "pass_fail",
    )
    assert _noted("未按时报送数据的，每次扣0.5分。", "投资额度：每少1亿元扣2分") == {}


@for_each("named", ["第2项", "第二项", "高企数量：", "序号2的指标"])
@for_each(
    "said",
    [
        *("依据市民营办综合研判情况，适当给分", "达到目标的80%起计分", "由主管部门根据实绩打分"),
        *("未达标者按比例折减", "以审计结果为准", "缺一项减0.5分", "由督查专班评定"),
    ],
)
def test_what_a_note_says_of_a_row_is_its_method(named: str, said: str) -> None:
    assert _noted(f"注：1.{named}{said}。") == {2: (said, "not_understood", None)}


@for_each(
    "said",
    [
        *("口径为统计部门年报数", "单位为户", "数据由市统计局提供", "指有效期内的高新技术企业"),
        *("含省属企业", "由市科技局负责考核", "以2019年为基数", "以统计部门年报数据为准"),
        *("为约束性指标", "统计范围为规模以上", "包括中央企业分支机构"),
    ],
)
def test_a_note_of_something_else_is_no_method(said: str) -> None:
    assert _noted(f"注：1.第2项{said}。", f"高企数量：{said}。") == {}


def test_a_note_may_name_its_row_in_the_middle_or_the_sentence_before() -> None:
    assert _noted("年终对第2项由专班打分。")[2] == ("年终对第2项由专班打分", "not_understood", None)
    text = "完成目标得满分。未完成的按完成比例计分"
    assert _noted(f"第2项{text}。") == {2: (text, "applied", "proportional")}
    assert _noted("第2项按完成比例计分。总分90分以上为优秀。") == {
        2: ("按完成比例计分", "applied", "proportional")
    }


def test_a_note_gives_an_item_on_top_the_method_of_its_number() -> None:
    held = replace(
        table(
            """
            考核项目 | 考核指标 | 单位 | 分值 | 甲县 | 乙县
            发展 | 投资额 | 亿元 | 100 | 12 | 13
            减分项 | 生态环境问题被曝光 | 起 | -2 | — | —
            """,
            page=1,
        ),
        notes=("注：1.第2项为减分项，每被曝光1起扣1分，扣分上限2分。", "2.按完成比例计分。"),
    )
    notice = normalize(document(held, title="2020年度考核指标"), SourceMeta("x"))
    assert [m.serial_no for m in notice.methods] == [1, 2]
    assert notice.methods[1].text == "为减分项，每被曝光1起扣1分，扣分上限2分"


def test_a_limit_of_all_rows_in_a_note_goes_with_each_method() -> None:
    limit = "各项指标最高得分不超过该项分值的120%"
    assert _noted(f"说明：1.定量指标按完成比例计分。2.{limit}。")[1] == (
        *("按完成比例计分；注：最高得分不超过该项分值的120%", "applied", "proportional"),
    )
    assert _noted(limit)[1][1:] == ("not_understood", None)
    assert _noted("各项指标最高得分不超过该项分值") == {}


def test_items_on_top_take_and_give_the_points_that_their_methods_say() -> None:
    one = table(
        """
        考核项目 | 考核指标 | 单位 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 投资额 | 亿元 | 100 | 12 | 13 | 按完成比例得分
        加分项 | 争取上级资金 | 亿元 | +2 | — | — | 每争取1亿元加0.1分，最高加2分
        减分项 | 环保督察问题逾期未整改 | 件 | -4 | — | — | 每件扣1分，扣完4分为止
        """,
        page=1,
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    assert [(m.serial_no, m.status, m.rule) for m in notice.methods] == [
        (1, "applied", "proportional"),
        (2, "applied", "earned"),
        (3, "applied", "deduction"),
    ]
    assert json.loads(str(notice.methods[2].parameters)) == {
        "points_per_event": 1.0,
        "cap_points": 4.0,
    }


def test_what_was_not_understood_may_say_what_seems_not_written() -> None:
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分标准
        发展 | 投资额（亿元） | 60 | 12 | 13 | 达到目标得满分，情形特殊的另行研究
        发展 | 高企数量（户） | 40 | 3 | 4 | 达到目标得满分
        """
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    reasons = [method.reason for method in notice.methods]
    assert reasons == ["未能理解“情形特殊的另行研究”", "没有写明未完成目标时如何计分"]


@pytest.mark.parametrize(
    "goal", ["达到全市平均水平得满分", "达到全市平均水平得30分，每高1个百分点加2分，最高得60分"]
)
def test_nothing_below_the_average_is_said_and_not_called_unsaid(goal: str) -> None:
    one = table(
        f"""
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分标准
        发展 | 投资增速（%） | 60 | 高于全市平均 | 高于全市平均 | {goal}；低于全市平均水平的不得分
        """
    )
    (method,) = normalize(document(one, title="2020年度考核指标"), SourceMeta("x")).methods
    assert (method.rule, method.status) == ("benchmark", "proposed")
    assert method.reason == "不及平均水平即不得分，这条规则没有这样算"
    assert list(method.left_out or ()) == [method.reason]  # no confirmation answers it


def test_what_is_understood_and_in_no_rule_is_not_called_misunderstood() -> None:
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分标准
        发展 | 投资额（亿元） | 60 | 12 | 13 | 每少1亿元扣2分，扣完为止，排名第1名的得满分
        """
    )
    (method,) = normalize(document(one, title="2020年度考核指标"), SourceMeta("x")).methods
    assert method.reason is not None and "没有计入这条规则" in method.reason
    assert "未能理解" not in method.reason


_BONUS = "每少1户扣0.2分，每多1户加0.1分，加分不超过0.5分"


def _beside(
    note: str, *methods: str, row: str = "高企数量（户） | 4 | 20 | 15"
) -> list[PrintedMethod]:
    """Return the methods of rows that each have one of their own, above a note of all rows."""
    rows = "".join(f"\n发展 | {row} | {each}" for each in methods)
    one = table(f"考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法{rows}", page=1)
    held = replace(one, notes=(note,))
    return list(normalize(document(held, title="2020年度考核指标"), SourceMeta("x")).methods)


@for_each(
    "note",
    [
        "备注：1.各项指标完成率低于60%的，该项不得分。",
        "注：1.各项指标完成率不足60%的，不得分；每项指标最低得0分。",
        "2.各项指标的完成率低于60%的不得分。",
        "说明：完成率低于60%的，不得分。",
        "注：凡指标完成率在60%以下的不得分。",
    ],
)
def test_what_a_note_cuts_off_of_all_rows_goes_with_the_method_of_each(note: str) -> None:
    found = _beside(note, _BONUS, "按完成率计分，完成率低于70%的不得分", "未完成的不得分")
    assert [str(each.status) for each in found] == ["applied"] * 3
    limits = [json.loads(each.parameters or "{}").get("threshold") for each in found]
    assert limits == [0.6, 0.7, None]
    assert all("60%" in each.text for each in found)


@for_each(
    "note, row, method",
    [
        ("注：各项指标得分最高不超过该项分值。", "高企数量（户） | 4 | 20 | 15", _BONUS),
        ("说明：2.完成率超过100%的按100%计算。", "高企数量（户） | 4 | 20 | 15", _BONUS),
        ("注：各项指标进度滞后的酌情扣分。", "高企数量（户） | 4 | 20 | 15", _BONUS),
        ("注：各项指标未完成的不得分。", "高企数量（户） | 4 | 20 | 15", _BONUS),
        ("注：各项指标完成率低于60%的不得分。", "开办时间（天） | 3 | ≤1 | ≤2", "每多1天扣1分"),
    ],
)
def test_a_note_that_cannot_go_with_a_method_leaves_the_row_open(
    note: str, row: str, method: str
) -> None:
    (found,) = _beside(note, method, row=row)
    assert str(found.status) == "proposed"
    assert found.reason
    beyond = json.loads(found.parameters or "{}").get("beyond_points")
    assert beyond == (0.5 if method == _BONUS else None)


def test_a_note_that_changes_nothing_of_a_row_leaves_it_as_it_is() -> None:
    bands = "20户以上得4分，15-20户得2分，15户以下不得分"
    own = ["未完成的不得分", "按完成率计分", "每少1户扣0.5分，扣完为止"]
    for note in (
        "注：各项指标得分最高不超过该项分值。",
        "说明：2.完成率超过100%的按100%计算。",
        "注：各项指标加分不超过0.5分。",
        "注：其他指标未完成的不得分。",
        "注：各项指标数据以市统计局年报为准。",
        "注：各项指标扣分由市考核办负责。",
    ):
        found = _beside(note, *own, _BONUS if "0.5" in note else own[0])
        assert [str(each.status) for each in found] == ["applied"] * 4, note
    (banded,) = _beside(
        "注：完成率超过100%的按100%计算。", bands, row="高企数量（户） | 4 | 20 | 20"
    )
    assert banded.reason is None or "注" not in banded.reason


@for_each(
    "text, points, beyond",
    [
        ("酌情计分，完成目标得4分，加满5分为止", 5, None),
        ("完成年度目标的80%得3分，每增加5%加0.5分，满分5分", 5, None),
        ("以20户为基准，每低1户扣0.1分，每高1户加0.1分，最高不超过3分", 3, None),
        ("完成率超过120%的得满分，100%-120%的得3分，酌情计分", 4, None),
        ("酌情计分，每超1户加0.5分，最多加2分", 4, 2.0),
        ("酌情计分，每超1户加0.5分，加满1分为止", 4, 1.0),
        ("酌情计分，完成目标得3分，每超1户加0.5分，最多加1分", 4, None),
        ("酌情计分，每超1户加0.5分，最高得分不超过分值的110%", 4, 0.4),
        ("酌情计分，完成率超过120%的按120%计分", 4, 0.8),
    ],
)
def test_an_interval_ends_at_a_printed_limit(text: str, points: int, beyond: float | None) -> None:
    (found,) = _beside("", text, row=f"高企数量（户） | {points} | 20 | 20")
    assert str(found.status) != "applied"
    said = json.loads(found.parameters or "{}")
    assert said.get("over_points", said.get("beyond_points", 0.0)) == (beyond or 0.0)


@for_each(
    "text, limit",
    [
        ("酌情计分，最高得3分", 3.0),
        ("酌情计分，得分最高不超过分值的60%", 3.0),
        ("酌情计分，满分3分", None),  # it may be the points that are printed or read otherwise
        ("酌情计分，完成目标得4分，最高得3分", None),
        ("酌情计分，每超1户加0.5分，最高得3分", None),  # of the bonus, or of all
        ("酌情计分，最高得5分", None),
    ],
)
def test_an_interval_ends_below_the_points_where_the_text_does(
    text: str, limit: float | None
) -> None:
    (found,) = _beside("", text, row="高企数量（户） | 5 | 20 | 20")
    assert str(found.status) != "applied"
    assert json.loads(found.parameters or "{}").get("limit_points") == limit


def test_what_is_on_top_of_the_whole_ends_at_its_points() -> None:
    (_, found) = _beside(
        "",
        "每争取1亿元酌情加0.1分，最高加2分",
        row="就业（人） | 4 | 2 | 3 | 按完成率计分\n加分项 | 争取资金（亿元） | 加2分 | √ | √",
    )
    assert json.loads(found.parameters or "{}").get("beyond_points") is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("出现违规举债的，取消评优资格", True),
        ("发生的，年度考核定为不合格等次", True),
        ("实行一票否决", False),
        ("发生重大事故的，一票否决", False),
    ],
)
def test_what_a_veto_does_is_asked_where_its_row_says_so(text: str, asked: bool) -> None:
    one = table(
        f"""
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 投资额（亿元） | 100 | 12 | 13 | 按完成比例得分
        否决项 | 违规举债 | — | 不得发生 | 不得发生 | {text}
        """,
        page=1,
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    found = [each for each in notice.findings if each.code == "method_not_applied"]
    assert [(each.serial_no, text in each.message_zh) for each in found] == [(2, True)] * asked
    assert [each.text for each in notice.methods] == ["按完成比例得分", text]


CUT, OPEN = 0.6, "看不出包不包括本项"


@for_each(
    "note, cut, asked",
    [
        ("第1项完成率低于60%的，不得分", [CUT, None, None], ""),
        ("注：第1项、第3项完成率低于60%的不得分", [CUT, None, CUT], ""),
        ("注：1.序号1-2的指标完成率低于60%的，该项不得分。", [CUT, CUT, None], ""),
        ("投资额：完成率低于60%的不得分", [CUT, None, None], ""),
        ("约束性指标完成率低于60%的，该项不得分。", [None, CUT, None], ""),
        ("注：1.预期性指标完成率低于60%的，该项不得分。", [None] * 3, OPEN),
        ("带★的指标完成率低于60%的，该项不得分。", [None] * 3, OPEN),
        ("第3项弄虚作假的，扣减一半分值", [None] * 3, "未能理解“弄虚作假的，扣减一半分值”"),
        ("第3项数据由市统计局提供", [None] * 3, ""),
        ("第1季度完成率低于60%的，予以通报", [None] * 3, ""),
    ],
)
def test_a_note_of_some_rows_goes_with_the_method_of_each(
    note: str, cut: list[float | None], asked: str
) -> None:
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法 | 备注
        发展 | 投资额（亿元） | 60 | 12 | 13 | 每少1亿元扣2分，扣完为止 | .
        发展 | 高企数量（户） | 20 | 30 | 40 | 按完成比例得分 | 约束性
        发展 | 新增就业人数（人） | 20 | 300 | 400 | 按完成比例得分 | .
        """,
        page=1,
    )
    held = replace(one, notes=(note,))
    found = normalize(document(held, title="2020年度考核指标"), SourceMeta("x")).methods
    said = [json.loads(each.parameters or "{}").get("threshold") for each in found]
    reasons = [each.reason or "" for each in found]
    assert said == cut
    assert any(asked in reason for reason in reasons)
    assert any(reasons) == bool(asked)
    whole = asked == OPEN
    assert [each.status == "applied" for each in found] == [
        not (asked and (whole or number == 2)) for number in range(3)
    ]


@for_each(
    "name, text, way",
    [
        ("甲乙丙值（个）", "不足100%的不得分", "higher_is_better"),
        ("甲乙丙值（个）", "每少1个扣0.2分，每多1个加0.1分，加分不超过0.5分", "higher_is_better"),
        ("甲乙丙值（个）", "每超标1个扣0.5分", "lower_is_better"),
        ("甲乙丙值（个）", "超过14个的不得分", "lower_is_better"),
        ("甲乙丙值（个）", "每偏离1个扣0.5分", "nearer_is_better"),
        ("甲乙丙值（个）", "完成率低于60%的不得分", "unknown"),  # whatever the rate is
        ("甲乙丙值（个）", "每低1个扣1分；每高1个扣1分", "unknown"),
        ("甲乙丙值（个）", "投诉每多1件扣1分", "unknown"),  # of another thing
        ("甲乙丙值（个）", "第1名得满分，每降低一名扣0.5分", "unknown"),
        ("投资额（亿元）", "每超1亿元扣2分", "higher_is_better"),  # the name says so
        ("失业率（%）", "每低1个百分点扣1分", "lower_is_better"),
    ],
)
def test_a_method_tells_the_direction_where_nothing_else_does(
    name: str, text: str, way: str
) -> None:
    one = table(
        f"""
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | {name} | 100 | 12 | 13 | {text}
        """,
        page=1,
    )
    found = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    codes = {each.code for each in found.findings}
    assert found.indicators[0].direction == way
    assert ("direction_unknown" in codes) == (way == "unknown")
    if not name.startswith("甲"):  # what contradicts the name is asked about
        assert found.methods[0].status == "proposed" and "好坏方向不一致" in str(found.methods)


#: Of 5 points: what the text gives at the target, what at most for what is over it, what is open.
STEP = "每超过目标1个百分点加0.5分"


@for_each(
    "text, start, added, beyond",
    [
        (f"完成目标得5分，{STEP}，加满6分为止；未完成的不得分", 1.0, 1.0, None),
        (f"完成目标得5分，{STEP}，加满2分为止；未完成的不得分", 1.0, 2.0, None),
        (f"完成目标得4分，{STEP}，加满5分为止；未完成的不得分", 0.8, 1.0, None),
        (f"完成目标得4分，{STEP}，加满6分为止；未完成的不得分", 0.8, 2.0, 1.0),
        (f"完成目标得4分，{STEP}，最多加2分；未完成的不得分", 0.8, 2.0, 1.0),
        (f"完成目标得3分，{STEP}，最多加1分；未完成的不得分", 0.6, 1.0, None),
    ],
)
def test_a_bonus_begins_at_what_the_target_gives_and_ends_at_the_printed_limit(
    text: str, start: float, added: float, beyond: float | None
) -> None:
    one = table(
        f"""
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 生产总值增速（%） | 5 | 12 | 13 | {text}
        """,
        page=1,
    )
    (found,) = normalize(document(one, title="2020年度考核指标"), SourceMeta("x")).methods
    said = json.loads(found.parameters or "")
    (share, *_), (_, _, bonus) = said["rules"]
    assert (share, bonus["cap_points"]) == (start, added)
    assert said.get("beyond_points") == beyond
    assert (found.status == "applied") == (start * 5 + added == 5 or start == 1)


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("完成目标得满分，未完成不得分", ()),
        ("每少1亿元扣2分，情节严重的加倍扣分", ("“情节严重的加倍扣分”",)),
        ("完成目标得满分", ()),
        ("酌情处理", ("“酌情处理”",)),
    ],
)
def test_what_a_rule_leaves_out_lands_by_itself(text: str, left_out: tuple[str, ...]) -> None:
    """Questions that a confirmation answers are no part of it: 未完成如何计分."""
    one = table(
        f"""
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 投资额（亿元） | 60 | 12 | 13 | {text}
        """,
        page=1,
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    assert [each.left_out for each in notice.methods] == [left_out]


def test_two_notes_that_name_a_row_are_joined_if_they_do_not_contradict() -> None:
    joined = _noted("第2项每少1户扣2分，扣完为止", "第2项完成率低于60%的不得分")
    assert joined == {
        2: ("每少1户扣2分，扣完为止；注：完成率低于60%的不得分", "applied", "per_unit")
    }
    turned = _noted("第2项最多扣10分", "高企数量：每少1户扣2分")
    assert turned == {2: ("每少1户扣2分；注：最多扣10分", "applied", "per_unit")}
    assert _noted("第2项每少1户扣2分", "高企数量：每少1户扣2分") == {
        2: ("每少1户扣2分", "applied", "per_unit")
    }
    against = _noted("第2项每少1户扣2分，扣完为止", "第2项完成目标得满分，未完成不得分")
    ((_, status, _),) = against.values()
    assert status != "applied"


def test_what_the_target_gives_may_be_all_that_is_taken_and_classes_may_have_a_verb() -> None:
    bonus = "在此基础上每超1%加0.2分，最多加2分；未完成的，每差1%扣0.4分"
    one = table(
        f"""
        考核项目 | 考核指标 | 单位 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 营业收入 | 亿元 | 10 | 12 | 13 | 完成目标得8分；{bonus}，扣完8分为止。
        发展 | 销售额 | 亿元 | 10 | 12 | 13 | 完成目标得8分；{bonus}，扣完7分为止。
        发展 | 投资额 | 亿元 | 80 | 12 | 13 | 按完成比例得分
        加分项 | 改革试点 | 个 | +2 | — | — | 承担国家级试点每个加1分、省级试点每个加0.5分，同一试点不重复计分，加分最高2分。
        """,  # noqa: E501
        page=1,
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    found = {m.serial_no: (str(m.status), m.reason) for m in notice.methods}
    assert found[1] == ("applied", None)
    assert found[2] == ("proposed", "其中的分数与本项分值对不上")
    assert found[4] == ("applied", None)
    told = json.loads(str(notice.methods[-1].parameters))
    assert told == {"classes": {"国家级": 1.0, "省级": 0.5}, "cap_points": 2.0}


def test_common_words_for_an_end_an_event_and_a_place() -> None:
    one = table(
        """
        考核项目 | 考核指标 | 单位 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 投资额 | 亿元 | 60 | 12 | 13 | 完成目标的得满分；每低0.1亿元，扣0.4分，扣完即止。
        发展 | 收入增速 | % | 40 | 5 | 6 | 按排名计分，第1名得满分，其后每退一位减1.5分
        减分项 | 被省级通报批评 | 次 | -2 | — | — | 每被通报批评1次扣0.5分，累计不超过2分。
        """,
        page=1,
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    assert [(str(m.status), m.rule, m.reason) for m in notice.methods] == [
        ("applied", "per_unit", None),
        ("applied", "rank", None),
        ("applied", "deduction", None),
    ]


def test_places_of_something_else_are_left_out_and_returned_ones_are_counted() -> None:
    """A confirmation as it stands would rank the returned values of the notice's own entities."""
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 文明创建（名次） | 4 | 前3名 | 前3名 | 按全市排名第1名得4分，每下降1个名次扣1分。
        发展 | 存款余额（亿元） | 6 | 200 | 300 | 按增幅排名，第1名得6分，每降低1个位次扣0.5分。
        发展 | 投资额（亿元） | 6 | 20 | 30 | 全省排名第1名得6分，每后退1名扣0.5分。
        """,
        page=1,
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    place, growth, province = notice.methods
    assert (place.rule, place.left_out) == ("bands", ())
    assert json.loads(str(place.parameters))["bands"] == [
        [1, 1], [2, 0.75], [3, 0.5], [4, 0.25], [5, 0],
    ]  # fmt: skip
    assert growth.left_out and "按所报数值排不出" in growth.left_out[0]
    assert province.left_out and "名次需要报送" in province.left_out[0]


def test_what_comes_into_no_rule_is_named() -> None:
    """It was left out without a word, and the proposal confirmed by its text alone."""
    texts = {
        "第1名得满分，第2名得4分，每降1个名次扣0.5分。": "“第2名得4分”",
        "90%以上得满分，70%-80%得60%，70%以下不得分": "“70%-80%得60%”",
        "70%以上的按完成率乘以分值计分，60%以下的不得分": "“70%以上的按完成率乘以分值计分”",
    }
    for text, left in texts.items():
        one = table(
            f"""
            考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
            发展 | 培训完成率（%） | 5 | 90 | 90 | {text}
            """,
            page=1,
        )
        (method,) = normalize(document(one, title="2020年度考核指标"), SourceMeta("x")).methods
        assert left in method.left_out, (text, method)
        assert "没有写明未完成" not in str(method.reason)
