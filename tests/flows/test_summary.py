"""What a person is told of a landing, and of how two documents differ."""

from __future__ import annotations

from pathlib import Path

from flows.compare import Difference, collapsed, compare, differing, is_flagged
from flows.summary import Summary, summarize
from schemas.document import Document
from schemas.notice import Finding, Indicator, Notice, Target


def indicator(serial_no: int, group: int) -> Indicator:
    return Indicator(
        *(serial_no, "甲", "乙", f"指标{serial_no}", None, f"指标{serial_no}", None, group, 2.0),
        *("higher_is_better", ("市统计局",), (), None, None),
    )


def target(serial_no: int, entity: str, *, assessed: bool, points: float = 2.0) -> Target:
    status = "assessed" if assessed else "not_assessed"
    return Target(
        *(serial_no, entity, status, points, "5" if assessed else None),
        *("number" if assessed else "none", ">=" if assessed else None, 5.0, None, ()),
        *(False, None, None, serial_no == 1, None),
    )


def notice(findings: tuple[Finding, ...] = ()) -> Notice:
    return Notice(
        document_id="a",
        year=2031,
        indicators=(indicator(1, 1), indicator(2, 1), indicator(3, 3)),
        targets=(
            target(1, "东", assessed=False),
            target(2, "东", assessed=True),
            target(3, "东", assessed=True, points=0.5),
            target(1, "西", assessed=True),
            target(2, "西", assessed=True),
            target(3, "西", assessed=False),
        ),
        findings=findings,
        entities=("东", "西"),
    )


def summary(*findings: Finding) -> Summary:
    document = Document("a.pdf", "pdf", "0" * 64, "reader", ())
    return summarize(document, notice(findings), Path("tables"), changed=True)


def finding(severity: str, state: str = "open") -> Finding:
    return Finding(severity, "code", "a message", "一条说明", state=state)


def test_each_weight_group_counts_once_where_a_member_is_assessed() -> None:
    assert summary().totals == {"东": 2.5, "西": 2.0}
    assert summary().weight_groups == 2
    assert summary().needs_review == 2


def test_only_open_errors_and_warnings_make_it_unclean() -> None:
    assert summary(finding("info"), finding("error", state="corrected")).clean
    assert not summary(finding("warning")).clean
    counted = summary(finding("info"), finding("warning"), finding("error"))
    assert counted.findings == {"error": 1, "warning": 1, "info": 1}
    assert [item["severity"] for item in counted.open_findings] == ["error", "warning"]


def test_many_findings_are_cut_and_the_rest_is_named() -> None:
    text = summary(*[finding("warning")] * 30).as_text()
    assert text.count("一条说明") == 20
    assert "另有 10 条" in text
    assert "kaohe query" in text


def row(**changes: object) -> dict[str, object]:
    from flows.compare import COLUMNS

    return dict.fromkeys(COLUMNS) | {"needs_review": False} | changes


def test_rows_differ_by_column_or_as_a_whole() -> None:
    assert list(differing(row(unit="%"), row(unit="‰"))) == [("unit", "%", "‰")]
    assert list(differing(row(), None)) == [("(row)", "there", "missing")]


def test_doubt_is_the_rows_or_a_findings() -> None:
    key = (7, "东")
    assert is_flagged(row(needs_review=True), key, "unit", [])
    assert is_flagged(row(), key, "unit", [(7, None, None)])
    assert is_flagged(row(), key, "unit", [(7, "东", "unit")])
    assert not is_flagged(row(), key, "unit", [(7, "西", None), (8, None, None)])


def test_differences_of_all_entities_are_one() -> None:
    rows = {(1, "东"): row(), (1, "西"): row()}
    alike = [Difference(1, entity, "unit", "%", "‰", False) for entity in ("东", "西")]
    assert list(collapsed(alike, rows, rows)) == [Difference(1, None, "unit", "%", "‰", False)]
    assert list(collapsed(alike[:1], rows, rows)) == alike[:1]


def test_document_does_not_differ_from_itself(landed: Path) -> None:
    assert compare(landed, "ziyang-2020", "ziyang-2020") == []
