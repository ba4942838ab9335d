"""Every kind of change, drawn; and two whole documents, judged by reading them."""

from __future__ import annotations

import csv

from common.fold import without_signs
from compare.changes import Change, Comparison, compare_sides
from compare.documents import Item, folded
from compare.similarity import SURE, THRESHOLD, WEIGHTS, alike
from compare.values import differences
from schemas.vocabulary import ChangeKind
from tests.support.compare.sides import GOLDENS, golden, item, side, target

BASE = (
    item(1, "研发投入强度", unit="%"),
    item(2, "高新技术企业数量", unit="户"),
    item(3, "城镇新增就业人数", level2="民生", assessing_departments=["市人社局"]),
    item(4, "空气质量优良天数比率", level2="生态", assessing_departments=["市生态环境局"]),
    item(5, "森林覆盖率", level2="生态", assessing_departments=["市林业局"]),
)


def against(*items: Item) -> Comparison:
    return compare_sides(side(*BASE), side(*items))


def only_change(comparison: Comparison) -> Change:
    [change] = [each for each in comparison.changes if each.kinds != ("kept",)]
    return change


def changed(place: int, **changes: object) -> Change:
    """Compare the base with itself where one indicator is otherwise."""
    items = list(BASE)
    old = BASE[place - 1].indicator
    kept = {name: getattr(old, name) for name in ("unit", "level2", "assessing_departments")}
    name = str(changes.pop("name", old.indicator))
    items[place - 1] = item(place, name, **(kept | changes))
    return only_change(against(*items))


def values(change: Change) -> list[tuple[str, str | None, object, object]]:
    return [(each.column, each.entity, each.first, each.second) for each in change.values]


def test_nothing_changed() -> None:
    comparison = against(*BASE)
    assert comparison.counts == dict.fromkeys(ChangeKind, 0) | {"kept": 5}
    assert all(each.pair and not each.pair.doubtful for each in comparison.changes)


def test_renamed() -> None:
    change = changed(3, name="城镇新增就业人员数量")
    assert change.kinds == ("renamed",)
    assert values(change) == [("indicator", None, "城镇新增就业人数", "城镇新增就业人员数量")]


def test_a_year_or_a_sign_in_a_name_renames_nothing() -> None:
    first = side(item(1, "2020年重点项目投资", unit="亿元"))
    second = side(item(1, "2021年重点项目：投资", unit="亿元"))
    assert [each.kinds for each in compare_sides(first, second).changes] == [("kept",)]


def test_moved_to_another_heading() -> None:
    change = changed(4, level2="民生")
    assert change.kinds == ("moved",)
    assert values(change) == [
        ("heading", None, ["高质量发展", "生态"], ["高质量发展", "民生"]),
    ]


def test_a_renamed_heading_moves_nothing() -> None:
    items = [*BASE[:3]]
    items += [
        item(
            each.serial_no,
            each.name,
            level2="生态文明",
            assessing_departments=list(each.departments),
        )
        for each in BASE[3:]
    ]
    comparison = against(*items)
    assert comparison.counts["moved"] == 0
    assert comparison.headings == {("高质量发展", "生态"): ("高质量发展", "生态文明")}


def test_re_weighted_for_all_and_for_one() -> None:
    change = changed(1, base_points=4.0)
    assert change.kinds == ("re_weighted",)
    assert values(change) == [("max_points", None, 3.0, 4.0)]
    second = list(BASE)
    second[0] = item(1, "研发投入强度", unit="%")
    second[0] = Item(second[0].indicator, {**second[0].targets, "乙县": target("5", 1.5)})
    assert values(only_change(against(*second))) == [("max_points", "乙县", 3.0, 1.5)]


def test_sharing_the_points_with_another_is_another_weight() -> None:
    comparison = against(
        *BASE[:4],
        item(5, "森林覆盖率", level2="生态", weight_group=4, assessing_departments=["市林业局"]),
    )
    told = [each for each in comparison.changes if each.kinds == ("re_weighted",)]
    assert [values(each) for each in told] == [
        [("weight_group", None, [4], [4, 5])],
        [("weight_group", None, [5], [4, 5])],
    ]


def test_numbers_alone_change_no_group() -> None:
    comparison = compare_sides(
        side(*BASE[:1], item(2, "甲指标", weight_group=2), item(3, "乙指标", weight_group=2)),
        side(item(2, "甲指标", weight_group=2), item(3, "乙指标", weight_group=2)),
    )
    assert comparison.counts == dict.fromkeys(ChangeKind, 0) | {"kept": 2, "dropped": 1}


def test_re_targeted() -> None:
    change = changed(2, 乙县="9")
    assert change.kinds == ("re_targeted",)
    assert values(change) == [("target_text", "乙县", "5", "9")]
    assert values(changed(2, 甲县="9", 乙县="9")) == [("target_text", None, "5", "9")]
    assert values(changed(2, 甲县=None)) == [("target_text", "甲县", "5", "不考核")]
    assert changed(2, 甲县="按相关要求落实").kinds == ("re_targeted",)


def test_another_writing_of_the_same_number_is_no_change() -> None:
    second = list(BASE)
    second[1] = item(2, "高新技术企业数量", unit="户", 甲县="5.0")
    assert against(*second).counts["kept"] == 5


def test_unit_department_and_note() -> None:
    assert changed(2, unit="家").kinds == ("unit_changed",)
    assert changed(5, assessing_departments=["市自然资源局"]).kinds == ("reassigned",)
    assert changed(5, note="以省级反馈为准").kinds == ("note_changed",)


def test_several_at_once() -> None:
    change = changed(2, name="高新技术企业个数", base_points=2.0, 甲县="6")
    assert change.kinds == ("renamed", "re_weighted", "re_targeted")


def test_dropped_and_new() -> None:
    fresh = item(9, "数据要素交易额", unit="亿元", assessing_departments=["市大数据局"])
    comparison = against(BASE[0], *BASE[2:], fresh)
    assert comparison.counts == dict.fromkeys(ChangeKind, 0) | {"kept": 4, "dropped": 1, "new": 1}
    told = [
        (each.kinds[0], each.before and each.before.serial_no, each.after and each.after.serial_no)
        for each in comparison.changes
    ]
    assert told == [
        ("kept", 1, 1), ("dropped", 2, None), ("kept", 3, 2), ("kept", 4, 3), ("kept", 5, 4),
        ("new", None, 5),
    ]  # fmt: skip


def test_serial_numbers_say_nothing() -> None:
    comparison = against(*reversed(BASE))
    assert comparison.counts["kept"] == 5
    pairs = [(p.first.serial_no, p.second.serial_no) for p in comparison.matching.pairs]
    assert pairs == [(5, 1), (4, 2), (3, 3), (2, 4), (1, 5)]


def test_a_near_tie_is_told() -> None:
    first = side(item(1, "教育工作完成率"))
    second = side(item(1, "教育工作完成率甲"), item(2, "教育工作完成率乙"))
    [pair] = compare_sides(first, second).matching.pairs
    assert pair.doubtful
    assert len(pair.rivals) == 1
    back = compare_sides(second, first).matching.pairs
    assert [len(each.claimed) for each in back] == [1]


def test_same_names_under_different_headings_find_their_own() -> None:
    first = side(
        item(1, "完成率", level2="教育", assessing_departments=["市教育局"]),
        item(2, "完成率", level2="卫生", assessing_departments=["市卫健委"]),
    )
    second = side(
        item(1, "完成率", level2="卫生", assessing_departments=["市卫健委"]),
        item(2, "完成率", level2="教育", assessing_departments=["市教育局"]),
    )
    comparison = compare_sides(first, second)
    pairs = [(p.first.serial_no, p.second.serial_no) for p in comparison.matching.pairs]
    assert pairs == [(2, 1), (1, 2)]
    assert comparison.counts["kept"] == 2


def test_other_entities_are_named_and_not_compared() -> None:
    other = side(*BASE)
    renamed = {"丙县": "甲县"}
    items = [
        Item(
            each.indicator,
            {new: each.targets[old] for new, old in renamed.items()}
            | {"乙县": each.targets["乙县"]},
        )
        for each in other.items
    ]
    second = type(other)("y", 2021, tuple(items), ("丙县", "乙县"))
    comparison = compare_sides(side(*BASE), second)
    assert comparison.entities == {
        "both": ["乙县"], "first_only": ["甲县"], "second_only": ["丙县"],
    }  # fmt: skip
    assert comparison.counts["kept"] == 5


def test_every_column_is_told_where_documents_should_be_the_same() -> None:
    second = list(BASE)
    second[1] = item(2, "高新技术企业数量", unit="户", 甲县="9", 乙县="9")
    comparison = against(*second)
    told = [
        each
        for pair in comparison.matching.pairs
        for each in differences(pair, comparison.matching)
    ]
    assert [(each.column, each.entity) for each in told] == [
        ("target_text", None), ("target_value", None),
    ]  # fmt: skip


def test_the_measure() -> None:
    assert abs(sum(WEIGHTS.values()) - 1) < 1e-9
    assert THRESHOLD < SURE < 1
    assert alike("研发投入强度（%）", "研发投入强度(%)") == 1.0
    assert alike("", "") == 1.0
    assert alike("研发投入强度", "") == 0.0
    assert alike("森林覆盖率", "城镇登记失业率") < 0.3
    assert without_signs(folded("创新（一）：驱动")) == "创新一驱动"
    assert without_signs(folded("—")) == "-"


def test_two_documents_are_matched_as_a_reader_matches_them() -> None:
    """The city's notice of 2020 and another city's of 2021; see the goldens' README."""
    comparison = compare_sides(golden("ziyang-2020"), golden("other-city-2021"))
    with (GOLDENS / "diff" / "ziyang-2020-to-other-city-2021.csv").open(encoding="utf-8") as file:
        expected = {
            (int(row["first"] or 0), int(row["second"] or 0)): row["kinds"].split("|")
            for row in csv.DictReader(file)
        }
    found = {
        (
            each.before.serial_no if each.before else 0,
            each.after.serial_no if each.after else 0,
        ): list(each.kinds)
        for each in comparison.changes
    }
    assert found == expected


def test_a_document_against_itself() -> None:
    whole = golden("ziyang-2020")
    comparison = compare_sides(whole, whole)
    assert comparison.counts["kept"] == 106
    assert not any(pair.rivals or pair.claimed for pair in comparison.matching.pairs)
