"""Which indicators are proposed to be the same, and which of them a person must look at."""

from __future__ import annotations

from compare.keys import proposals, renamed
from compare.match import match
from tests.support.compare.sides import item, side

BEFORE = side(
    item(1, "研发投入强度"), item(2, "规模以上工业增加值增速"), item(3, "信访工作"),
    document_id="a-2020",
)  # fmt: skip
AFTER = side(
    item(1, "规模以上工业增加值增长速度"), item(2, "研发投入强度"), item(3, "营商环境评价"),
    document_id="a-2021",
)  # fmt: skip


def test_pairs_then_what_is_alone() -> None:
    found = proposals(match(BEFORE, AFTER), {})
    told = [
        (each.key, each.first and each.first.serial_no, each.second and each.second.serial_no)
        for each in found
    ]
    assert told == [("a-2020/002", 2, 1), ("a-2020/001", 1, 2), ("", 3, None), ("", None, 3)]
    assert [each.sure for each in found] == [True, True, False, False]
    assert found[1].reason == "名称相同，相似度 0.90"
    assert found[2].hint
    assert not found[2].reason


def test_a_doubtful_pair_is_left_to_the_person() -> None:
    other = side(
        item(1, "工业增速", level1="甲", level2="乙", assessing_departments=["市经信局"]),
        document_id="a-2021",
    )
    (pair, *_) = [each for each in proposals(match(BEFORE, other), {}) if each.key] or [None]
    if pair is not None:
        assert not pair.sure
        assert not pair.reason
    twice = side(item(1, "研发投入强度"), item(2, "研发投入强度"), document_id="a-2021")
    (first, *_) = proposals(match(side(item(1, "研发投入强度"), document_id="a"), twice), {})
    assert not first.sure
    assert "也相近" in first.hint


def test_a_key_is_handed_on_and_a_clash_is_told() -> None:
    matching = match(BEFORE, AFTER)
    by_key = {each.key: each for each in proposals(matching, {("a-2020", 1): "研发"})}
    assert by_key["研发"].sure
    both = {("a-2020", 1): "研发", ("a-2021", 2): "研发"}
    assert [each.done for each in proposals(matching, both)] == [False, True, False, False]
    clash = proposals(matching, {("a-2020", 1): "研发", ("a-2021", 2): "别的"})[1]
    assert (clash.sure, clash.done) == (False, False)
    assert "不同的键" in clash.hint
    held = proposals(matching, {("a-2020", 1): "研发", ("a-2021", 3): "研发"})[1]
    assert not held.sure
    assert "新文件第3项已用键 研发" in held.hint


def test_a_name_is_the_same_but_for_signs_and_years() -> None:
    documents = side(item(1, "2020年重点项目（个）"))
    assert renamed(documents, 1, "2021年重点项目(个)") is None
    assert renamed(documents, 1, "重点项目数") == "2020年重点项目（个）"
    assert renamed(documents, 2, "重点项目") is not None
