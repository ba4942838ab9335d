"""A row whose method is another row's: taken from there with the evidence, or a finding."""

from __future__ import annotations

from normalize.pipeline import normalize
from normalize.records.references import MethodLine, is_elsewhere, meant
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table

FIRST = "每少1亿元扣2分，扣完为止"
LINES = [MethodLine(1, "投资额（亿元）", FIRST), MethodLine(2, "出口额", "未完成不得分")]


@for_each(
    "text, row",
    [
        ("同上", 1), ("同上一项", 1), ("参照上一项", 1), ("按上项办法计分", 1),
        ("与上一项相同。", 1),
        ("计分办法同上", 1), ("同1", 0), ("同序号1", 0), ("同第1项", 0), ("按第1项执行", 0),
        ("与序号1一致", 0), ("评分标准同第一项", 0), ("参照第1项的计分办法执行", 0),
        ("按“投资额”的办法计分", 0), ("同“投资额”", 0), ("同第7项", None), ("同第3项", None),
    ],
)  # fmt: skip
def test_wordings(text: str, row: int | None) -> None:
    found = meant(2, [*LINES, MethodLine(3, "税收", text)])
    assert found.text == (text if row is None else LINES[row].text)
    assert bool(found.gaps) == (row is None)


@for_each(
    "text", ["按1分计分", "按上年同期计分", "与上年相比每低1%扣1分", "按项计分", "同上年持平得满分"]
)
def test_no_reference(text: str) -> None:
    found = meant(2, [*LINES, MethodLine(3, "税收", text)])
    assert (found.text, found.whole, found.gaps) == (text, text, ())


def test_a_reference_goes_on_and_never_round() -> None:
    chained = meant(
        2, [LINES[0], MethodLine(2, "出口额", "同上"), MethodLine(3, "税收", "同第2项")]
    )
    assert (chained.text, chained.whole) == (FIRST, f"同第2项（第1项：{FIRST}）")
    round_about = [MethodLine(1, "投资额", "同第2项"), MethodLine(2, "出口额", "同第1项")]
    assert all(meant(at, round_about).gaps for at in (0, 1))
    assert meant(0, [MethodLine(1, "投资额", "同上")]).gaps
    assert meant(1, [MethodLine(1, "投资额", ""), MethodLine(2, "出口额", "同上")]).gaps


def test_only_an_annex_is_pointed_to() -> None:
    assert all(
        map(is_elsewhere, ("见附件2", "详见附件2《评分细则》", "按附件2计分", "详见评分细则"))
    )
    assert not any(map(is_elsewhere, ("每少1亿元扣2分", "见附件2，未完成不得分", "按比例计分")))


def read(*methods: str, further: str | None = None) -> Notice:
    one = table(
        """
        序号 | 考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        1 | 发展 | 投资额（亿元） | 40 | 12 | 13 | {}
        2 | 发展 | 出口额（亿元） | 30 | 3 | 4 | {}
        3 | 发展 | 高企数量（户） | 30 | 3 | 4 | {}
        """.format(*methods),
        page=1,
    )
    more = [table(further, number=2, page=4, caption=("附件2 评分细则",))] if further else []
    return normalize(document(one, *more, title="2020年度考核指标"), SourceMeta("x"))


def test_the_method_of_the_row_that_is_named_with_the_evidence() -> None:
    notice = read(FIRST, "同上", "同序号1")
    assert [(m.text, str(m.status), m.rule) for m in notice.methods] == [
        (FIRST, "applied", "per_unit"),
        (f"同上（第1项：{FIRST}）", "applied", "per_unit"),
        (f"同序号1（第1项：{FIRST}）", "proposed", "per_unit"),  # its unit is 户
    ]
    lost = read("同上", FIRST, "同第9项")
    assert [str(m.status) for m in lost.methods] == ["not_understood", "applied", "not_understood"]
    assert all("看不出是哪一项" in str(m.reason) for m in lost.methods if m.reason)
    assert sum(f.code == "method_not_applied" for f in lost.findings) == 2


def test_in_another_table_its_own_rows_are_meant_and_who_points_there_has_no_other_method() -> None:
    notice = read(
        "见附件2",
        "详见附件2",
        "详见附件2",
        further="""
            序号 | 考核指标 | 评分标准
            2 | 出口额 | 每少1亿元扣2分，扣完为止
            1 | 投资额 | 同上
            3 | 高企数量 | 同序号9
            """,
    )
    assert [(m.serial_no, m.text, str(m.status), m.page) for m in notice.methods] == [
        (1, f"同上（第2项：{FIRST}）", "applied", 4),
        (2, FIRST, "applied", 4),
        (3, "同序号9", "not_understood", 4),
    ]
